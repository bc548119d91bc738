"""Headers of a request are spread, and may be lost

`init.headers` may be a `Headers` object, of which a spread takes nothing: the content type and the
language of ChatKit's request are gone. `new Headers(init?.headers)` reads every form.
"""

import re
from typing import Any

from chatkit_scaffold.doctor.rule import WARNING, Edit, Finding, Findings, Fix, Project

SEVERITY = WARNING
SPREAD = re.compile(r"\.\.\.\s*\(?(\w+)\??\.headers\b.*", re.DOTALL)
FUNCTIONS = ("arrow_function", "function_expression", "function_declaration", "method_definition")
FIXED = ("authorization", "x-")  # what ChatKit does not send itself, so that nothing is doubled
WRONG = {
    "src/api.ts": """export const api = {
  url: "https://api.example.com/chatkit",
  domainKey: KEY,
  fetch: async (input, init) =>
    fetch(input, { ...init, headers: { ...init?.headers, Authorization: await token() } }),
};
"""
}
RIGHT = {
    "src/api.ts": """export const api = {
  url: "https://api.example.com/chatkit",
  domainKey: KEY,
  fetch: async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("Authorization", await token());
    return fetch(input, { ...init, headers });
  },
};
"""
}


def check(project: Project) -> Findings:
    for script in project.scripts:
        for node in script.all("spread_element"):
            match = SPREAD.fullmatch(script.source(node))
            table = script.parent(node)
            pair = script.parent(table)
            if not match or table.type != "object" or pair.type != "pair":
                continue
            around: Any = pair
            while around is not None and around.type not in FUNCTIONS:
                around = around.parent
            given = around.child_by_field_name("parameters") if around else None
            if re.search(rf"\b{match[1]}\b", script.source(given)):
                inner = next(iter(node.named_children), node)
                text = f"Object.fromEntries(new Headers({script.source(inner)}))"
                others = [key.lower() for key in script.pairs(table)]
                fix = Fix(
                    (Edit.replace(script, inner, text),),
                    safe=all(key.startswith(FIXED) for key in others),
                )
                message = "Of a Headers object this spread takes nothing: its headers are lost."
                yield Finding.at(script, node, message, fix)
