"""Programs that run in forks of a process which has imported the SDKs: 0.2 seconds, and not 3."""

import multiprocessing
import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    ["agents", "chatkit.agents", "fastapi", "httpx", "pydantic_settings", "uvicorn"]
)


class Fork:
    """`python -m MODULE` with these words, as far as subprocess.Popen would tell."""

    def __init__(
        self,
        folder: Path,
        words: Sequence[str],
        env: Mapping[str, str],
        log: Path,
        module: str = "app",
    ) -> None:
        args = (folder, words, dict(env), log, module)
        self._process = CONTEXT.Process(target=_run, args=args)
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        self._process.join(timeout)
        assert self._process.exitcode is not None, "it does not end"
        return self._process.exitcode


def _run(
    folder: Path, words: Sequence[str], env: Mapping[str, str], log: Path, module: str
) -> None:
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    output = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.path.insert(0, str(folder))
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
