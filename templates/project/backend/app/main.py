"""The web app: one ChatKit endpoint, the page in front of it and a health check."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chatkit.server import StreamingResult
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import StreamingResponse
from fastapi.staticfiles import StaticFiles

from app.config import Settings
from app.identity import Identity, User
from app.llm import build_model
from app.observability import new_request_id, start_logging
from app.problems import problem
from app.server import ChatServer
from app.stores import check_url, open_store
from app.streaming import drain, open_stream, stream_format

MAX_BODY = 1_000_000  # bytes; a chat message is small, files have an upload route of their own


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or Settings()
    # Here and not in the first request, so that a wrong setting stops the start.
    model = build_model(settings)
    check_url(settings)
    identity = Identity(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        start_logging()
        async with open_store(settings) as store:
            app.state.server = ChatServer(store, model, settings)
            yield
            await drain()

    app = FastAPI(title=settings.app_title, lifespan=lifespan)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=["*"],
        allow_headers=["*"],
        allow_credentials=True,
    )

    @app.post("/chatkit")
    async def chatkit(request: Request) -> Response:
        id = new_request_id()
        user = identity.of(request)
        try:
            response = await answer(app.state.server, request, user)
        except Exception as error:
            # Not left to the framework, whose own 500 has no CORS headers: a browser would call a
            # crash a CORS error.
            response = problem(error)
        response.headers["X-Request-Id"] = id
        identity.remember(user, request, response)
        return response

    @app.get("/session")
    def session(request: Request, response: Response) -> dict[str, str]:
        """What the page needs before the chat opens: an identity and the public domain key."""
        identity.remember(identity.of(request), request, response)
        return {"domainKey": settings.chatkit_domain_key}

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    if settings.frontend_dir:
        app.mount("/", StaticFiles(directory=settings.frontend_dir, html=True))
    return app


async def answer(server: ChatServer, request: Request, user: User) -> Response:
    result = await server.process(await read_body(request), user)
    if isinstance(result, StreamingResult):
        format = stream_format(request.headers.get("accept", ""))
        return StreamingResponse(await open_stream(result, format), headers=format.headers)
    return Response(result.json, media_type="application/json")


async def read_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise HTTPException(413, f"A request may hold at most {MAX_BODY:,} bytes.")
    return bytes(body)
