"""What the generated nginx.conf does with streams, sizes, claims and backends that are gone."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.operations.nginx import Proxy, free_port, nginx
from tests.rendering import made

HOSTS = ["127.0.0.2", "127.0.0.3"]
PARTS = 5
LIMIT = 10.0  # seconds until a test gives up


class Backend(BaseHTTPRequestHandler):
    """Answers with what it was told; a stream goes on when somebody has seen what there is."""

    protocol_version = "HTTP/1.1"
    seen = threading.Semaphore(0)
    posts = 0

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        type(self).posts += 1
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/dies":
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        names = ("Host", "X-Forwarded-For", "X-Forwarded-Proto")
        self.part("; ".join(f"{name}: {self.headers[name]}" for name in names))
        for number in range(PARTS if self.path == "/stream" else 0):
            assert self.seen.acquire(timeout=LIMIT)
            self.part(f"{number};")
        self.part("end")
        self.wfile.write(b"0\r\n\r\n")

    def part(self, text: str) -> None:
        self.wfile.write(f"{len(text):x}\r\n{text}\r\n".encode())
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def backend(host: str, port: int) -> Iterator[None]:
    with ThreadingHTTPServer((host, port), Backend) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def proxy(request: pytest.FixtureRequest) -> Iterator[Proxy]:
    """With as many backends there as the test says, of two that the name stands for."""
    config = str(made(attachments="disk")["deploy/nginx.conf"])
    port = free_port(HOSTS)
    Backend.posts = 0
    Backend.seen = threading.Semaphore(0)
    with ExitStack() as stack:
        for host in HOSTS[: getattr(request, "param", 2)]:
            stack.enter_context(backend(host, port))
        yield stack.enter_context(nginx(config, HOSTS, port))


def test_a_stream_arrives_as_it_is_written(proxy: Proxy) -> None:
    with httpx.stream("POST", f"{proxy.url}/stream", timeout=LIMIT) as answer:
        parts = answer.iter_text()
        assert next(parts).startswith("Host")  # and the backend waits until it has been read
        for number in range(PARTS):
            Backend.seen.release()
            assert next(parts).startswith(f"{number};")


def test_a_visitor_cannot_claim_an_address(proxy: Proxy) -> None:
    claims = {"X-Forwarded-For": "10.9.8.7", "X-Forwarded-Proto": "https", "Host": "chat.example"}
    told = httpx.get(proxy.url, headers=claims).text
    assert told == "Host: chat.example; X-Forwarded-For: 127.0.0.1; X-Forwarded-Proto: httpend"


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/chatkit", 1_000_000, 200),
        ("/chatkit", 1_100_000, 413),
        ("/attachments/x", 10_000_000, 200),
        ("/attachments/x", 12_000_000, 413),
    ],
)
def test_bodies_have_an_end(proxy: Proxy, path: str, size: int, status: int) -> None:
    assert httpx.post(proxy.url + path, content=b"x" * size).status_code == status


@pytest.mark.parametrize(("proxy", "status"), [(1, 200), (0, 502)], indirect=["proxy"])
def test_another_backend_is_asked_when_one_is_gone(proxy: Proxy, status: int) -> None:
    assert {httpx.post(f"{proxy.url}/chatkit").status_code for _ in range(6)} == {status}


def test_a_message_is_never_sent_twice(proxy: Proxy) -> None:
    assert httpx.post(f"{proxy.url}/dies").status_code == 502
    assert Backend.posts == 1


def test_the_log_has_no_queries(proxy: Proxy) -> None:
    httpx.get(f"{proxy.url}/attachments/x?signature=secret")
    log = proxy.log.read_text()
    assert "/attachments/x" in log
    assert "secret" not in log
