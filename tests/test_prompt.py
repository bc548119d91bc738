"""The questions, answered by key on a real terminal."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
import yaml

DOWN, ENTER, CLEAR, INTERRUPT = "\x1b[B", "\r", "\x15", "\x03"


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator["pexpect.spawn[str]"]:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "chatkit_scaffold", "new", "--no-git"],
        cwd=str(tmp_path),
        encoding="utf-8",
        dimensions=(60, 120),
        timeout=30,
        env={**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
    )
    yield child
    child.close(force=True)


def answers(folder: Path) -> dict[str, object]:
    return dict(yaml.safe_load((folder / ".chatkit-scaffold.yml").read_text("utf-8"))["answers"])


def test_recommended(terminal: "pexpect.spawn[str]", tmp_path: Path) -> None:
    terminal.expect_exact("Which folder?")
    terminal.send(ENTER)
    terminal.expect_exact("How should it be set up?")
    terminal.expect_exact("Recommended: Demo, SQLite, Plain page, Functions, Anonymous")
    terminal.send(ENTER)
    terminal.expect_exact("assistant.py")
    terminal.expect_exact("chatkit-scaffold new my-chat --yes")
    terminal.expect_exact("Make it in my-chat?")
    assert not (tmp_path / "my-chat").exists()
    terminal.send("y")
    terminal.expect_exact("Made my-chat")
    terminal.expect_exact("Next:")
    terminal.expect(pexpect.EOF)
    assert answers(tmp_path / "my-chat")["store"] == "sqlite"


def test_customise(terminal: "pexpect.spawn[str]", tmp_path: Path) -> None:
    # Each key is sent once the screen shows that the one before it was taken.
    for words, keys in [
        ("Which folder?", ENTER),
        ("How should it be set up?", ""),
        ("» Recommended", DOWN),
        ("» Customise", ENTER),
        ("Name of the project", CLEAR + "A B" + ENTER),
        ("Use 1 to 64", CLEAR + "desk" + ENTER),
        ("Title people see", ""),
        ("Desk", ENTER),
        ("Which LLM provider answers?", ""),
        ("» Demo", DOWN),
        ("» OpenAI: the Responses API", ENTER),
        ("Where are conversations kept?", ""),
        ("» SQLite", ENTER),
        ("Which frontend shows the chat?", ""),
        ("» Plain page", ENTER),
        ("Which tools may the assistant use?", ""),
        ("● Functions", " "),  # takes the only tool away
        ("○ Functions", ENTER),
        ("--name desk --title Desk --provider openai --tool none", ""),
        ("Make it in", "y"),
        ("Made", ""),
    ]:
        terminal.expect_exact(words)
        terminal.send(keys)
    terminal.expect(pexpect.EOF)
    assert answers(tmp_path / "my-chat") == {
        "name": "desk",
        "title": "Desk",
        "provider": "openai",
        "store": "sqlite",
        "frontend": "cdn",
        "tools": [],
        "auth": "anonymous",
    }


@pytest.mark.parametrize("keys", [["x1", ENTER, INTERRUPT], ["x1", ENTER, ENTER, "n"], [INTERRUPT]])
def test_leaving_early_makes_nothing(
    terminal: "pexpect.spawn[str]", tmp_path: Path, keys: list[str]
) -> None:
    prompts = ["Which folder?", "", "How should", "Make it"]
    for prompt, key in zip(prompts, keys, strict=False):
        terminal.expect_exact(prompt)
        terminal.send(CLEAR + key if key == "x1" else key)
    terminal.expect(pexpect.EOF)
    terminal.wait()
    assert terminal.exitstatus in {1, 130}
    assert list(tmp_path.iterdir()) == []
