"""A secret key is in a variable of the page

Variables that begin with `NEXT_PUBLIC_`, `VITE_` and the like are written into the files that every
visitor downloads. A key of a model provider in one of them is everybody's, and so is its bill.
"""

import re

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project

SEVERITY = ERROR
PUBLIC = r"(?:NEXT_PUBLIC|VITE|REACT_APP|PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|GATSBY)_"
PROVIDERS = "OPENAI|ANTHROPIC|GEMINI|OPENROUTER|GROQ|MISTRAL|DEEPSEEK|COHERE|TOGETHER|XAI"
SECRET = re.compile(rf"\b{PUBLIC}(?:\w*(?:{PROVIDERS})_(?:API_)?KEY|\w*SECRET(?:_KEY)?)\b")
WRONG = (
    {
        "src/chat.ts": """import { useChatKit } from "@openai/chatkit-react";

export const key = import.meta.env.VITE_OPENAI_API_KEY;
"""
    },
    {".env": "NEXT_PUBLIC_OPENAI_API_KEY=\n", "src/chat.ts": "import '@openai/chatkit-react';\n"},
)
RIGHT = {
    ".env": "VITE_CHATKIT_DOMAIN_KEY=\n",
    "src/chat.ts": """import { useChatKit } from "@openai/chatkit-react";

export const key = import.meta.env.VITE_CHATKIT_DOMAIN_KEY;
""",
}


def check(project: Project) -> Findings:
    for script in project.scripts:
        for match in SECRET.finditer(script.text):
            message = f"Every visitor can read {match[0]}: it belongs to the backend alone."
            yield Finding.at(script, match.span(), message)
    for variable in project.variables if project.frontends or project.scripts else ():
        if SECRET.fullmatch(variable.name):
            message = f"Every visitor will be able to read {variable.name}."
            yield Finding.at(project.files.plain(variable.path), variable.span, message)
