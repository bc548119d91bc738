"""Style sheets do not reach into the chat

ChatKit draws inside a frame of OpenAI's: rules for what lies in `<openai-chatkit>` match nothing,
now and later. Colours, fonts, corners and density are options of the `theme`.
"""

import re

from chatkit_scaffold.doctor.rule import INFO, Finding, Findings, Project

SEVERITY = INFO
INSIDE = re.compile(
    r"(?<![<\w/-])openai-chatkit(\s*>\s*|\s+|::part\()[.#\w*\[:][^{};<>()]*\{[^}]*:"
)
WRONG = {
    "index.html": """<html>
  <head>
    <style>openai-chatkit .message { color: green; }</style>
    <script async src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js"></script>
  </head>
  <body><openai-chatkit></openai-chatkit></body>
</html>
"""
}
RIGHT = {
    "index.html": WRONG["index.html"].replace(" .message { color: green; }", " { height: 100%; }")
}


def check(project: Project) -> Findings:
    for script in project.scripts:
        for match in INSIDE.finditer(script.text):
            message = "This matches nothing: the chat is in a frame. The theme option styles it."
            yield Finding.at(script, match.span(), message)
