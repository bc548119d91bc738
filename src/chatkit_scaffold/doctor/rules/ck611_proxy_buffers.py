"""nginx collects an answer before it passes it on

People wait and then see all of the text at once. Where the backend does not say `X-Accel-Buffering:
no` by itself, the proxy needs `proxy_buffering off;` for the chat's path.
"""

import re

from chatkit_scaffold.doctor.rule import INFO, Edit, Finding, Findings, Fix, Project

SEVERITY = INFO
PASS = re.compile(r"^[ \t]*proxy_pass\s[^;]+;", re.MULTILINE)
WRONG = {
    "nginx.conf": "server {\n    location / {\n        proxy_pass http://app:8000;\n    }\n}\n",
    "app/models.py": "from chatkit.types import Page\n",
}
RIGHT = (
    {
        **WRONG,
        "nginx.conf": WRONG["nginx.conf"].replace("8000;", "8000;\n        proxy_buffering off;"),
    },
    {**WRONG, "app/models.py": "import chatkit\n\nHEADERS = {'X-Accel-Buffering': 'no'}\n"},
)


def check(project: Project) -> Findings:
    if any("accel-buffering" in module.text.lower() for module in project.python.modules):
        return
    for path in project.files.paths:
        if "nginx" not in path.lower() or not path.lower().endswith((".conf", ".nginx")):
            continue
        text = project.files.text(path)
        found = PASS.search(text)
        if found and not re.search(r"proxy_buffering\s+off", text):
            indent = re.match(r"[ \t]*", found[0])
            line = f"\n{indent[0] if indent else ''}proxy_buffering off;"
            fix = Fix((Edit(path, found.end(), found.end(), line),))
            message = "An answer may come at once, at its end."
            yield Finding.at(project.files.plain(path), found.span(), message, fix)
