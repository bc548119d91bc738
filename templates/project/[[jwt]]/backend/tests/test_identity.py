"""Only tokens of the one issuer, for this app, valid and signed as agreed, say who is asking."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi.testclient import TestClient
from pydantic import SecretStr

from app import jwks
from app.config import Settings
from app.main import create_app
from tests.conftest import Client, call, say, thread_of
from tests.login import SECRET, make_token

RSA, OTHER = (rsa.generate_private_key(65537, 2048) for _ in range(2))
PEM = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
HOUR = 3600


class Publisher:
    """An identity provider's address for its keys, which can break."""

    def __init__(self) -> None:
        self.answer: tuple[int, Any] = 200, {"keys": [entry(RSA, "1")]}
        self.asked = 0
        self.url = ""


def entry(key: Any, kid: str, **more: str) -> dict[str, Any]:
    algorithms = {
        rsa.RSAPrivateKey: jwt.algorithms.RSAAlgorithm,
        ec.EllipticCurvePrivateKey: jwt.algorithms.ECAlgorithm,
        ed25519.Ed25519PrivateKey: jwt.algorithms.OKPAlgorithm,
    }
    (algorithm,) = (a for kind, a in algorithms.items() if isinstance(key, kind))
    known: dict[str, Any] = algorithm.to_jwk(key.public_key(), as_dict=True)  # type: ignore[attr-defined]
    return {**known, "kid": kid, **more}


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    publisher = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            publisher.asked += 1
            status, content = publisher.answer
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        publisher.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield publisher
        server.shutdown()


@pytest.fixture
def published(settings: Settings, publisher: Publisher) -> Iterator[TestClient]:
    settings.jwt_secret, settings.jwt_jwks_url = None, publisher.url
    with TestClient(create_app(settings)) as client:
        yield client


def status(client: TestClient, token: str, scheme: str = "Bearer") -> int:
    return client.get("/session", headers={"Authorization": f"{scheme} {token}"}).status_code


def test_a_token_says_who_is_asking_and_lasts(visitor: Client) -> None:
    ann, again, bob = visitor(), visitor(), visitor()
    thread = thread_of(say(ann, "hello"))
    again.headers["Authorization"] = ann.headers["Authorization"].replace("Bearer", "bearer")
    assert call(again, "threads.get_by_id", thread_id=thread)["title"] == "hello"
    assert call(bob, "threads.list")["data"] == []
    assert "set-cookie" not in ann.get("/session").headers


BAD = {
    "nothing": "",
    "words": "let me in",
    "no token": "a.b.c",
    "not ascii": "\u00e9.\u00e9.\u00e9",
    "deep": jwt.utils.base64url_encode(b'{"alg":' + b"[" * 5000).decode() + ".e30.x",
    "forged": make_token("another-secret-of-at-least-32-characters"),
    "cut": make_token()[:-2],
    "unsigned": make_token("", "none"),
    "signed otherwise": make_token(algorithm="HS384"),
    "over": make_token(exp=time.time() - 60),
    "not yet": make_token(nbf=time.time() + HOUR),
    "from the future": make_token(iat=time.time() + HOUR),
    "without an end": make_token(exp=None),
    "nobody's": make_token(sub=None),
    "empty name": make_token(sub=""),
    "a number": jwt.encode({"sub": 1, "iss": "https://login.example/", "aud": "chat"}, SECRET),
    "of another issuer": make_token(iss="https://login.example"),
    "of no issuer": make_token(iss=None),
    "for another app": make_token(aud="shop"),
    "for no app": make_token(aud=None),
}


