"""Who a request says that it is, and who everybody is that does not say."""

import ast
import re
from collections.abc import Iterator

from chatkit_scaffold.doctor.syntax import Function, walk

CLAIM = re.compile(
    r"(\w+[-_])?(user|account|customer|owner)([-_]?id)|userid|(x-)(user|customer)", re.IGNORECASE
)
SOURCES = ("headers", "query_params")
SHARED = re.compile(
    r"(local|test)?[-_]?(anonymous|anon|default|guest|demo|unknown|public|local|test)"
    r"([-_]?user)?([-_]?\w{1,3})?",
    re.IGNORECASE,
)
USER = re.compile(r"(^|[^a-z])(user|account|customer|owner|session)([-_]?id)?$", re.IGNORECASE)


def claims(function: Function) -> Iterator[ast.AST]:
    """Where a user is read from what anybody can send: a header, a parameter, a field."""
    bodies = set(_bodies(function))
    for node in walk(function):
        match node:
            case ast.Call(func=ast.Attribute(value=source, attr="get"), args=[key, *_]):
                name = getattr(key, "value", "")
            case ast.Subscript(value=source, slice=ast.Constant(value=name)):
                pass
            case _:
                continue
        sent = getattr(source, "attr", "") in SOURCES or getattr(source, "id", "") in bodies
        if sent and CLAIM.fullmatch(str(name)):
            yield node
    arguments = function.args
    late = zip(reversed(arguments.args), reversed(arguments.defaults), strict=False)
    for argument, default in late:
        made = getattr(getattr(default, "func", None), "id", "")
        if made in ("Header", "Query", "Body", "Cookie") and CLAIM.fullmatch(argument.arg):
            yield argument


def _bodies(function: Function) -> Iterator[str]:
    """The variables that hold the parsed body, or what was taken out of it."""
    known: set[str] = set()
    for node in walk(function):
        if isinstance(node, ast.Assign) and _is_body(node.value, known):
            found = {target.id for target in node.targets if isinstance(target, ast.Name)}
            known |= found
            yield from found


def _is_body(value: ast.expr, known: set[str]) -> bool:
    match value:
        case ast.Await(value=ast.Call(func=ast.Attribute(attr="json"), args=[])):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id="json"), attr="loads")):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get")):
            return name in known
        case ast.Subscript(value=ast.Name(id=name)):
            return name in known
        case ast.BoolOp(values=[first, *_]):
            return _is_body(first, known)
    return False


def shared(node: ast.AST, *, is_store: bool) -> ast.expr | None:
    """The word that stands for every user without a name. In a store `return "default"` is
    enough: the key for what belongs to nobody."""
    match node:
        case ast.BoolOp(op=ast.Or(), values=[*first, ast.Constant(value=str(word)) as last]):
            about_user = any(USER.search(_key(value)) for value in first)
        case ast.Call(
            func=ast.Attribute(attr="get"), args=[key, ast.Constant(value=str(word)) as last]
        ):
            about_user = bool(USER.search(str(getattr(key, "value", ""))))
        case ast.IfExp(body=kept, orelse=ast.Constant(value=str(word)) as last):
            about_user = bool(USER.search(_key(kept)))
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(word)) as last):
            about_user = bool(USER.search(name))
        case ast.Return(value=ast.Constant(value=str(word)) as last):
            about_user = is_store
        case _:
            return None
    return last if about_user and SHARED.fullmatch(word) else None


def written_down(node: ast.AST) -> ast.expr | None:
    """The user of a hosted session, where that is a word: everybody is one user."""
    match node:
        case ast.Dict(keys=keys, values=values):
            entries = {str(getattr(k, "value", "")): v for k, v in zip(keys, values, strict=True)}
        case ast.Call(keywords=words):
            entries = {word.arg: word.value for word in words if word.arg}
        case _:
            return None
    user = entries.get("user") if "workflow" in entries else None
    return user if isinstance(user, ast.Constant) and isinstance(user.value, str) else None


def _key(value: ast.expr) -> str:
    """What a value is called: a name, an attribute, or the key it is looked up by."""
    match value:
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(key)), *_]):
            return key
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            return key
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""
