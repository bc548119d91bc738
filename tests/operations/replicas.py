"""Processes of a project as its image starts them, at loopback addresses of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.operations.nginx import wait_for

Process = subprocess.Popen[bytes]


@contextmanager
def replicas(
    project: Path, hosts: Sequence[str], port: int, env: Mapping[str, str]
) -> Iterator[list[Process]]:
    """They share nothing but what `env` names: each has a data folder of its own."""
    dockerfile = (project / "backend/Dockerfile").read_text("utf-8")
    *_, last = dockerfile.splitlines()
    command = json.loads(last.removeprefix("CMD "))
    command = [sys.executable, "-m", *command]
    processes: list[Process] = []
    try:
        for host in hosts:
            here = {"0.0.0.0": host, "8000": str(port)}  # noqa: S104
            with (project / f"{host}.log").open("wb") as log:
                processes.append(
                    subprocess.Popen(
                        [here.get(word, word) for word in command],
                        cwd=project / "backend",
                        env={**os.environ, **env, "DATA_DIR": str(project / host)},
                        stdout=log,
                        stderr=subprocess.STDOUT,
                    )
                )
        for host, process in zip(hosts, processes, strict=True):
            wait_for(port, host, process, project / f"{host}.log")
        yield processes
    finally:
        for process in processes:
            process.terminate()
            process.wait(60)
