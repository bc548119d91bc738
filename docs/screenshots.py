"""Draws the terminal pictures of the README: runs the commands and photographs the screen.

make docs
"""

import re
import tempfile
from io import StringIO
from pathlib import Path

import pyte
from rich.console import Console
from rich.text import Text

from chatkit_scaffold.doctor.catalog import read_rules
from tests.terminal import ENTER, Terminal

OUT = Path(__file__).parent / "images"
WIDTH, HEIGHT = 112, 110
SHOTS = {
    "new": (
        ["new", "--no-git"],
        [("Which folder?", ENTER), ("Customise", ENTER), ("Make it in my-chat?", "y")],
    ),
    "dry-run": (["new", "my-chat", "--dry-run", "--store", "memory"], []),
    "error": (["new", "my-chat", "--store", "mysql"], []),
    "doctor": (["doctor"], []),
}
# What the doctor is photographed with: the first WRONG of these rules.
ILL = ("CK320", "CK424", "CK505")


def screen_of(arguments: list[str], keys: list[tuple[str, str]]) -> pyte.Screen:
    with tempfile.TemporaryDirectory() as folder:
        for path, text in examples().items() if arguments == ["doctor"] else ():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text.lstrip(), "utf-8")
        terminal = Terminal(arguments, Path(folder), WIDTH, HEIGHT)
        terminal.press(*keys)
        terminal.finish()
        return terminal.screen


def examples() -> dict[str, str]:
    rules = read_rules()
    return {path: text for code in ILL for path, text in rules[code].wrong[0].items()}


def picture(screen: pyte.Screen, title: str) -> str:
    lines = []
    for y in range(HEIGHT):
        line = Text()
        for x in range(WIDTH):
            char = screen.buffer[y][x]
            style = " ".join(
                word
                for word in (char.bold and "bold", char.fg != "default" and _color(char.fg))
                if word
            )
            line.append(char.data, style)
        line.rstrip()
        lines.append(line)
    while lines and not lines[-1].plain.strip():
        lines.pop()
    console = Console(record=True, width=WIDTH, file=StringIO())
    console.print(Text("\n").join(lines))
    # Without its web fonts the picture asks nothing of the network.
    return re.sub(r"@font-face \{.*?\}", "", console.export_svg(title=title), flags=re.DOTALL)


def _color(name: str) -> str:
    if re.fullmatch(r"[0-9a-f]{6}", name):
        return f"#{name}"
    return name.replace("brown", "yellow").replace("bright", "bright_")


def main() -> None:
    OUT.mkdir(exist_ok=True)
    for name, (arguments, keys) in SHOTS.items():
        title = f"chatkit-scaffold {' '.join(arguments).removesuffix(' --no-git')}"
        (OUT / f"{name}.svg").write_text(picture(screen_of(arguments, keys), title), "utf-8")


if __name__ == "__main__":
    main()
