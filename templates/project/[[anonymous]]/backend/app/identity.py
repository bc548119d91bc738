"""Who is asking: a signed cookie tells visitors apart, without a login.

For real accounts answer `of` from your session or token, and let `remember` do nothing.
"""

import contextlib
import os
import secrets
import uuid
from dataclasses import dataclass

from fastapi import Request, Response
from itsdangerous import BadSignature, Signer

from app.config import Settings

COOKIE = "chatkit_user"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class User:
    id: str


class Identity:
    def __init__(self, settings: Settings) -> None:
        self._signer = Signer(signing_keys(settings), salt=COOKIE)

    def of(self, request: Request) -> User:
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


def signing_keys(settings: Settings) -> list[str]:
    if settings.session_secret:
        return settings.session_secret.get_secret_value().split(",")
    # A key that changed with every restart would cut visitors off from their conversations.
    path = settings.data_dir / "session.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(0o600)
        draft.write_text(secrets.token_urlsafe(32))
        with contextlib.suppress(FileExistsError):  # another process was first: use its key
            os.link(draft, path)
        draft.unlink()
    return [path.read_text()]
