"""An icon that ChatKit does not have

The names are a closed list, and ChatKit refuses options with another one: an empty box instead of a
chat. Every name of Lucide works with `lucide:` before it, except in the header, which has a list of
its own.
"""

from chatkit_scaffold.doctor.rule import (
    ERROR,
    Edit,
    Finding,
    Findings,
    Fix,
    Project,
    annotated,
    mismatches,
    nearest,
)

SEVERITY = ERROR
WRONG = {
    "src/prompts.ts": """import type { StartScreenPrompt } from "@openai/chatkit";

export const PROMPTS: StartScreenPrompt[] = [
  { label: "Plan", prompt: "Plan my day", icon: "pencil" },
];
"""
}
RIGHT = {"src/prompts.ts": WRONG["src/prompts.ts"].replace('"pencil"', '"lucide:pencil"')}


def check(project: Project) -> Findings:
    found = [m for setup in project.setups for m in mismatches(project.sdk, setup)]
    found += [m for script in project.scripts for m in annotated(project.sdk, script)]
    for wrong in found:
        if wrong.path[-1:] == ("icon",) and not wrong.is_key:
            lucide = f"lucide:{wrong.given}" if "lucide:*" in wrong.allowed else None
            name = lucide or nearest(wrong)
            fix = Fix((Edit.replace(wrong.script, wrong.node, f'"{name}"'),)) if name else None
            message = f"ChatKit has no icon {wrong.given!r}, and refuses to open."
            yield Finding.at(wrong.script, wrong.node, message, fix)
