"""`@openai/chatkit` is imported as if there were code in it

The package holds types alone; the component comes from the script on OpenAI's CDN. A build ends
with "Failed to resolve entry for package". Use `import type`, or `@openai/chatkit-react`.
"""

import re

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Project

SEVERITY = ERROR
TYPES, REACT = "@openai/chatkit", "@openai/chatkit-react"
_PAGE = """
import { ChatKit } from "%s";

export const Page = () => <ChatKit />;
"""
WRONG = {"src/Page.jsx": _PAGE % TYPES}
RIGHT = (
    {"src/theme.ts": 'import type { ChatKitOptions } from "@openai/chatkit";\n'},
    {
        "src/theme.ts": 'import { ChatKitOptions, Widgets } from "@openai/chatkit";\n'
        "export const o: ChatKitOptions = {};\nexport type Root = Widgets.BasicRoot;\n"
    },
)


def check(project: Project) -> Findings:
    for script in project.scripts:
        if not re.search(f"[\"']{TYPES}[\"']", script.text):
            continue
        for node in script.all("import_statement"):
            source = node.child_by_field_name("source")
            words = [child.type for child in node.children]
            if source is None or script.string(source) != TYPES or "type" in words:
                continue
            names = [
                script.source(name.child_by_field_name("alias") or name.child_by_field_name("name"))
                for name in script.all("import_specifier")
                if _within(name, node)
            ]
            used = {
                script.source(name)
                for name in script.all("identifier")
                if not _within(name, node) and script.parent(name).type != "nested_type_identifier"
            }
            # TypeScript leaves an import out whose names are types only.
            if not names or used & set(names):
                fix = None
                if names and set(names) <= set(project.sdk.node(REACT)["exports"]):
                    fix = Fix((Edit.replace(script, source, f'"{REACT}"'),))
                yield Finding.at(script, node, "There is no code in this package.", fix)


def _within(node: object, outer: object) -> bool:
    start, end = getattr(outer, "start_byte", 0), getattr(outer, "end_byte", 0)
    return start <= getattr(node, "start_byte", -1) < end
