"""From a template and its answers to a tree. Nothing else in this package knows Copier."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import copier
import plumbum
from copier.errors import CopierError
from jinja2 import TemplateError

from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.tree import Tree, read_tree


def render(template: Path, answers: Mapping[str, object]) -> Tree:
    with tempfile.TemporaryDirectory(prefix="chatkit-scaffold-") as folder:
        out = Path(folder) / "project"
        empty = Path(folder) / "no-programs"
        empty.mkdir()
        try:
            # Without a PATH Copier finds no git. It would start it once for every file.
            with plumbum.local.env(PATH=str(empty)):
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
