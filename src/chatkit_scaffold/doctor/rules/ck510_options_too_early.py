"""Options are set before the element is there

`setOptions` exists once the script has arrived. Called earlier it fails with "setOptions is not a
function"; asking again and again by timer gives up or never ends. `customElements.whenDefined`
waits.
"""

from typing import Any

from chatkit_scaffold.doctor.rule import SCRIPT_URL, WARNING, Finding, Findings, Project, Script

SEVERITY = WARNING
TIMERS = ("setTimeout", "setInterval")
ASKS = ("setOptions", "customElements.get(")
WAITS = ("whenDefined", "customElements.get", "onload", '"load"', "'load'", "typeof")
LATE = ("async", "defer")
WRONG = (
    {
        "chat.js": """function configure() {
  const chat = document.querySelector("openai-chatkit");
  if (!chat.setOptions) return setTimeout(configure, 100);
  chat.setOptions(options);
}
"""
    },
    {
        "index.html": f"""<html>
  <head><script async src="{SCRIPT_URL}"></script></head>
  <body>
    <openai-chatkit id="chat"></openai-chatkit>
    <script>document.getElementById("chat").setOptions(chatOptions);</script>
  </body>
</html>
"""
    },
)
RIGHT = {
    "chat.js": """customElements.whenDefined("openai-chatkit").then(() => {
  document.querySelector("openai-chatkit").setOptions(options);
});
"""
}


def check(project: Project) -> Findings:
    for script in project.scripts:
        for timer in script.calls(*TIMERS):
            for given in script.arguments(timer)[:1]:
                if any(word in _source(script, given) for word in ASKS):
                    message = "Asking by timer fails on slow networks; whenDefined waits."
                    yield Finding.at(script, timer, message)
        if _is_late(script) and not any(word in script.text for word in WAITS):
            for call in list(script.calls("setOptions"))[:1]:
                message = "The element may not be defined yet: then this fails."
                yield Finding.at(script, call, message)


def _source(script: Script, given: Any) -> str:
    """Of a function, given by its name or as it is."""
    return script.source(script.definitions.get(script.source(given), given))


def _is_late(page: Script) -> bool:
    return any(
        tag.attributes.get("src", "").startswith(SCRIPT_URL)
        and (
            any(word in tag.attributes for word in LATE)
            or "module" in tag.attributes.get("type", "")
        )
        for tag in page.tags
    )
