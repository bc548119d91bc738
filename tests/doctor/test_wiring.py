"""Where a backend made by hand gets its store from, and when it may be another one."""

import pytest

from chatkit_scaffold.doctor.fix import apply
from chatkit_scaffold.doctor.placement import wire
from chatkit_scaffold.doctor.project import from_tree
from chatkit_scaffold.doctor.wiring import find_wiring
from tests.adoption.backends import FLAT, MEMORY

MAIN_PY = str(FLAT["main.py"])
RESPOND = "    async def respond"


@pytest.mark.parametrize(
    ("made", "start", "above"),
    [
        ("Server()", "self, s=None; s = s or MemoryStore(); super().__init__(s)", ""),
        (
            "Server(model='x')",
            "self, *, store: Store | None = None, model=''; "
            "super().__init__(store if store is not None else MemoryStore())",
            "",
        ),
        ("Server()", "self, store=MemoryStore(); ChatKitServer.__init__(self, store)", ""),
        ("Server(get())", "", "@cache\ndef get():\n    return MemoryStore()\n\n\n"),
        ("Server(store=STORE)", "", "STORE = MemoryStore()\n\n\n"),
        ("Server(kept())", "", "_s = None\n\n\ndef kept():\n    global _s\n    if _s is None:\n"
            "        _s = MemoryStore()\n    return _s\n\n\n"),
        ("Server()", "self; self.kept = MemoryStore(); super().__init__(self.kept)", ""),
        ("Heir()", "self; super().__init__(store=MemoryStore())", ""),
    ],
)  # fmt: skip
def test_the_one_place_in_which_the_store_is_made_is_found(
    made: str, start: str, above: str
) -> None:
    head, *body = start.split("; ")
    lines = "".join(f"        {line}\n" for line in body)
    first = f"    def __init__({head}):\n{lines}\n" if start else ""
    main = MAIN_PY.replace(RESPOND, f"{first}{RESPOND}")
    main = main.replace("class Server", f"{above}class Server")
    heir = "class Heir(Server):\n    pass\n\n\n" if made == "Heir()" else ""
    main = main.replace("app = FastAPI()", f"{heir}app = FastAPI()")
    main = main.replace("Server(MemoryStore())", made)
    new = main.replace("MemoryStore()", "open_store()")
    new = new.replace("from memory import MemoryStore", "from stores import open_store")
    assert wired({"main.py": main}) == new


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ("from memory import Kept, MemoryStore",
            "from memory import Kept\nfrom stores import open_store"),
        ("from a import b\nfrom memory import MemoryStore\nfrom z import y",
            "from a import b\nfrom stores import open_store\nfrom z import y"),
        ("import memory\nfrom memory import MemoryStore\nprint(memory)",
            "import memory\nfrom stores import open_store\nprint(memory)"),
        ("from memory import MemoryStore\n\nOther = MemoryStore",
            "from memory import MemoryStore\nfrom stores import open_store\n\nOther = MemoryStore"),
        ("from memory import MemoryStore\n\nopen_store = 1",
            "from stores import open_store as open_chatkit_store\n\nopen_store = 1"),
    ],
)  # fmt: skip
def test_the_import_stands_where_a_person_would_write_it(imports: str, expected: str) -> None:
    main = MAIN_PY.replace("from memory import MemoryStore", imports)
    new = MAIN_PY.replace("from memory import MemoryStore", expected)
    opener = "open_chatkit_store" if "open_chatkit_store" in expected else "open_store"
    beside = {"a.py": "b = 1\n", "z.py": "y = 1\n"}
    found = wired({"main.py": main, **beside})
    assert found == new.replace("Server(MemoryStore())", f"Server({opener}())")


def wired(files: dict[str, str]) -> str:
    project = from_tree({"memory.py": MEMORY, **files})
    wiring = find_wiring(project)
    assert wiring
    assert wiring.obstacles == ()
    return apply(wire(project, wiring, "stores"), project.files)["main.py"]


KEPT = MEMORY.replace("self.threads = {}", 'self.db = sqlite3.connect("chats.db")')
TWO = MAIN_PY + "\n\nclass Other(Server):\n    pass\n\n\nother = Other(MemoryStore())\n"


@pytest.mark.parametrize(
    ("edits", "reason"),
    [
        ({"memory.py": KEPT}, "may keep conversations of its own"),
        ({"main.py": MAIN_PY.replace("MemoryStore())", "make(1))")}, "(make(1)) is no store"),
        ({"main.py": MAIN_PY.replace("Server(MemoryStore())", "build(Server)")}, "It cannot be"),
        ({"main.py": f"{MAIN_PY}\nprint(server.store.items)\n"}, "uses store.items, its own"),
        ({"main.py": f"{MAIN_PY}\nassert isinstance(1, MemoryStore)\n"}, "takes a MemoryStore"),
        ({"main.py": TWO.replace("Other(Server)", "Other(ChatKitServer)")}, "several stores"),
        (
            {
                "main.py": MAIN_PY.replace("server =", "s = MemoryStore()\nserver =").replace(
                    "Server(MemoryStore())", "Server(s, s)"
                )
            },
            "keeps the attachments",
        ),
        ({"main.py": MAIN_PY.replace("Store())", "Store(path()))")}, "may keep conversations"),
    ],
)
def test_a_store_that_may_be_needed_stays(edits: dict[str, str], reason: str) -> None:
    assert reason in obstacles(edits)


@pytest.mark.parametrize(
    "keeping",
    [
        "import boto3\n\ntable = boto3.resource('dynamodb').Table('x')\n|table.put_item(1)",
        "from .models import Row\n|Row(data=1).save()",
        "import json\n|json.dump({}, self.files)",
        "|await thread.save()",
        "class Row(Model):\n    pass\n\n\n|Row.create()",
        "def keep():\n    open('x', 'w')\n\n\n|keep()",
        "from pathlib import Path\n|Path('x')",
        "|self.client = Client()",
    ],
)
def test_what_may_outlive_the_process_is_not_given_up(keeping: str) -> None:
    top, _, line = keeping.partition("|")
    save = "    async def save_thread(self, thread, context):\n"
    memory = top + MEMORY.replace(save, f"{save}        {line}\n")
    assert "may keep conversations of its own" in obstacles({"memory.py": memory})


def obstacles(edits: dict[str, str]) -> str:
    project = from_tree({"main.py": MAIN_PY, "memory.py": MEMORY, **edits})
    wiring = find_wiring(project)
    assert wiring
    assert wire(project, wiring, "stores") == ()
    return "\n".join(wiring.obstacles)
