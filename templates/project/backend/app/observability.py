"""Log lines that can be traced to the request they belong to."""

import logging
import uuid
from contextvars import ContextVar

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

request_id: ContextVar[str] = ContextVar("request_id", default="-")


class RequestId:
    """One for each request, in its log lines and in the headers of its answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        id = uuid.uuid4().hex[:12]
        request_id.set(id)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-Id"] = id
            await send(message)

        await self._app(scope, receive, send_with_id)


def start_logging() -> None:
    handler = logging.StreamHandler()
    handler.addFilter(add_request_id)
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("asyncio").addFilter(worth_knowing)
    logging.getLogger("chatkit").addFilter(not_told_twice)
    # One line for every call of the model would drown the rest.
    logging.getLogger("httpx2").setLevel(logging.WARNING)


def worth_knowing(record: logging.LogRecord) -> bool:
    """A cancelled turn leaves tasks of the ChatKit SDK behind, and asyncio reports each of them."""
    ended = isinstance(record.exc_info, tuple) and record.exc_info[0] is StopAsyncIteration
    return not ended and "_AsyncQueueIterator" not in record.getMessage()


def not_told_twice(record: logging.LogRecord) -> bool:
    """The SDK reports what it raises, a wrong request included; problems.py judges and tells."""
    return record.getMessage() != "Error while generating streamed response"


def add_request_id(record: logging.LogRecord) -> bool:
    record.request_id = request_id.get()
    return True
