"""A tool of the browser gets no answer

When the backend asks for a client tool, `onClientTool` has to answer with an object, every time. If
it is missing or returns nothing, the turn ends in the middle and people wait for an answer that
never comes.
"""

from typing import Any

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Project, Setup, beside

SEVERITY = WARNING
NAME = "onClientTool"
FUNCTIONS = ("arrow_function", "function_expression", "function_declaration", "method_definition")
WRONG = (
    {
        "chat.js": """chatkit.setOptions({
  api: { url: "https://api.example.com/chatkit", domainKey: KEY },
  onClientTool: async ({ name, params }) => {
    show(name, params);
  },
});
"""
    },
    {
        "app/tools.py": """
from agents import function_tool
from chatkit.agents import ClientToolCall


@function_tool
async def show_map(ctx, place: str):
    ctx.context.client_tool_call = ClientToolCall(name="show_map", arguments={"place": place})
""",
        "frontend/chat.js": """chatkit.setOptions({
  api: { url: "https://api.example.com/chatkit", domainKey: KEY },
});
""",
    },
)
RIGHT = {
    "chat.js": WRONG[0]["chat.js"].replace("params);", "params);\n    return { shown: true };")
}


def check(project: Project) -> Findings:
    asked = [
        setup
        for call in project.python.calls("chatkit.ClientToolCall")
        for setup in beside(call.module.path, project.setups, lambda setup: setup.script.path)
    ]
    for setup in project.setups:
        given = setup.at(NAME)
        if given is not None and given.type in FUNCTIONS and not _answers(setup, given):
            message = "It answers with nothing: the turn stops where the tool was called."
            yield Finding.at(setup.script, given, message)
        elif setup in asked and setup.lacks(NAME):
            message = "The backend calls tools of the browser, and nothing here answers them."
            yield Finding.at(setup.script, setup.call, message)


def _answers(setup: Setup, function: Any) -> bool:
    body = function.child_by_field_name("body")
    if body.type != "statement_block":
        return True
    inside = [
        node
        for node in setup.script.all("return_statement", "throw_statement")
        if body.start_byte <= node.start_byte < body.end_byte
    ]
    return any(node.named_children for node in inside)
