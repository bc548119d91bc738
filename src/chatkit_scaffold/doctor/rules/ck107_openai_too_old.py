"""The bounds of `openai` and of `openai-agents` exclude each other

openai-agents 0.21 and later need openai 3. pip either refuses ("ResolutionImpossible") or quietly
installs an openai-agents from long ago. Let openai-agents bring its own openai.
"""

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Project

SEVERITY = ERROR
SINCE = (0, 21)
WRONG = {
    "requirements.txt": "openai-agents==0.24.0\nopenai>=1.57,<2\n",
    "app/models.py": "from chatkit.types import Page\n",
}
RIGHT = {**WRONG, "requirements.txt": "openai-agents==0.24.0\nopenai>=3,<4\n"}


def check(project: Project) -> Findings:
    for agents in project.depends_on("openai-agents"):
        for found in project.depends_on("openai"):
            same = found.path == agents.path and not found.is_node
            if same and agents.floor >= SINCE and not found.allows("3.999"):
                fix = Fix((Edit(found.path, *found.end, ">=3,<4"),))
                message = "This openai-agents needs openai 3, which is excluded here."
                yield Finding.at(project.files.plain(found.path), found.span, message, fix)
