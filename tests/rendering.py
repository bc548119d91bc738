"""Trees, each rendered once: the tests of changes look at the same few again and again."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from chatkit_scaffold.scaffold import render as module
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.tree import Tree
from tests.conftest import TEMPLATE

MENU = Menu(TEMPLATE)
_render = module.render


@cache
def _rendered(template: Path, text: str) -> Tree:
    return _render(template, json.loads(text))


def render(template: Path, answers: Mapping[str, object]) -> Tree:
    """By version: an old one is unpacked into another folder each time."""
    return dict(_rendered(_home(template), json.dumps(answers)))


def made(**answers: object) -> Tree:
    return render(TEMPLATE, MENU.resolve(answers))


HOMES: dict[str, Path] = {}


def _home(template: Path) -> Path:
    text = (template / "copier.yml").read_text("utf-8")
    home = HOMES.setdefault(text, template)
    return home if home.exists() else HOMES.setdefault(text + str(template), template)
