"""What a generated app with logins trusts in the tests, and who asks it: a new user each time."""

import time
import uuid

import jwt

SECRET = "of-the-tests-alone-with-32-characters-and-more"  # noqa: S105
ENV = {"JWT_SECRET": SECRET, "JWT_ISSUER": "https://login.example/", "JWT_AUDIENCE": "chat"}


def token(**claims: object) -> str:
    """A good one. A claim that is None is left out."""
    good = {"sub": uuid.uuid4().hex, "exp": time.time() + 3600}
    known = good | {"iss": ENV["JWT_ISSUER"], "aud": ENV["JWT_AUDIENCE"]} | claims
    return jwt.encode({k: v for k, v in known.items() if v is not None}, SECRET)


def bearer() -> dict[str, str]:
    return {"Authorization": f"Bearer {token()}"}
