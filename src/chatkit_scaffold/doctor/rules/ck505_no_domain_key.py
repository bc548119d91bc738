"""The backend's address is given without a domain key

ChatKit refuses options whose `api` has a `url` and no `domainKey`: `Invalid input → at api`, and
the chat stays blank. On localhost any text will do; elsewhere it is the public key of the
registered domain.
"""

from chatkit_scaffold.doctor.rule import (
    ERROR,
    WARNING,
    Edit,
    Finding,
    Findings,
    Fix,
    Project,
    Setup,
    outcomes,
)

SEVERITY = ERROR
WRONG = (
    {
        "frontend/package.json": '{"devDependencies": {"vite": "^8.0.0"}}',
        "frontend/src/chat.ts": """import { element } from "./chatkit";

element.setOptions({
  api: { url: "http://localhost:8000/chatkit" },
});
""",
    },
    {
        "chat.js": """chatkit.setOptions({
  api: { url: "http://localhost:8000/chatkit", domainKey: "" },
});
"""
    },
)
RIGHT = {
    "frontend/src/chat.ts": WRONG[0]["frontend/src/chat.ts"].replace(
        'chatkit" }', 'chatkit", domainKey: import.meta.env.VITE_CHATKIT_DOMAIN_KEY }'
    )
}
VARIABLES = {
    "vite": "import.meta.env.VITE_CHATKIT_DOMAIN_KEY",
    "next": "process.env.NEXT_PUBLIC_CHATKIT_DOMAIN_KEY",
}
EMPTY = ("undefined", "null")


def check(project: Project) -> Findings:
    for api in project.apis:
        script = api.script
        if api.at("url") is None or api.has("getClientSecret"):
            continue
        key = api.at("domainKey")
        if key is not None and script.source(key) in EMPTY:
            yield Finding.at(script, key, "ChatKit refuses to open without a domain key.")
        elif key is not None:
            for value in outcomes(script, key):
                if script.string(value) == "":
                    message = "The key is empty: ChatKit wants one, any text will do on localhost."
                    yield Finding.at(script, value, message, severity=WARNING)
        elif api.lacks("domainKey"):
            message = "ChatKit refuses to open: domainKey is missing beside url."
            yield Finding.at(script, api.node, message, _fix(project, api))


def _fix(project: Project, api: Setup) -> Fix | None:
    names = {dependency.name for dependency in project.dependencies}
    for name, variable in VARIABLES.items():
        if name in names:
            url = api.script.pairs(api.node)["url"]
            end = api.script.span(url)[1]
            text = f', domainKey: {variable} || "local-dev"'
            return Fix((Edit.insert(api.script, end, text),), safe=True)
    return None
