"""Two processes behind nginx, PostgreSQL and Redis, fifty people, and a process that dies."""

import asyncio
import secrets
import statistics
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from chatkit_scaffold.tree import create
from tests.operations.nginx import free_port, nginx
from tests.operations.replicas import Process, replicas
from tests.operations.talker import Talker, shown
from tests.rendering import made
from tests.running import body
from tests.services import redis

pytestmark = pytest.mark.slow
HOSTS = ["127.0.0.2", "127.0.0.3"]
PEOPLE, TURNS = 50, 6


async def talk(url: str, dying: Process) -> list[Talker]:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    clients = [httpx.AsyncClient(base_url=url, timeout=120, limits=limits) for _ in range(PEOPLE)]
    people = [Talker(number, client) for number, client in enumerate(clients, 100)]

    async def kill() -> None:
        while sum(one.turns for one in people) < PEOPLE * TURNS // 3:
            await asyncio.sleep(0.01)
        dying.kill()

    async def live(one: Talker) -> None:
        for turn in range(1, TURNS + 1):
            answer = await one.say(f"turn {turn}. What did I say earlier?")
            for earlier in range(1, turn):
                assert f"{one.mark} turn {earlier}." in answer, answer

    await asyncio.gather(kill(), *(live(one) for one in people))
    for one in people:
        items = await one.items()
        assert [item["type"] for item in items] == ["user_message", "assistant_message"] * TURNS
        for turn, item in enumerate(items[::2], 1):
            assert shown(item) == f"{one.mark} turn {turn}. What did I say earlier?"
        assert len(await one.threads()) == 1
        await one.client.aclose()
    return people


def test_nobody_loses_a_word_when_a_process_is_killed(
    tmp_path: Path, new_database: Callable[[str], str]
) -> None:
    tree = made(stores=["postgres"], extras=["docker", "limits", "observability"])
    create(tree, tmp_path / "p")
    env = {
        "DATABASE_URL": new_database("postgres"),
        "SESSION_SECRET": secrets.token_urlsafe(32),
        "FORWARDED_ALLOW_IPS": "*",
        "LLM_PROVIDER": "demo",
        "ADDRESS_SHARE": "100",  # all of them come from this machine
    }
    port = free_port(HOSTS)
    with (
        redis() as counts,
        replicas(tmp_path / "p", HOSTS, port, env | {"REDIS_URL": counts}) as processes,
        nginx(str(tree["deploy/nginx.conf"]), HOSTS, port) as proxy,
    ):
        with httpx.Client(base_url=proxy.url, timeout=60) as eager:
            eager.get("/session")
            asked = [eager.post("/chatkit", json=body("threads.list")) for _ in range(70)]
        assert Counter(answer.status_code for answer in asked) == {200: 60, 429: 10}, (
            "two processes count as one"
        )
        people = asyncio.run(talk(proxy.url, processes[0]))
        assert processes[0].poll() is not None
        assert processes[1].poll() is None
    cuts = Counter(cut for one in people for cut in one.cuts)
    waits = sorted(wait for one in people for wait in one.waits)
    print(f"\n{PEOPLE} people, {sum(one.turns for one in people)} turns; cut off: {dict(cuts)};")
    print(f"until the first word: {statistics.median(waits):.2f} s, at most {waits[-1]:.2f} s")
    assert cuts, "nothing was under way when the process died"
