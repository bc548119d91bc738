"""What scripts import from a package, and whether TypeScript leaves that as it is written."""

import re
from collections.abc import Iterator
from typing import Any

from chatkit_scaffold.doctor.files import Files
from chatkit_scaffold.doctor.script import Script

KEEPS = re.compile(r'"verbatimModuleSyntax"\s*:\s*true')


def imported(script: Script, *packages: str) -> Iterator[tuple[str, Any, bool]]:
    """Each name, with its place and whether it is imported as a type."""
    for statement in script.all("import_statement"):
        if script.string(statement.child_by_field_name("source")) in packages:
            types = script.source(statement).startswith("import type")
            for node in script.all("import_specifier"):
                if statement.start_byte <= node.start_byte < statement.end_byte:
                    only = types or script.source(node).startswith("type ")
                    yield script.source(node.child_by_field_name("name")), node, only


def keeps_imports(files: Files, path: str) -> bool:
    """Whether the imports of types stay in what a script is made into: the tsconfig of a folder
    above it says so."""
    return any(
        path.startswith(config[: config.rfind("/") + 1])
        and config.rpartition("/")[2].startswith("tsconfig")
        and "node" not in config.rpartition("/")[2]
        and KEEPS.search(files.text(config)) is not None
        for config in files.ending(".json")
    )
