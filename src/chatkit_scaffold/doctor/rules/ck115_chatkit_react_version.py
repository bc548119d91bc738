"""The page cannot use the React package it asks for

`@openai/chatkit-react` must be among the dependencies ("Cannot find module"), in a version from 1.0
on: `^0` never becomes one, and the releases of 0 leave the chat blank. It needs React 18 or later.
"""

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Project

SEVERITY = ERROR
REACT = "@openai/chatkit-react"
WRONG = (
    {"package.json": '{"dependencies": {"@openai/chatkit-react": "^0", "react": "^19.0.0"}}'},
    {"package.json": '{"dependencies": {"@openai/chatkit-react": "^1.6.1", "react": "^17.0.2"}}'},
)
RIGHT = {
    "package.json": '{"dependencies": {"@openai/chatkit-react": "^1.6.1", "react": "^19.0.0"}}'
}


def check(project: Project) -> Findings:
    for found in project.depends_on(REACT):
        plain = project.files.plain(found.path)
        if not found.allows("1.999") and found.floor < (1,):
            fix = Fix((Edit(found.path, *found.end, "^1.6.1"),), safe=True)
            yield Finding.at(plain, found.span, "This range never reaches version 1.", fix)
        for react in project.depends_on("react"):
            too_old = react.has_ceiling and not any(react.allows(f"{n}.999") for n in (18, 19, 20))
            if react.path == found.path and too_old:
                message = f"{REACT} needs React 18 or later."
                yield Finding.at(plain, react.span, message)
