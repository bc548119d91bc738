"""The page that `make build` made. Until then there is only that of `make dev`."""

from pathlib import Path

from fastapi import HTTPException
from fastapi.staticfiles import StaticFiles


class Page(StaticFiles):
    def __init__(self, *, directory: Path, html: bool) -> None:
        super().__init__(directory=directory, html=html, check_dir=False)

    async def check_config(self) -> None:
        try:
            await super().check_config()
        except RuntimeError:
            raise HTTPException(404, "There is no page yet: `make build` makes it.") from None
