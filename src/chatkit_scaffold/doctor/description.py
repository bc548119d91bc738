"""What was found in a project, for the report."""

from typing import Any

from chatkit_scaffold.doctor.project import Project


def describe(project: Project) -> dict[str, Any]:
    def places(found: list[Any]) -> list[dict[str, Any]]:
        return [{"name": c.name, "path": c.module.path, "line": c.node.lineno} for c in found]

    return {
        "mode": project.mode,
        "files": len(project.files.paths),
        "servers": places(project.python.servers),
        "stores": places(project.python.stores),
        "attachment_stores": places(project.python.attachment_stores),
        "endpoints": [
            {"path": e.module.path, "line": e.call.node.lineno} for e in project.endpoints
        ],
        "frontends": [script.path for script in project.frontends],
        "environment": sorted({variable.path for variable in project.variables}),
        "sdks": project.sdk.sources,
    }
