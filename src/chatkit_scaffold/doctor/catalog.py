"""The rules, found in their folder."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

from chatkit_scaffold.doctor import rules
from chatkit_scaffold.doctor.rule import Rule
from chatkit_scaffold.error import USAGE, ScaffoldError

LIST = "`chatkit-scaffold doctor --list`"


def read_rules(package: ModuleType = rules) -> dict[str, Rule]:
    """Every rule by its code, in the order of the codes."""
    found = {}
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        code, _, name = info.name.partition("_")
        title, _, text = inspect.cleandoc(module.__doc__ or "").partition("\n")
        found[code.upper()] = Rule(
            code=code.upper(),
            name=name.replace("_", "-"),
            title=title.rstrip("."),
            text=text.strip(),
            severity=module.SEVERITY,
            wrong=_trees(module.WRONG),
            right=_trees(module.RIGHT),
            check=module.check,
        )
    return found


def _trees(given: Any) -> tuple[Mapping[str, str], ...]:
    return (given,) if isinstance(given, Mapping) else tuple(given)


def choose(known: Mapping[str, Rule], select: Iterable[str], ignore: Iterable[str]) -> list[Rule]:
    """Codes or their beginnings: `CK4` stands for the whole family."""
    chosen, dropped = tuple(select), tuple(ignore)
    for prefix in (*chosen, *dropped):
        if not prefix or not any(code.startswith(prefix) for code in known):
            raise ScaffoldError(f"There is no rule {prefix!r}.", f"{LIST} shows all.", USAGE)
    return [
        rule
        for code, rule in known.items()
        if (not chosen or code.startswith(chosen)) and not (dropped and code.startswith(dropped))
    ]


def search(known: Mapping[str, Rule], words: str) -> list[Rule]:
    """The rules that speak of these words: the whole phrase first, else every word of it."""
    wanted = " ".join(words.lower().split())
    pages = {
        rule.code: " ".join(f"{rule.code} {rule.title} {rule.text}".lower().split())
        for rule in known.values()
    }
    exact = [known[code] for code, page in pages.items() if wanted in page]
    return exact or [
        known[code] for code, page in pages.items() if all(w in page for w in wanted.split())
    ]
