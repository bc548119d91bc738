"""Answers from outside: a file in YAML, JSON or TOML, `key=value`, or the name of a folder."""

import json
import re
import sys
import tomllib
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from chatkit_scaffold.error import USAGE, ScaffoldError


def read_answers(source: str) -> dict[str, Any]:
    """The answers in a file; `-` is standard input."""
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise ScaffoldError(
            f"--answers {source} cannot be read: {reason}.", exit_code=USAGE
        ) from error
    found = _parse(text, Path(source).suffix)
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        raise ScaffoldError(
            f"--answers {source} holds no answers.", "Write one `question: answer` a line.", USAGE
        )
    # What a project records about itself can be given back as it is.
    recorded = found.get("answers")
    return (
        recorded if isinstance(recorded, dict) and set(found) <= {"template", "answers"} else found
    )


def _parse(text: str, suffix: str) -> Any:
    import yaml

    try:
        if suffix == ".toml":
            return tomllib.loads(text)
        if suffix == ".json":
            return json.loads(text)
        found = yaml.safe_load(text)
        # Standard input does not say what it is, and to YAML all TOML is one long word.
        return found if suffix or isinstance(found, dict) else tomllib.loads(text)
    except (ValueError, yaml.YAMLError) as error:
        where = str(error).splitlines()[0]
        raise ScaffoldError(f"--answers could not be parsed: {where}", exit_code=USAGE) from error


def read_pairs(pairs: Iterable[str]) -> dict[str, str]:
    """The answers in `key=value`."""
    answers = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise ScaffoldError(f"{pair!r} is not key=value.", exit_code=USAGE)
        answers[key.strip()] = value
    return answers


def name_from(folder: Path, otherwise: str) -> dict[str, str]:
    """The folder's name as the project's, in the letters that package managers take."""
    ascii_name = unicodedata.normalize("NFKD", folder.name).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", ascii_name.lower()).strip("-") or otherwise
    name = (name if name[0].isalpha() else f"chat-{name}")[:64].strip("-")
    return {"name": name} | ({"title": folder.name} if name != folder.name else {})
