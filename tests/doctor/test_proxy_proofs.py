"""What the rules say of nginx, seen through a real one."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.doctor.proving import proves
from tests.doctor.test_rules import RULES
from tests.operations.nginx import free_port, nginx

pytestmark = pytest.mark.slow
PATIENCE = 2.0  # seconds for words that were sent at once


class Backend(BaseHTTPRequestHandler):
    """Says two words, and ends when told to: in HTTP/1.0, which nginx speaks unless told otherwise,
    and so without chunks, as uvicorn does."""

    go = threading.Event()

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        if self.path == "/told":
            self.send_header("X-Accel-Buffering", "no")
        self.end_headers()
        for word in (b"one;", b"two;"):
            time.sleep(0.2)  # the model thinks
            self.wfile.write(word)
            self.wfile.flush()
        self.go.wait()

    def log_message(self, *_: object) -> None: ...


@contextmanager
def backend() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Backend) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.server_port
        finally:
            Backend.go.set()
            server.shutdown()
            thread.join()


def listen(url: str) -> str:
    """Both words, before the end."""
    heard = ""
    with httpx.stream("GET", url, timeout=PATIENCE) as answer:
        for text in answer.iter_text():
            heard += text
            if "two" in heard:
                break
    return heard


@proves("CK307", "CK611")
def test_ck307_and_ck611_nginx_keeps_the_words_until_the_end() -> None:
    wrong = RULES["CK611"].wrong[0]["nginx.conf"].replace("server {", "server { listen 8080;", 1)
    with backend() as port:
        config = wrong.replace("app:8000", f"127.0.0.1:{port}")
        log = "error_log /dev/stderr;\nhttp {\n    access_log /dev/stdout;\n"
        with nginx(f"events {{}}\n{log}{config}}}\n", [], free_port()) as proxy:
            assert listen(f"http://127.0.0.1:{port}/") == "one;two;"
            with pytest.raises(httpx.ReadTimeout):
                listen(f"{proxy.url}/")
            assert listen(f"{proxy.url}/told") == "one;two;"
            Backend.go.set()
