"""How projects give messages ids of their own, and the helper for those that do not."""

import ast
from dataclasses import dataclass

from chatkit_scaffold.doctor.backend import Backend
from chatkit_scaffold.doctor.providers import find_chat_models
from chatkit_scaffold.doctor.python import Module
from chatkit_scaffold.doctor.syntax import Function, scope

STREAM = "stream_agent_response"
FAKE = ("__fake_id__", "FAKE_RESPONSES_ID", "FAKE_ID")
NAME = "unique_message_ids"
HELPER = '''async def unique_message_ids(events, new_id):
    """Chat Completions models give all messages one placeholder id; here each gets its own."""
    placeholder = "__fake_id__"
    issued = []
    current = None
    async for event in events:
        item = getattr(event, "item", None)
        if item is not None and item.id == placeholder:
            # A client tool call is done without having been added.
            if event.type == "thread.item.added" or current is None:
                current = new_id()
                issued.append(current)
            event = event.model_copy(update={"item": item.model_copy(update={"id": current})})
            if event.type == "thread.item.done":
                current = None
        elif getattr(event, "item_id", None) == placeholder:
            if event.type == "thread.item.removed":
                # A guardrail takes back whatever was said in this turn.
                for known in issued:
                    yield event.model_copy(update={"item_id": known})
                issued.clear()
                continue
            event = event.model_copy(update={"item_id": current})
        yield event
'''


@dataclass(frozen=True, eq=False)
class Remap:
    """A function that changes the ids of items in a stream of events."""

    module: Module
    function: Function
    change: ast.AST
    item_ids: bool  # those of updates as well
    each: bool  # a new one for each message
    resets: bool  # so that a client tool call, which is only done, gets one of its own


def find_remaps(backend: Backend) -> list[Remap]:
    found = []
    fakes = any(True for _ in find_chat_models(backend))
    for module in backend.modules:
        if not any(word in module.text for word in (*FAKE, STREAM)):
            continue
        for function in module.functions:
            nodes = list(scope(function))
            change = next((n for n in nodes if _changes_item(n)), None)
            loops = [n for n in nodes if isinstance(n, ast.AsyncFor)]
            source = module.source(function)
            if change and (any(word in source for word in FAKE) or _streams(loops)):
                inside = [n for loop in loops for n in ast.walk(loop)]
                once = _made_once(inside) if fakes or any(w in source for w in FAKE) else set()
                made = sum(_makes_id(n) for n in inside if n not in once)
                item_ids = any(_changes_item_id(n) for n in nodes)
                resets = made > 1 or _sets_again(inside)
                found.append(Remap(module, function, change, item_ids, made > 0, resets))
    return found


def _streams(loops: list[ast.AsyncFor]) -> bool:
    """Over the events of ChatKit, whose items are changed whatever their id."""
    return any(
        getattr(loop.iter.func, "id", "") == STREAM
        for loop in loops
        if isinstance(loop.iter, ast.Call)
    )


def _made_once(nodes: list[ast.AST]) -> set[ast.AST]:
    """What runs for the first message only: `if old not in ids: ids[old] = new_id()`, where every
    message comes with the same old id and nothing is ever forgotten."""
    once: set[ast.AST] = set()
    for node in nodes:
        match node:
            case ast.If(test=ast.Compare(ops=[ast.NotIn()], comparators=[ast.Name(id=ids)])):
                if not any(_forgets(n, ids) for n in nodes):
                    once.update(n for statement in node.body for n in ast.walk(statement))
            case ast.Call(func=ast.Attribute(value=ast.Name(id=ids), attr="setdefault")):
                if not any(_forgets(n, ids) for n in nodes):
                    once.update(ast.walk(node))
    return once


def _forgets(node: ast.AST, ids: str) -> bool:
    match node:
        case ast.Delete(targets=[ast.Subscript(value=ast.Name(id=name))]):
            return name == ids
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="pop" | "clear")):
            return name == ids
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name == ids
    return False


def _changes_item(node: ast.AST) -> bool:
    """`event.item.id = x`, `item.id = x`, `item.model_copy(update={"id": x})`."""
    match node:
        case ast.Assign(targets=targets):
            return any(isinstance(t, ast.Attribute) and t.attr == "id" for t in targets)
        case ast.Call(func=ast.Attribute(attr="model_copy"), keywords=[ast.keyword(value=update)]):
            return "id" in _keys(update)
    return False


def _changes_item_id(node: ast.AST) -> bool:
    match node:
        case ast.Assign(targets=targets):
            return any(isinstance(t, ast.Attribute) and t.attr == "item_id" for t in targets)
        case ast.Call(keywords=keywords):
            return any(k.arg == "item_id" or "item_id" in _keys(k.value) for k in keywords)
    return False


def _sets_again(nodes: list[ast.AST]) -> bool:
    """Whether a variable gets a value in two places."""
    names = [n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return len(names) > len(set(names))


def _keys(node: ast.expr) -> list[object]:
    keys = node.keys if isinstance(node, ast.Dict) else []
    return [key.value for key in keys if isinstance(key, ast.Constant)]


def _makes_id(node: ast.AST) -> bool:
    """A call that may make an id: in the loop each message can have its own."""
    if not isinstance(node, ast.Call):
        return False
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    return any(word in name.lower() for word in ("id", "uuid", "hex", "token"))
