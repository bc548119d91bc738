"""A variable of the shell hides the one in the environment file

`load_dotenv()` and pydantic-settings leave variables alone that are already set. The app then uses
a key from the shell, of another account perhaps: "Incorrect API key", "Workflow not found", or the
wrong bill. Unset it, or call `load_dotenv(override=True)` if the file is to win.
"""

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Project, is_example

SEVERITY = WARNING
WRONG = {
    ".env": "OPENAI_API_KEY=sk-of-this-project\n",
    ".gitignore": ".env\n",
    "app/main.py": "import chatkit\nfrom dotenv import load_dotenv\n\nload_dotenv()\n",
    "$OPENAI_API_KEY": "sk-of-another",
}
RIGHT = {**WRONG, "app/main.py": WRONG["app/main.py"].replace("()", "(override=True)")}


def check(project: Project) -> Findings:
    calls = list(project.python.calls("dotenv.load_dotenv"))
    if any(project.python.values.constant(c.module, c.argument("override")) for c in calls):
        return
    reads_file = calls or any("env_file" in module.text for module in project.python.modules)
    for found in project.variables if reads_file else ():
        process = project.machine.variables.get(found.name, found.value)
        is_key = found.name.endswith("_API_KEY") and found.value and not found.is_placeholder
        if is_key and process != found.value and not is_example(found.path):
            message = f"{found.name} of this shell differs, and it is the one that counts."
            yield Finding.at(project.files.plain(found.path), found.span, message)
