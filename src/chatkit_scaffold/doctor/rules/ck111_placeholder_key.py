"""A key in the environment file is still a placeholder

Every answer fails: "Incorrect API key provided". Put the provider's key there, or remove the line
where the key comes from elsewhere.
"""

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project, is_example

SEVERITY = ERROR
WRONG = {
    ".env": "OPENROUTER_API_KEY=your_key_here\n",
    ".gitignore": ".env\n",
    "app/config.py": 'import os\nimport chatkit\n\nkey = os.environ["OPENROUTER_API_KEY"]\n',
}
RIGHT = (
    {".env.example": WRONG[".env"], **{p: t for p, t in WRONG.items() if p != ".env"}},
    {**WRONG, "$OPENROUTER_API_KEY": "sk-or-real"},
)


def check(project: Project) -> Findings:
    texts = [module.text for module in project.python.modules]
    for found in project.variables:
        if not found.value or not found.is_placeholder or is_example(found.path):
            continue
        used = found.name == "OPENAI_API_KEY" or any(found.name in text for text in texts)
        if found.name.endswith("_API_KEY") and used and found.name not in project.machine.variables:
            message = f"{found.name} is a placeholder: its provider refuses every request."
            yield Finding.at(project.files.plain(found.path), found.span, message)
