"""What `--json` prints: one document, the same keys for every command, success or not."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

SCHEMA_VERSION = 1


def print_document(
    command: str,
    *,
    ok: bool = True,
    project: Mapping[str, Any] | None = None,
    files: Sequence[Mapping[str, Any]] = (),
    warnings: Sequence[str] = (),
    next_steps: Sequence[str] = (),
    error: Mapping[str, Any] | None = None,
) -> None:
    document = {
        "schema_version": SCHEMA_VERSION,
        "ok": ok,
        "command": command,
        "project": project,
        "files": list(files),
        "warnings": list(warnings),
        "next": list(next_steps),
    }
    print_json(document | ({"error": error} if error else {}))


def print_json(document: Mapping[str, Any]) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2))
