"""What a person sees: reviews, trees, next steps and errors."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree as Branches

from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.scaffold.question import Answer, Question, listed
from chatkit_scaffold.tree import Tree


def console(*, stderr: bool = False) -> Console:
    return Console(stderr=stderr, highlight=False, soft_wrap=not sys.stdout.isatty())


def review(root: str, answers: Mapping[str, Answer], tree: Tree, command: str) -> RenderableType:
    choices = Table.grid(padding=(0, 2))
    for name, answer in answers.items():
        choices.add_row(Text(name, "dim"), ", ".join(listed(answer)) or "none")
    return Group(
        "",
        Padding(choices, (0, 2)),
        "",
        Padding(branches(root, tree), (0, 2)),
        "",
        Text("  The same without questions:", "dim"),
        Text(f"  {command}", "cyan"),
        "",
    )


def branches(
    root: str, paths: Iterable[str], leaves: Mapping[str, Text] = MappingProxyType({})
) -> Branches:
    """The files as a tree, folders first, as a file manager shows them."""
    top = Branches(Text(root, "bold"), guide_style="dim")
    folders = {"": top}
    for path in sorted(paths, key=lambda p: [(not rest, part) for part, rest in _parts(p)]):
        for part, rest in _parts(path):
            here = path.removesuffix(rest).rstrip("/")
            if here not in folders:
                leaf = leaves.get(here) or Text(part, "blue" if rest else "")
                folders[here] = folders[here.rpartition("/")[0]].add(leaf)
    return top


def _parts(path: str) -> list[tuple[str, str]]:
    """Each part of a path with what comes after it."""
    parts = path.split("/")
    return [(part, "/".join(parts[n + 1 :])) for n, part in enumerate(parts)]


def questions(asked: Sequence[Question]) -> RenderableType:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("flag", "default", "choices"):
        table.add_column(heading)
    for question in asked:
        choices = "\n".join(choice.label for choice in question.choices) or question.help
        table.add_row(question.flag, ", ".join(listed(question.default)), choices)
    return table


def done(title: str, steps: Sequence[str], warnings: Sequence[str]) -> RenderableType:
    return _outcome(Text.assemble(("✓ ", "green"), title), steps, warnings)


def unfinished(title: str, steps: Sequence[str], warnings: Sequence[str]) -> RenderableType:
    return _outcome(Text.assemble(("! ", "bold yellow"), title), steps, warnings)


def _outcome(title: Text, steps: Sequence[str], warnings: Sequence[str]) -> RenderableType:
    lines: list[RenderableType] = [title]
    lines += [Text.assemble(("! ", "yellow"), warning) for warning in warnings]
    if steps:
        lines += ["", Text("Next:", "bold"), *(Text(f"  {step}", "cyan") for step in steps)]
    return Group(*lines)


def failure(error: ScaffoldError) -> RenderableType:
    lines = [Text.assemble(("✗ ", "red"), error.message)]
    if error.hint:
        lines.append(Text(f"  {error.hint}"))
    return Group(*lines)
