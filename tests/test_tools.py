"""Each choice of tools alone, and all of them in one conversation that is read again."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.render import render
from chatkit_scaffold.tree import create
from tests.conftest import TEMPLATE
from tests.running import answer, body, running, say, thread_id
from tests.services import Postgres

pytestmark = pytest.mark.matrix
OWN_TESTS = {
    "functions": "tools",
    "mcp": "notes",
    "knowledge": "knowledge",
    "web-search": "hosted",
    "file-search": "hosted",
}
PATTERNS = {
    "guardrails": "guardrails",
    "handoffs": "handoffs",
    "approval": "approval",
    "widgets": "drafts",
    "client-tools": "client_tools",
    "entities": "entities",
}


def make(menu: Menu, folder: Path, tools: list[str], **more: object) -> Path:
    answers = {"provider": "openai", "frontend": "none", "tools": tools, **more}
    create(render(TEMPLATE, menu.resolve(answers)), folder / "mein Chät")
    return folder / "mein Chät/backend"


def check(backend: Path, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=backend,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("tool", OWN_TESTS)
def test_each_alone(menu: Menu, tmp_path: Path, tool: str) -> None:
    own = f"tests/test_{OWN_TESTS[tool]}.py"
    check(make(menu, tmp_path, [tool]), "pytest", "-q", own)


@pytest.mark.slow
@pytest.mark.parametrize("pattern", PATTERNS)
def test_each_pattern_alone(menu: Menu, tmp_path: Path, pattern: str) -> None:
    backend = make(menu, tmp_path, [pattern])
    check(backend, "mypy", "app", "tests")
    check(backend, "pytest", "-q", f"tests/test_{PATTERNS[pattern]}.py", "tests/test_chat.py")


def test_all_patterns_together(menu: Menu, tmp_path: Path) -> None:
    backend = make(menu, tmp_path, list(PATTERNS), stores=["memory", "sqlite"])
    check(backend, "pytest", "-q", *(f"tests/test_{name}.py" for name in PATTERNS.values()))


@pytest.mark.slow
def test_all_tools_together_in_postgresql(
    menu: Menu, tmp_path: Path, cluster: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_POSTGRES_URL", cluster.new_database())
    every = OWN_TESTS | PATTERNS
    backend = make(menu, tmp_path, list(every), stores=["postgres"], attachments="disk")
    check(backend, "mypy", "app", "tests")
    check(backend, "pytest", "-q", *(f"tests/test_{name}.py" for name in set(every.values())))


def test_all_together(menu: Menu, tmp_path: Path) -> None:
    backend = make(menu, tmp_path, list(OWN_TESTS))
    check(backend, "mypy", "app", "tests")
    (tmp_path / "shop.md").write_text("# Refunds\n\nMoney comes back within 30 days.")
    env = {"LLM_PROVIDER": "demo", "LLM_FALLBACK": "", "DATA_DIR": str(tmp_path / "data")}
    subprocess.run(
        [sys.executable, "-m", "app.knowledge", "add", str(tmp_path / "shop.md")],
        cwd=backend,
        env={**os.environ, **env},
        check=True,
    )
    with running(backend, env=env) as client:
        assert client.get("/health").json()["mcp"] == {"notes": "ok"}
        say(client, "My cat is called Miso")
        events = say(client, "What time is it?")
        thread = thread_id(events)
        for question in [
            "Add a note: 'buy fish'",
            "Find notes with 'fish'",
            "Search the knowledge for 'refunds'",
            "Find messages with 'miso'",
        ]:
            events += say(client, question, thread)
        streamed = [e["item"] for e in events if e["type"] == "thread.item.done"]
        listing = body("items.list", thread_id=thread, order="asc", limit=100)
        kept = client.post("/chatkit", json=listing).json()["data"]
        assert kept == [item for item in last_states(streamed) if item["type"] in shown(kept)]
        texts = [item["content"][0]["text"] for item in kept if item["type"] == "assistant_message"]
        words = ["UTC", "Kept as note", "buy fish", "within 30 days", "Miso"]
        assert [word in text for word, text in zip(words, texts, strict=True)] == [True] * 5
        tasks = [item["workflow"]["tasks"] for item in kept if item["type"] == "workflow"]
        assert [(len(t), t[0]["status_indicator"]) for t in tasks] == [(1, "complete")] * 5
        assert [item["type"] for item in kept].count("widget") == 1
        notes = [n for i in kept for c in i.get("content", []) for n in c.get("annotations", [])]
        assert [note["source"]["filename"] for note in notes] == ["shop.md"]
        more = say(client, "Thank you", thread)
        assert "error" not in {event["type"] for event in more}
        assert "Thank you" in answer(more)


def last_states(streamed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({item["id"]: item for item in streamed}.values())


def shown(kept: list[dict[str, Any]]) -> set[str]:
    return {item["type"] for item in kept}
