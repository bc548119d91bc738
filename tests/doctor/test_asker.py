"""Who asks, read from backends that say it, and left open in those that do not."""

import pytest

from chatkit_scaffold.doctor.asker import find_asker
from chatkit_scaffold.doctor.project import from_tree
from tests.adoption.backends import FLAT, NAMELESS

MAIN_PY = str(FLAT["main.py"])
CONTEXT = '{"user_id": user, "ip": request.client.host}'
ANONYMOUS = MAIN_PY.replace("    context =", '    user = user or "anonymous"\n    context =')


@pytest.mark.parametrize(
    ("main", "reason"),
    [
        (str(NAMELESS["main.py"]), "the context at main.py:41 does not name a user"),
        (MAIN_PY.replace('"user_id": user', '"user_id": "demo"'), 'one id, "demo"'),
        (ANONYMOUS, 'one id, "anonymous"'),
        (ANONYMOUS.replace("user = user or", "user = user.on or user.by or"), '"anonymous"'),
        (MAIN_PY.replace("Header()", 'Header("guest")').replace("user: str = Depends(who)",
            'user: str = Header("guest")'), 'one id, "guest"'),
        (MAIN_PY.replace('removeprefix("Bearer ")', 'get("x", "all")').replace(
            "return authorization", "return cookies"), 'one id, "all"'),
        (MAIN_PY.replace(CONTEXT, "make_context(request)"), "does not name a user"),
        (MAIN_PY.replace('"user_id": user', '"user_id": server.owner'), "one id, server.owner"),
        ("import os\n" + MAIN_PY.replace(': user, "', ': os.getenv("WHO"), "'), "os.getenv"),
        ("class User:\n    id: str\n\n\n" + MAIN_PY.replace(CONTEXT, "user").replace(
            "user: str = Depends(who)", "user: User = Depends(lambda: User('me'))"), "id, 'me'"),
        (MAIN_PY.replace(CONTEXT, '{"id": user}'), "does not name a user"),
        (MAIN_PY.replace(': user, "', ': ME["id"], "') + '\n\nME = {"id": "me"}\n', 'id, "me"'),
        (MAIN_PY.replace(': user, "', ': user["id"], "').replace(
            'removeprefix("Bearer ")', "strip()").replace(
            "return authorization.strip()", 'return {"id": "us"}'), 'one id, "us"'),
        (MAIN_PY.replace(': user, "', ': user.id, "').replace(
            'return authorization.removeprefix("Bearer ")', 'return Person(id="us")'), 'id, "us"'),
        (MAIN_PY + MAIN_PY[MAIN_PY.index("@app.post"):].replace("user_id", "sub"), "differ"),
    ],
)  # fmt: skip
def test_whose_a_conversation_is_is_never_guessed(main: str, reason: str) -> None:
    asker = find_asker(from_tree({"main.py": main}))
    assert asker.expression == ""
    assert reason in asker.reason


@pytest.mark.parametrize(
    ("context", "expression"),
    [
        ('{"user_id": user}', 'context["user_id"]'),
        ('{"userId": str(user) if user else None}', 'context["userId"]'),
        ('{"request": request, "user_id": request.state.user_id}', 'context["user_id"]'),
        ("Visit(user)", "context.user_id"),
        ("make(user)", "context.user_id"),
    ],
)
def test_where_the_code_says_it_it_is_read(context: str, expression: str) -> None:
    visit = (
        "class Visit:\n    user_id: str\n\n\ndef make(user):\n    return Visit(user_id=user)\n\n\n"
    )
    main = MAIN_PY.replace(CONTEXT, context).replace("app = Fast", f"{visit}app = Fast")
    assert find_asker(from_tree({"main.py": main})).expression == expression
