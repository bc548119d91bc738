"""The next release of an SDK is installed without being asked for

ChatKit changed what apps rely on in 1.1, 1.4, 1.5 and 1.6, and the Agents SDK does in most of its
minor versions. Without an upper bound, and without a lock file, the next deployment installs
whatever is newest. Bound both to the minor version that the app was tried with.
"""

from chatkit_scaffold.doctor.rule import WARNING, Edit, Finding, Findings, Fix, Project

SEVERITY = WARNING
WRONG = {
    "requirements.txt": "openai-chatkit>=0.1.0\nopenai-agents\n",
    "app/models.py": "from chatkit.types import Page\n",
}
RIGHT = (
    {**WRONG, "requirements.txt": "openai-chatkit>=1.6.5,<1.7\nopenai-agents==0.24.0\n"},
    {
        "pyproject.toml": '[project]\nname = "a"\nversion = "1"\n'
        'dependencies = ["openai-chatkit>=1.6"]\n',
        "uv.lock": '[[package]]\nname = "openai-chatkit"\nversion = "1.6.5"\n',
        "app/models.py": WRONG["app/models.py"],
    },
)


def check(project: Project) -> Findings:
    for found in project.depends_on("openai-chatkit", "openai-agents"):
        constraint = found.bounds.startswith("@") or project.locked(found.path)
        if found.is_node or found.has_ceiling or constraint:
            continue
        bounds = project.sdk.pair(found.name)
        newer = found.floor > tuple(map(int, project.sdk.version(found.name).split(".")))
        fix = None if newer else Fix((Edit(found.path, *found.end, bounds),), safe=True)
        message = f"The next {found.name} comes with the next deployment, tried or not."
        yield Finding.at(project.files.plain(found.path), found.span, message, fix)
