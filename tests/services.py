"""Servers that tests need, started for them alone: private, on a free port, gone afterwards."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from tests.conftest import need

DEBIAN = Path("/usr/lib/postgresql")  # where its packages hide the programs
START_LIMIT = 60.0  # seconds
Query = Callable[[str], list[tuple[object, ...]]]


class Postgres:
    def __init__(self, folder: Path, port: int, programs: Path, user: str | None) -> None:
        self.folder, self.port, self.programs, self.user = folder, port, programs, user
        self.databases = 0

    def create(self) -> None:
        options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"]
        command = [
            str(self.programs / "initdb"),
            "--pgdata",
            str(self.folder),
            "--no-sync",
            *options,
        ]
        subprocess.run(
            command,
            user=self.user,
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=True,
        )

    def start(self) -> None:
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "max_connections": "60",
        }
        options = [
            option for name, value in settings.items() for option in ("-c", f"{name}={value}")
        ]
        with (self.folder / "test.log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.folder, "-p", str(self.port), *options],
                user=self.user,
                cwd="/",
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_LIMIT
        while not self.answers():
            assert time.monotonic() < deadline, (self.folder / "test.log").read_text("utf-8")
            assert self.process.poll() is None, (self.folder / "test.log").read_text("utf-8")
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT hangs up on everybody; SIGQUIT stops as a crash would."""
        self.process.send_signal(how)
        self.process.wait(30)

    def answers(self) -> bool:
        try:
            self.run("SELECT 1")
        except (OSError, asyncpg.PostgresError):
            return False
        return True

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        self.databases += 1
        name = f"test_{self.databases}"
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    @contextmanager
    def session(self, url: str) -> Iterator[Query]:
        with asyncio.Runner() as loop:
            connection = loop.run(asyncpg.connect(url))
            try:
                yield lambda sql: [tuple(row) for row in loop.run(connection.fetch(sql))]
            finally:
                loop.run(connection.close())

    def run(self, sql: str, url: str = "") -> list[tuple[object, ...]]:
        with self.session(url or self.url("postgres")) as query:
            return query(sql)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def pgbouncer(server: Postgres) -> Iterator[str]:
    """An address in front of the server that gives each transaction another of four connections."""
    program, port = need("pgbouncer"), free_port()
    with tempfile.TemporaryDirectory(prefix="pgbouncer-") as name:
        folder = Path(name)
        (folder / "settings").write_text(f"""
            [databases]
            * = host=127.0.0.1 port={server.port} user=postgres
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = 4
            server_round_robin = 1
        """)
        if server.user:
            shutil.chown(folder, server.user)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [program, folder / "settings"], user=server.user, cwd="/", stdout=log, stderr=log
            )
        try:
            deadline = time.monotonic() + START_LIMIT
            while not answers("127.0.0.1", port):
                assert time.monotonic() < deadline, (folder / "log").read_text("utf-8")
                assert process.poll() is None, (folder / "log").read_text("utf-8")
                time.sleep(0.05)
            yield f"postgresql://postgres@127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(30)


def answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A cluster of its own. PostgreSQL refuses to run as root, so root hands it to its user."""
    installed = sorted(DEBIAN.glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    program = installed[-1] if installed else Path(need("postgres"))
    user = "postgres" if os.geteuid() == 0 else None
    port = free_port()
    # Not pytest's folder: that is open to its own user only.
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        if user:
            shutil.chown(folder, user)
        server = Postgres(Path(folder), port, program.parent, user)
        server.create()
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def redis() -> Iterator[str]:
    """The address of a Redis that keeps nothing."""
    program = need("redis-server")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    server = subprocess.Popen([program, *options], cwd="/", stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + START_LIMIT
        while True:
            assert time.monotonic() < deadline
            assert server.poll() is None
            try:
                socket.create_connection(("127.0.0.1", port)).close()
            except OSError:
                time.sleep(0.05)
            else:
                break
        yield f"redis://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)
