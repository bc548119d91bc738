"""What people choose for a message, below the field they write in: a model, and a tool to use.

Only that message, and only the assistant itself: what a tool in the browser answers is read by the
usual model again, and who the assistant hands over to has a model of its own.
"""

from agents import Agent, FunctionTool, ModelSettings
from chatkit.agents import AgentContext
from chatkit.types import UserMessageItem

from app.config import Settings
from app.identity import User
from app.llm import build_model
from app.server import ChatServer
from app.tools import TOOLS

OFFERED = [tool.name for tool in TOOLS if isinstance(tool, FunctionTool)]


def join(server: ChatServer) -> None:
    models = {
        name: server.fit(build_model(server.settings.model_copy(update={"llm_model": name})))
        for name in server.settings.llm_models
    }

    def choose(message: UserMessageItem | None) -> Agent[AgentContext[User]]:
        usual = server.assistant
        if not message:
            return usual
        # Both come from a browser, which may ask for anything: what is not offered does not count.
        chosen, tool = message.inference_options, message.inference_options.tool_choice
        forced = tool.id if tool and tool.id in OFFERED else None
        return usual.clone(
            model=models.get(chosen.model or "", usual.model),
            model_settings=usual.model_settings.resolve(ModelSettings(tool_choice=forced)),
        )

    server.choose = choose


def offer(settings: Settings) -> dict[str, object]:
    """ChatKit's options of the composer. The first model is chosen until people choose another."""
    names = settings.llm_models
    models = [{"id": name, "label": name, "default": name == names[0]} for name in names]
    tools = [
        {"id": name, "label": name.replace("_", " ").capitalize(), "icon": "bolt"}
        for name in OFFERED
    ]
    offered = {"models": models, "tools": tools}
    return {"composer": {name: rows for name, rows in offered.items() if rows}}
