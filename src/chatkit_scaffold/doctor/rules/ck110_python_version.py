"""The Python version does not fit the SDKs

Both SDKs need Python 3.10. Below it nothing can be installed: "Requires-Python", or "the requested
Python version does not satisfy". A floor of 3.13 keeps people with 3.10 to 3.12 out for no reason
of the SDKs.
"""

import re

from chatkit_scaffold.doctor.rule import ERROR, INFO, Edit, Finding, Findings, Fix, Project

SEVERITY = ERROR
LOWEST, NEEDLESS = (3, 10), (3, 13)
IMAGE = re.compile(r"^FROM\s+(?:\S+/)?python:(\d+)\.(\d+)", re.MULTILINE | re.IGNORECASE)
_HEAD = '[project]\nname = "a"\nversion = "1"\n'
WRONG = (
    {
        "pyproject.toml": _HEAD + 'requires-python = ">=3.9"\n'
        'dependencies = ["openai-chatkit>=1.6.5,<1.7"]\n',
        "Dockerfile": "FROM python:3.9-slim\n",
        "app/models.py": "from chatkit.types import Page\n",
    },
    {
        "pyproject.toml": _HEAD + 'requires-python = ">=3.13"\n'
        'dependencies = ["openai-chatkit>=1.6.5,<1.7"]\n',
        "app/models.py": "from chatkit.types import Page\n",
    },
)
RIGHT = {
    "pyproject.toml": _HEAD + 'requires-python = ">=3.10"\n'
    'dependencies = ["openai-chatkit>=1.6.5,<1.7"]\n',
    "Dockerfile": "FROM python:3.12-slim\n",
    "app/models.py": "from chatkit.types import Page\n",
}


def check(project: Project) -> Findings:
    sdks = [d for d in project.depends_on("openai-chatkit", "openai-agents") if not d.is_node]
    for path in dict.fromkeys(d.path for d in sdks if d.path.endswith("pyproject.toml")):
        text = project.files.text(path)
        found = re.search(r"^requires-python\s*=\s*[\"'](>=?\s*(\d+)\.(\d+)[^\"']*)", text, re.M)
        if not found:
            continue
        given = int(found[2]), int(found[3])
        plain = project.files.plain(path)
        if given < LOWEST:
            fix = Fix((Edit(path, *found.span(1), ">=3.10"),), safe=True)
            message = "openai-chatkit and openai-agents need Python 3.10: no set of versions fits."
            yield Finding.at(plain, found.span(1), message, fix)
        elif given >= NEEDLESS:
            message = "The SDKs run on Python 3.10 and later."
            fix = Fix((Edit(path, *found.span(1), ">=3.10"),))
            yield Finding.at(plain, found.span(1), message, fix, INFO)
    for path in project.files.paths if sdks else ():
        if "dockerfile" in path.rpartition("/")[2].lower():
            for image in IMAGE.finditer(project.files.text(path)):
                if (int(image[1]), int(image[2])) < LOWEST:
                    message = "The SDKs cannot be installed below Python 3.10."
                    yield Finding.at(project.files.plain(path), image.span(1), message)
