"""One wrong line in a store at a time: the contract that ships with every project notices."""

from collections.abc import Callable

import pytest

from chatkit_scaffold.tree import Tree
from tests.mongo.mutants import MONGODB
from tests.rendering import made
from tests.suites import Outcome, Suite, run_suites

pytestmark = [pytest.mark.matrix, pytest.mark.slow]

Mutants = dict[str, tuple[str, str]]
Mutant = tuple[str, str, str]  # the store it is tried on, its module and its name

# The first ones are those of hand-written backends, as tests/facts has them.
COMMON: Mutants = {
    "save_item does not take the thread": (
        "async def load_item(self, thread_id: str, item_id: str, context: User)",
        'async def load_item(self, item_id: str, context: User, thread_id: str = "")',
    ),
    "parameters in an order of our own": (
        "self, limit: int, after: str | None, order: str, context: User",
        'self, context: User, limit: int = 9, after: str | None = None, order: str = "desc"',
    ),
    "a missing thread is made": (
        'found(await self.get("threads", user_id=context.id, id=thread_id))',
        'await self.get("threads", user_id=context.id, id=thread_id)'
        " or ThreadMetadata(id=thread_id, created_at=datetime.now()).model_dump_json()",
    ),
    "a list where a page is meant": (
        "return Page(data=data, has_more=len(texts) > size, after=data[-1].id if data else None)",
        "return data",
    ),
    "the cursor names a row that was not shown": (
        "after=data[-1].id if data else None",
        "after=type.validate_json(texts[-1]).id if texts else None",
    ),
    "a page names no cursor": ("after=data[-1].id if data else None", "after=None"),
    "there is never more": ("has_more=len(texts) > size", "has_more=False"),
    "there is always more": ("has_more=len(texts) > size", "has_more=len(texts) >= size"),
    "the order is ignored": ('order != "asc"', "True"),
    "the cursor is ignored": (
        "self.page(table, size + 1, after,",
        "self.page(table, size + 1, None,",
    ),
    "pages of any size": ("max(1, min(limit, MAX_PAGE))", "limit"),
    "ids of 32 bits": ('f"thread_{uuid.uuid4().hex}"', 'f"thread_{uuid.uuid4().hex[:8]}"'),
    "item ids of 32 bits": (
        '_{uuid.uuid4().hex}"\n\n    async',
        '_{uuid.uuid4().hex[:8]}"\n\n    async',
    ),
    "ids that have to be awaited": (
        "    def generate_thread_id",
        "    async def generate_thread_id",
    ),
    "a whole thread is kept": (
        "THREAD = TypeAdapter(ThreadMetadata)",
        "THREAD = TypeAdapter(Thread)",
    ),
    "items are kept with their thread": (
        'exclude={"items"} if isinstance(thread, Thread) else None',
        "exclude=None",
    ),
    "defaults are dropped": (
        "item.model_dump_json()",
        "item.model_dump_json(exclude_defaults=True)",
    ),
    "times come back with a zone": (
        "item.model_dump_json()",
        'item.model_copy(update={"created_at": item.created_at.astimezone()}).model_dump_json()',
    ),
    "metadata of files is dropped": (
        "attachment.model_dump_json()",
        'attachment.model_dump_json(context={"exclude_metadata": True})',
    ),
    "an unknown thread has an empty page": ("        if not page.data:", "        if False:"),
    "deleting twice is an error": (
        '        await self.remove("items", **key)',
        '        found(await self.remove("items", **key))',
    ),
    "feedback outlives its item": ('        await self.remove("feedback", **key)\n', ""),
    "feedback on what is not there": (
        "        await self.load_item(thread_id, item_id, context)\n",
        "",
    ),
    "a refused save is silent": (
        '        found(await self.put("items", ',
        '        (await self.put("items", ',
    ),
    "a refused thread is silent": (
        'found(await self.put("threads", thread.created_at, data, ',
        '(await self.put("threads", thread.created_at, data, ',
    ),
}
MEMORY: Mutants = {
    "anybody may write": ('if self._owners.get(root) != key["user_id"]:', "if False:"),
    "arrival does not count": ("next(self._arrivals), key", "0, key"),
    "time does not count": ("(created_at.timestamp(), next", "(0.0, next"),
    "an item moves when it is saved": (
        "        if place is None:\n            place",
        "        if True:\n            place",
    ),
    "a page repeats the cursor's row": ("bisect_right(places,", "bisect_left(places,"),
    "an unknown cursor starts anew": ("if after and after not in shelf.rows:", "if False:"),
    "what is deleted stays in the list": (
        "        del shelf.places[bisect_left(shelf.places, place)]\n",
        "",
    ),
    "items outlive their thread": (
        'for inner in ("items", "feedback")',
        'for inner in ("feedback",)',
    ),
    "feedback outlives its thread": (
        'for inner in ("items", "feedback")',
        'for inner in ("items",)',
    ),
    "rows begin anew at every batch": ("            if arrival > after\n", ""),
    "rows come by table, not by arrival": (
        "sorted(rows, key=lambda row: row.place)",
        "rows[::-1]",
    ),
}
SQLITE: Mutants = {
    "nobody looks at the user": (
        'f"{name} = :{name}" for name in key)',
        'f"{name} = :{name}" for name in key if name != "user_id") or "1"',
    ),
    "anybody may change": ("        WHERE user_id = excluded.user_id", "        WHERE true"),
    "an item can be added once": (
        "DO UPDATE SET data = excluded.data",
        "DO UPDATE SET data = data",
    ),
    "an item moves when it is saved": (
        "SET data = excluded.data",
        "SET data = excluded.data, created_at = excluded.created_at",
    ),
    "items of one moment have no order": (
        "created_at {way}, seq {way}",
        "created_at {way}, seq DESC",
    ),
    "a cursor knows its time alone": ("AND (created_at, seq) {sign}", "AND (created_at, 0) {sign}"),
    "pages run one way": ('("<", "DESC") if newest_first', '("<", "DESC") if True'),
    "a cursor from anywhere will do": (
        "FROM {table} WHERE {where(key)} AND id = :after)",
        "FROM {table} WHERE id = :after)",
    ),
    "schema: the threads of others are cascaded nowhere": (
        "PRAGMA foreign_keys = ON",
        "PRAGMA foreign_keys = OFF",
    ),
    "a refused item counts as saved": ("            return False", "            return True"),
    "local time is taken for UTC": (
        "created_at.astimezone() - EPOCH",
        "created_at.replace(tzinfo=UTC) - EPOCH",
    ),
    "times are kept by the second": (
        "- EPOCH) // MICROSECOND",
        "- EPOCH) // (MICROSECOND * 10**6)",
    ),
    "rows are put in reverse": (
        "executemany(upsert(table), all_values)",
        "executemany(upsert(table), all_values[::-1])",
    ),
    "rows repeat the last one": ("WHERE rowid > ?", "WHERE rowid >= ?"),
    "schema: an id is an item's alone": (
        "UNIQUE (thread_id, id),",
        "UNIQUE (thread_id, id), UNIQUE (id),",
    ),
    "schema: items outlive their thread": (
        "ON DELETE CASCADE);\n    CREATE TABLE attachments",
        ");\n    CREATE TABLE attachments",
    ),
}
POSTGRES: Mutants = {
    "nobody looks at the user": (
        'f"{name} = ${n}" for n, name in enumerate(key, 1))',
        'f"{name} = ${n}" if name != "user_id" else f"${n}::text <> \'\'"'
        " for n, name in enumerate(key, 1))",
    ),
    "anybody may change": ("        WHERE chatkit_{table}.user_id = excluded.user_id", ""),
    "an item can be added once": (
        "DO UPDATE SET data = excluded.data",
        "DO UPDATE SET user_id = excluded.user_id",
    ),
    "an item moves when it is saved": (
        "SET data = excluded.data",
        "SET data = excluded.data, created_at = excluded.created_at",
    ),
    "items of one moment have no order": (
        "created_at {way}, seq {way}",
        "created_at {way}, seq DESC",
    ),
    "a cursor knows its time alone": ("AND (created_at, seq) {sign}", "AND (created_at, 0) {sign}"),
    "pages run one way": ('("<", "DESC") if newest_first', '("<", "DESC") if True'),
    "a cursor from anywhere will do": (
        "WHERE {where(key)} AND id = ${len(key) + 1})",
        "WHERE id = ${len(key) + 1} LIMIT 1)",
    ),
    "a refused item is a crash": (
        "        except ORPHAN:",
        "        except ZeroDivisionError:",
    ),
    "anybody may add to a thread": (" AND user_id = {places['user_id']}", ""),
    "an id with a NUL is a crash": (
        "except asyncpg.CharacterNotInRepertoireError:",
        "except ZeroDivisionError:",
    ),
    "local time is taken for UTC": (
        "return [created_at.astimezone(), data",
        'return [created_at.replace(tzinfo=__import__("datetime").UTC), data',
    ),
    "rows are put in reverse": ("upsert(table), all_values)", "upsert(table), all_values[::-1])"),
    "rows repeat the last one": ("WHERE seq > $1", "WHERE seq >= $1"),
    "schema: JSONB": (
        "data TEXT NOT NULL,\n        UNIQUE (thread_id, id)",
        "data JSONB NOT NULL,\n        UNIQUE (thread_id, id)",
    ),
    "schema: an id is an item's alone": (
        "UNIQUE (thread_id, id));",
        "UNIQUE (thread_id, id), UNIQUE (id));",
    ),
    "schema: a thread has two keys": (
        "data TEXT NOT NULL);\n    CREATE TABLE chatkit_items",
        "data TEXT NOT NULL, UNIQUE (id, user_id));\n    CREATE TABLE chatkit_items",
    ),
    "schema: items outlive their thread": (
        "thread_id TEXT NOT NULL REFERENCES chatkit_threads (id) ON DELETE CASCADE",
        "thread_id TEXT NOT NULL",
    ),
}
# On the quickest store, unless it is about one of the others.
MUTANTS = {
    **{("memory", "chat_store", name): change for name, change in COMMON.items()},
    ("memory", "rows", "what is missing is None"): ("    raise NotFound", "    return 'null'  # "),
    **{("memory", "memory", name): change for name, change in MEMORY.items()},
    **{("sqlite", "sqlite", name): change for name, change in SQLITE.items()},
    **{("postgres", "postgres", name): change for name, change in POSTGRES.items()},
    **{("mongodb", "mongodb", name): change for name, change in MONGODB.items()},
}


