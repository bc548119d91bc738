"""Some options are changed, and the others are lost

`setOptions` replaces all options and merges nothing. Called with a theme alone it takes the `api`
away, and ChatKit refuses the rest: the chat of somebody who only switched to dark is gone.
"""

from chatkit_scaffold.doctor.rule import ELEMENT, WARNING, Finding, Findings, Project

SEVERITY = WARNING
WRONG = {
    "chat.js": """chatkit.setOptions({ api: { url: "https://a.example/chat", domainKey: KEY } });
darkMode.addEventListener("change", () => chatkit.setOptions({ theme: "dark" }));
"""
}
RIGHT = {
    "chat.js": """const options = { api: { url: "https://a.example/chat", domainKey: KEY } };
chatkit.setOptions(options);
darkMode.addEventListener("change", () => chatkit.setOptions({ ...options, theme: "dark" }));
"""
}


def check(project: Project) -> Findings:
    for setup in project.setups:
        if setup.by == ELEMENT and setup.lacks("api"):
            yield Finding.at(setup.script, setup.call, "All other options are lost, api included.")
