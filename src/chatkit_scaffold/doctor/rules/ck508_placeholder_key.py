"""The key of localhost is written into the code

Placeholders such as "local-dev" open the chat on localhost and nowhere else: on a real domain
ChatKit takes itself away (`Domain verification failed`) and no handler can prevent it. The key of a
registered domain comes from a variable of the build.
"""

import re

from chatkit_scaffold.doctor.rule import WARNING, Edit, Finding, Findings, Fix, Project

SEVERITY = WARNING
PLACEHOLDER = re.compile(
    r"(domain_pk_)?(local|dev|test|placeholder|your|dummy|x{3})[\w.-]*|dk_\w*", re.IGNORECASE
)
VARIABLES = {
    "vite": "import.meta.env.VITE_CHATKIT_DOMAIN_KEY",
    "next": "process.env.NEXT_PUBLIC_CHATKIT_DOMAIN_KEY",
}
WRONG = {
    "package.json": '{"dependencies": {"next": "^16.0.0"}}',
    "src/chat.ts": """chatkit.setOptions({
  api: { url: "https://api.example.com/chatkit", domainKey: "local-dev" },
});
""",
}
RIGHT = {
    "src/chat.ts": """const KEY = process.env.NEXT_PUBLIC_CHATKIT_DOMAIN_KEY || "local-dev";

chatkit.setOptions({
  api: { url: "https://api.example.com/chatkit", domainKey: KEY },
});
"""
}


def check(project: Project) -> Findings:
    names = {dependency.name for dependency in project.dependencies}
    variable = next((text for name, text in VARIABLES.items() if name in names), None)
    for api in project.apis:
        key = api.at("domainKey")
        if PLACEHOLDER.fullmatch(api.script.string(key) or "") and key is not None:
            text = f"{variable} || {api.script.source(key)}"
            fix = Fix((Edit.replace(api.script, key, text),)) if variable else None
            message = "This key opens the chat on localhost only."
            yield Finding.at(api.script, key, message, fix)