@pytest.mark.parametrize("token", BAD.values(), ids=BAD)
def test_other_tokens_are_refused(
    visitor: Client, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    client = visitor()
    header = {"Authorization": f"Bearer {token}".encode()}
    for method, path in [("POST", "/chatkit"), ("GET", "/session")]:
        response = client.request(method, path, headers=header, content=b"{}")  # type: ignore[arg-type]
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        assert response.json()["error"]["message"] == "Sign in first."
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    assert token == "" or token not in caplog.text


def test_it_is_a_bearer_token_or_none(visitor: Client) -> None:
    good = make_token()
    assert status(visitor(), good) == 200
    assert status(visitor(), good, "Basic") == 401
    client = visitor()
    del client.headers["Authorization"]
    client.cookies["token"] = good
    assert client.get("/session").status_code == 401
    assert client.get(f"/session?token={good}").status_code == 401


def test_a_secret_is_changed_while_both_are_known(settings: Settings) -> None:
    new = "a-new-secret-of-at-least-32-characters"
    settings.jwt_secret = SecretStr(f"{SECRET},{new}")
    with TestClient(create_app(settings)) as client:
        assert [status(client, make_token(key)) for key in (SECRET, new)] == [200, 200]
        assert status(client, make_token(f"{SECRET},{new}")) == 401


def test_published_keys_are_fetched_once(
    published: TestClient, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert publisher.asked == 0
    for _ in range(3):
        assert status(published, make_token(RSA, "RS256", "1")) == 200
    for n in range(20):
        assert status(published, make_token(OTHER, "RS256", f"made up {n}")) == 401
    assert status(published, make_token(RSA, "RS256")) == 401  # which key, it does not say
    assert publisher.asked == 1
    monkeypatch.setattr(jwks, "PAUSE", 0)  # between looks for unknown keys, and this is none
    assert status(published, make_token(RSA, "RS256", "1")) == 200
    assert publisher.asked == 1


def test_a_public_key_is_no_secret(published: TestClient) -> None:
    header, payload = make_token(RSA, "RS256", "1").split(".")[:2]
    confused = jwt.utils.base64url_encode(b'{"alg":"HS256","typ":"JWT","kid":"1"}').decode()
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    for head in (confused, header):
        mac = signature.sign(f"{head}.{payload}".encode(), PEM)
        forged = f"{head}.{payload}.{jwt.utils.base64url_encode(mac).decode()}"
        assert status(published, forged) == 401
    assert status(published, make_token(OTHER, "RS256", "1")) == 401
    assert status(published, make_token(RSA, "RS512", "1")) == 401


def test_new_keys_are_found_and_old_ones_go(
    published: TestClient, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert status(published, make_token(RSA, "RS256", "1")) == 200
    publisher.answer = 200, {"keys": [entry(OTHER, "2")]}
    assert status(published, make_token(OTHER, "RS256", "2")) == 401  # asked a moment ago
    monkeypatch.setattr(jwks, "PAUSE", 0)
    assert status(published, make_token(OTHER, "RS256", "2")) == 200
    assert status(published, make_token(RSA, "RS256", "1")) == 401


@pytest.mark.parametrize("answer", [(500, {}), (200, {}), (200, []), (200, {"keys": []})])
def test_known_keys_stay_while_their_publisher_is_broken(
    published: TestClient,
    publisher: Publisher,
    monkeypatch: pytest.MonkeyPatch,
    answer: tuple[int, Any],
) -> None:
    good = make_token(RSA, "RS256", "1")
    assert status(published, good) == 200
    publisher.answer = answer
    for name in ("PAUSE", "LIFETIME"):
        monkeypatch.setattr(jwks, name, 0)
    assert [status(published, good) for _ in range(3)] == [200] * 3
    assert status(published, make_token(OTHER, "RS256", "2")) == 401
    assert publisher.asked > 1


def test_no_key_was_ever_found(published: TestClient, publisher: Publisher) -> None:
    publisher.answer = 500, {}
    assert status(published, make_token(RSA, "RS256", "1")) == 503


def test_the_algorithm_is_the_settings_and_the_key_fits_it(
    settings: Settings, publisher: Publisher
) -> None:
    elliptic = ec.generate_private_key(ec.SECP256R1())
    edwards = ed25519.Ed25519PrivateKey.generate()
    keys = {"ES256": elliptic, "EdDSA": edwards, "PS256": OTHER}
    others = [
        entry(OTHER, "for encryption", use="enc"),
        {"kty": "oct", "kid": "secret", "k": "c2VjcmV0"},
        {"kty": "unknown"},
    ]
    known = [entry(RSA, "RS256"), *(entry(key, name) for name, key in keys.items())]
    publisher.answer = 200, {"keys": known + others}
    settings.jwt_secret, settings.jwt_jwks_url = None, publisher.url
    for algorithm in keys:
        settings.jwt_algorithm = algorithm
        with TestClient(create_app(settings)) as client:
            for name, key in {**keys, "RS256": RSA}.items():
                expected = 200 if name == algorithm else 401
                assert status(client, make_token(key, name, name)) == expected, name


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"jwt_secret": None}, "JWT_JWKS_URL or JWT_SECRET"),
        ({"jwt_jwks_url": "https://login.example/jwks"}, "not both"),
        ({"jwt_secret": SecretStr("short")}, "JWT_SECRET"),
        ({"jwt_secret": SecretStr("changeme-changeme-changeme-changeme")}, "JWT_SECRET"),
        ({"jwt_issuer": ""}, "JWT_ISSUER"),
        ({"jwt_audience": ""}, "JWT_AUDIENCE"),
        ({"jwt_secret": None, "jwt_jwks_url": "http://login.example"}, "JWT_JWKS_URL"),
        ({"jwt_algorithm": "none"}, "JWT_ALGORITHM"),
        ({"jwt_algorithm": "HS256"}, "JWT_ALGORITHM"),
    ],
)
def test_a_wrong_setting_stops_the_start(
    settings: Settings, change: dict[str, object], name: str
) -> None:
    with pytest.raises(SystemExit, match=name):
        create_app(settings.model_copy(update=change))
