"""Generated projects, installed, tested, linted, started and chatted with."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit_scaffold.scaffold.question import Answers
from chatkit_scaffold.scaffold.template import choice_names
from tests.combinations import combinations, label
from tests.conftest import TEMPLATE, need
from tests.rendering import MENU
from tests.running import answer, body, running, say, thread_id

pytestmark = pytest.mark.matrix
BIN = Path(sys.executable).parent


def new(folder: Path, answers: Answers, *extra: str, path: str) -> None:
    command = [sys.executable, "-m", "chatkit_scaffold", "new", str(folder), "--no-git"]
    subprocess.run(
        [*command, "--answers", "-", *extra],
        input=json.dumps(answers),
        text=True,
        check=True,
        env={**os.environ, "PATH": path},
    )


def chat(backend: Path, python: Path, url: str = "") -> None:
    env = {"LLM_PROVIDER": "demo", "LLM_FALLBACK": "demo", "DATA_DIR": str(backend / "data")}
    with running(backend, python, env | {"DATABASE_URL": url}) as client:
        events = say(client, "My cat is called Miso.")
        thread = thread_id(events)
        events += say(client, "What did I say?", thread)
        assert "Miso" in answer(events)
        ids = [e["item"]["id"] for e in events if e["type"] == "thread.item.done"]
        assert len(set(ids)) == 4
        listing = client.post("/chatkit", json=body("items.list", thread_id=thread, order="asc"))
        assert [item["id"] for item in listing.json()["data"]] == ids
        with_page = (backend.parent / "frontend").exists()
        assert ('<script type="module"' in client.get("/").text) == with_page


# Providers are rows of one table, and test_providers.py runs each of them: two stand for all.
# tests/frontends runs the frontends that are built, test_tools.py each tool. Every choice is made
# in the default run, every two together in the slow one.
FEWER = {
    "provider": ["demo", "openai"],
    "fallback": ["none", "gemini"],
    "frontend": ["cdn", "none"],
    "tools": ["functions"],
    "extras": ["observability"],
}
EACH = combinations(MENU, 1, **FEWER)
PAIRS = [row for row in combinations(MENU, 2, **FEWER) if row not in EACH]
TOOLS = choice_names(TEMPLATE, "tools")
ALL_TOOLS = {"provider": "openai", "stores": ["sqlite"], "frontend": "none", "tools": TOOLS}
ROWS = [*EACH, *(pytest.param(row, marks=pytest.mark.slow) for row in [ALL_TOOLS, *PAIRS])]


@pytest.mark.parametrize("answers", ROWS, ids=label)
def test_it_installs_passes_its_own_checks_and_chats(
    tmp_path: Path, answers: Answers, new_database: Callable[[str], str]
) -> None:
    urls = {store: new_database(store) for store in answers["stores"]}
    project = tmp_path / "mein Chät"
    path = f"{BIN}:{os.environ['PATH']}"  # uv is in there
    new(project, answers, "--install", path=path)
    env = {**os.environ, "PATH": path, "TEST_POSTGRES_URL": urls.get("postgres", "")}
    env["TEST_MONGODB_URL"] = urls.get("mongodb", "")
    for target in ("lint", "test"):
        done = subprocess.run(
            [need("make"), target],
            cwd=project,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
    url = urls[answers["stores"][0]]
    chat(project / "backend", project / "backend/.venv/bin/python", url)


def test_it_runs_with_plain_pip(tmp_path: Path) -> None:
    """With nothing on the PATH but Python: no uv, no git, no make."""
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "python3").symlink_to(sys.executable)
    new(tmp_path / "p", {}, "--install", path=str(tools))
    chat(tmp_path / "p/backend", tmp_path / "p/backend/.venv/bin/python")


def test_a_taken_port_is_named_and_the_next_one_used(tmp_path: Path) -> None:
    new(tmp_path / "p", {}, path=os.environ["PATH"])
    backend = tmp_path / "p/backend"
    with running(backend) as first:
        taken = first.base_url.port
        assert taken is not None
        command = [sys.executable, "-u", "-m", "app", "--port", str(taken)]
        second = subprocess.Popen(command, cwd=backend, stdout=subprocess.PIPE, text=True)
        try:
            assert second.stdout is not None
            assert second.stdout.readline() == f"Port {taken} is taken.\n"
            lines = iter(second.stdout.readline, "")
            opened = next(line for line in lines if line.startswith("Open"))
            assert int(opened.rpartition(":")[2]) > taken
        finally:
            second.terminate()
            second.wait(30)
            assert second.stdout is not None
            second.stdout.close()


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"LLM_PROVIDER": "openai", "OPENAI_API_KEY": ""}, ["OPENAI_API_KEY", "https://"]),
        ({"LLM_PROVIDER": "openai", "OPENAI_API_KEY": "your-key"}, ["OPENAI_API_KEY"]),
        ({"LLM_PROVIDER": "openai", "OPENAI_API_KEY": "sk-..."}, ["OPENAI_API_KEY"]),
        ({"LLM_PROVIDER": "opnai"}, ["'opnai'", "demo, openai"]),
        ({"DATABASE_URL": "mysql://x"}, ["DATABASE_URL", "'mysql'", "sqlite"]),
        ({"SESSION_SECRET": "short"}, ["SESSION_SECRET", "32"]),
    ],
)
def test_a_wrong_setting_stops_the_start_by_name(
    tmp_path: Path, env: dict[str, str], words: list[str]
) -> None:
    new(tmp_path / "p", {}, path=os.environ["PATH"])
    done = subprocess.run(
        [sys.executable, "-m", "app", "--port", "0"],
        cwd=tmp_path / "p/backend",
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert all(word in done.stderr for word in words), done.stderr
    assert "Traceback" not in done.stderr
