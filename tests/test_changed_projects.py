"""Changed projects, run: what an owner and the template made together passes its own checks."""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit_scaffold.__main__ import run
from chatkit_scaffold.error import USAGE
from chatkit_scaffold.scaffold import history
from chatkit_scaffold.tree import create
from tests.owner import Edit, added, replaced
from tests.rendering import made
from tests.running import answer, running, say, thread_id
from tests.versions import two_versions

pytestmark = pytest.mark.matrix
APP = "backend/app/"
WEATHER = '''\
from agents import function_tool


@function_tool
def weather(city: str) -> str:
    """The weather in a city."""
    return f"Sunny in {city}."
'''
IMPORT = "from app.tools.weather import weather\n"
EDITS: list[Edit] = [
    added(APP + "tools/weather.py", WEATHER),
    replaced(APP + "tools/__init__.py", "recent_chats\n", "recent_chats\n" + IMPORT),
    replaced(APP + "tools/__init__.py", "    recent_chats,\n", "    recent_chats,\n    weather,\n"),
    replaced(APP + "assistant.py", "Answer briefly and plainly.", "You sell bicycles."),
    replaced(APP + "config.py", "llm_timeout: float = 60", "llm_timeout: float = 20"),
    replaced("backend/pyproject.toml", '    "uvicorn', '    "pandas>=2",\n    "uvicorn'),
]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        ["add-store postgres", "set attachments=disk title=Bikes"],
        ["update", "add-store memory", "remove-store sqlite", "set frontend=none"],
    ],
    ids=" then ".join,
)
def test_an_edited_project_that_was_changed_passes_its_own_checks(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    new_database: Callable[[str], str],
    lines: list[str],
) -> None:
    if "postgres" in " ".join(lines):
        monkeypatch.setenv("TEST_POSTGRES_URL", new_database("postgres"))
    released = two_versions(tmp_path / "released")
    monkeypatch.setattr(history, "find_template", lambda: released)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    project = made()
    for edit in EDITS:
        edit.make(project)
    create(project, tmp_path / "p")
    monkeypatch.chdir(tmp_path / "p")
    for line in lines:
        assert run(line.split()) == 0
    for command in (["pytest", "-q", "-x"], ["ruff", "check"]):
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd="backend",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
    with running(Path("backend").absolute()) as client:
        assert "bicycles" in answer(say(client, "I would like bicycles"))


@pytest.mark.parametrize("tool", ["venv", pytest.param("uv", marks=pytest.mark.slow)])
def test_conversations_move_along(
    tool: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    new_database: Callable[[str], str],
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    project = made()
    EDITS[3].make(project)
    create(project, tmp_path / "p")
    backend = tmp_path / "p/backend"
    with running(backend) as client:
        thread = thread_id(say(client, "My cat is called Miso."))
        cookies = dict(client.cookies)
    if tool == "uv":  # which installs all of it
        monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:/usr/bin:/bin")
        assert shutil.which("uv")
        monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    else:  # the project's own interpreter, with all that it needs: nothing is installed here
        python = backend / ".venv/bin/python"
        python.parent.mkdir(parents=True)
        start = f'echo "$@" >> log; [ "$2" = pip ] || exec {shlex.quote(sys.executable)} "$@"'
        python.write_text(f"#!/bin/sh\n{start}\n")
        python.chmod(0o755)
        monkeypatch.setenv("PATH", "/usr/bin:/bin")
    url = new_database("postgres")
    monkeypatch.chdir(tmp_path / "p")
    add = ["add-store", "postgres", "--default", "--transfer"]
    assert run(add) == USAGE
    assert "NEW_DATABASE_URL" in capfd.readouterr().err
    assert not (backend / "app/stores/postgres.py").exists()
    monkeypatch.setenv("NEW_DATABASE_URL", url)
    assert run(add) == 0
    assert tool == "uv" or url not in (backend / "log").read_text()  # where passwords would be
    with running(backend, env={"DATABASE_URL": url}) as client:
        client.cookies.update(cookies)
        assert "Miso" in answer(say(client, "What did I say?", thread))
