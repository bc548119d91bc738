"""A terminal with a screen: what a person sees, and keys pressed at the right moment."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import pexpect
import pyte

ENTER, DOWN, CLEAR, INTERRUPT = "\r", "\x1b[B", "\x15", "\x03"


class Terminal:
    def __init__(self, arguments: Iterable[str], folder: Path, width: int, height: int) -> None:
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self.screen)
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "chatkit_scaffold", *arguments],
            cwd=str(folder),
            encoding="utf-8",
            dimensions=(height, width),
            timeout=30,
            env={
                # Those of the terminal that pytest runs in would be believed.
                **{name: os.environ[name] for name in os.environ.keys() - {"COLUMNS", "LINES"}},
                "TERM": "xterm-256color",
                "PROMPT_TOOLKIT_NO_CPR": "1",
            },
        )

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait(self, words: str) -> None:
        while words not in self.text:
            try:
                self._stream.feed(self.child.read_nonblocking(4096))
            except (pexpect.EOF, pexpect.TIMEOUT) as error:
                raise AssertionError(f"{words!r} never came:\n{self.text}") from error

    def press(self, *steps: tuple[str, str]) -> None:
        """Each key once its words are on the screen."""
        for words, key in steps:
            self.wait(words)
            self.child.send(key)

    def finish(self) -> int:
        """The exit code, with the last words on the screen."""
        self.child.expect(pexpect.EOF)
        self._stream.feed(self.child.before or "")
        self.child.close()
        return int(self.child.exitstatus or 0)
