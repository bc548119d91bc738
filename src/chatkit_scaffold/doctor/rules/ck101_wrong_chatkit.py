"""The package called `chatkit` is another one

On the Python index `chatkit` is an unrelated package. OpenAI's is `openai-chatkit`; only its
modules are called `chatkit`. Without it: "No module named 'chatkit.server'".
"""

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Project

SEVERITY = ERROR
WRONG = {
    "requirements.txt": "chatkit>=0.1.0\nfastapi\n",
    "app/models.py": "from chatkit.types import ThreadMetadata\n",
}
RIGHT = {**WRONG, "requirements.txt": "openai-chatkit>=1.6.5,<1.7\nfastapi\n"}


def check(project: Project) -> Findings:
    for found in project.depends_on("chatkit"):
        if found.is_node:
            continue
        edits = [Edit(found.path, *found.span, "openai-chatkit")]
        if found.bounds:  # those of the other package
            edits.append(Edit(found.path, *found.end, project.sdk.pair("openai-chatkit")))
        message = "This is not OpenAI's ChatKit, which is called openai-chatkit."
        plain = project.files.plain(found.path)
        yield Finding.at(plain, found.span, message, Fix(tuple(edits), safe=True))
