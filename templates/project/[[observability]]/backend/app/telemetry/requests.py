"""Every request: how long until its answer begins, and a span around it."""

import time
from contextvars import ContextVar

from opentelemetry.propagate import extract
from opentelemetry.trace import SpanKind
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.telemetry.metrics import REQUESTS
from app.telemetry.traces import tracer

arrival: ContextVar[float] = ContextVar("arrival")


class Requests:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        arrival.set(started)
        parent = extract(dict(Headers(scope=scope)))
        with tracer.start_as_current_span("request", parent, SpanKind.SERVER) as span:

            async def send_and_watch(message: Message) -> None:
                if message["type"] == "http.response.start":
                    # The route, never the path: ids and signatures are in there.
                    route = getattr(scope.get("route"), "path", "page")
                    status = str(message["status"])
                    REQUESTS.labels(route, status).observe(time.perf_counter() - started)
                    span.update_name(f"{scope['method']} {route}")
                    span.set_attribute("http.response.status_code", message["status"])
                await send(message)

            await self._app(scope, receive, send_and_watch)
