"""The app that is attacked, the identity provider it trusts, and how to look at what is left."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from chatkit_scaffold.tree import create
from tests import login
from tests.rendering import made
from tests.running import App, body, message, running

KEY = rsa.generate_private_key(65537, 2048)
KID = "key-1"
ORIGIN = "https://app.example"


@dataclass(frozen=True)
class Target:
    client: App
    data: Path
    log: Path

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.client.base_url.port or 80

    def connect(self) -> socket.socket:
        return socket.create_connection(self.address, timeout=30)

    def exchange(self, request: bytes) -> bytes:
        """All that comes back until the connection ends."""
        with self.connect() as connection:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def threads(self) -> int:
        listing = self.client.post("/chatkit", json=body("threads.list"))
        assert listing.status_code == 200
        return len(listing.json()["data"])

    def said(self, what: Callable[[], object]) -> str:
        """What the log says while something is tried."""
        before = self.log.stat().st_size
        what()
        self.client.get("/health/live").raise_for_status()
        return self.log.read_bytes()[before:].decode()


def chat(text: str = "Hi") -> dict[str, Any]:
    return body("threads.create", input=message(text))


def token(**claims: object) -> str:
    known = jwt.decode(login.token(**claims), options={"verify_signature": False})
    return jwt.encode(known, KEY, "RS256", {"kid": KID})


@contextmanager
def provider() -> Iterator[str]:
    """Where an identity provider publishes its keys."""
    entry = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
    content = json.dumps({"keys": [{**entry, "kid": KID, "use": "sig"}]}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/jwks"
        server.shutdown()
        thread.join()


@contextmanager
def target(folder: Path) -> Iterator[Target]:
    create(made(auth="jwt", attachments="disk"), folder / "project")
    backend = folder / "project/backend"
    with provider() as keys:
        env = {
            "LLM_PROVIDER": "demo",
            "DATA_DIR": str(folder / "data"),
            "JWT_SECRET": "",
            "JWT_JWKS_URL": keys,
            "ALLOWED_ORIGINS": f'["{ORIGIN}"]',
            "TRUSTED_HOSTS": '["localhost", "127.0.0.1"]',
        }
        with running(backend, env=env) as client:
            client.headers["Authorization"] = f"Bearer {token()}"
            yield Target(client, folder / "data", backend / "test-server.log")


def refused(response: httpx.Response, *statuses: int) -> None:
    assert response.status_code in statuses, f"{response.status_code} {response.text[:300]}"
    for trace in ("Traceback", 'File "', "sqlite", "/app/", "Bearer "):
        assert trace not in response.text
