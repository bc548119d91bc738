"""Where the template is: inside the installed package, or beside `src` in a checkout."""

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
