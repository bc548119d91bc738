"""Development packages stand in a table that uv gives up

`[tool.uv] dev-dependencies` is deprecated: uv warns about it at every command, and other tools do
not read it. `[dependency-groups]` is the standard for it.
"""

import re

from chatkit_scaffold.doctor.rule import INFO, Edit, Finding, Findings, Fix, Project

SEVERITY = INFO
LISTED = re.compile(
    r"^\[tool\.uv\]\s*\n(?:[^\[\n].*\n)*?(dev-dependencies\s*=\s*(\[[^\]]*\])[ \t]*\r?\n?)",
    re.MULTILINE,
)
WRONG = {
    "pyproject.toml": '[project]\nname = "a"\nversion = "1"\n'
    'dependencies = ["openai-chatkit>=1.6.5,<1.7"]\n\n[tool.uv]\ndev-dependencies = ["ruff"]\n',
}
RIGHT = {
    "pyproject.toml": WRONG["pyproject.toml"].replace(
        "[tool.uv]\ndev-dependencies", "[dependency-groups]\ndev"
    )
}


def check(project: Project) -> Findings:
    for path in project.files.named("pyproject.toml"):
        text = project.files.text(path)
        found = LISTED.search(text)
        if not found:
            continue
        fix = None
        if "[dependency-groups]" not in text:
            start = "" if text.endswith("\n") else "\n"
            added = f"{start}\n[dependency-groups]\ndev = {found[2]}\n"
            edits = (Edit(path, *found.span(1), ""), Edit(path, len(text), len(text), added))
            # One edit where both meet at the end of the file.
            whole = (Edit(path, *found.span(1), added),)
            fix = Fix(whole if found.end(1) == len(text) else edits, safe=True)
        message = "uv has given this table up for [dependency-groups]."
        yield Finding.at(project.files.plain(path), found.span(1), message, fix)
