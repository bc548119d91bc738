"""The page's security policy keeps ChatKit out

The chat is a script and a frame from cdn.platform.openai.com. A Content-Security-Policy that does
not name it ("Refused to load the script"), or `Cross-Origin-Embedder-Policy: require-corp`, leaves
an empty box. Allow it in script-src and frame-src, and use `credentialless`.
"""

import re

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Project

SEVERITY = WARNING
SCRIPTS = re.compile(r"(?:script-src|default-src)\s[^;\n\"]*", re.IGNORECASE)
OPEN = re.compile(r"openai\.com|\shttps:(\s|$)|\s\*(\s|$)|\$\{|strict-dynamic")
COEP = re.compile(r"embedder-policy\W{1,40}(?:value\W{1,8})?(require-corp)", re.IGNORECASE)
_PAGE = (
    '<html><head>%s<script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js">'
    "</script></head><body><openai-chatkit></openai-chatkit></body></html>\n"
)
_META = "<meta http-equiv='Content-Security-Policy' content=\"script-src 'self'%s\">"
WRONG = (
    {"index.html": _PAGE % (_META % "")},
    {
        "index.html": _PAGE % "",
        "netlify.toml": '[[headers]]\nfor = "/*"\n[headers.values]\n'
        'Cross-Origin-Embedder-Policy = "require-corp"\n',
    },
)
RIGHT = {"index.html": _PAGE % (_META % " https://cdn.platform.openai.com")}


def check(project: Project) -> Findings:
    if not project.frontends:
        return
    for path in project.files.paths:
        text = project.files.text(path)
        lower = text.lower()
        plain = project.files.plain(path)
        if "embedder-policy" in lower:
            for found in COEP.finditer(text):
                message = "The browser blocks ChatKit's frame on this page."
                yield Finding.at(plain, found.span(1), message)
        if "content-security-policy" not in lower:
            continue
        policies = list(SCRIPTS.finditer(text))
        # script-src decides over default-src; a backend has policies for what it lets download.
        own = [p for p in policies if p[0].lower().startswith("script-src")]
        own = own or ([] if path.endswith(".py") else policies)
        # In code a policy is put together from parts; in a page it stands in one attribute.
        whole = [policy[0] for policy in own] if path.endswith((".html", ".htm")) else [text]
        if own and not any(OPEN.search(part) for part in whole):
            message = "The browser refuses the script of ChatKit on this page."
            yield Finding.at(plain, own[0].span(), message)
