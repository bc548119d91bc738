"""Adds the template, as it is now, to the versions that a project can be changed from.

    make archive

Run it in the commit of a release. `golden.json` remembers what the version makes of some answers;
tests hold every later release to it.
"""

import hashlib
import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.scaffold.history import ARCHIVE, add, snapshot
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.question import Answers, listed
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
    """The defaults, and sets of answers in which every choice is made."""
    made: set[tuple[str, str]] = set()
    choices = [
        {question.name: [value] if question.multiple else value}
        for question in menu.questions()
        for value in question.values
    ]
    for wanted in [{}, *choices]:
        if not wanted or not _made(wanted) <= made:
            # Some need others: a hosted tool its provider, Kubernetes an image and a server.
            some = (more for n in range(3) for more in combinations(choices, n))
            answers = next(filter(None, (_resolve(menu, wanted, *more) for more in some)))
            made |= _made(answers)
            yield answers


def _made(answers: Answers) -> set[tuple[str, str]]:
    return {(name, value) for name, answer in answers.items() for value in listed(answer)}


def _resolve(menu: Menu, wanted: Answers, *more: Answers) -> Answers | None:
    answers = dict(wanted)
    for name, answer in (pair for others in more for pair in others.items()):
        known = answers.get(name, [])
        answers[name] = [*known, *answer] if isinstance(answer, list) else known or answer
    try:
        return menu.resolve(answers)
    except ScaffoldError:
        return None


def fingerprint(tree: Tree) -> str:
    files = {path: as_bytes(content).hex() for path, content in tree.items()}
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def main() -> None:
    version = archive(find_template(), GOLDEN)
    print(f"Template {version} is in {ARCHIVE}; commit it with golden.json.")


if __name__ == "__main__":
    main()
