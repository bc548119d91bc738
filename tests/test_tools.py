"""Each tool alone, and all of them: what a conversation leaves is there again, and is read."""

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import yaml

from chatkit_scaffold.tree import Tree, create
from tests.conftest import TEMPLATE
from tests.llm.replies import CiteFile, CiteUrl, Echo, Fail, Say
from tests.llm.server import LlmServer, llm_server
from tests.rendering import made
from tests.running import answer, body, message, parse, running, say, succeed, thread_id
from tests.suites import Suite, run_suites
from tests.test_providers import KEY, settings

pytestmark = pytest.mark.matrix
Items = list[dict[str, Any]]
Backends = Callable[[tuple[str, ...]], Path]
STORES = ["memory", "sqlite", "postgres"]
FILLED_IN = {"handler": "server", "loadingBehavior": "auto", "streaming": True}


class Talk(NamedTuple):
    """Something that is said to the demo model, and what comes of it."""

    says: str
    leaves: list[tuple[str, str]]  # which items, and words that are in each
    tells: str  # what the model has to know of it in the next turn
    mentions: str = ""  # the title of a conversation
    cites: tuple[CiteUrl | CiteFile, ...] = ()  # found by OpenAI, which then answers
    model: str = ""  # that is chosen for it


TALKS = {
    "functions": Talk(
        "Find messages with 'miso'",
        [("workflow", "Find messages"), ("widget", "with Miso"), ("assistant_message", "Miso")],
        "The user sees this list",
    ),
    "mcp": Talk(
        "Add a note: 'buy fish'",
        [("workflow", "Notes: add note"), ("assistant_message", "Kept as note 1")],
        "Kept as note 1",
    ),
    "knowledge": Talk(
        "Search the knowledge for 'refunds'",
        [("workflow", "Search knowledge"), ("assistant_message", '"filename": "shop.md"')],
        "within 30 days",
    ),
    "web-search": Talk(
        "What is new?",
        [("assistant_message", "https://python.example/news")],
        "3.15 is out",
        cites=(CiteUrl("https://python.example/news", "3.15 is out"),),
    ),
    "file-search": Talk(
        "What does the handbook say?",
        [("assistant_message", '"filename": "handbook.pdf"')],
        "Wash your hands",
        cites=(CiteFile("handbook.pdf"),),
    ),
    "guardrails": Talk(
        "My password: hunter22",
        [("assistant_message", "Please ask again without it")],
        "(removed: it seemed to hold",
    ),
    "handoffs": Talk(
        "I need a writer", [("assistant_message", "Writer")], "I need a writer"
    ),
    "widgets": Talk(
        "Show a draft: 'Dear team, the office is closed'",
        [
            ("workflow", "Show draft"),
            ("widget", "Write this half as long"),
            ("assistant_message", "The user sees the draft"),
        ],
        "The user sees the draft",
    ),
    "client-tools": Talk(
        "Switch the theme to dark",
        [
            ("workflow", "Switch theme"),
            ("client_tool_call", "completed"),
            ("assistant_message", "dark"),
        ],
        "dark",
    ),
    "entities": Talk(
        "Read the chat ",
        [("workflow", "Read chat"), ("assistant_message", "Plan a trip with Miso")],
        "User: Plan a trip with Miso",
        mentions="Plan a trip with Miso",
    ),
    "approval": Talk(
        "Remove chats with 'trip'",
        [
            ("widget", "Allowed"),
            ("workflow", "Done as allowed"),
            ("assistant_message", "Removed: Plan a trip"),
        ],
        "Removed: Plan a trip",
    ),
    "composer": Talk(
        "Whoever is there", [("assistant_message", "Whoever")], "You said", model="small"
    ),
}  # fmt: skip


ALONE = [pytest.param((tool,), marks=pytest.mark.slow) for tool in TALKS]


def test_each_tool_has_its_talk_and_the_readme_the_same() -> None:
    rows = yaml.safe_load((TEMPLATE / "catalog/tools.yml").read_text("utf-8"))["tools"]
    assert set(TALKS) == set(rows)
    abouts = [" ".join(row.get("about", "").split()) for row in rows.values()]
    examples = {text.rstrip("@.") for about in abouts for text in re.findall('"(.+?)"', about)}
    assert len(examples) == 5
    assert examples <= {talk.says for talk in TALKS.values()}


def project(tools: Sequence[str], stores: Sequence[str] = STORES) -> Tree:
    answers = {"tools": list(tools), "stores": list(stores)}
    return made(provider="openai", frontend="none", **answers)


@pytest.fixture(scope="module")
def backends(tmp_path_factory: pytest.TempPathFactory) -> Backends:
    def backend(tools: tuple[str, ...]) -> Path:
        folder = tmp_path_factory.mktemp("tools") / "mein Chät"
        create(project(tools), folder)
        return folder / "backend"

    return cache(backend)


@pytest.mark.parametrize("tools", [*ALONE, tuple(TALKS)], ids="+".join)
@pytest.mark.parametrize("store", STORES)
def test_what_a_talk_leaves_is_there_again_and_read(
    backends: Backends,
    tmp_path: Path,
    new_database: Callable[[str], str],
    tools: tuple[str, ...],
    store: str,
) -> None:
    backend = backends(tools)
    url = {"memory": "memory://", "sqlite": f"sqlite:///{tmp_path}/chat.db"}.get(store)
    with llm_server(key=KEY) as llm:
        env = settings(
            "openai",
            llm,
            LLM_TIMEOUT="20",
            LLM_FALLBACK="demo",
            DATABASE_URL=url or new_database(store),
            DATA_DIR=str(tmp_path / "data"),
            FILE_SEARCH_STORES='["vs_1"]',
            LLM_MODELS='["gpt-mine", "small"]',
        )
        if "knowledge" in tools:
            (tmp_path / "shop.md").write_text("# Refunds\n\nMoney comes back within 30 days.")
            succeed(backend, env, "app.knowledge", "add", tmp_path / "shop.md")
        with running(backend, env=env) as client:
            llm.default = Fail(503)  # the demo model takes over
            say(client, "Plan a trip with Miso")
            thread = thread_id(events := say(client, "Hello"))
            for tool in tools:
                events += have(client, llm, thread, TALKS[tool])
            check(client, thread, events, tools)
            cookies = dict(client.cookies)
            llm.default = Echo()
            if store == "memory":
                go_on(client, llm, thread, tools)
        if store != "memory":
            with running(backend, env=env) as fresh:
                fresh.cookies.update(cookies)
                check(fresh, thread, events, tools)
                go_on(fresh, llm, thread, tools)


