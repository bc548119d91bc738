"""A token is believed without being verified

Anybody can write a token with another user's name in it. `jwt.decode` must check the signature with
the key and the algorithms you expect, and a header's `Bearer ` must be looked for before it is cut
off.
"""

import ast
import re

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Module, Project

SEVERITY = ERROR
BY_HAND = ("base64.urlsafe_b64decode", "base64.b64decode")
UNVERIFIED = ("jose.jwt.get_unverified_claims", "jwt.get_unverified_claims")
DECODERS = ("jwt.decode", "jose.jwt.decode")
NOBODY = "Anybody can write such a token: nothing checks who signed it."
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
        unchecked = re.search("verify_signature': False|verify=False", ast.unparse(call.node))
        none = "'none'" in ast.unparse(call.argument("algorithms") or ast.Constant("")).lower()
        once = len(list(project.python.calls(*DECODERS))) == 1  # else it may be a first look
        if call.name in UNVERIFIED or none or (unchecked and once):
            yield Finding.at(call.module, call.node, NOBODY)
    for call in project.python.calls(*BY_HAND):
        around = call.module.function_of(call.node)
        if around and _reads_token(call.module.source(around)):
            yield Finding.at(call.module, call.node, NOBODY)
    for module in project.python.modules:
        for node in module.all(ast.Subscript):
            if _cuts_blindly(module, node):
                yield Finding.at(module, node, "Seven characters are cut off whatever they say.")


def _reads_token(text: str) -> bool:
    return "json.loads" in text and ".split(" in text and not re.search(r"hmac|verify\(", text)


def _cuts_blindly(module: Module, node: ast.Subscript) -> bool:
    match node.slice, module.function_of(node):
        case ast.Slice(lower=ast.Constant(value=7), upper=None), ast.AST() as function:
            looks = re.search(r"startswith|\[:7\]|bearer", module.source(function), re.IGNORECASE)
            return not looks and bool(re.search("auth|header", ast.unparse(node.value), re.I))
    return False
