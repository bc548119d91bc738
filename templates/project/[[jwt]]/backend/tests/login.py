"""How the browsers of the tests say who they are: each brings a token of its own."""

import time
from typing import Any
from uuid import uuid4

import jwt
from fastapi.testclient import TestClient
from pydantic import SecretStr

SECRET = "of-these-tests-alone-and-known-to-everybody-else"  # noqa: S105
ISSUER = "https://login.example/"
LOGIN: dict[str, Any] = {  # settings
    "jwt_secret": SecretStr(SECRET),
    "jwt_jwks_url": "",
    "jwt_issuer": ISSUER,
    "jwt_audience": "chat",
}


def make_token(key: Any = SECRET, algorithm: str = "HS256", kid: str = "", **claims: Any) -> str:
    """A good one. A claim that is None is left out."""
    good = {"sub": "ann", "iss": ISSUER, "aud": "chat", "exp": time.time() + 60}
    payload = {name: value for name, value in (good | claims).items() if value is not None}
    return jwt.encode(payload, key, algorithm, {"kid": kid} if kid else None)


def log_in(client: TestClient) -> None:
    client.headers["Authorization"] = f"Bearer {make_token(sub=str(uuid4()))}"
