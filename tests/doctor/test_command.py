"""`doctor` as people and programs call it."""

import json
from pathlib import Path

import pytest

from chatkit_scaffold.__main__ import run
from chatkit_scaffold.tree import read_tree
from tests.terminal import INTERRUPT, Terminal

Out = pytest.CaptureFixture[str]
SERVER = """from chatkit.agents import ThreadItemConverter
from chatkit.server import ChatKitServer


class Server(ChatKitServer):
    async def history(self, thread, context):
        page = await self.store.load_thread_items(
            thread.id, after=None, limit=20, order='asc', context=context  # twenty
        )
        return await ThreadItemConverter().to_agent_input(page.data)
"""
CLEAN = SERVER.replace("'asc'", '"desc"').replace("page.data", "page.data[::-1]")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "hér is"
    (folder / "my app").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "my app/server.py").write_text(SERVER)
    monkeypatch.chdir(folder)
    return folder


def test_it_names_file_line_and_rule_and_fails(capsys: Out) -> None:
    assert run(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "my app/server.py" in out
    assert "7:22  error  CK407" in out
    assert "1 fixable with --fix" in out


def test_a_clean_project_is_one_line(here: Path, capsys: Out) -> None:
    (here / "my app/server.py").write_text(CLEAN)
    assert run(["doctor", "my app"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_the_fix_is_shown_first_and_keeps_the_rest(here: Path, capsys: Out) -> None:
    before = read_tree(here)
    assert run(["doctor", "--dry-run"]) == 1
    assert "+            thread.id, after=None" in capsys.readouterr().out
    assert read_tree(here) == before
    assert run(["doctor", "--fix"]) == 0
    assert "-            thread.id, after=None" in capsys.readouterr().out
    assert read_tree(here) == {"my app/server.py": CLEAN}
    assert run(["doctor", "--fix"]) == 0
    assert read_tree(here) == {"my app/server.py": CLEAN}


def test_a_mark_at_the_start_and_the_mode_of_a_file_stay(here: Path) -> None:
    file = here / "my app/server.py"
    file.write_bytes(b"\xef\xbb\xbf" + SERVER.replace("\n", "\r\n").encode())
    file.chmod(0o750)
    assert run(["doctor", "--fix"]) == 0
    assert file.read_bytes() == b"\xef\xbb\xbf" + CLEAN.replace("\n", "\r\n").encode()
    assert file.stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize("flags", [["--json"], ["--format", "json"]])
def test_json_is_one_document(capsys: Out, flags: list[str]) -> None:
    assert run(["doctor", "my app", *flags]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is False
    assert document["findings"][0]["path"] == "my app/server.py"


@pytest.mark.parametrize("form", ["sarif", "github", "junit"])
def test_the_other_formats(capsys: Out, form: str) -> None:
    assert run(["doctor", "--format", form]) == 1
    assert "CK407" in capsys.readouterr().out


def test_a_project_elsewhere(here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert run(["doctor", str(here / "my app/server.py"), "--fix"]) == 0
    assert (here / "my app/server.py").read_text() == CLEAN


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gone"], "gone does not exist"),
        (["--format", "xml"], "--format does not know 'xml'"),
        (["--select", "CK9"], "There is no rule 'CK9'"),
        (["--explain", "CK000"], "There is no rule 'CK000'"),
        (["--baseline", "none.json"], "none.json cannot be read"),
    ],
)
def test_what_cannot_be_done_is_named(capsys: Out, arguments: list[str], words: str) -> None:
    assert run(["doctor", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_an_empty_folder_is_no_praise(here: Path, capsys: Out) -> None:
    (here / "empty").mkdir()
    assert run(["doctor", "empty", "--json"]) == 2
    captured = capsys.readouterr()
    assert "Nothing in empty has to do with ChatKit" in captured.err
    assert json.loads(captured.out)["ok"] is False


def test_settings_in_pyproject(here: Path, capsys: Out) -> None:
    table = "[tool.chatkit-scaffold.doctor]\n"
    (here / "pyproject.toml").write_text(f'{table}ignore = ["CK407"]\n')
    assert run(["doctor", "my app"]) == 0
    (here / "pyproject.toml").write_text(f'{table}exclude = ["my app"]\n')
    assert run(["doctor", "my app"]) == 0
    for wrong in ("ignored = 1", 'ignore = "CK407"', "strict = 1"):
        (here / "pyproject.toml").write_text(table + wrong)
        assert run(["doctor", "my app"]) == 2
        assert "pyproject.toml: " in capsys.readouterr().err


def test_a_baseline_lets_an_old_project_start_today(here: Path) -> None:
    assert run(["doctor", "--write-baseline", "known.json"]) == 0
    assert run(["doctor", "--baseline", "known.json"]) == 0
    (here / "pyproject.toml").write_text(
        '[tool.chatkit-scaffold.doctor]\nbaseline = "known.json"\n'
    )
    assert run(["doctor"]) == 0
    (here / "my app/more.py").write_text(SERVER)
    assert run(["doctor"]) == 1


def test_long_lines_hang_in_a_narrow_terminal(here: Path) -> None:
    terminal = Terminal(["doctor"], here, 50, 40)
    assert terminal.finish() == 1
    lines = terminal.text.splitlines()
    first = next(n for n, line in enumerate(lines) if "CK407" in line)
    indent = lines[first].index("The model")
    assert lines[first + 1][:indent].isspace()
    assert not lines[first + 1][indent].isspace()
    assert any(line.endswith("…") or "load_thread_items" in line for line in lines)


def test_it_looks_again_when_a_file_changes(here: Path) -> None:
    terminal = Terminal(["doctor", "--watch"], here, 100, 60)
    terminal.wait("1 error")
    file = here / "my app/server.py"
    file.write_text("def broken(:")
    terminal.wait("Nothing in")
    file.write_text(CLEAN)
    terminal.wait("No known ChatKit mistakes")
    terminal.child.send(INTERRUPT)
    assert terminal.finish() == 130


@pytest.mark.parametrize("flags", [["--fix"], ["--json"], ["--write-baseline", "known.json"]])
def test_watching_changes_nothing(here: Path, capsys: Out, flags: list[str]) -> None:
    before = read_tree(here)
    assert run(["doctor", "--watch", *flags]) == 2
    assert "--watch only looks" in capsys.readouterr().err
    assert read_tree(here) == before


def test_the_book_of_rules(capsys: Out) -> None:
    assert run(["doctor", "--explain", "ck407"]) == 0
    page = capsys.readouterr().out
    assert "Wrong: app/server.py" in page
    assert "never reads a new message" in " ".join(page.split())
    assert run(["doctor", "--list"]) == 0
    assert "CK407  error" in capsys.readouterr().out
    assert run(["doctor", "--search", "forgets what they just wrote"]) == 0
    assert "CK407" in capsys.readouterr().out
    assert run(["doctor", "--search", "zebra crossing"]) == 1
