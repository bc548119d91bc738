"""TypeScript does not know the element

`<openai-chatkit>` in TSX is an error of types ("Property 'openai-chatkit' does not exist") until
the project declares it; importing `@openai/chatkit-react` does. Builds that check types stop.
"""

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


def check(project: Project) -> Findings:
    known = ("@openai/chatkit", "IntrinsicElements")
    if any(word in script.text for script in project.scripts for word in known):
        return
    configs = [p for p in project.files.paths if p.rpartition("/")[2].startswith("tsconfig")]
    if any("@openai/chatkit" in project.files.text(path) for path in configs):
        return
    for script in project.scripts:
        for tag in elements(script, CHATS[1]) if script.path.endswith(".tsx") else ():
            yield Finding.at(script, tag, "TypeScript does not know this element.")
            return
