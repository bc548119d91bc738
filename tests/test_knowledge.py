"""How often the passages that the model gets to read hold the answer, against whole documents.

The documents are the chapters of Python's own reference, which comes with every interpreter.
"""

import json
import subprocess
import sys
from pathlib import Path
from pydoc_data.topics import topics

import pytest

from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.render import render
from chatkit_scaffold.tree import create
from tests.conftest import TEMPLATE

pytestmark = pytest.mark.matrix

# A question in everyday words, and words that only the answer has.
QUESTIONS = {
    "What happens to assert when I run Python with -O?": "__debug__",
    "How do I swap two variables in one assignment with overlapping targets?": "i is updated",
    "Which value does the and operator give back?": "last evaluated argument",
    "Does the else of a loop run after break?": "terminates the loop",
    "When is the finally clause executed?": "saved exception",
    "Is a default parameter evaluated once or at every call?": "function definition is executed",
    "How can I change a variable of the enclosing function?": "nonlocal",
    "How do I pad a number with zeros in format?": "zero-padding",
    "Can a class take negative indices like a list?": "special interpretation of negative",
    "What is the result of a comparison that is chained?": "arbitrarily",
    "Which method makes an object hashable?": "__hash__",
    "How is an attribute looked up when it was not found?": "__getattr__",
    "Is __del__ called at interpreter exit?": "still exist when the interpreter exits",
    "How does integer division round?": "floor",
    "Can I use await outside a coroutine?": "coroutine function",
    "What is the precedence of exponentiation and unary minus?": "binds less tightly",
    "How do I import a module relative to the package?": "leading dots",
    "How do I set a breakpoint in the debugger with a condition?": "breakpoint is honored",
    "How do I print the stack trace in pdb?": "most recent frame",
    "What does raise from set?": "__cause__",
    "Which characters may an identifier begin with?": "id_start",
    "What are names with two leading underscores turned into in classes?": "mangling",
    "How do I delete a slice of a list?": "assignment of an empty slice",
    "What does str.casefold do?": "aggressive",
    "How do I remove a prefix from a string?": "removeprefix",
    "How do dictionaries keep their order?": "insertion order",
    "Is a set mutable and can it hold a list?": "hashable",
    "What does the match statement do with the underscore?": "wildcard",
    "How are metaclasses determined?": "most derived metaclass",
    "What does the ellipsis mean?": "Ellipsis",
    "How do I write a number in hexadecimal?": "0xdeadbeef",
    "What are the type parameters of a generic function?": "Generic",
}

SEARCH = """
import json, sqlite3, sys
from pathlib import Path
from app.knowledge.documents import READERS, read_passages
from app.knowledge.index import Index

folder, questions = Path(sys.argv[1]), json.loads(sys.stdin.read())
index = Index(folder / "data")
plain = sqlite3.connect(":memory:")
plain.execute("CREATE VIRTUAL TABLE whole USING fts5 (text)")
for file in sorted((folder / "docs").iterdir()):
    index.put(str(file), "", read_passages(file))
    plain.execute("INSERT INTO whole VALUES (?)", (file.read_text(),))

def whole(question):
    words = " OR ".join(f'"{w}"' for w in question.replace("?", "").split())
    sql = "SELECT text FROM whole WHERE whole MATCH ? ORDER BY rank LIMIT 5"
    return [row[0] for row in plain.execute(sql, (words,))]

found = []
for question in questions:
    passages = [" ".join(f.text.split()) for f in index.search(question)]
    room = sum(map(len, passages)) // 5
    # As much to read, from the beginning of each document, and then all of it.
    documents = [" ".join(text.split()) for text in whole(question)]
    found.append([passages, [text[:room] for text in documents], documents])
print(json.dumps(found))
"""


def test_passages_hold_the_answer_more_often_than_whole_documents(
    menu: Menu, tmp_path: Path
) -> None:
    flat = [" ".join(text.split()) for text in topics.values()]
    assert [a for a in QUESTIONS.values() if not any(a in text for text in flat)] == []
    create(render(TEMPLATE, menu.resolve({"tools": ["knowledge"]})), tmp_path / "project")
    (tmp_path / "docs").mkdir()
    for name, text in topics.items():
        (tmp_path / f"docs/{name}.txt").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SEARCH, str(tmp_path)],
        cwd=tmp_path / "project/backend",
        input=json.dumps(list(QUESTIONS)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    ways = list(zip(*json.loads(done.stdout), strict=True))

    def recall(way: int) -> float:
        hits = [
            any(answer in text for text in texts)
            for texts, answer in zip(ways[way], QUESTIONS.values(), strict=True)
        ]
        return sum(hits) / len(hits)

    passages, beginnings, everything = recall(0), recall(1), recall(2)
    print(f"recall at 5: passages {passages:.2f}, as much of documents {beginnings:.2f}", end=" ")
    print(f"and all of them {everything:.2f}")
    assert passages >= 0.8
    assert passages >= beginnings + 0.2
