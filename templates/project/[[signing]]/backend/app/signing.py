"""The keys that the app signs with. The last one signs, and all are known again."""

import contextlib
import os
import secrets

from app.config import Settings, read_keys


def signing_keys(settings: Settings) -> list[str]:
    if settings.session_secret:
        return read_keys("SESSION_SECRET", settings.session_secret)
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
