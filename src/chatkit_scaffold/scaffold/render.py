"""From a template and its answers to a tree. Nothing else in this package knows Copier."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import copier
import plumbum
from copier.errors import CopierError
from jinja2 import Environment, TemplateError

from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.tree import Tree, read_tree

_COMPILED: dict[object, Any] = {}


def render(template: Path, answers: Mapping[str, object]) -> Tree:
    with tempfile.TemporaryDirectory(prefix="chatkit-scaffold-") as folder:
        out = Path(folder) / "project"
        empty = Path(folder) / "no-programs"
        empty.mkdir()
        try:
            # Without a PATH Copier finds no git. It would start it once for every file.
            with plumbum.local.env(PATH=str(empty)), compiling_once(template):
                copier.run_copy(
                    str(template),
                    out,
                    data=dict(answers),
                    defaults=True,
                    quiet=True,
                    skip_tasks=True,
                    settings=copier.Settings(),
                )
        except (CopierError, TemplateError, OSError, ValueError) as error:
            raise ScaffoldError(
                f"The template could not be rendered: {error}", "Nothing was written."
            ) from error
        return read_tree(out)


@contextmanager
def compiling_once(template: Path) -> Iterator[None]:
    """Copier compiles the same texts five times in a rendering, and again in the next one: most of
    its time. What a text means depends on nothing but the settings of its template."""
    original = Environment.compile

    def compile_once(environment: Environment, source: Any, *more: Any, **named: Any) -> Any:
        key = template, source, more, *named.items()
        if key not in _COMPILED:
            _COMPILED[key] = original(environment, source, *more, **named)
        return _COMPILED[key]

    Environment.compile = compile_once  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        Environment.compile = original  # type: ignore[method-assign]
