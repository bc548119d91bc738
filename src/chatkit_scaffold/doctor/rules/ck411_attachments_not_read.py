"""Files are taken, and the turn with them fails

The default converter raises NotImplementedError for attachments and for tags: a subclass of
`ThreadItemConverter` has to say what the model is to see of them.
"""

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project, beside

SEVERITY = ERROR
NEEDS = {
    ("composer", "attachments", "enabled"): "attachment_to_message_content",
    ("entities", "onTagSearch"): "tag_to_message_content",
}
DEFAULTS = ("chatkit.simple_to_agent_input", "chatkit.ThreadItemConverter")
HISTORY = """
from chatkit.agents import simple_to_agent_input


async def load_history(store, thread, context):
    page = await store.load_thread_items(thread.id, None, 20, "desc", context)
    return await simple_to_agent_input(page.data[::-1])
"""
CHAT = """chatkit.setOptions({
  api: { url: "/chatkit", domainKey: KEY, uploadStrategy: { type: "two_phase" } },
  composer: { attachments: { enabled: true } },
});
"""
WRONG = {"app/history.py": HISTORY, "chat.js": CHAT}
RIGHT = {
    "app/history.py": """
from chatkit.agents import ThreadItemConverter

from app.files import as_content


class Converter(ThreadItemConverter):
    async def attachment_to_message_content(self, attachment):
        return await as_content(attachment)


async def load_history(store, thread, context):
    page = await store.load_thread_items(thread.id, None, 20, "desc", context)
    return await Converter().to_agent_input(page.data[::-1])
""",
    "chat.js": CHAT,
}


def check(project: Project) -> Findings:
    converters = project.python.subclasses("chatkit.ThreadItemConverter")
    for call in project.python.calls(*DEFAULTS):
        here = call.module.path
        own = beside(here, converters, lambda converter: converter.module.path)
        pages = beside(here, project.setups, lambda setup: setup.script.path)
        for path, method in NEEDS.items():
            given = [page.at(*path) for page in pages if page.is_on(*path)]
            certain = any(
                n is not None and n.type not in ("identifier", "member_expression") for n in given
            )
            if certain and not any(method in converter.methods for converter in own):
                message = f"It fails for what the page lets people send: {method} is missing."
                yield Finding.at(call.module, call.node, message)
