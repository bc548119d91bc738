"""The page takes attachments, and the store does not keep them

Every upload and every message with a file ends in an error when `save_attachment` or
`load_attachment` only raises. Either the store keeps attachments, or `composer.attachments` stays
off.
"""

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project, beside

SEVERITY = ERROR
METHODS = ("save_attachment", "load_attachment")
STORE = """
from chatkit.store import Store
from app.storage import Threads


class Files(Threads, Store):
    async def save_attachment(self, attachment, context):
        raise NotImplementedError

    async def load_attachment(self, attachment_id, context):
        raise NotImplementedError
"""
CHAT = """chatkit.setOptions({
  api: { url: "/chatkit", domainKey: KEY, uploadStrategy: { type: "two_phase" } },
  composer: { attachments: { enabled: true } },
});
"""
WRONG = {"app/store.py": STORE, "chat.js": CHAT}
RIGHT = {"app/store.py": STORE, "chat.js": CHAT.replace("enabled: true", "enabled: false")}


def check(project: Project) -> Findings:
    path = ("composer", "attachments", "enabled")
    for store in project.python.stores:
        pages = beside(store.module.path, project.setups, lambda setup: setup.script.path)
        if not any(s.script.source(s.at(*path)) == "true" for s in pages):
            continue
        for name in METHODS:
            method = store.own.get(name)
            if method and method.is_stub:
                message = "The page offers attachments: each of them fails here."
                yield Finding.at(method.module, method.node, message)
