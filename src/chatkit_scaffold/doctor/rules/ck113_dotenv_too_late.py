"""The environment file is read after the modules that need it

Python runs an imported module at once. One that reads the environment while it is imported does so
before a later `load_dotenv()`: the key is missing although it is in `.env` ("Missing credentials").
Load the file in the first lines of the entry module, before imports of your own.
"""

import ast

from chatkit_scaffold.doctor.rule import WARNING, Call, Finding, Findings, Project, scope

SEVERITY = WARNING
READERS = ("os.getenv", "os.environ.get", "openai.AsyncOpenAI", "openai.OpenAI")
_IMPORTS = "from dotenv import load_dotenv\n\n"
WRONG = {
    "app/config.py": 'import os\n\nimport chatkit\n\nkey = os.getenv("OPENAI_API_KEY")\n',
    "app/main.py": _IMPORTS + "from app.config import key\n\nload_dotenv()\n",
}
RIGHT = {
    **WRONG,
    "app/main.py": _IMPORTS + "load_dotenv()\n\nfrom app.config import key\n",
}


def check(project: Project) -> Findings:
    for call in project.python.calls("dotenv.load_dotenv"):
        if call.module.function_of(call.node):
            continue
        for node in _imports_before(call):
            if any(_reads(project, call, node, alias) for alias in node.names):
                message = f"{node.module} has read the environment before .env is loaded."
                yield Finding.at(call.module, call.node, message)
                break


def _imports_before(call: Call) -> list[ast.ImportFrom]:
    body = call.module.tree.body
    return [n for n in body if isinstance(n, ast.ImportFrom) and n.lineno < call.node.lineno]


def _reads(project: Project, call: Call, node: ast.ImportFrom, alias: ast.alias) -> bool:
    """Whether the module that the name comes from reads a key while it is imported."""
    names = project.python.names
    path = names.find(node.module or "", call.module.path, node.level)
    inner = names.find(f"{node.module}.{alias.name}", call.module.path, node.level)
    module = project.python.load(inner or path) if inner or path else None
    if module is None or "load_dotenv" in module.text or "BaseSettings" in module.text:
        return False
    return any(
        isinstance(n, ast.Call)
        and project.python.meaning(module, n.func) in READERS
        and (n.args or not n.keywords or "api_key" not in [word.arg for word in n.keywords])
        for n in scope(module.tree)
    )
