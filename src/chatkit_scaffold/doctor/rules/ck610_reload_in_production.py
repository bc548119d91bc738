"""The production command restarts at every change of a file

`--reload` watches the files and runs a single process: a log or a database beside the code restarts
the server in mid-answer. It is for the desk; leave it out of images and Procfiles.
"""

import re

from chatkit_scaffold.doctor.rule import WARNING, Edit, Finding, Findings, Fix, Project

SEVERITY = WARNING
FILE = re.compile(r"(dockerfile|procfile|render\.yaml|fly\.toml|railway\.json)", re.IGNORECASE)
RUNS = re.compile(r"uvicorn|fastapi|gunicorn|granian|hypercorn")
FLAG = re.compile(r"\s--reload\b(?!-)|,\s*\"--reload\"")
WRONG = (
    {
        "Dockerfile": 'FROM python:3.12\nCMD ["uvicorn", "app.main:app", "--reload"]\n',
        "app/models.py": "from chatkit.types import Page\n",
    },
    {
        "Procfile": "web: uvicorn app.main:app --reload --port $PORT\n",
        "app/models.py": "from chatkit.types import Page\n",
    },
)
RIGHT = (
    {**WRONG[0], "Dockerfile": 'FROM python:3.12\nCMD ["uvicorn", "app.main:app"]\n'},
    {"Dockerfile.dev": WRONG[0]["Dockerfile"], "app/models.py": WRONG[0]["app/models.py"]},
)


def check(project: Project) -> Findings:
    for path in project.files.paths:
        if not FILE.fullmatch(path.rpartition("/")[2]):
            continue
        text = project.files.text(path)
        for found in FLAG.finditer(text):
            start = text.rfind("\n", 0, found.start()) + 1
            line = text[start : found.end()]
            if RUNS.search(line) and not line.lstrip().startswith("#"):
                fix = Fix((Edit(path, *found.span(), ""),))
                message = "A changed file restarts the server in the middle of an answer."
                yield Finding.at(project.files.plain(path), found.span(), message, fix)
