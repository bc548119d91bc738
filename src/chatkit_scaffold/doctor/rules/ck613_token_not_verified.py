"""A token is believed without being verified

Anybody can write a token with another user's name in it. `jwt.decode` must check the signature with
the key and the algorithms you expect, and a header's `Bearer ` must be looked for before it is cut
off.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Function, Module, Project

SEVERITY = ERROR
UNVERIFIED = ("jose.jwt.get_unverified_claims", "jwt.get_unverified_claims")
DECODERS = ("jwt.decode", "jose.jwt.decode")
BEARER = 7
WRONG = (
    {
        "app/identity.py": """
import chatkit
import jwt


def user_of(token):
    return jwt.decode(token, options={"verify_signature": False})["sub"]
"""
    },
    {
        "app/identity.py": """
import chatkit


def token_of(request):
    header = request.headers.get("Authorization", "")
    return header[7:]
"""
    },
)
RIGHT = (
    {
        "app/identity.py": WRONG[0]["app/identity.py"].replace(
            'options={"verify_signature": False}', 'key(), algorithms=["HS256"]'
        )
    },
    {
        "app/identity.py": WRONG[1]["app/identity.py"].replace(
            "header[7:]", 'header[7:] if header.lower().startswith("bearer ") else ""'
        )
    },
)


def check(project: Project) -> Findings:
    for call in project.python.calls(*DECODERS, *UNVERIFIED):
        flat = ast.unparse(call.node).replace('"', "'")
        unchecked = "'verify_signature': False" in flat or "verify=False" in flat
        none = "'none'" in ast.unparse(call.argument("algorithms") or ast.Constant("")).lower()
        verified_too = len(list(project.python.calls(*DECODERS))) > 1  # a look before the check
        if call.name in UNVERIFIED or none or (unchecked and not verified_too):
            message = "Anybody can write such a token: nothing checks who signed it."
            yield Finding.at(call.module, call.node, message)
    for module in project.python.modules:
        for node in module.all(ast.Subscript):
            function = module.function_of(node)
            if function and _cuts_bearer(node) and not _looks_for_bearer(module, function):
                message = "Seven characters are cut off whatever they say."
                yield Finding.at(module, node, message)


def _cuts_bearer(node: ast.Subscript) -> bool:
    match node.slice:
        case ast.Slice(lower=ast.Constant(value=7), upper=None):
            name = ast.unparse(node.value).lower()
            return "auth" in name or "header" in name
    return False


def _looks_for_bearer(module: Module, function: Function) -> bool:
    text = module.source(function).lower()
    return "startswith" in text or "[:7]" in text or "bearer" in text
