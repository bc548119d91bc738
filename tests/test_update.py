"""`update` and `status`, between the real template and what a release after it could be like."""

import json
from pathlib import Path

import pytest
import yaml

from chatkit_scaffold.__main__ import run
from chatkit_scaffold.scaffold import history, revision, standing
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.tree import Tree, create, read_tree
from tests.rendering import made, render
from tests.versions import two_versions

Out = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_versions(tmp_path_factory.mktemp("released"))


@pytest.fixture
def project(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (revision, standing):
        monkeypatch.setattr(module, "render", render)
    monkeypatch.setattr(history, "find_template", lambda: released)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    root = tmp_path / "p"
    create(made(name="mine"), root)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def newest(released: Path) -> Tree:
    return render(released, Menu(released).resolve({"name": "mine"}))


def test_an_unedited_project_becomes_what_new_makes(
    project: Path, newest: Tree, capsys: Out
) -> None:
    before = read_tree(project)
    assert run(["update", "--check"]) == 4
    assert "chatkit-scaffold update" in capsys.readouterr().out
    assert read_tree(project) == before
    assert run(["update"]) == 0
    assert read_tree(project) == newest
    assert yaml.safe_load((project / ".chatkit-scaffold.yml").read_text())["template"] == "0.2.0"
    assert run(["update"]) == 0
    assert run(["update", "--check"]) == 0
    assert "Up to date" in capsys.readouterr().out
    assert run(["update", "--to", "0.1.0"]) == 0
    assert read_tree(project) == before


def test_check_for_programs(project: Path, capsys: Out) -> None:
    assert run(["update", "--check", "--json"]) == 4
    found = json.loads(capsys.readouterr().out)
    assert found["project"] == {"path": str(project), "template": "0.1.0", "update": "0.2.0"}
    run(["update", "--json"])
    capsys.readouterr()
    assert run(["update", "--check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["project"]["update"] is None


def test_edits_stay_and_what_needs_a_person_is_told(project: Path, capsys: Out) -> None:
    edit(project / "backend/app/assistant.py", "Answer briefly", "Answer at length")
    edit(project / "Makefile", "PORT ?= 8000", "PORT ?= 9000")
    (project / "backend/tests/test_chat.py").unlink()
    with (project / "backend/tests/test_events.py").open("a") as file:
        file.write("# mine\n")
    assert run(["update", "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    actions = {file["path"]: file["action"] for file in found["files"]}
    assert actions["backend/app/assistant.py"] == "merge"
    assert actions["Makefile"] == "conflict"
    assert actions["backend/tests/test_events.py"] == "keep"
    assert "you edited it" in found["warnings"][0]
    text = (project / "backend/app/assistant.py").read_text()
    assert "Answer at length" in text
    assert "# newer" in text
    assert not (project / "backend/tests/test_chat.py").exists()
    assert "PORT ?= 9000\n=======\nPORT ?= 18000\n" in (project / "Makefile").read_text()


def test_other_changes_do_not_update_by_the_way(project: Path) -> None:
    assert run(["add-store", "memory"]) == 0
    assert read_tree(project) == made(name="mine", stores=["sqlite", "memory"])


def test_a_choice_that_only_the_newer_template_has_is_refused(project: Path, capsys: Out) -> None:
    assert run(["set", "motto=Up"]) == 2
    assert "'motto'" in capsys.readouterr().err
    assert run(["update"]) == 0
    assert run(["set", "motto=Up"]) == 0
    assert (project / "backend/app/motto.py").read_text() == 'MOTTO = "Up"\n'
    assert run(["update", "--to", "0.1.0"]) == 0
    assert read_tree(project) == made(name="mine")


def test_status_tells_all(project: Path, capsys: Out) -> None:
    edit(project / "backend/app/assistant.py", "Answer briefly", "Answer at length")
    edit(project / "backend/app/main.py", "\n", "\r\n")
    (project / "backend/tests/test_chat.py").unlink()
    assert run(["status", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["project"]["update"] == "0.2.0"
    assert found["project"]["answers"]["name"] == "mine"
    states = [(file["path"], file["state"]) for file in found["files"]]
    assert ("backend/app/assistant.py", "edited") in states
    assert ("backend/app/assistant.py", "stale") in states
    assert ("backend/tests/test_chat.py", "deleted") in states
    assert ("backend/tests/test_events.py", "stale") in states
    assert "backend/app/main.py" not in dict(states)
    assert run(["status"]) == 0
    out = capsys.readouterr().out
    assert "`chatkit-scaffold update` brings 0.2.0" in out
    assert "assistant.py  edited, stale" in out
    assert "test_chat.py  deleted" in out


def test_a_project_of_a_newer_release_is_left_alone(project: Path, capsys: Out) -> None:
    edit(project / ".chatkit-scaffold.yml", '"0.1.0"', '"9.0.0"')
    before = read_tree(project)
    for line in ("update", "update --check", "status", "add-store memory"):
        assert run(line.split()) == 1
        assert "Install a newer chatkit-scaffold" in capsys.readouterr().err
    assert read_tree(project) == before


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_bytes().decode()
    assert old in text
    file.write_bytes(text.replace(old, new).encode())
