"""A real nginx with the configuration of a project: only ports, folders and the DNS are others."""

import socket
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import need

START_LIMIT = 90.0  # seconds


@dataclass(frozen=True)
class Proxy:
    url: str
    log: Path


@contextmanager
def nginx(config: str, hosts: Sequence[str], port: int) -> Iterator[Proxy]:
    """`hosts` are the loopback addresses that the name `backend` has, each listening on `port`."""
    program, own = need("nginx"), free_port()
    # Not pytest's folder: that is open to its own user, and nginx works as another one.
    with dns(hosts) as names, tempfile.TemporaryDirectory(prefix="nginx-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        text = config.replace("listen 8080", f"listen 127.0.0.1:{own}")
        text = text.replace("backend:8000", f"backend:{port}")
        text = text.replace("resolver 127.0.0.11 ", f"resolver 127.0.0.1:{names} ")
        text = text.replace(" /tmp/", f" {folder}/")
        text = text.replace("/dev/stdout", f"{folder}/access.log")
        text = text.replace("/dev/stderr", f"{folder}/error.log")
        (folder / "nginx.conf").write_text(f"daemon off;\n{text}")
        command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
        command += ["-e", str(folder / "error.log")]
        tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert tested.returncode == 0, tested.stderr
        server = subprocess.Popen(command)
        try:
            wait_for(own, "127.0.0.1", server, folder / "error.log")
            yield Proxy(f"http://127.0.0.1:{own}", folder / "access.log")
        finally:
            server.terminate()
            server.wait(30)


@contextmanager
def dns(hosts: Sequence[str]) -> Iterator[int]:
    """Answers every question with these addresses."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.2)
        stopped = threading.Event()

        def serve() -> None:
            while not stopped.is_set():
                try:
                    query, sender = server.recvfrom(512)
                except TimeoutError:
                    continue
                question = query[12 : query.index(b"\0", 12) + 5]
                header = query[:2] + struct.pack("!5H", 0x8180, 1, len(hosts), 0, 0)
                record = b"\xc0\x0c" + struct.pack("!2HIH", 1, 1, 1, 4)
                answers = b"".join(record + socket.inet_aton(host) for host in hosts)
                server.sendto(header + question + answers, sender)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            stopped.set()
            thread.join()


def free_port(hosts: Sequence[str] = ("127.0.0.1",)) -> int:
    """One that is free at all of these addresses."""
    with socket.create_server((hosts[0], 0)) as first:
        port: int = first.getsockname()[1]
        for host in hosts[1:]:
            socket.create_server((host, port)).close()
        return port


def wait_for(port: int, host: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT
    while True:
        try:
            socket.create_connection((host, port), 1).close()
        except OSError:
            lives = process.poll() is None and time.monotonic() < deadline
            assert lives, f"nothing listens on {host}:{port}\n{log.read_text()}"
            time.sleep(0.05)
        else:
            return
