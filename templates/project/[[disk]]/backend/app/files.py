"""Files on disk, under ids of the server and never under a client's name."""

import os
import secrets
import unicodedata
from pathlib import Path
from typing import BinaryIO

from fastapi import HTTPException

SIGNATURES = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),  # and, after a size, "WEBP"
    "application/pdf": (b"%PDF-",),
}
IMAGES = {type for type in SIGNATURES if type.startswith("image/")}
MAX_NAME = 100


class Files:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def path(self, id: str) -> Path:
        """Only for ids of stored attachments: those come from `new_id`, not from a request."""
        return self._folder / id

    def has(self, id: str) -> bool:
        return self.path(id).exists()

    def open_draft(self, id: str) -> BinaryIO:
        return self.path(f"{id}.{secrets.token_hex(4)}.draft").open("xb")

    def keep(self, draft: BinaryIO, id: str, type: str) -> None:
        """The draft becomes the file, whole or not at all."""
        draft.close()
        path = Path(draft.name)
        with path.open("rb") as file:
            if not is_what_it_says(file.read(1024), type):
                raise HTTPException(415, f"This file is not {type}.")
        try:
            os.link(path, self.path(id))  # unlike a rename, it fails when somebody was faster
        except FileExistsError:
            raise HTTPException(409, "This file was uploaded already.") from None

    def discard(self, draft: BinaryIO) -> None:
        draft.close()
        Path(draft.name).unlink()

    def size(self, id: str) -> int:
        """0 for what is not there, or no longer."""
        path = self.path(id)
        return path.stat().st_size if path.exists() else 0

    def read(self, id: str, most: int) -> bytes:
        with self.path(id).open("rb") as file:
            return file.read(most)

    def remove(self, id: str) -> None:
        self.path(id).unlink(missing_ok=True)


def new_id() -> str:
    return f"attachment_{secrets.token_hex(16)}"


def clean_name(name: str) -> str:
    """What is left is safe on any disk and in any header: no folders, no invisible characters."""
    base = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in base if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*')
    stem, dot, ending = shown.strip(" .").rpartition(".")
    return f"{stem[: MAX_NAME - len(dot + ending)]}{dot}{ending}"[-MAX_NAME:] or "file"


def is_text(type: str) -> bool:
    return type.startswith("text/") or type == "application/json"


def is_what_it_says(head: bytes, type: str) -> bool:
    if type in SIGNATURES:
        return sniff(head) == type
    # The reverse lie: a picture under the name of something that nobody looks into.
    return sniff(head) is None and not (is_text(type) and b"\0" in head)


def sniff(head: bytes) -> str | None:
    for type, signatures in SIGNATURES.items():
        if head.startswith(signatures) and (type != "image/webp" or head[8:12] == b"WEBP"):
            return type
    return None
