"""The environment file is not kept out of git

A file with keys that git does not ignore is one `git add .` away from being public. Add it to
`.gitignore`. If it was ever committed, change every key in it: deleting the file does not help.
"""

import re

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Project, is_example

SEVERITY = ERROR
SECRET = re.compile(r".*(KEY|SECRET|TOKEN|PASSWORD)")
WRONG = {
    ".env": "OPENAI_API_KEY=sk-mine\n",
    ".gitignore": "node_modules/\n",
    "app/main.py": "import chatkit\n",
}
RIGHT = {**WRONG, ".gitignore": "node_modules/\n.env*\n!.env.example\n"}


def check(project: Project) -> Findings:
    ignores = project.files.named(".gitignore")
    for path in dict.fromkeys(v.path for v in project.variables):
        secrets = [
            v for v in project.variables
            if v.path == path and v.value and not v.is_placeholder and SECRET.fullmatch(v.name)
        ]  # fmt: skip
        public = [v for v in secrets if not v.name.startswith(("VITE_", "NEXT_PUBLIC_"))]
        above = [i for i in ignores if path.startswith(i.removesuffix(".gitignore"))]
        # Without a .gitignore nobody can say that there is git at all.
        if not public or not above or is_example(path) or _is_ignored(project, path, above):
            continue
        text = project.files.text(above[0])
        line = ("" if text.endswith("\n") or not text else "\n") + ".env\n"
        name = path.rpartition("/")[2]
        fix = Fix((Edit(above[0], len(text), len(text), line),), safe=True)
        message = "Git does not ignore this file, and there are keys in it."
        plain = project.files.plain(path)
        yield Finding.at(plain, public[0].span, message, fix if name == ".env" else None)


def _is_ignored(project: Project, path: str, ignores: list[str]) -> bool:
    ignored = False
    for ignore in ignores:
        rest = path.removeprefix(ignore.removesuffix(".gitignore"))
        for line in map(str.strip, project.files.text(ignore).splitlines()):
            if line and not line.startswith("#") and _covers(line.lstrip("!"), rest):
                ignored = not line.startswith("!")
    return ignored


def _covers(pattern: str, path: str) -> bool:
    """One line of a .gitignore; it also covers what lies in a folder it names."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]]*\])", pattern.strip("/"))
    marks = {"**/": "(.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    body = "".join(marks.get(p, p if p.startswith("[") else re.escape(p)) for p in parts)
    start = "" if "/" in pattern.rstrip("/") else "(.*/)?"
    return bool(re.fullmatch(f"{start}{body}(/.*)?", path))
