"""Thousands of requests that are almost right: none may break the app."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random

import httpx
import pytest

from tests.conformance.backend import URL, Backend
from tests.conformance.mutation import mutate
from tests.conformance.operations import OPERATIONS, requests
from tests.conformance.texts import TIME
from tests.conformance.visitor import Visitor, refusal
from tests.running import body, parse, thread_id

pytestmark = pytest.mark.matrix
CLIENTS = 4
SEED = 4711
UNKNOWN = ["thread_unknown", "message_unknown", "file_unknown"]


@pytest.mark.parametrize("count", [500, pytest.param(10_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("backend", [URL or "sqlite"], indirect=True)
def test_nothing_breaks_it(backend: Backend, count: int) -> None:
    ids = [*UNKNOWN]  # of everybody

    def explore(number: int) -> Counter[str]:
        with backend.visitor() as visitor:
            return attack(visitor, count // CLIENTS, ids, Random(SEED + number))  # noqa: S311

    with ThreadPoolExecutor(CLIENTS) as pool:
        seen = sum(pool.map(explore, range(CLIENTS)), Counter[str]())
    print(f"{seen.total()} requests, seed {SEED}: {dict(sorted(seen.items()))}")
    assert seen.total() == count


def attack(visitor: Visitor, count: int, ids: list[str], random: Random) -> Counter[str]:
    seen: Counter[str] = Counter()
    for number in range(count):
        if number % 25 == 0:
            thread = thread_id(visitor.say(TIME))
            items = [item["id"] for item in visitor.items(thread)]
            ids += [thread, *items]
        op = random.choice(OPERATIONS)
        request = body(op, **requests(thread, random.choice(items))[op])
        content = mutate(request, ids, random)
        response = visitor.post(content)
        try:
            check(content, response)
        except Exception as error:
            error.add_note(f"{content[:2000]!r}\n{response.status_code} {response.text[:2000]}")
            raise
        seen[str(response.status_code)] += 1
    # Whatever got in can be read again.
    visitor.everything()
    return seen


def check(content: bytes, response: httpx.Response) -> None:
    if response.status_code != 200:
        refusal(response, *range(400, 500))
    elif response.headers["content-type"].startswith("application/json"):
        json.loads(response.text)
    else:
        assert response.headers["content-type"].startswith("text/event-stream")
        types = [event["type"] for event in parse(response.text)]
        assert "error" not in types or b"custom_action" in content
