"""`python -m app.dev` runs the backend and the page's own server side by side, at your desk.

Each line says which of them printed it; Ctrl-C stops both, and so does the end of either.
"""

import argparse
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import NoReturn

from app.__main__ import free_port

BACKEND = Path(__file__).resolve().parents[1]
FRONTEND = BACKEND.parent / "frontend"
COLORS = {"backend": 36, "frontend": 35}
BACKEND_PORT = 8000
PATIENCE = 10  # seconds in which a process may end by itself

ended = threading.Event()


def start(
    name: str, command: list[str], folder: Path, env: Mapping[str, str]
) -> subprocess.Popen[str]:
    process = subprocess.Popen(  # noqa: S603 - no shell, and the words are ours
        command,
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,  # so that `stop` reaches what npm starts in its turn
    )
    threading.Thread(target=relay, args=(name, process), daemon=True).start()
    return process


def relay(name: str, process: subprocess.Popen[str]) -> None:
    label = f"{name:8} | "
    if sys.stdout.isatty():
        label = f"\33[{COLORS[name]}m{label}\33[0m"
    for line in process.stdout or ():
        print(f"{label}{line}", end="", flush=True)
    ended.set()


def stop(processes: list[subprocess.Popen[str]]) -> None:
    for process in processes:
        if sys.platform == "win32":
            process.terminate()
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
    for process in processes:
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()


def interrupt_once(_number: int, _frame: FrameType | None) -> NoReturn:
    """Not while `stop` is at work: people press Ctrl-C twice, and uv passes it on a second time."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def wait_for(port: int) -> None:
    while not ended.wait(0.1):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m app.dev", description=__doc__)
    parser.add_argument("--port", type=int, default=3000, help="of the page")
    options = parser.parse_args()
    npm = shutil.which("npm")
    if not npm:
        sys.exit("The page needs Node 20.19 or later, with npm: https://nodejs.org")
    if not (FRONTEND / "node_modules").exists():
        sys.exit("Run `npm install` in frontend/ first.")

    page, port = free_port(options.port), free_port(BACKEND_PORT)
    print(f"Page: http://localhost:{page}  Backend: http://localhost:{port}", flush=True)
    app = [sys.executable, "-m", "app", "--reload", "--quiet", "--port", str(port)]
    dev = [npm, "run", "--silent", "dev", "--", "--port", str(page)]
    # The address of the page is the only one that browsers see, files they attach included.
    app_env = {"PUBLIC_URL": f"http://localhost:{page}"}
    dev_env = {"BACKEND_URL": f"http://127.0.0.1:{port}", "NEXT_TELEMETRY_DISABLED": "1"}

    signal.signal(signal.SIGINT, interrupt_once)
    signal.signal(signal.SIGTERM, interrupt_once)
    running = [start("backend", app, BACKEND, app_env)]
    try:
        wait_for(port)
        running.append(start("frontend", dev, FRONTEND, dev_env))
        ended.wait()
    except KeyboardInterrupt:
        print()
    finally:
        stop(running)


if __name__ == "__main__":
    main()
