"""ChatKit is loaded from an address where it is not

There is one address, and it cannot be self-hosted: other hosts have no component, so the page stays
blank. The npm packages that CDNs such as jsDelivr mirror contain none either.
"""

import re

from chatkit_scaffold.doctor.rule import (
    ERROR,
    SCRIPT_URL,
    Edit,
    Finding,
    Findings,
    Fix,
    Project,
)

SEVERITY = ERROR
HOSTS = r"[\w.-]*openai\.com|[\w.-]*jsdelivr\.net|unpkg\.com|esm\.sh|esm\.run|cdn\.skypack\.dev"
ADDRESS = re.compile(rf"https?://(?:{HOSTS})/[^\s\"'`<>)]*chatkit[^\s\"'`<>)]*", re.IGNORECASE)
CODE = re.compile(r"\.(m?js|bundle)(\?|$)|/(npm/)?@openai/chatkit")
WRONG = {
    "index.html": """<!doctype html>
<html>
  <head>
    <script async src="https://cdn.jsdelivr.net/npm/@openai/chatkit/dist/web-component.js"></script>
  </head>
  <body>
    <openai-chatkit></openai-chatkit>
  </body>
</html>
"""
}
RIGHT = {
    "index.html": WRONG["index.html"].replace(
        "https://cdn.jsdelivr.net/npm/@openai/chatkit/dist/web-component.js", SCRIPT_URL
    )
}


def check(project: Project) -> Findings:
    for script in project.scripts:
        for match in ADDRESS.finditer(script.text):
            address = match[0]
            if CODE.search(address) and address.partition("?")[0] != SCRIPT_URL:
                fix = Fix((Edit.replace(script, match.span(), SCRIPT_URL),), safe=True)
                yield Finding.at(script, match.span(), "ChatKit is not there: nothing loads.", fix)
