"""ChatKit is loaded, and no page shows it

The script only defines the element `<openai-chatkit>`. Until a page has one and gives it options,
or a component calls `useChatKit`, visitors download it for nothing.
"""

from chatkit_scaffold.doctor.rule import SCRIPT_URL, WARNING, Finding, Findings, Project

SEVERITY = WARNING
USES = ("openai-chatkit", "useChatKit", "setOptions", "OpenAIChatKit")
WRONG = {
    "index.html": f"""<!doctype html>
<html>
  <head><script async src="{SCRIPT_URL}"></script></head>
  <body><div id="chatkit"></div></body>
</html>
"""
}
RIGHT = {
    "index.html": WRONG["index.html"].replace(
        '<div id="chatkit"></div>', "<openai-chatkit></openai-chatkit>"
    )
}


def check(project: Project) -> Findings:
    scripts = project.scripts
    if any(word in script.text for script in scripts for word in USES):
        return
    for script in scripts:
        start = script.text.find(SCRIPT_URL)
        if start >= 0 and (script.tags or "<" in script.text):
            spot = (start, start + len(SCRIPT_URL))
            yield Finding.at(script, spot, "Nothing on the page uses what this loads.")
            return