def mutate(tree: Tree, module: str, name: str, right: str, wrong: str) -> Tree:
    path = f"backend/app/stores/{module}{'_schema' * name.startswith('schema')}.py"
    text = str(tree[path])
    assert right in text, f"{path} no longer holds what {name!r} is about"
    return {**tree, path: text.replace(right, wrong)}


@pytest.fixture(scope="module")
def outcomes(
    tmp_path_factory: pytest.TempPathFactory, new_database: Callable[[str], str]
) -> dict[Mutant, Outcome]:
    trees = {store: made(stores=[store]) for store in ("memory", "sqlite", "postgres", "mongodb")}
    projects = {(store, "", "nothing wrong"): tree for store, tree in trees.items()}
    for mutant, (right, wrong) in MUTANTS.items():
        store, module, name = mutant
        projects[mutant] = mutate(trees[store], module, name, right, wrong)
    suites = []
    for (store, _, _), tree in projects.items():
        url = new_database(store)
        suites.append(Suite(tree, {"TEST_POSTGRES_URL": url, "TEST_MONGODB_URL": url}))
    contract = ["tests/test_store.py", "tests/test_pages.py"]
    done = run_suites(suites, tmp_path_factory.mktemp("mutants"), *contract)
    return dict(zip(projects, done, strict=True))


@pytest.mark.parametrize("store", ["memory", "sqlite", "postgres", "mongodb"])
def test_without_a_wrong_line_the_contract_holds(
    outcomes: dict[Mutant, Outcome], store: str
) -> None:
    code, output = outcomes[store, "", "nothing wrong"]
    assert code == 0, output
    assert "skipped" not in output


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant[1]}: {mutant[2]}")
def test_a_wrong_line_breaks_the_contract(outcomes: dict[Mutant, Outcome], mutant: Mutant) -> None:
    code, output = outcomes[mutant]
    assert code == 1, output
    assert "failed" in output, "broken so that nothing could run"
