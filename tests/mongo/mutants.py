"""Wrong lines for mongodb.py: tests/stores/test_mutants.py tries each of them."""

MONGODB = {
    "rows of anybody are found": (
        'where: Document = {"user_id": user_id}',
        "where: Document = {}",
    ),
    "rows of anybody are changed": (
        'where = {"_id": row_id(row.key["id"], life), "user_id": row.key["user_id"]}',
        'where = {"_id": row_id(row.key["id"], life)}',
    ),
    "a taken id counts as saved": (
        "if not (await rows.update_one(*changes[done])).matched_count:",
        "if False:",
    ),
    "a refusal is no refusal": (
        "                return False\n            done",
        "                return True\n            done",
    ),
    "an item's id is unique everywhere": ('f"{life}/{id}" if life else id', "id"),
    "saving again changes the place": (
        '{"$set": {"data": row.data}, "$setOnInsert": new}',
        '{"$set": {"data": row.data, **new}}',
    ),
    "saving again changes nothing": (
        '{"$set": {"data": row.data}, "$setOnInsert": new}',
        '{"$setOnInsert": {"data": row.data, **new}}',
    ),
    "times in whole seconds": ("round(row.created_at.timestamp() * 1e6)",
                               "int(row.created_at.timestamp()) * 1_000_000"),
    "one moment has no order": (
        'order = {"created_at": way, "seq": way}',
        'order = {"created_at": way}',
    ),
    "the cursor forgets arrival": (
        'for name in ("created_at", "seq")]',
        'for name in ("created_at",)]',
    ),
    "the cursor forgets time": (
        'for name in ("created_at", "seq")]',
        'for name in ("seq",)]',
    ),
    "an unknown cursor is the first page": (
        "if row is None:\n                return []",
        "if row is None:\n                return await self.page(\n"
        "                    table, limit, None, newest_first, **key\n                )",
    ),
    "pages run the other way": ("-1) if newest_first", "-1) if not newest_first"),
    "what is missing is deleted": ("delete_one(where)).deleted_count > 0",
                                   "delete_one(where)).deleted_count >= 0"),
    "rows repeat the last one": ('{"seq": {"$gt": after}}', '{"seq": {"$gte": after}}'),
    "rows are put in reverse": ("enumerate(rows, counter", "enumerate(rows[::-1], counter"),
    "items need no thread": (
        "if hanging and life is None:\n                return False",
        "if hanging and life is None:\n                life = \"none\"",
    ),
}  # fmt: skip
