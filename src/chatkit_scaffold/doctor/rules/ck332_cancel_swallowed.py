"""respond catches what stops it

A bare `except:` (or `BaseException`) also catches the cancellation of a turn and the closing of the
stream. Stop does nothing then: the model runs on and is paid for, or Python complains that the
generator ignored its end. `except Exception` is what is meant.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Edit, Finding, Findings, Fix, Module, Project

SEVERITY = ERROR
WRONG = {
    "app/server.py": """
import logging

from chatkit.server import ChatKitServer


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        try:
            yield await self.answer(thread)
        except:
            logging.exception("The turn failed")
"""
}
RIGHT = {"app/server.py": WRONG["app/server.py"].replace("except:", "except Exception:")}


def check(project: Project) -> Findings:
    for found in project.python.servers:
        method = found.own.get("respond")
        for node in ast.walk(method.node) if method else ():
            for handler in node.handlers if isinstance(node, ast.Try) and _waits(node) else ():
                if method and _catches_all(handler):
                    message = "Stop does nothing: this catches the end of the turn as well."
                    fix = _fix(method.module, handler)
                    yield Finding.at(method.module, handler, message, fix)


def _waits(attempt: ast.Try) -> bool:
    """Only where it waits or yields can a turn be stopped."""
    waits = (ast.Await, ast.Yield, ast.AsyncFor, ast.AsyncWith)
    return any(isinstance(n, waits) for statement in attempt.body for n in ast.walk(statement))


def _catches_all(handler: ast.ExceptHandler) -> bool:
    broad = handler.type is None or getattr(handler.type, "id", "") == "BaseException"
    return broad and not any(isinstance(n, ast.Raise) for n in ast.walk(handler))


def _fix(module: Module, handler: ast.ExceptHandler) -> Fix:
    if handler.type is not None:
        return Fix((Edit.replace(module, handler.type, "Exception"),), safe=True)
    place = module.span(handler)[0] + len("except")
    return Fix((Edit.insert(module, place, " Exception"),), safe=True)
