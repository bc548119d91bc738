"""A server that is told to stop: short answers are finished, long ones end with a word about it."""

import os
import signal
from pathlib import Path

import pytest

from chatkit_scaffold.tree import create
from tests.rendering import made
from tests.running import body, message, parse, running, say, thread_id

pytestmark = pytest.mark.matrix


def test_running_answers_are_finished_or_asked_to_be_tried_again(tmp_path: Path) -> None:
    create(made(), tmp_path / "p")
    backend = tmp_path / "p/backend"
    env = {"LLM_PROVIDER": "demo", "DATA_DIR": str(tmp_path)}
    with running(backend, env=env) as client:
        client.get("/session")
        requests = [body("threads.create", input=message("word " * n)) for n in (30, 1000)]
        with (
            client.stream("POST", "/chatkit", json=requests[0]) as short,
            client.stream("POST", "/chatkit", json=requests[1]) as long,
        ):
            os.kill(client.pid, signal.SIGTERM)
            finished, ended = (parse(answer.read().decode()) for answer in (short, long))
        cookies = dict(client.cookies)
    assert finished[-1]["type"] == "thread.item.done"
    assert ended[-1]["type"] == "error"
    assert ended[-1]["allow_retry"] is True
    assert "Traceback" not in (backend / "test-server.log").read_text("utf-8")
    with running(backend, env=env) as client:
        client.cookies.update(cookies)
        thread = thread_id(ended)
        listing = client.post("/chatkit", json=body("items.list", thread_id=thread, order="asc"))
        asked, half = listing.json()["data"][:2]
        assert half["type"] == "assistant_message"
        again = body("threads.retry_after_item", thread_id=thread, item_id=asked["id"])
        with client.stream("POST", "/chatkit", json=again) as retried:
            assert retried.status_code == 200
        assert say(client, "Hi")[-1]["type"] == "thread.item.done"
