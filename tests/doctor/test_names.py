"""What is what, however it is imported."""

import ast

import pytest

from chatkit_scaffold.doctor.names import short
from chatkit_scaffold.doctor.project import Project, from_tree


@pytest.mark.parametrize(
    ("tree", "stores"),
    [
        ({"a.py": "from chatkit.store import Store\nclass S(Store): ..."}, ["S"]),
        ({"a.py": "from chatkit.server import Store as Base\nclass S(Base[str]): ..."}, ["S"]),
        ({"a.py": "import chatkit.store as cs\nclass S(cs.Store): ..."}, ["S"]),
        ({"a.py": "import chatkit.store\nclass S(chatkit.store.Store): ..."}, ["S"]),
        ({"a.py": "from chatkit.store import *\nclass S(Store): ..."}, ["S"]),
        ({"a.py": "from chatkit.store import Store\nBase = Store\nclass S(Base): ..."}, ["S"]),
        (
            {
                "app/sdk/__init__.py": "from chatkit.store import Store as Base",
                "app/main.py": "from app.sdk import Base\nclass S(Base): ...",
            },
            ["S"],
        ),
        (
            {
                "app/db/__init__.py": "from .base import Mine",
                "app/db/base.py": "from chatkit.store import Store\nclass Mine(Store): ...",
                "app/other.py": "from .db import Mine\nclass Theirs(Mine): ...",
                "app/third.py": "from app import other\nclass Third(other.Theirs): ...",
            },
            ["Mine", "Theirs", "Third"],
        ),
        (
            {
                "backend/src/app/base.py": "try:\n  from chatkit.store import Store\nexcept: pass\n"
                "class Mine(Store): ...",
                "backend/src/app/x.py": "from app.base import *\nclass Other(Mine): ...",
            },
            ["Mine", "Other"],
        ),
        # as documents show it
        ({"a.py": "class S(Store[str]): 'ChatKit'"}, ["S"]),
        ({"a.py": "# chatkit\nasync def load_thread(self, id, context): ..."}, ["Snippet"]),
        ({"a.py": "# chatkit\ndef f(Store):\n  class S(Store): ..."}, []),
        ({"a.py": "from langgraph.store import Store\nclass S(Store): 'chatkit'"}, []),
        ({"tests/a.py": "from chatkit.store import Store\nclass S(Store): ..."}, []),
        ({"a.py": "from chatkit.store import AttachmentStore\nclass S(AttachmentStore): ..."}, []),
    ],
)
def test_stores_are_found_wherever_they_are(tree: dict[str, str], stores: list[str]) -> None:
    assert [store.name for store in from_tree(tree).python.stores] == stores


def meaning(project: Project, path: str, expression: str) -> str:
    module = project.python.load(path)
    assert module
    return project.python.meaning(module, ast.parse(expression, mode="eval").body)


@pytest.mark.parametrize(
    ("place", "hidden"),
    [
        ("chatkit.py", True),
        ("chatkit/models.py", True),
        ("backend/chatkit/models.py", True),
        ("backend/src/chatkit/models.py", True),
        ("backend/app/chatkit/models.py", False),  # app is a package: this is app.chatkit
        ("docs/chatkit.py", False),
        ("frontend/chatkit/models.py", False),
    ],
)
def test_only_a_module_that_python_finds_hides_the_sdk(place: str, hidden: bool) -> None:
    tree = {place: "", "backend/app/__init__.py": "", "backend/app/store.py": "import chatkit\n"}
    assert from_tree(tree).hides("chatkit", "backend/app/store.py") == hidden


def test_a_folder_of_that_name_does_not_hide_the_sdk() -> None:
    tree = {
        "app/agents/__init__.py": "x = 1",
        "app/main.py": "from agents import Agent\nfrom app.agents import x\nfrom .agents import x",
    }
    project = from_tree(tree)
    assert meaning(project, "app/main.py", "Agent") == "agents.Agent"
    assert meaning(project, "app/main.py", "x") == "app/agents/__init__.py:x"


@pytest.mark.parametrize(
    ("dotted", "name"),
    [
        ("chatkit.server.Store", "chatkit.Store"),
        ("chatkit.agents.stream_agent_response", "chatkit.stream_agent_response"),
        ("agents.Runner.run_streamed", "agents.Runner.run_streamed"),
        ("agents.extensions.models.litellm_model.LitellmModel", "agents.LitellmModel"),
        ("os.getenv", "os.getenv"),
        ("agents", "agents"),
    ],
)
def test_short_names(dotted: str, name: str) -> None:
    assert short(dotted) == name


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("x = 'a'", "a"),
        ("y = 'a'\nx = y", "a"),
        ("import os\nx = os.getenv('X', 'a')", "a"),
        ("import os\nx = os.environ.get('X') or 'a'", "a"),
        ("from os import getenv\nx = getenv('X')", None),
        ("def f(): return 'a'\nx = f()", "a"),
        ("from other import x", "there"),
        ("x = 'a'\nx = 'b'", None),
        ("for x in 'ab': pass", None),
        ("x = y\ny = x", None),
        ("x = -1", -1),
    ],
)
def test_values_are_followed_while_they_are_certain(code: str, value: object) -> None:
    project = from_tree({"a.py": f"import chatkit\n{code}\nprint(x)", "other.py": "x = 'there'"})
    call = next(call for call in project.python.all_calls if call.name == "print")
    assert project.python.values.constant(call.module, call.node.args[0]) == value


def test_values_inside_functions_and_on_self() -> None:
    code = """import chatkit
from openai import AsyncOpenAI as Client
class A:
    def __init__(self, given):
        self.client = Client()
        self.given = given
    def use(self):
        local = self.client
        print(local, self.given)
"""
    project = from_tree({"a.py": code})
    call = next(call for call in project.python.all_calls if call.name == "print")
    made = [project.python.values.made_by(call.module, argument) for argument in call.node.args]
    assert made == ["openai.AsyncOpenAI", ""]
