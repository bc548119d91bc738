"""The questions, answered by key on a real terminal."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.terminal import CLEAR, DOWN, ENTER, INTERRUPT, Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    opened = Terminal(["new", "--no-git"], tmp_path, width=120, height=70)
    yield opened
    opened.child.close(force=True)


def answers(folder: Path) -> dict[str, object]:
    return dict(yaml.safe_load((folder / ".chatkit-scaffold.yml").read_text("utf-8"))["answers"])


def test_recommended(terminal: Terminal, tmp_path: Path) -> None:
    terminal.press(
        ("Which folder? my-chat", ENTER),
        ("» Recommended: Demo, SQLite, Plain page, Full page, Functions, Anonymous", ENTER),
    )
    terminal.wait("Make it in my-chat?")
    assert "assistant.py" in terminal.text
    assert "chatkit-scaffold new my-chat --yes" in terminal.text
    assert not (tmp_path / "my-chat").exists()
    terminal.press(("Make it in my-chat?", "y"))
    assert terminal.finish() == 0
    assert "Made my-chat" in terminal.text
    assert "Next:" in terminal.text
    assert answers(tmp_path / "my-chat")["stores"] == ["sqlite"]


def test_customise(terminal: Terminal, tmp_path: Path) -> None:
    terminal.press(
        ("Which folder? my-chat", ENTER),
        ("» Recommended", DOWN),
        ("» Customise", ENTER),
        ("package managers write it? my-chat", CLEAR + "A B" + ENTER),
        ("Use 1 to 64 lower-case letters", CLEAR + "desk" + ENTER),
        ("Title people see above the chat? Desk", ENTER),
        ("» Demo: built in", DOWN),
        ("» OpenAI: the Responses API", ENTER),
        ("» None: the user is asked", ENTER),
        ("● SQLite: one file", " " + ENTER),
        ("○ SQLite: one file", " " + ENTER),
        ("» No files: messages are text", DOWN),
        ("» Files on disk: images", ENTER),
        ("» Plain page", ENTER),
        ("» Full page", ENTER),
        ("● Functions", " "),
        ("○ Functions", ENTER),
        ("» Anonymous", ENTER),
        ("● Docker: an image", " "),
        ("○ Docker: an image", ENTER),
        ("new my-chat --yes --name desk --title Desk --provider openai", ""),
        ("--attachments disk --tool none --extra", ""),
        ("Make it in my-chat?", "y"),
    )
    assert terminal.finish() == 0
    assert answers(tmp_path / "my-chat") == {
        "name": "desk",
        "title": "Desk",
        "provider": "openai",
        "fallback": "none",
        "stores": ["sqlite"],
        "attachments": "disk",
        "frontend": "cdn",
        "style": "page",
        "tools": [],
        "auth": "anonymous",
        "extras": ["ci"],
    }


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([("Which folder?", INTERRUPT)], 130),
        ([("Which folder?", ENTER), ("» Recommended", INTERRUPT)], 130),
        ([("Which folder?", ENTER), ("» Recommended", ENTER), ("Make it in", "n")], 1),
    ],
)
def test_leaving_early_makes_nothing(
    terminal: Terminal, tmp_path: Path, steps: list[tuple[str, str]], code: int
) -> None:
    terminal.press(*steps)
    assert terminal.finish() == code
    assert list(tmp_path.iterdir()) == []
