"""A theme that ChatKit does not know

It takes "light", "dark" or an object. "auto" and "system" are refused (`Invalid input → at theme`),
and the chat does not open: `matchMedia("(prefers-color-scheme: dark)")` says which of the two
people want.
"""

from chatkit_scaffold.doctor.rule import (
    ERROR,
    Edit,
    Finding,
    Findings,
    Fix,
    Project,
    mismatches,
)

SEVERITY = ERROR
SYSTEM = ("auto", "system")
RESOLVED = 'matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"'
WRONG = {
    "chat.js": """chatkit.setOptions({
  api: { url: "https://api.example.com/chatkit", domainKey: KEY },
  theme: "system",
});
"""
}
RIGHT = {"chat.js": WRONG["chat.js"].replace('"system"', RESOLVED)}


def check(project: Project) -> Findings:
    for setup in project.setups:
        for found in mismatches(project.sdk, setup):
            if found.path[0] == "theme" and not found.is_key:
                fix = None
                if found.given in SYSTEM and found.script.parent(found.node).type == "pair":
                    fix = Fix((Edit.replace(found.script, found.node, RESOLVED),))
                given = f"ChatKit refuses the theme {found.given!r}: it takes "
                message = given + ", ".join(found.allowed) + "."
                yield Finding.at(found.script, found.node, message, fix)
