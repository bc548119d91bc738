"""How attachments plug into the app: two routes, and what ChatKit and the page are told."""

import mimetypes
import sys
from collections.abc import Awaitable
from functools import partial

from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.attachment_store import Attachments, asked_at
from app.config import Settings
from app.file_history import FileConverter
from app.files import Files
from app.problems import problem
from app.server import ChatServer

# The component may upload from its frame, whose origin this is. Here, and nowhere else in the app.
COMPONENT = "https://cdn.platform.openai.com"


def join(server: ChatServer) -> None:
    files = Files(server.settings.data_dir / "attachments")
    attachments = Attachments(server.chats, files, server.settings)
    server.attachment_store = attachments
    server.converter = partial(FileConverter, files)
    server.before_delete.append(attachments.clean_up)


def offer(settings: Settings) -> dict[str, object]:
    """What the page hands to ChatKit as `composer.attachments`."""
    accept = {
        type: [ending] if (ending := mimetypes.guess_extension(type, strict=False)) else []
        for type in settings.file_types
    }
    limits = {"enabled": True, "maxSize": settings.max_file_size, "accept": accept}
    return {"attachments": limits}


def add_routes(app: FastAPI, settings: Settings) -> None:
    if settings.public_url and not settings.public_url.startswith(("http://", "https://")):
        sys.exit("PUBLIC_URL has to start with http:// or https://.")
    app.add_middleware(NoteAddress)

    def attachments() -> Attachments:
        found: Attachments = app.state.server.attachment_store
        return found

    @app.put("/attachments/{address}")
    async def upload(address: str, request: Request) -> Response:
        async def work() -> Response:
            return JSONResponse({"id": await attachments().receive(address, request)})

        return await answer(work())

    @app.get("/attachments/{address}")
    async def show(address: str) -> Response:
        return await answer(attachments().show(address))


async def answer(work: Awaitable[Response]) -> Response:
    try:
        return await work
    except Exception as error:
        return problem(error)  # with CORS headers, which the framework's own 500 has not


class NoteAddress:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.for_component = CORSMiddleware(app, allow_origins=[COMPONENT], allow_methods=["PUT"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self.app
        if scope["type"] == "http":
            request = Request(scope)
            asked_at.set(str(request.base_url))
            from_component = request.headers.get("origin") == COMPONENT
            if from_component and request.url.path.startswith("/attachments/"):
                app = self.for_component
        await app(scope, receive, send)
