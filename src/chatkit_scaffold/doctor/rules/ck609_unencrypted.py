"""The page talks to the backend without encryption

An `http:` address that is not this machine shows what people write to everybody on the way, and a
page at `https:` may not use it at all: "Mixed Content". Use `https:`, or a path of the page's own
origin.
"""

import re

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Project

SEVERITY = WARNING
LOCAL = re.compile(
    r"localhost|127\.|0\.0\.0\.0|\[::1\]|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|"
    r"[^.:/]+([:/]|$)|[^/:]+\.(local|internal|test)([:/]|$)|host\.docker"
)
_PAGE = """<script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js"></script>
<openai-chatkit></openai-chatkit>
<script type="module">
await customElements.whenDefined("openai-chatkit");
document.querySelector("openai-chatkit").setOptions({
  api: { url: "%s", domainKey: window.settings.domainKey },
});
</script>
"""
WRONG = {"index.html": _PAGE % "http://chat.example.com/chatkit"}
RIGHT = (
    {"index.html": _PAGE % "https://chat.example.com/chatkit"},
    {"index.html": _PAGE % "http://localhost:8000/chatkit"},
)


def check(project: Project) -> Findings:
    for api in project.apis:
        node = api.at("url")
        host = (api.script.string(node) or "").partition("http://")[2]
        if node is not None and host and not LOCAL.match(host):
            message = "What people write travels unencrypted, or is blocked by the browser."
            yield Finding.at(api.script, node, message)
