"""Attachments are on, and nobody says how to upload them

With a backend of one's own, `api.uploadStrategy` names the way: `two_phase` asks the server for an
address first, `direct` sends to one that is known. Without it the paper clip is there and every
upload fails.
"""

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Project

SEVERITY = ERROR
WRONG = {
    "chat.js": """chatkit.setOptions({
  api: { url: "https://api.example.com/chatkit", domainKey: KEY },
  composer: { attachments: { enabled: true } },
});
"""
}
RIGHT = {
    "chat.js": WRONG["chat.js"].replace("KEY }", 'KEY, uploadStrategy: { type: "two_phase" } }')
}


def check(project: Project) -> Findings:
    for setup in project.setups:
        enabled = setup.at("composer", "attachments", "enabled")
        api = setup.inside("api")
        if api is None or setup.script.source(enabled) != "true" or not api.has("url"):
            continue
        if api.lacks("uploadStrategy"):
            end = api.script.span(api.script.pairs(api.node)["url"])[1]
            text = ', uploadStrategy: { type: "two_phase" }'
            fix = Fix((Edit.insert(api.script, end, text),))
            yield Finding.at(
                setup.script, enabled, "Uploads fail: api.uploadStrategy is missing.", fix
            )
