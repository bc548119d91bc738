"""Trees, each rendered once: the tests of changes look at the same few again and again."""

import json
from collections.abc import Mapping
from pathlib import Path

from chatkit_scaffold.scaffold import render as module
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.tree import Tree
from tests.conftest import TEMPLATE

MENU = Menu(TEMPLATE)
KNOWN: dict[tuple[str, str], Tree] = {}
_render = module.render


def render(template: Path, answers: Mapping[str, object]) -> Tree:
    """By version, as an old one is unpacked into another folder each time."""
    key = (template / "copier.yml").read_text("utf-8"), json.dumps(answers)
    if key not in KNOWN:
        KNOWN[key] = _render(template, answers)
    return dict(KNOWN[key])


def made(**answers: object) -> Tree:
    return render(TEMPLATE, MENU.resolve(answers))
