import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from chatkit_scaffold.__main__ import run
from chatkit_scaffold.tree import read_tree
from tests.conftest import TEMPLATE

Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder whose name has a space and letters beyond ASCII."""
    folder = tmp_path / "hér is"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    return folder


def recorded(folder: Path) -> dict[str, object]:
    return dict(yaml.safe_load((folder / ".chatkit-scaffold.yml").read_text("utf-8"))["answers"])


def test_it_makes_a_project_and_says_what_is_next(here: Path, capsys: Out) -> None:
    assert run(["new", "my app", "--yes", "--no-git"]) == 0
    out = capsys.readouterr().out
    assert "Made my app" in out
    assert "cd 'my app'" in out
    assert recorded(here / "my app")["name"] == "my-app"
    assert recorded(here / "my app")["title"] == "my app"


def test_it_records_no_path_of_this_machine(here: Path) -> None:
    assert run(["new", "x1", "--yes", "--no-git"]) == 0
    for path, text in read_tree(here / "x1").items():
        assert str(here).encode() not in (text.encode() if isinstance(text, str) else text), path


def test_defaults_go_into_a_folder_of_a_known_name(here: Path) -> None:
    assert run(["new", "-y", "--no-git"]) == 0
    assert [p.name for p in here.iterdir()] == ["my-chat"]


def test_the_current_folder(here: Path, capsys: Out) -> None:
    assert run(["new", ".", "--yes", "--no-git"]) == 0
    assert recorded(here)["name"] == "her-is"
    assert "cd " not in capsys.readouterr().out


def test_twice_in_a_row_is_refused_and_changes_nothing(here: Path, capsys: Out) -> None:
    run(["new", "x1", "--yes", "--no-git"])
    before = read_tree(here)
    assert run(["new", "x1", "--yes", "--no-git"]) == 1
    assert ".chatkit-scaffold.yml" in capsys.readouterr().err
    assert read_tree(here) == before


def test_without_a_terminal_a_missing_folder_is_an_error_with_the_way_out(capsys: Out) -> None:
    assert run(["new"]) == 2
    error = capsys.readouterr().err
    assert "DEST" in error
    assert "chatkit-scaffold new my-chat --yes" in error


def test_what_people_type_from_habit_works(here: Path) -> None:
    line = "new x1 --storage memory --tools none --no-input --no-git"
    assert run(line.split()) == 0
    assert recorded(here / "x1")["stores"] == ["memory"]
    assert recorded(here / "x1")["tools"] == []


def test_flags_win_over_set_and_set_wins_over_the_file(here: Path) -> None:
    (here / "a.toml").write_text('store = "memory"\nfrontend = "none"\ntitle = "File"\n')
    line = "new x1 --answers a.toml --set title=Set --set frontend=cdn --title Flag --no-git"
    assert run(line.split()) == 0
    answers = recorded(here / "x1")
    assert answers["stores"] == ["memory"]
    assert answers["frontend"] == "cdn"
    assert answers["title"] == "Flag"


def test_what_a_project_recorded_makes_the_same_project(here: Path) -> None:
    run(["new", "x1", "--store", "memory", "--title", 'A "title" \\ 😀', "--no-git"])
    run(["new", "x2", "--answers", "x1/.chatkit-scaffold.yml", "--no-git"])
    assert read_tree(here / "x1") == read_tree(here / "x2")


def test_json_is_one_document(here: Path, capsys: Out) -> None:
    assert run(["new", "x1", "--json"]) == 0
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert list(document) == [
        "schema_version", "ok", "command", "project", "files", "warnings", "next",
    ]  # fmt: skip
    assert document["ok"] is True
    assert document["project"]["answers"] == recorded(here / "x1")
    made = {p for p in read_tree(here / "x1") if not p.startswith(".git/")}
    assert {file["path"] for file in document["files"]} == made


def test_json_of_a_failure_is_one_document_too(here: Path, capsys: Out) -> None:
    assert run(["new", "x1", "--json", "--store", "mysql"]) == 2
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert document["ok"] is False
    assert document["error"]["exit_code"] == 2
    assert "--store" in document["error"]["message"]
    assert list(here.iterdir()) == []


def test_dry_run_shows_all_and_writes_nothing(here: Path, capsys: Out) -> None:
    line = ["new", "my app", "--dry-run", "--tool", "none", "--title", "It's"]
    assert run(line) == 0
    out = capsys.readouterr().out
    assert "assistant.py" in out
    assert """chatkit-scaffold new 'my app' --yes --title 'It'"'"'s' --tool none""" in out
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("folder", ["json", "con", "Класс/class"])
def test_a_folder_that_gives_no_good_name_is_refused(here: Path, capsys: Out, folder: str) -> None:
    assert run(["new", folder, "--yes"]) == 2
    assert "--name" in capsys.readouterr().err
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("folder", "name"), [("日本", "my-chat"), ("2048", "chat-2048"), ("Ünï Çode!", "uni-code")]
)
def test_names_are_made_from_any_folder(here: Path, folder: str, name: str) -> None:
    assert run(["new", folder, "--yes", "--no-git"]) == 0
    assert recorded(here / folder)["name"] == name
    assert recorded(here / folder)["title"] == folder


def test_git_gets_a_first_commit(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@example.com")
    assert run(["new", "x1", "--yes"]) == 0
    git = ["git", "-C", str(here / "x1")]
    assert not subprocess.check_output([*git, "status", "--porcelain"])
    assert subprocess.check_output([*git, "log", "--oneline"]).count(b"\n") == 1
    assert run(["new", "x1/inner", "--yes"]) == 0
    assert not (here / "x1/inner/.git").exists(), "a repository inside a repository"


def test_git_without_an_identity_says_so(here: Path, capsys: Out) -> None:
    assert run(["new", "x1", "--json"]) == 0
    assert "user.name" in json.loads(capsys.readouterr().out)["warnings"][0]
    assert (here / "x1/.git").is_dir()


def test_without_git_uv_and_make(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    monkeypatch.setenv("PATH", str(here))
    assert run(["new", "x1", "--yes"]) == 0
    out = capsys.readouterr().out
    assert "git is not installed" in out
    assert "-m venv .venv" in out
    assert "cd x1/backend" in out


@pytest.fixture
def old_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with Node 18 and nothing else."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("node", "npm"):
        (programs / name).write_text("#!/bin/sh\necho v18.20.8\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))


@pytest.mark.usefixtures("old_node")
def test_a_node_that_is_too_old_is_named_before_anything_is_made(here: Path, capsys: Out) -> None:
    assert run(["new", "x1", "--yes", "--frontend", "react", "--install"]) == 1
    error = capsys.readouterr().err
    assert "20.19" in error
    assert "v18.20.8" in error
    assert "--frontend cdn" in error
    assert list(here.iterdir()) == []


@pytest.mark.usefixtures("old_node")
def test_without_installing_a_missing_node_is_a_warning(here: Path, capsys: Out) -> None:
    assert run(["new", "x1", "--frontend", "nextjs-app", "--no-git", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert "v18.20.8" in document["warnings"][0]
    assert document["next"][:3] == ["cd x1/frontend", "npm install", "cd ../backend"]
    assert document["next"][-1].endswith("-m app.dev")
    assert run(["new", "x2", "--no-git", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["warnings"] == []


@pytest.mark.parametrize(
    ("failure", "code"), [(KeyboardInterrupt(), 130), (OSError(28, "No space left"), 1)]
)
def test_a_failure_while_rendering_leaves_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException, code: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr("copier.run_copy", fail)
    assert run(["new", "x1", "--yes"]) == code
    assert list(here.iterdir()) == []


# Copier leaves a folder listing open when a template fails.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_broken_template_leaves_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out, tmp_path: Path
) -> None:
    broken = tmp_path / "templates"
    subprocess.run(["cp", "-r", str(TEMPLATE), str(broken)], check=True)
    (broken / "project/zzz.jinja").write_text("[[ nothing_of_that_name ]]")
    monkeypatch.setattr("chatkit_scaffold.commands.new.find_template", lambda: broken)
    assert run(["new", "x1", "--yes"]) == 1
    assert "nothing_of_that_name" in capsys.readouterr().err
    assert list(here.iterdir()) == []
