"""A key of `api` that ChatKit does not know

Its check is strict: with `headers`, `token` or `baseUrl` in `api` the chat does not open at all
(`InvalidFrameParamsError`, `Invalid input → at api`). Headers are added by a `fetch` of one's own.
"""

from typing import Any

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Project, Setup

SEVERITY = ERROR
WRONG = {
    "src/chat.ts": """chatkit.setOptions({
  api: {
    url: "https://api.example.com/chatkit",
    domainKey: KEY,
    headers: async () => ({ Authorization: `Bearer ${await getToken()}` }),
  },
});
"""
}
RIGHT = {
    "src/chat.ts": """chatkit.setOptions({
  api: {
    url: "https://api.example.com/chatkit",
    domainKey: KEY,
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set("Authorization", `Bearer ${await getToken()}`);
      return fetch(input, { ...init, headers });
    },
  },
});
"""
}
FETCH = """fetch: async (input, init) => {{
      const headers = new Headers(init?.headers);
      for (const [name, value] of Object.entries({given})) headers.set(name, value);
      return fetch(input, {{ ...init, headers }});
    }}"""
FUNCTIONS = ("arrow_function", "function_expression")


def check(project: Project) -> Findings:
    own = set(project.sdk.type("CustomApiConfig")["keys"])
    hosted = set(project.sdk.type("HostedApiConfig")["keys"])
    for api in project.apis:
        pairs = api.script.pairs(api.node)
        known = hosted if "getClientSecret" in pairs and "url" not in pairs else own | hosted
        for key, value in pairs.items():
            if key not in known:
                pair = api.script.parent(value)
                node = pair if pair.type == "pair" else value
                message = f"ChatKit refuses to open: api takes no {key}."
                yield Finding.at(api.script, node, message, _fix(api, key, node, value))


def _fix(api: Setup, key: str, node: Any, value: Any) -> Fix | None:
    if key != "headers" or node is value or api.has("fetch"):
        return None
    text = api.script.source(value)
    given = f"await ({text})()" if value.type in FUNCTIONS else text
    return Fix((Edit.replace(api.script, node, FETCH.format(given=given)),))
