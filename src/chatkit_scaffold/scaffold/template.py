"""Where the template is: inside the installed package, or beside `src` in a checkout."""

import re
from pathlib import Path

from chatkit_scaffold.error import ScaffoldError

PACKAGE = Path(__file__).resolve().parent.parent


def find_template() -> Path:
    # A checkout wins: an editable install copies the template once and then never again.
    for folder in (PACKAGE.parent.parent / "templates", PACKAGE / "templates"):
        if (folder / "copier.yml").is_file():
            return folder
    raise ScaffoldError(
        "This installation of chatkit-scaffold has no template.", "Install it once more."
    )


def version_of(template: Path) -> str:
    """Read without YAML, which would take longer than all else here."""
    text = (template / "copier.yml").read_text(encoding="utf-8")
    found = re.search(r'^template_version:\n(?: .*\n)*?  default: "(.+)"', text, re.MULTILINE)
    return found[1] if found else ""


def choice_names(template: Path, axis: str) -> list[str]:
    """The rows of a catalog page, read without YAML: help and completion cannot wait for it."""
    page = (template / "catalog" / f"{axis}.yml").read_text(encoding="utf-8")
    return re.findall(r"^  ([\w-]+):", page, re.MULTILINE)
