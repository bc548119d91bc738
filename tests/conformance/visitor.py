"""One browser, as a backend sees it: requests, a cookie jar, and nothing of ChatKit's SDK."""

import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from tests.login import bearer
from tests.running import body, message, parse

Event = dict[str, Any]
Item = dict[str, Any]
Thread = dict[str, Any]

# Read from disk once, not for every visitor.
TLS = ssl.create_default_context()
NO_HEADERS: Mapping[str, str] = {}


class Visitor:
    def __init__(self, url: str, client: httpx.Client) -> None:
        self.url = url
        self.client = client

    def post(
        self, content: bytes | Iterator[bytes], headers: Mapping[str, str] = NO_HEADERS
    ) -> httpx.Response:
        json_type = {"content-type": "application/json"}
        return self.client.post(self.url, content=content, headers={**json_type, **headers})

    def send(self, op: str, **params: Any) -> httpx.Response:
        return self.client.post(self.url, json=body(op, **params))

    def call(self, op: str, **params: Any) -> Any:
        response = self.send(op, **params)
        assert response.status_code == 200, f"{op}: {response.status_code} {response.text}"
        assert response.headers["content-type"].startswith("application/json"), op
        return response.json()

    def stream(self, op: str, **params: Any) -> list[Event]:
        response = self.send(op, **params)
        assert response.headers["content-type"].startswith("text/event-stream"), response.text
        return parse(response.text)

    @contextmanager
    def listen(self, op: str, **params: Any) -> Iterator[Iterator[Event]]:
        """The events as they arrive. Leaving before the last one hangs up."""
        request = body(op, **params)
        with self.client.stream("POST", self.url, json=request) as response:
            assert response.status_code == 200, response.read()
            yield _events(response)

    def say(self, text: str, thread: str | None = None) -> list[Event]:
        op, params = turn(text, thread)
        return self.stream(op, **params)

    def leave(self, text: str, thread: str | None = None) -> list[Event]:
        """What arrived of an answer until its third word, when the visitor left."""
        op, params = turn(text, thread)
        events: list[Event] = []
        with self.listen(op, **params) as stream:
            for event in stream:
                events.append(event)
                if len(deltas(events).split()) == 3:
                    return events
        raise AssertionError("The answer was too short to leave in the middle.")

    def pages(self, op: str, after: str | None = None, **params: Any) -> Iterator[Any]:
        while True:
            page = self.call(op, after=after, **params)
            yield page
            if not page["has_more"]:
                return
            assert page["after"] != after, f"{op} goes round in circles"
            after = page["after"]

    def all(self, op: str, **params: Any) -> list[dict[str, Any]]:
        return [entry for page in self.pages(op, **params) for entry in page["data"]]

    def items(self, thread: str) -> list[Item]:
        return self.all("items.list", thread_id=thread, order="asc")

    def everything(self) -> dict[str, Any]:
        """All that this visitor can see, to compare before and after."""
        threads = self.all("threads.list")
        return {
            thread["id"]: [
                thread,
                self.call("threads.get_by_id", thread_id=thread["id"]),
                self.items(thread["id"]),
            ]
            for thread in threads
        }


@contextmanager
def arrive(url: str) -> Iterator[Visitor]:
    with httpx.Client(timeout=60, verify=TLS, headers=bearer()) as client:
        yield Visitor(url, client)


def turn(text: str, thread: str | None = None) -> tuple[str, dict[str, Any]]:
    """The operation that says this, and its parameters."""
    if thread:
        return "threads.add_user_message", {"thread_id": thread, "input": message(text)}
    return "threads.create", {"input": message(text)}


def _events(response: httpx.Response) -> Iterator[Event]:
    # Not iter_lines: it also ends a line at characters that JSON may hold.
    rest = ""
    for text in response.iter_text():
        *blocks, rest = (rest + text).split("\n\n")
        yield from parse("\n\n".join(blocks))


def refusal(response: httpx.Response, *statuses: int) -> dict[str, Any]:
    """The error in an answer that has to be a clear and harmless no."""
    said = f"{response.status_code} {response.text[:500]}"
    assert response.status_code in (statuses or range(400, 500)), said
    assert response.headers["content-type"].startswith("application/json"), said
    error: dict[str, Any] = response.json()["error"]
    assert isinstance(error["message"], str), said
    assert error["message"], said
    assert "Traceback" not in said
    return error


def kinds(events: list[Event]) -> list[str]:
    """What happened, in order; a run of updates counts once."""
    names = [_kind(event) for event in events]
    return [name for n, name in enumerate(names) if n == 0 or name != names[n - 1]]


def _kind(event: Event) -> str:
    name = str(event["type"]).removeprefix("thread.")
    item = event.get("item")
    return f"{name} {item['type']}" if item else name


def speakers(items: list[Item]) -> list[str]:
    types = [item["type"] for item in items]
    return [name.removesuffix("_message") for name in types if name.endswith("_message")]


def words(item: Item) -> str:
    return "".join(part["text"] for part in item["content"])


def deltas(events: list[Event]) -> str:
    updates = [e["update"] for e in events if e["type"] == "thread.item.updated"]
    return "".join(u["delta"] for u in updates if u["type"].endswith(".text_delta"))


def lines(text: str) -> list[Any]:
    """The lines of an NDJSON stream."""
    return [json.loads(line) for line in text.split("\n") if line]
