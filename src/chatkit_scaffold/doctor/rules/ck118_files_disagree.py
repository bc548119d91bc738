"""Two files ask for versions that exclude each other

`requirements.txt` says one thing and `pyproject.toml` or the lock file another: what is installed
depends on who installs, and an error that one of you sees nobody else can repeat. Keep one list.
"""

from collections.abc import Iterator

from chatkit_scaffold.doctor.rule import WARNING, Dependency, Finding, Findings, Project

SEVERITY = WARNING
SDKS = ("openai-chatkit", "openai-agents", "openai")
WRONG = {
    "pyproject.toml": '[project]\nname = "a"\nversion = "1"\n'
    'dependencies = ["openai-chatkit>=1.6.5,<1.7"]\n',
    "requirements.txt": "openai-chatkit==1.5.0\n",
}
RIGHT = {**WRONG, "requirements.txt": "openai-chatkit==1.6.5\n"}


def check(project: Project) -> Findings:
    listed = [d for d in project.depends_on(*SDKS) if not d.is_node]
    for found in listed:
        for path, version in _others(project, listed, found):
            if not found.allows(version):
                message = f"{path} has {found.name} {version}, which this range excludes."
                yield Finding.at(project.files.plain(found.path), found.span, message)


def _others(
    project: Project, listed: list[Dependency], found: Dependency
) -> Iterator[tuple[str, str]]:
    """The exact versions that the lock and the files in the same folder say."""
    folder = found.path.rpartition("/")[0]
    for lock, name, version in project.locked(found.path):
        # A file of requirements has nothing to do with the lock of a pyproject.toml.
        if name == found.name and found.path.endswith("pyproject.toml"):
            yield lock, version
    for other in listed:
        same = other.name == found.name and other.path.rpartition("/")[0] == folder
        if same and other.path != found.path and other.bounds.startswith("=="):
            yield other.path, other.bounds.lstrip("= ")
