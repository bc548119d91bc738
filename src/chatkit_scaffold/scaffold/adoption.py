"""The stores of the template as a package for a backend that the template did not make."""

import ast
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.needs import Needs
from chatkit_scaffold.scaffold.render import render
from chatkit_scaffold.tree import Tree

STORES = "backend/app/stores/"
OURS = "adopted"
OWN = ("__init__.py", "lazy.py", "owner.py", "settings.py")
LEFT_OUT = {"__init__.py", "__main__.py", "transfer.py", "comparison.py"}
MARKS = {*OWN, "chat_store.py", "rows.py"}  # what is in such a package for sure
NAMES = ("stores", "chatkit_stores")
NARROW = 88  # columns: what linters allow by themselves

# What the modules know of the app they come from, and what it is called here.
HERE = (
    (r"(?m)^from app\.stores\.(\w+) import", r"from .\1 import"),
    (r"(?m)^from app\.config import Settings", "from .settings import Settings"),
    (r"(?m)^from app\.identity import User", "from .owner import Context, owner"),
    (r"\bUser\b", "Context"),
    (r"\bcontext\.id\b", "owner(context)"),
    (r"\bDATABASE_URL\b", "CHATKIT_DATABASE_URL"),
    (r"run `python -m app\.stores`", "start the app"),
    (r"  # noqa: .*", ""),  # of rules that its linter may not have
)


@dataclass(frozen=True)
class Package:
    """Where it is and what it is made for."""

    folder: str
    home: str  # the folder of the app, in which `data` will be
    owner: str  # the expression of the user's id, if it is known

    @property
    def data(self) -> str:
        return f"{self.home}/data".strip("/")

    def needs(self, menu: Menu, stores: Sequence[str]) -> Needs:
        answers = {"stores": list(stores)}
        settings = menu.text(f"{OURS}/.env.example.jinja", answers, data=self.data)
        requirements = menu.text(f"{OURS}/requirements.txt.jinja", answers).split("\n")
        return Needs(
            [one for one in requirements if one],
            [entry for entry in settings.strip().split("\n\n") if entry],
            menu.text(f"{OURS}/.gitignore.jinja", answers, data=self.data).strip(),
        )

    def files(self, template: Path, menu: Menu, stores: Sequence[str]) -> Tree:
        answers = {"stores": list(stores)}
        made = render(template, menu.resolve(answers))
        names = [path.removeprefix(STORES) for path in made if path.startswith(STORES)]
        up = len(self.folder.split("/")) - len(self.home.split("/")) + (not self.home)
        modules = {n: _moved(str(made[STORES + n])) for n in names if n not in LEFT_OUT}
        own = {
            name: menu.text(f"{OURS}/stores/{name}.jinja", answers, owner=self.owner, up=up)
            for name in OWN
        }
        return {f"{self.folder}/{name}": text for name, text in sorted({**modules, **own}.items())}


def find_package(paths: Collection[str], beside: str) -> str:
    """The folder of one that was added before, beside a module or around it."""
    found = sorted(path.rpartition("/")[0] for path in paths if path.endswith("/lazy.py"))
    near = [folder for folder in found if beside in (folder, folder.rpartition("/")[0])]
    whole = [f for f in near if all(f"{f}/{name}" in paths for name in MARKS)]
    return whole[0] if whole else ""


def is_ours(paths: Collection[str], beside: str) -> bool:
    """Whether the template made all of it, and only the record of that is gone."""
    folder = f"{beside}/stores".lstrip("/")
    return f"{folder}/rows.py" in paths and f"{folder}/lazy.py" not in paths


def says_nobody(text: str) -> bool:
    """Whether `owner` never returns, as it is made where nothing shows who asks."""
    try:
        statements = ast.parse(text).body
    except (SyntaxError, ValueError):
        return False  # theirs, and their editor says so
    functions = [s for s in statements if isinstance(s, ast.FunctionDef) and s.name == "owner"]
    nodes = [node for function in functions for node in ast.walk(function)]
    return bool(functions) and not any(isinstance(node, ast.Return) for node in nodes)


def kept_stores(folder: Path, menu: Menu) -> list[str]:
    """What is in it, the default first."""
    known = next(question.values for question in menu.questions() if question.name == "stores")
    there = [name for name in known if (folder / f"{name}.py").is_file()]
    text = (folder / "settings.py").read_text("utf-8") if there else ""
    return sorted(there, key=lambda name: f'database_url: str = "{name}' not in text)


def free_folder(beside: str, taken: Collection[str]) -> str:
    """A name for it that nothing in this folder has."""
    names = chain(NAMES, (f"{NAMES[-1]}_{n}" for n in count(2)))
    name = next(name for name in names if name not in taken and f"{name}.py" not in taken)
    return f"{beside}/{name}".lstrip("/")


def _moved(text: str) -> str:
    for pattern, other in HERE:
        text = re.sub(pattern, other, text)
    lines = text.split("\n")
    local = [n for n, line in enumerate(lines) if line.startswith("from .")]
    for n, line in zip(local, sorted(lines[n] for n in local), strict=True):
        lines[n] = line
    return "\n".join(map(_wrapped, lines))


def _wrapped(line: str) -> str:
    """An import as every linter takes it, whatever length of lines it knows."""
    start, _, names = line.partition(" import ")
    if len(line) <= NARROW or not line.startswith("from "):
        return line
    inner = "".join(f"    {name},\n" for name in names.split(", "))
    return f"{start} import (\n{inner})"
