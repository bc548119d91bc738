"""A generated frontend under Node: its packages, its scripts and its server."""

import fcntl
import hashlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.conftest import need

START_LIMIT = 60.0  # seconds
ENV = {"NEXT_TELEMETRY_DISABLED": "1", "npm_config_loglevel": "error", "NO_COLOR": "1"}


def install(frontend: Path, store: Path) -> None:
    """Each set of packages is installed once; frontends get links to its files."""
    wanted = json.loads((frontend / "package.json").read_text("utf-8"))
    key = json.dumps([wanted["dependencies"], wanted["devDependencies"]])
    folder = store / f"packages-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # other workers want the same
        if not (folder / "complete").exists():
            (folder / "package.json").write_text(json.dumps(wanted))
            run(
                folder, "install", "--no-package-lock", "--no-audit", "--no-fund"
            ).check_returncode()
            (folder / "complete").touch()
    link_packages(folder, frontend)


def link_packages(there: Path, here: Path) -> None:
    command = ["cp", "--archive", "--link", str(there / "node_modules"), str(here)]
    subprocess.run(command, check=True)


def run(frontend: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [need("npm"), *words],
        cwd=frontend,
        env={**os.environ, **ENV, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def key(frontend: Path, value: str) -> dict[str, str]:
    """The domain key, in the variable of this framework."""
    prefix = "VITE" if (frontend / "vite.config.ts").exists() else "NEXT_PUBLIC"
    return {f"{prefix}_CHATKIT_DOMAIN_KEY": value}


@contextmanager
def serving(frontend: Path, backend: str) -> Iterator[str]:
    """The address of the built page. Vite's is files, which the backend serves."""
    if (frontend / "vite.config.ts").exists():
        yield backend
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://localhost:{port}"
    with (frontend / "test-server.log").open("wb") as log:
        server = subprocess.Popen(
            [need("node"), "node_modules/next/dist/bin/next", "start", "--port", str(port)],
            cwd=frontend,
            env={**os.environ, **ENV, "BACKEND_URL": backend.replace("localhost", "127.0.0.1")},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Next.js leaves its own child behind unless the group ends
        )
    try:
        deadline = time.monotonic() + START_LIMIT
        while not answers(url):
            assert time.monotonic() < deadline, (frontend / "test-server.log").read_text("utf-8")
            time.sleep(0.1)
        yield url
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.HTTPError:
        return False
