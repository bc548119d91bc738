"""What operators see: log lines that machines read, metrics on a port of their own, and traces."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from prometheus_client import start_http_server

from app.config import Settings
from app.telemetry.logs import log_as_json
from app.telemetry.requests import Requests
from app.telemetry.traces import start_tracing, stop_tracing

logger = logging.getLogger(__name__)


def watch(app: FastAPI) -> None:
    log_as_json()
    app.add_middleware(Requests)


@asynccontextmanager
async def exporting(settings: Settings) -> AsyncIterator[None]:
    """Metrics have a port that the proxy in front does not pass on: they are not for visitors."""
    start_tracing(settings.app_title)
    server = None
    if settings.metrics_port:
        try:
            server, _ = start_http_server(settings.metrics_port)
        except OSError:
            logger.warning("METRICS_PORT %s is taken: no metrics", settings.metrics_port)
    yield
    if server:
        server.shutdown()
        server.server_close()
    stop_tracing()
