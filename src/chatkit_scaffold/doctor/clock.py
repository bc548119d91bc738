"""When something was made, by which clock."""

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_scaffold.doctor.python import Module

if TYPE_CHECKING:
    from chatkit_scaffold.doctor.backend import Backend

NOW = ("datetime.now", "datetime.utcnow")
STEPS = 3


def moments(
    backend: "Backend", module: Module, value: ast.expr, steps: int = STEPS
) -> Iterator[tuple[Module, ast.Call]]:
    """The calls that may have made a time, `a if b else c` and `.isoformat()` looked through."""
    place, made = backend.values.origin(module, value)
    match made:
        case ast.Call(func=ast.Attribute(value=inner, attr="isoformat")) if steps:
            yield from moments(backend, place, inner, steps - 1)
        case ast.Call():
            yield place, made
        case ast.IfExp(body=one, orelse=other) if steps:
            yield from moments(backend, place, one, steps - 1)
            yield from moments(backend, place, other, steps - 1)


def is_now(backend: "Backend", module: Module, value: ast.expr | None) -> bool:
    """Whether it is the time at which the code runs."""
    return value is not None and any(
        backend.meaning(place, made.func).endswith(NOW)
        for place, made in moments(backend, module, value)
    )
