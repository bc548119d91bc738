"""A client leaves in mid-answer: the model stops, the half answer stays, nothing else does."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.llm.replies import Echo
from tests.llm.server import LlmServer
from tests.running import answer, body, message, running, say
from tests.test_providers import backend, fresh, items, llm, settings, texts

__all__ = ["backend", "fresh", "llm"]  # fixtures

pytestmark = pytest.mark.matrix
QUESTION = "word " * 200


@pytest.mark.parametrize("provider", ["openai", "gemini"])
def test_the_model_stops_and_the_half_answer_is_kept(
    backend: Path, llm: LlmServer, provider: str
) -> None:
    llm.default = Echo(delay=0.02)
    with running(backend, env=settings(provider, llm)) as client:
        request = body("threads.create", input=message(QUESTION))
        with client.stream("POST", "/chatkit", json=request) as response:
            lines = response.iter_lines()
            thread = json.loads(next(lines).removeprefix("data: "))["thread"]["id"]
            while "text_delta" not in next(lines):
                pass
            assert llm.open_streams == 1
        assert llm.wait_until(lambda: llm.open_streams == 0)
        assert llm.requests[0].words < 200
        # The next turn waits for the end of this one, so what it finds is what was kept.
        llm.default = Echo()
        assert answer(say(client, "go on", thread)) == "echo: go on"
        kept = texts(client, thread)
        assert kept[0] == QUESTION
        assert kept[1].startswith("echo: word")
        assert len(kept[1]) < len(QUESTION)
        assert kept[2:] == ["go on", "echo: go on"]
        ids = [item["id"] for item in items(client, thread)]
        assert len(set(ids)) == len(ids)


def test_a_hundred_clients_that_leave_leave_nothing_behind(backend: Path, llm: LlmServer) -> None:
    llm.default = Echo(delay=0.02)
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("leaks.py")), "50", "3"],
        cwd=backend,
        env={**os.environ, **settings("gemini", llm)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    first, second, third = json.loads(done.stdout)
    print(first, second, third)
    # The first round starts threads and fills caches.
    assert third["tasks"] == second["tasks"] == first["tasks"]
    assert third["files"] == second["files"]
    assert third["memory"] - second["memory"] < 4_000_000
    assert llm.wait_until(lambda: llm.open_streams == 0)
