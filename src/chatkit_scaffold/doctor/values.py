"""Where a value comes from: assignments, attributes, one-line functions, defaults of variables."""

import ast

from chatkit_scaffold.doctor.names import Names
from chatkit_scaffold.doctor.python import Module
from chatkit_scaffold.doctor.syntax import Function, scope

MAX_STEPS = 8
GETENV = ("os.getenv", "os.environ.get", "os.get")


class Values:
    def __init__(self, names: Names) -> None:
        self._names = names

    def origin(
        self, module: Module, expression: ast.expr, steps: int = 0
    ) -> tuple[Module, ast.expr]:
        """The expression that made this value, as far as it is certain."""
        found = self._step(module, expression) if steps < MAX_STEPS else None
        return self.origin(*found, steps + 1) if found else (module, expression)

    def _step(self, module: Module, expression: ast.expr) -> tuple[Module, ast.expr] | None:
        match expression:
            case ast.Await(value=value):
                return module, value
            case ast.Name(id=name):
                return self._variable(module, expression, name)
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                return self._attribute(module, expression, name)
            case ast.Attribute():
                return self._assigned(module, expression)
            case ast.Call(func=function, args=[]):
                return self._returned(module, function)
        return None

    def _variable(
        self, module: Module, node: ast.expr, name: str
    ) -> tuple[Module, ast.expr] | None:
        for around in module.above(node):
            if isinstance(around, Function):
                inside = [value for n in scope(around) for value in _assigned_to(n, name)]
                if inside:
                    return (module, inside[0]) if len(inside) == 1 else None
                arguments = [argument.arg for argument in _all_arguments(around)]
                if name in arguments or _binds_otherwise(around, name):
                    return None
        return self._assigned(module, node)

    def _assigned(self, module: Module, node: ast.expr) -> tuple[Module, ast.expr] | None:
        """A name of this module or another one, assigned exactly once."""
        meaning = self._names.meaning(module, node)
        if meaning.module and isinstance(meaning.node, ast.Assign | ast.AnnAssign):
            name = meaning.name.rpartition(":")[2]
            values = [v for n in scope(meaning.module.tree) for v in _assigned_to(n, name)]
            if len(values) == 1:
                return meaning.module, values[0]
        return None

    def _attribute(
        self, module: Module, node: ast.expr, name: str
    ) -> tuple[Module, ast.expr] | None:
        around = module.class_of(node)
        values = [
            value
            for n in (ast.walk(around) if around else ())
            if isinstance(n, ast.Assign | ast.AnnAssign) and n.value
            for target in (n.targets if isinstance(n, ast.Assign) else [n.target])
            if isinstance(target, ast.Attribute) and target.attr == name
            for value in [n.value]
        ]
        return (module, values[0]) if len(values) == 1 else None

    def _returned(self, module: Module, function: ast.expr) -> tuple[Module, ast.expr] | None:
        meaning = self._names.meaning(module, function)
        if meaning.module and isinstance(meaning.node, Function):
            returns = [n for n in scope(meaning.node) if isinstance(n, ast.Return)]
            if len(returns) == 1 and returns[0].value is not None:
                return meaning.module, returns[0].value
        return None

    def constant(self, module: Module, expression: ast.expr | None) -> object:
        """The literal behind an expression; of a variable of the environment, its default."""
        if expression is None:
            return None
        module, found = self.origin(module, expression)
        match found:
            case ast.Constant(value=value):
                return value
            case ast.Call(args=[_, default]) if self._is_getenv(module, found):
                return self.constant(module, default)
            case ast.BoolOp(op=ast.Or(), values=[*_, last]):
                return self.constant(module, last)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as number)):
                return -number
        return None

    def text(self, module: Module, expression: ast.expr | None) -> str:
        value = self.constant(module, expression)
        return value if isinstance(value, str) else ""

    def made_by(self, module: Module, expression: ast.expr | None) -> str:
        """The class or function that made the value: `openai.AsyncOpenAI`."""
        if expression is None:
            return ""
        module, found = self.origin(module, expression)
        return self._names.meaning(module, found.func).name if isinstance(found, ast.Call) else ""

    def _is_getenv(self, module: Module, call: ast.expr) -> bool:
        return isinstance(call, ast.Call) and (
            self._names.meaning(module, call.func).name in GETENV
        )


def _assigned_to(node: ast.AST, name: str) -> list[ast.expr]:
    match node:
        case ast.Assign(targets=targets, value=value):
            return [value for t in targets if isinstance(t, ast.Name) and t.id == name]
        case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value):
            return [value] if target == name else []
        case ast.NamedExpr(target=ast.Name(id=target), value=value):
            return [value] if target == name else []
    return []


def _binds_otherwise(function: Function, name: str) -> bool:
    """By a loop, a `with`, an unpacking or an exception."""
    return any(
        isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store)
        for n in scope(function)
    )


def _all_arguments(function: Function) -> list[ast.arg]:
    given = function.args
    rest = [a for a in (given.vararg, given.kwarg) if a]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *rest]
