"""The page takes ChatKit's requests apart

A `fetch` that parses every body as JSON, or calls everything JSON, breaks uploads, which are none.
What it adds to the body is ignored by the SDK, so the backend never sees it: who is asking belongs
into a header.
"""

import re
from typing import Any

from chatkit_scaffold.doctor.rule import (
    ERROR,
    WARNING,
    Finding,
    Findings,
    Project,
    Script,
    Setup,
)

SEVERITY = WARNING
BODY = re.compile(r"JSON\.parse\(\s*\(?\s*\w+!?\??\.body\b")
TYPE = re.compile(r"[\"']content-type[\"']\s*[:,]\s*[\"']application/json", re.IGNORECASE)
WRONG = {
    "chat.js": """chatkit.setOptions({
  api: {
    url: "https://api.example.com/chatkit",
    domainKey: KEY,
    fetch: (url, options) => {
      const body = JSON.parse(options.body);
      body.session_id = session;
      return fetch(url, { ...options, body: JSON.stringify(body) });
    },
  },
});
"""
}
RIGHT = {
    "chat.js": """chatkit.setOptions({
  api: {
    url: "https://api.example.com/chatkit",
    domainKey: KEY,
    fetch: (url, options) => {
      const headers = new Headers(options?.headers);
      headers.set("X-Session", session);
      return fetch(url, { ...options, headers });
    },
  },
});
"""
}


def check(project: Project) -> Findings:
    uploads = any(setup.is_on("composer", "attachments", "enabled") for setup in project.setups)
    for api in project.apis:
        function = api.at("fetch")
        for call in _within(api, function, "call_expression"):
            if BODY.match(api.script.source(call)):
                message = "Uploads fail here, and the backend ignores what is added to the body."
                severity = ERROR if uploads else WARNING
                yield Finding.at(api.script, call, message, severity=severity)
        if uploads:
            for pair in _within(api, function, "pair"):
                if TYPE.match(api.script.source(pair)):
                    message = "Uploads are no JSON: with this content type they fail."
                    yield Finding.at(api.script, pair, message, severity=ERROR)


def _within(api: Setup, function: Any, kind: str) -> list[Any]:
    script: Script = api.script
    if function is None:
        return []
    start, end = function.start_byte, function.end_byte
    return [node for node in script.all(kind) if start <= node.start_byte < end]
