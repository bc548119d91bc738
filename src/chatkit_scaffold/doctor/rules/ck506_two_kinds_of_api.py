"""Both kinds of `api` at once

`getClientSecret` is for backends that OpenAI hosts, `url` and `domainKey` are for one's own.
ChatKit refuses options that have both ("Invalid client secret format", "Invalid input → at api");
TypeScript does not notice.
"""

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Project

SEVERITY = ERROR
WRONG = {
    "src/chat.ts": """chatkit.setOptions({
  api: {
    url: "https://api.example.com/chatkit",
    domainKey: KEY,
    getClientSecret: async () => token,
  },
});
"""
}
RIGHT = {
    "src/chat.ts": WRONG["src/chat.ts"].replace("    getClientSecret: async () => token,\n", "")
}


def check(project: Project) -> Findings:
    for api in project.apis:
        if not (api.has("url") and api.has("getClientSecret")):
            continue
        script = api.script
        node = script.pairs(api.node)["getClientSecret"]
        around = script.parent(node)
        pair = around if around.type == "pair" else node
        start, end = script.span(pair)
        start = len(script.text[:start].rstrip(" \t"))
        rest = script.text[end:]
        end += len(rest) - len(rest.lstrip(" \t").removeprefix(",").removeprefix("\n"))
        fix = Fix((Edit(script.path, start, end, ""),))
        message = "With a backend of your own there is no client secret: ChatKit refuses both."
        yield Finding.at(script, pair, message, fix)
