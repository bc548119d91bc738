"""Only some methods of the store ask who is asking

The list of threads is the user's own, and yet whoever has an id can read, change or delete a
stranger's thread: ChatKit calls each method of a store by itself, and does not load the thread
before it lists, rates or deletes.
"""

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project, context_users

SEVERITY = ERROR
WRONG = {
    "app/store.py": """
from chatkit.store import Store


class MyStore(Store):
    async def load_thread(self, thread_id, context):
        return self.threads[context.user_id][thread_id]

    async def save_thread(self, thread, context):
        self.threads[context.user_id][thread.id] = thread

    async def load_item(self, thread_id, item_id, context):
        return self.items[thread_id][item_id]

    async def delete_thread(self, thread_id, context):
        self.items.pop(thread_id)
"""
}
RIGHT = {
    "app/store.py": """
from chatkit.store import Store


class MyStore(Store):
    async def load_thread(self, thread_id, context):
        return self.threads[context.user_id][thread_id]

    async def save_thread(self, thread, context):
        self.threads[context.user_id][thread.id] = thread

    async def load_item(self, thread_id, item_id, context):
        await self.load_thread(thread_id, context)
        return self.items[thread_id][item_id]

    async def delete_thread(self, thread_id, context):
        self.items.pop((await self.load_thread(thread_id, context)).id)
"""
}


def check(project: Project) -> Findings:
    for found in project.python.stores:
        asks, ignores = context_users(found)
        if asks and ignores:
            names = ", ".join(method.name for method in ignores)
            message = f"With an id, anybody reaches a stranger's thread through {names}."
            yield Finding.at(ignores[0].module, ignores[0].node, message)
