"""The server: a socket, a thread, a script."""

import logging
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from tests.llm.application import Application
from tests.llm.journal import Journal, Recorded
from tests.llm.replies import Echo, Reply


class LlmServer:
    """What a test holds: where the server is, what it will say, what it was asked."""

    def __init__(self, url: str, replies: tuple[Reply, ...]) -> None:
        self.url = url
        self.default: Reply = Echo()
        self.journal = Journal()
        self._script = deque(replies)

    @property
    def requests(self) -> list[Recorded]:
        return self.journal.requests

    @property
    def open_streams(self) -> int:
        return self.journal.open_streams

    def answer(self, *replies: Reply) -> None:
        """Appends to the script. A refused request uses none of it; a spent one means `default`."""
        self._script.extend(replies)

    def take_reply(self) -> Reply:
        return self._script.popleft() if self._script else self.default

    def wait_until(self, happened: Callable[[], bool], timeout: float = 5.0) -> bool:
        """Asks again whenever something happens at the server; blocks the calling thread."""
        return self.journal.wait_until(happened, timeout)

    def reset(self) -> None:
        self._script.clear()
        self.default = Echo()
        self.journal.clear()


@contextmanager
def llm_server(
    *replies: Reply, key: str | None = "sk-test", azure: bool = False
) -> Iterator[LlmServer]:
    """A provider on a free port. No `key`: it asks for none. `azure`: `api-key` may carry it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        llm = LlmServer(f"http://127.0.0.1:{listener.getsockname()[1]}", replies)
        server = _Server(Application(llm.journal, llm.take_reply, key, azure))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        log, news = logging.getLogger("uvicorn.error"), _News()
        log.addFilter(news)
        thread.start()
        try:
            if not server.ready.wait(10):
                raise RuntimeError("the stand-in for the LLM did not start")
            yield llm
        finally:
            server.should_exit = True
            thread.join()
            log.removeFilter(news)


class _News(logging.Filter):
    """A cut stream is what the script asked for; uvicorn calls it an error."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "without completing response" not in record.getMessage()


class _Server(uvicorn.Server):
    def __init__(self, application: Application) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                http="h11",
                ws="none",
                lifespan="off",
                access_log=False,
                log_config=None,
                timeout_graceful_shutdown=5,
            )
        )
        self._application = application
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # uvicorn waits for every response to end, and some of these never do.
        self._application.stop()
        await super().shutdown(sockets)
