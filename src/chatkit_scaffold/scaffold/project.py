"""A project that was made before: where it is, and what it records about itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatkit_scaffold.error import ScaffoldError

RECORD = ".chatkit-scaffold.yml"


@dataclass(frozen=True)
class Project:
    root: Path
    version: str  # of the template
    answers: Mapping[str, Any]


def find_project(folder: Path | None) -> Project:
    """The one that a folder is in, the current one unless told."""
    root = find_root(folder)
    if root is None:
        raise not_found(folder, "On a backend of your own there are `add-store` and `doctor`.")
    return read_project(root)


def find_root(folder: Path | None) -> Path | None:
    start = (folder or Path()).expanduser().absolute()
    around = [start] if folder else [start, *start.parents]
    return next((here for here in around if (here / RECORD).is_file()), None)


def not_found(folder: Path | None, hint: str) -> ScaffoldError:
    start = (folder or Path()).expanduser().absolute()
    return ScaffoldError(
        f"{start} is not {'' if folder else 'in '}a project that chatkit-scaffold made: "
        f"there is no {RECORD}.",
        f"Name its folder: --project PATH. {hint}",
    )


def read_project(root: Path) -> Project:
    import yaml

    try:
        found = yaml.safe_load((root / RECORD).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ScaffoldError(f"{RECORD} cannot be read.", "Bring it back from git.") from error
    except yaml.YAMLError as error:
        raise ScaffoldError(
            f"{RECORD} is broken: {' '.join(str(error).split())}.",
            "Mend that line, or bring the file back from git.",
        ) from error
    match found:
        case {"template": str(version), "answers": dict(answers)}:
            return Project(root, version, answers)
    raise ScaffoldError(
        f"{RECORD} does not say how this project was made: it needs `template` and `answers`.",
        "Bring it back from git.",
    )
