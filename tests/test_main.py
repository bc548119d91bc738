import subprocess
import sys

import pytest

from chatkit_scaffold import __version__
from chatkit_scaffold.__main__ import INTERRUPTED, run
from chatkit_scaffold.commands import new

SLOW = ["copier", "rich", "jinja2", "yaml", "questionary", "plumbum"]


def modules_after(*arguments: str) -> set[str]:
    """What a command line imports."""
    command = [sys.executable, "-X", "importtime", "-m", "chatkit_scaffold", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines()}


def test_version_imports_nothing_but_itself() -> None:
    assert not modules_after("--version") & {
        *SLOW,
        "pydantic",
        "typer",
        "tempfile",
        "importlib.metadata",
    }


def test_help_does_not_wait_for_what_commands_need() -> None:
    assert not modules_after("new", "--help") & {
        "copier",
        "jinja2",
        "yaml",
        "questionary",
        "plumbum",
    }


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_version(flag: str) -> None:
    command = [sys.executable, "-m", "chatkit_scaffold", flag]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert out == f"chatkit-scaffold {__version__}\n"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nwe", ["nwe", "new"]),
        ("new x --stor memory", ["--stor", "--store"]),
        ("new x y", ["y"]),
        ("new --store", ["--store"]),
        ("--version new", ["--version"]),
    ],
)
def test_usage_errors_name_the_word(
    line: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(line.split()) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    for word in words:
        assert word in captured.err


def test_an_interruption_is_no_stack_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(new, "find_template", interrupted)
    assert run(["new", "x", "--yes"]) == INTERRUPTED
    assert "Stopped" in capsys.readouterr().err
