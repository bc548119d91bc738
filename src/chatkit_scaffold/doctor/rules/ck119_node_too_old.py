"""Node is older than the tools of the page need

Vite and Next.js need Node 20 or later. On an older one the build ends with "Unsupported engine" or
"crypto.getRandomValues is not a function".
"""

import re

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Project

SEVERITY = WARNING
OLDEST = 20
TOOLS = ("vite", "next")
SINCE = {"vite": (7,), "next": (16,)}
ENGINE = re.compile(r'"node"\s*:\s*"(?:>=|\^|~)?\s*v?(\d+)')
IMAGE = re.compile(r"^FROM\s+(?:\S+/)?node:(\d+)", re.MULTILINE | re.IGNORECASE)
_PACKAGE = '{"dependencies": {"@openai/chatkit-react": "^1.6.1", "react": "^19.0.0", "next": "16"}}'
WRONG = {"package.json": _PACKAGE, ".nvmrc": "18\n", "Dockerfile": "FROM node:18-alpine\n"}
RIGHT = {"package.json": _PACKAGE, ".nvmrc": "v22\n", "Dockerfile": "FROM node:22-alpine\n"}


def check(project: Project) -> Findings:
    tools = [d for d in project.depends_on(*TOOLS) if d.is_node]
    if not tools:
        return
    pinned = project.files.named(".nvmrc", ".node-version")
    for tool in tools if not pinned else ():
        plain = project.files.plain(tool.path)
        claim = ENGINE.search(plain.text)
        if claim and int(claim[1]) < OLDEST and tool.floor >= SINCE[tool.name]:
            message = f"Node {claim[1]} is promised, and {tool.name} does not run on it."
            yield Finding.at(plain, claim.span(1), message)
    for path in project.files.paths:
        name = path.rpartition("/")[2].lower()
        text = project.files.text(path) if "dockerfile" in name or name.startswith(".n") else ""
        if name in (".nvmrc", ".node-version"):
            places = [re.match(r"v?(\d+)", text)]
        else:
            places = [*IMAGE.finditer(text)]
        for found in places:
            if found and int(found[1]) < OLDEST:
                message = f"Node {found[1]} is too old for the tools in package.json."
                yield Finding.at(project.files.plain(path), found.span(1), message)
