"""People who visit a backend that is loaded into this process, which is how it restarts fast."""

import importlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient


@dataclass(frozen=True)
class Visitor:
    client: TestClient
    name: str

    def ask(self, operation: str, **params: object) -> Any:
        """The answer, or its events."""
        answer = self.client.post(
            "/chatkit",
            json={"type": operation, "params": params},
            headers={"Authorization": f"Bearer {self.name}"},
        )
        assert answer.status_code == 200, answer.text
        if answer.headers["content-type"].startswith("application/json"):
            return answer.json()
        lines = answer.text.splitlines()
        return [json.loads(line[6:]) for line in lines if line.startswith("data: ")]

    def say(self, text: str, thread: str = "") -> tuple[str, str]:
        """The thread, and what was answered."""
        said = {
            "content": [{"type": "input_text", "text": text}],
            "attachments": [],
            "inference_options": {},
        }
        add = ("threads.add_user_message", {"thread_id": thread})
        operation, more = add if thread else ("threads.create", {})
        events = self.ask(operation, input=said, **more)
        ids = [event["thread"]["id"] for event in events if event["type"] == "thread.created"]
        items = [event["item"] for event in events if event["type"] == "thread.item.done"]
        return thread or ids[0], items[-1]["content"][0]["text"]

    def threads(self) -> list[str]:
        return [thread["id"] for thread in self.ask("threads.list")["data"]]


@contextmanager
def served(root: Path, where: str, *, lifespan: bool = True) -> Iterator[TestClient]:
    """`backend:app.main` is the app of a module below a folder. Leaving it ends the process.

    Without a lifespan each request has an event loop of its own, as in many people's tests.
    """
    folder, _, name = where.rpartition(":")
    place = str(root / folder)
    sys.path.insert(0, place)
    importlib.invalidate_caches()
    try:
        client = TestClient(importlib.import_module(name).app)
        if lifespan:
            with client:
                yield client
        else:
            yield client
    finally:
        sys.path.remove(place)
        for name, module in list(sys.modules.items()):
            # A package without __init__.py has no file, but folders.
            places = [getattr(module, "__file__", None), *getattr(module, "__path__", [])]
            if any(str(one).startswith(str(root)) for one in places):
                del sys.modules[name]
