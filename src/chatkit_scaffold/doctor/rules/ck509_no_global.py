"""ChatKit is looked for in `window`

The script defines the element `<openai-chatkit>` and no global: `window.openai` and
`window.ChatKit` stay undefined, so code that waits for them waits for ever.
`customElements.whenDefined` tells when it is there.
"""

import re

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project, Script

SEVERITY = ERROR
GLOBAL = re.compile(
    r"\(?(window|globalThis)( as \w+\))?\??\."
    r"(ChatKit|chatkit|OpenAIChatKit|openai(\??\.(ChatKit|chatkit|createChatKit))?)"
)
WRONG = {
    "chat.js": """if (window.openai?.ChatKit) {
  document.querySelector("openai-chatkit").setOptions(options);
}
"""
}
RIGHT = {
    "chat.js": """await customElements.whenDefined("openai-chatkit");
document.querySelector("openai-chatkit").setOptions(options);
"""
}


def check(project: Project) -> Findings:
    made = {
        script.source(node.child_by_field_name("left"))
        for script in project.scripts
        for node in script.all("assignment_expression")
    }
    for script in project.scripts:
        for node in script.all("member_expression"):
            text = script.source(node)
            inner = GLOBAL.fullmatch(script.source(script.parent(node)))
            if GLOBAL.fullmatch(text) and text not in made and not inner and not _is_app(script):
                yield Finding.at(script, node, f"{text} is never there: ChatKit has no global.")


def _is_app(script: Script) -> bool:
    """Apps inside ChatGPT have a `window.openai` of their own."""
    return bool(re.search(r"openai\??\.(toolOutput|callTool|toolInput)", script.text))
