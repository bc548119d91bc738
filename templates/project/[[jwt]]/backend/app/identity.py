"""Who is asking: a token of your identity provider says so, in `Authorization: Bearer ...`.

The settings name the one issuer, the one audience and the one algorithm that are accepted.
"""

import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import jwt
from fastapi import HTTPException, Request, Response
from jwt.algorithms import requires_cryptography as public_key_algorithms

from app.config import Settings, read_keys
from app.jwks import PublishedKeys

LEEWAY = 10  # seconds by which clocks may differ

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class User:
    id: str


class Identity:
    def __init__(self, settings: Settings) -> None:
        check(settings)
        self._settings = settings
        # Settled here and never by the token, which would choose the algorithm it can forge.
        self._algorithm = settings.jwt_algorithm if settings.jwt_jwks_url else "HS256"
        self._secrets = settings.jwt_secret and read_keys("JWT_SECRET", settings.jwt_secret)
        self._published = PublishedKeys(settings.jwt_jwks_url, self._algorithm)

    async def of(self, request: Request) -> User:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            try:
                for key in await self._keys(token):
                    if user := self._read(token, key):
                        return user
            except (jwt.PyJWTError, RecursionError) as error:
                # Only its kind: what it says may quote the token.
                logger.info("A token was refused: %s", type(error).__name__)
        raise HTTPException(401, "Sign in first.", {"WWW-Authenticate": "Bearer"})

    def remember(self, user: User, request: Request, response: Response) -> None:
        """The page brings its token with every request: there is no cookie to set."""

    async def _keys(self, token: str) -> Sequence[str | jwt.PyJWK]:
        if self._secrets:
            return self._secrets
        key = await self._published.find(jwt.get_unverified_header(token).get("kid", ""))
        return [key] if key else []

    def _read(self, token: str, key: str | jwt.PyJWK) -> User | None:
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[self._algorithm],
                issuer=self._settings.jwt_issuer,
                audience=self._settings.jwt_audience,
                leeway=LEEWAY,
                options={"require": ["sub", "exp", "iss", "aud"]},
            )
        except jwt.InvalidSignatureError:
            return None  # signed with another of the secrets, or with none of them
        return User(claims["sub"]) if claims["sub"] else None


def check(settings: Settings) -> None:
    if bool(settings.jwt_secret) == bool(settings.jwt_jwks_url):
        sys.exit("Set JWT_JWKS_URL or JWT_SECRET in backend/.env: one, and not both.")
    for name in ("jwt_issuer", "jwt_audience"):
        if not getattr(settings, name):
            sys.exit(f"{name.upper()} in backend/.env has to say which tokens are meant for this.")
    url = urlsplit(settings.jwt_jwks_url)
    local = url.scheme == "http" and url.hostname in {"localhost", "127.0.0.1"}
    if settings.jwt_jwks_url and url.scheme != "https" and not local:
        sys.exit("JWT_JWKS_URL in backend/.env has to start with https://, unless it is local.")
    if settings.jwt_algorithm not in public_key_algorithms:
        known = ", ".join(sorted(public_key_algorithms))
        sys.exit(f"JWT_ALGORITHM in backend/.env has to be one of {known}.")
