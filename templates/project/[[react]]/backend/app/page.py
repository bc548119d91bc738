"""The page that `make build` made. Until then there is only that of `make dev`."""

from pathlib import Path
from typing import Any

from fastapi import HTTPException
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response


class Page(StaticFiles):
    def __init__(self, *, directory: Path, html: bool) -> None:
        super().__init__(directory=directory, html=html, check_dir=False)

    async def check_config(self) -> None:
        try:
            await super().check_config()
        except RuntimeError:
            raise HTTPException(404, "There is no page yet: `make build` makes it.") from None

    def file_response(self, full_path: Any, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(full_path, *args, **kwargs)
        # The names of assets change with their content. A page from before would ask for old ones.
        asset = Path(full_path).parent.name == "assets"
        response.headers["Cache-Control"] = "max-age=31536000, immutable" if asset else "no-cache"
        return response