def have(client: httpx.Client, llm: LlmServer, thread: str, talk: Talk) -> Items:
    if talk.cites:
        llm.answer(Say(talk.tells, cites=talk.cites))
    said = message(talk.says)
    if talk.mentions:
        (found,) = client.get("/entities", params={"query": talk.mentions}).json()
        tag = {"type": "input_tag", "id": found["id"], "text": found["title"], "data": {}}
        said["content"].append(tag)
    if talk.model:
        said["inference_options"]["model"] = talk.model
    events = stream(client, "threads.add_user_message", thread_id=thread, input=said)
    if talk.model:
        assert llm.requests[-1].body["model"] == talk.model
    for item in screen(events):
        events += react(client, thread, item)
    return events


def react(client: httpx.Client, thread: str, item: dict[str, Any]) -> Items:
    """What the browser does with an item that waits for it."""
    match item:
        case {"type": "client_tool_call", "status": "pending", "arguments": done}:
            op = "threads.add_client_tool_output"
            item |= {"status": "completed", "output": done}
            return stream(client, op, thread_id=thread, result=done)
        case {"widget": {"confirm": {"action": action}}} | {
            "widget": {"children": [_, {"children": [{"onClickAction": action}, *_]}]}
        }:
            params = {"thread_id": thread, "item_id": item["id"], "action": action}
            return stream(client, "threads.custom_action", **params)
    return []


def stream(client: httpx.Client, op: str, **params: Any) -> Items:
    events = parse(client.post("/chatkit", json=body(op, **params)).text)
    assert "error" not in {event["type"] for event in events}, events
    return events


def screen(events: Items) -> Items:
    """What somebody sees who has been there all the time."""
    items = {}
    for event in events:
        match event:
            case {"type": "thread.item.added" | "thread.item.done" | "thread.item.replaced"}:
                item = event["item"]
                items[item["id"]] = item
            case {"type": "thread.item.removed", "item_id": id}:
                items.pop(id, None)
    return list(items.values())


def plain(value: Any) -> Any:
    """Without what the SDK fills in when it reads a button from a store."""
    match value:
        case dict():
            return {k: plain(v) for k, v in value.items() if (k, v) not in FILLED_IN.items()}
        case list():
            return [plain(one) for one in value]
    return value


def check(client: httpx.Client, thread: str, events: Items, tools: tuple[str, ...]) -> None:
    listing = body("items.list", thread_id=thread, order="asc", limit=100)
    kept = client.post("/chatkit", json=listing).json()["data"]
    assert plain(kept) == plain(screen(events))
    answers = [item for item in kept if item["type"] != "user_message"][1:]
    wanted = [leaf for tool in tools for leaf in TALKS[tool].leaves]
    assert [item["type"] for item in answers] == [kind for kind, _ in wanted]
    for item, (_, words) in zip(answers, wanted, strict=True):
        assert words in json.dumps(item)


def go_on(client: httpx.Client, llm: LlmServer, thread: str, tools: tuple[str, ...]) -> None:
    """The next turn, with a provider that refuses a history it does not understand."""
    assert answer(say(client, "Thank you", thread)) == "echo: Thank you"
    read = json.dumps(llm.requests[-1].body["input"])
    assert [tool for tool in tools if TALKS[tool].tells not in read] == []


@pytest.mark.parametrize(("store", "file"), [("sqlite", "chat.db"), ("memory", "notes.db")])
def test_notes_are_in_the_database_of_the_app_where_that_is_a_file(
    tmp_path: Path, store: str, file: str
) -> None:
    create(made(frontend="none", tools=["mcp"], stores=[store]), tmp_path / "app")
    with running(tmp_path / "app/backend") as client:
        say(client, "Add a note: 'buy fish'")
        with closing(sqlite3.connect(tmp_path / "app/backend/data" / file)) as db:
            assert db.execute("SELECT text FROM notes").fetchall() == [("buy fish",)]


@pytest.mark.parametrize("store", [pytest.param("postgres", marks=pytest.mark.slow), "sqlite"])
def test_the_tests_that_come_with_a_tool_pass(
    tmp_path: Path, new_database: Callable[[str], str], store: str
) -> None:
    without = project((), (store,))
    alone = [
        {path: text for path, text in tree.items() if not is_test(path) or path not in without}
        for tree in (project((tool,), (store,)) for tool in TALKS)
    ]
    env = {"TEST_POSTGRES_URL": new_database(store)}
    outcomes = run_suites([Suite(tree, env) for tree in alone], tmp_path, "tests")
    assert [outcome.output for outcome in outcomes if outcome.code] == []


def is_test(path: str) -> bool:
    return path.startswith("backend/tests/test_")


def test_all_together_are_typed_and_linted(tmp_path: Path) -> None:
    create(project(list(TALKS)), tmp_path / "project")
    for command in (["mypy", "app", "tests"], ["ruff", "check"], ["ruff", "format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=tmp_path / "project/backend",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
