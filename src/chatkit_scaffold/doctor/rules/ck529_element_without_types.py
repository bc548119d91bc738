"""TypeScript does not know the element

`<openai-chatkit>` in TSX is an error of types ("Property 'openai-chatkit' does not exist") until
the project declares it; importing `@openai/chatkit-react` does. Builds that check types stop.
"""

import re

from chatkit_scaffold.doctor.rule import CHATS, INFO, Finding, Findings, Project, elements

SEVERITY = INFO
WRONG = {
    "src/Chat.tsx": """export const Chat = () => <openai-chatkit style={{ height: 500 }} />;
"""
}
RIGHT = {
    "src/Chat.tsx": f"""import type {{}} from "@openai/chatkit-react";

{WRONG["src/Chat.tsx"]}"""
}
OLD = re.compile(r"declare global\s*\{\s*namespace JSX\b")


def check(project: Project) -> Findings:
    known = ("@openai/chatkit", "IntrinsicElements")
    for script in project.scripts:
        match = OLD.search(script.text)
        if match and "<openai-chatkit" in script.text and not _has_old_react(project):
            message = 'React 19 does not look here: it wants `declare module "react"` around it.'
            yield Finding.at(script, match.span(), message)
    if any(word in script.text for script in project.scripts for word in known):
        return
    configs = [p for p in project.files.paths if p.rpartition("/")[2].startswith("tsconfig")]
    if any("@openai/chatkit" in project.files.text(path) for path in configs):
        return
    for script in project.scripts:
        for tag in elements(script, CHATS[1]) if script.path.endswith(".tsx") else ():
            yield Finding.at(script, tag, "TypeScript does not know this element.")
            return


def _has_old_react(project: Project) -> bool:
    bounds = (d.bounds for d in project.dependencies if d.name == "react")
    return any(re.match(r"\D*1[0-8]\b", bound) for bound in bounds)
