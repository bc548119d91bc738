"""Who is asking: a signed cookie tells visitors apart, without a login."""

import uuid
from dataclasses import dataclass

from fastapi import Request, Response
from itsdangerous import BadSignature, Signer

from app.config import Settings
from app.signing import signing_keys

COOKIE = "chatkit_user"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class User:
    id: str


class Identity:
    def __init__(self, settings: Settings) -> None:
        self._signer = Signer(signing_keys(settings), salt=COOKIE)

    async def of(self, request: Request) -> User:
        try:
            return User(self._signer.unsign(request.cookies.get(COOKIE, "")).decode())
        except BadSignature:
            return User(uuid.uuid4().hex)

    def remember(self, user: User, request: Request, response: Response) -> None:
        response.set_cookie(
            COOKIE,
            self._signer.sign(user.id).decode(),
            max_age=YEAR,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
