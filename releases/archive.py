"""Adds the template, as it is now, to the versions that a project can be changed from.

    make archive

Run it in the commit of a release. `golden.json` remembers what the version makes of some answers;
tests hold every later release to it.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.scaffold.history import ARCHIVE, add, snapshot
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.question import Answers, Question
from chatkit_scaffold.scaffold.render import render
from chatkit_scaffold.scaffold.template import find_template
from chatkit_scaffold.tree import Tree, as_bytes

GOLDEN = Path(__file__).with_name("golden.json")


def archive(template: Path, golden: Path) -> str:
    menu = Menu(template)
    file = template / ARCHIVE
    packed = add(file.read_bytes() if file.exists() else None, menu.version, snapshot(template))
    known: dict[str, Any] = json.loads(golden.read_text("utf-8")) if golden.exists() else {}
    known[menu.version] = [
        {"answers": answers, "sha256": fingerprint(render(template, answers))}
        for answers in samples(menu)
    ]
    file.write_bytes(packed)
    golden.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return menu.version


def samples(menu: Menu) -> Iterator[Answers]:
    """The defaults, and sets of answers in which every choice is made once."""
    yield menu.resolve({})
    questions = [question for question in menu.questions() if question.choices]
    for n in range(max(len(question.values) for question in questions) + 1):
        # Shifted, because a provider cannot be its own fallback.
        row = {question.name: _nth(question, n + k) for k, question in enumerate(questions)}
        with suppress(ScaffoldError):
            yield menu.resolve(row)


def _nth(question: Question, n: int) -> str | list[str]:
    if not question.multiple:
        return question.values[n % len(question.values)]
    n %= len(question.values) + 1
    return [question.values[n]] if n < len(question.values) else question.values


def fingerprint(tree: Tree) -> str:
    files = {path: as_bytes(content).hex() for path, content in tree.items()}
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def main() -> None:
    version = archive(find_template(), GOLDEN)
    print(f"Template {version} is in {ARCHIVE}; commit it with golden.json.")


if __name__ == "__main__":
    main()
