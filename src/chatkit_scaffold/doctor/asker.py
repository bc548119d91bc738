"""Who asks, as the context of a request tells it: read from the code, or left open with a reason.

A guess would be worse than no answer: two people under one id see each other's conversations.
"""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass

from chatkit_scaffold.doctor.alternatives import alternatives, is_shared
from chatkit_scaffold.doctor.project import Project
from chatkit_scaffold.doctor.python import Module
from chatkit_scaffold.doctor.web import REQUEST_AND_CONTEXT

USER_ID = re.compile(r"user_?(id|uuid)|uid|sub", re.IGNORECASE)
PERSON = re.compile(r"(current_?|auth_?)?(user|account|visitor|member|customer)", re.IGNORECASE)


@dataclass(frozen=True)
class Asker:
    expression: str  # the user's id, from a `context`; empty: nobody can tell
    reason: str = ""  # why nobody can tell


class UnknownError(Exception):
    """Nobody can tell, and why."""


def find_asker(project: Project) -> Asker:
    found: dict[str, None] = {}
    try:
        for endpoint in project.endpoints:
            given = endpoint.call.argument("context", REQUEST_AND_CONTEXT - 1)
            if given is not None:
                found[f"context{_way(project, endpoint.module, given)}"] = None
    except UnknownError as error:
        return Asker("", str(error))
    if len(found) == 1:
        return Asker(*found)
    return Asker("", "the endpoints differ" if found else "no call of `server.process` can be seen")


def _way(project: Project, module: Module, context: ast.expr) -> str:
    """From a context to the id of the user in it: `["user_id"]`, `.user.id`."""
    place, found = project.python.values.origin(module, context)
    kind = _class(project, place, found)
    ways = {_id_of(project, kind)} if kind else set()
    for where, value in [] if kind else alternatives(project.python, place, found):
        match value:
            case ast.Dict(keys=keys, values=values):
                entries = {
                    key.value: value
                    for key, value in zip(keys, values, strict=True)
                    if isinstance(key, ast.Constant) and isinstance(key.value, str)
                }
                ways.add(_inside(project, where, entries, '["{}"]'))
            case ast.Call(func=function):
                made = project.python.names.meaning(where, function).node
                entries = _given(value, made) if isinstance(made, ast.ClassDef) else {}
                ways.add(_inside(project, where, entries, _form(made)))
            case _:
                ways.add("")
    if len(ways) == 1 and any(ways):
        return ways.pop()
    raise UnknownError(f"the context at {module.path}:{context.lineno} does not name a user")


def _inside(project: Project, module: Module, entries: Mapping[str, ast.expr], form: str) -> str:
    for name, value in entries.items():
        if USER_ID.fullmatch(name):
            _check(project, module, value)
            return form.format(name)
    for name, value in entries.items():
        kind = _class(project, module, value) if PERSON.fullmatch(name) else None
        if kind and (way := _id_of(project, kind)):
            return form.format(name) + way
    return ""


def _check(project: Project, module: Module, user: ast.expr) -> None:
    """Refuses an id that several people may have."""
    _check_words(project, module, user)
    for place, value in alternatives(project.python, module, user):
        if isinstance(value, ast.Attribute) and (kind := _class(project, place, value.value)):
            _check_made(project, kind, value.attr)


def _check_made(project: Project, kind: ast.ClassDef, field: str) -> None:
    for call in project.python.all_calls:
        made = project.python.names.meaning(call.module, call.node.func).node
        value = _given(call.node, kind).get(field) if made is kind else None
        if value:
            _check_words(project, call.module, value)


def _check_words(project: Project, module: Module, user: ast.expr) -> None:
    for place, value in alternatives(project.python, module, user):
        if is_shared(project.python, place, value):
            at = f"{place.path}:{value.lineno}"
            raise UnknownError(f"{at} gives several people one id, {place.source(value)}")


def _given(call: ast.Call, kind: ast.ClassDef) -> dict[str, ast.expr]:
    """The fields of what is made, by name."""
    by_place = dict(zip(_fields(kind), call.args, strict=False))
    return by_place | {word.arg: word.value for word in call.keywords if word.arg}


def _class(project: Project, module: Module, value: ast.expr) -> ast.ClassDef | None:
    """Of a parameter, as it is annotated."""
    function = module.function_of(value)
    if not isinstance(value, ast.Name) or function is None:
        return None
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    hint = next((a.annotation for a in arguments if a.arg == value.id), None)
    if isinstance(hint, ast.Subscript) and isinstance(hint.slice, ast.Tuple):
        hint = hint.slice.elts[0]  # Annotated[User, Depends(...)]
    found = project.python.names.meaning(module, hint).node if hint else None
    return found if isinstance(found, ast.ClassDef) else None


def _id_of(project: Project, person: ast.ClassDef) -> str:
    """The field with the id; one called `id` counts where the class is that of a person."""
    fields = _fields(person)
    names = [name for name in fields if USER_ID.fullmatch(name)]
    names += ["id"] if "id" in fields and PERSON.search(person.name) else []
    if not names:
        return ""
    _check_made(project, person, names[0])
    default = fields[names[0]]
    if isinstance(default, ast.Constant) and default.value:
        raise UnknownError(f"{person.name}.{names[0]} is {default.value!r} for all who have none")
    return _form(person).format(names[0])


def _fields(kind: ast.ClassDef) -> dict[str, ast.expr | None]:
    return {
        statement.target.id: statement.value
        for statement in kind.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    }


def _form(made: ast.AST | None) -> str:
    bases = made.bases if isinstance(made, ast.ClassDef) else []
    names = [getattr(base, "id", getattr(base, "attr", "")) for base in bases]
    return '["{}"]' if "TypedDict" in names else ".{}"
