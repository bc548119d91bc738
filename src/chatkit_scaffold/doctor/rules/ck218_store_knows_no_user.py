"""No method of the store asks who is asking

A store gets the user with every call, in `context`. One that never looks at it gives every thread
to everybody: the list shows strangers' conversations, and an id is enough to read or delete one.
"""

from chatkit_scaffold.doctor.rule import WARNING, Class, Finding, Findings, Project, context_users

SEVERITY = WARNING
OWNER = ("user", "owner", "tenant", "account", "principal", "workspace")
ENOUGH = 4  # methods, to speak of the store as a whole
WRONG = {
    "app/store.py": """
from chatkit.store import NotFoundError, Store


class MyStore(Store):
    async def load_thread(self, thread_id, context):
        if thread_id not in self.threads:
            raise NotFoundError(thread_id)
        return self.threads[thread_id]

    async def save_thread(self, thread, context):
        self.threads[thread.id] = thread

    async def load_item(self, thread_id, item_id, context):
        return self.items[thread_id][item_id]

    async def delete_thread(self, thread_id, context):
        del self.threads[thread_id]
"""
}
RIGHT = {
    "app/store.py": """
from chatkit.store import NotFoundError, Store


class MyStore(Store):
    async def load_thread(self, thread_id, context):
        if thread_id not in self.threads[context.user_id]:
            raise NotFoundError(thread_id)
        return self.threads[context.user_id][thread_id]

    async def save_thread(self, thread, context):
        self.threads[context.user_id][thread.id] = thread

    async def load_item(self, thread_id, item_id, context):
        await self.load_thread(thread_id, context)
        return self.items[thread_id][item_id]

    async def delete_thread(self, thread_id, context):
        del self.threads[context.user_id][thread_id]
"""
}


def check(project: Project) -> Findings:
    for found in project.python.stores:
        asks, ignores = context_users(found)
        if not asks and len(ignores) >= ENOUGH and not _made_for_one_user(found):
            message = "Every user can list, read and delete every thread: context is never used."
            yield Finding.at(found.module, found.node, message)


def _made_for_one_user(found: Class) -> bool:
    """A store that is made for each request may hold its user itself."""
    text = found.module.source(found.node).lower()
    return any(f"self.{mark}{word}" in text for word in OWNER for mark in ("", "_"))
