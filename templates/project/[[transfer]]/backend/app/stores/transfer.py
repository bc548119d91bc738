"""`python -m app.stores.transfer SRC_URL DST_URL` moves all conversations to another database.

Stop the app first; the source is only read, a run that was stopped goes on where it was, and a URL
with a password in it is better given as the name of the variable that holds it.
"""

import argparse
import asyncio
import logging
import os
import sys
from contextlib import AsyncExitStack

from chatkit.store import NotFoundError

from app.config import Settings
from app.stores import check_url, open_store
from app.stores.chat_store import ChatStore
from app.stores.comparison import BATCH, Comparison, compare, search
from app.stores.rows import Table, Unavailable

# A row comes after what it belongs to.
TABLES: list[Table] = ["threads", "attachments", "items", "feedback"]


async def transfer(source: ChatStore, destination: ChatStore, merge: bool) -> bool:
    """True: the destination has all that the source has, and read back it is the same."""
    look = search if merge else compare
    print("Reading both sides.", file=sys.stderr)
    before = {table: await look(source, destination, table) for table in TABLES}
    if not all(found.begun for found in before.values()):
        sys.exit("DST_URL is not empty. To add to what is there, say --merge.")
    for table, found in before.items():
        await move(source, destination, table, found)
    print("Reading both sides again.", file=sys.stderr)
    return all([tell(table, await look(source, destination, table)) for table in TABLES])


async def move(source: ChatStore, destination: ChatStore, table: Table, found: Comparison) -> None:
    place, done = found.start, found.destination.rows if found.start else 0
    bar = Bar(table, found.source.rows)
    bar.show(done)
    try:
        while rows := await source.rows(table, place, BATCH):
            await destination.put_rows(table, rows)
            place, done = rows[-1].place, done + len(rows)
            bar.show(done)
    except NotFoundError:
        sys.exit(
            f"DST_URL cannot take {table} of a thread that it does not have or that is another "
            "user's. If the app was writing, stop it and run this again."
        )
    finally:
        bar.end()


class Bar:
    """Progress on stderr: a bar on a terminal, elsewhere a line for each tenth."""

    def __init__(self, table: Table, rows: int) -> None:
        self.table, self.rows, self.tenth = table, rows, 0
        self.terminal = sys.stderr.isatty()

    def show(self, done: int) -> None:
        tenth = 10 * done // max(self.rows, 1)
        text = f"{self.table:<12}{done:>12,} of {self.rows:,}"
        if self.terminal:
            bar = "#" * (3 * min(tenth, 10))
            print(f"\r[{bar:<30}] {text}", end="", file=sys.stderr, flush=True)
        elif tenth > self.tenth:
            print(text, file=sys.stderr, flush=True)
        self.tenth = tenth

    def end(self) -> None:
        if self.terminal:
            print(file=sys.stderr)


def tell(table: Table, found: Comparison) -> bool:
    ours, theirs = found.source, found.destination
    verdict = "equal" if found.equal else f"DIFFERENT: {theirs.rows:,} rows in DST_URL"
    print(f"{table:<12}{ours.rows:>12,} rows  sha256 {theirs.checksum[:16]}  {verdict}")
    return found.equal


async def run(source_url: str, destination_url: str, merge: bool) -> bool:
    settings = Settings()
    async with AsyncExitStack() as stack:

        async def enter(name: str, url: str, read_only: bool) -> ChatStore:
            chosen = settings.model_copy(update={"database_url": url})
            try:
                return await stack.enter_async_context(open_store(chosen, read_only))
            except SystemExit as error:
                sys.exit(str(error).replace("DATABASE_URL", name))

        source = await enter("SRC_URL", source_url, True)
        destination = await enter("DST_URL", destination_url, False)
        return await transfer(source, destination, merge)


def read(given: str) -> str:
    return os.environ.get(given, given)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m app.stores.transfer", description=__doc__)
    parser.add_argument("source", metavar="SRC_URL", type=read, help="as DATABASE_URL names it")
    parser.add_argument("destination", metavar="DST_URL", type=read, help="is empty, or --merge")
    parser.add_argument("--merge", action="store_true", help="add to what the destination has")
    options = parser.parse_args()
    for name, url in {"SRC_URL": options.source, "DST_URL": options.destination}.items():
        try:
            scheme = check_url(Settings().model_copy(update={"database_url": url}))
        except SystemExit as error:
            parser.error(str(error).replace("DATABASE_URL", name))
        if scheme == "memory":
            parser.error(f"{name} is the memory of one process: nothing else can reach it.")
    if options.source == options.destination:
        parser.error("SRC_URL and DST_URL are the same.")
    logging.getLogger("app").addHandler(logging.NullHandler())  # what is logged is said below
    try:
        equal = asyncio.run(run(options.source, options.destination, options.merge))
    except Unavailable as error:
        sys.exit(f"A database failed: {error.__cause__!r}\nRun the same command to go on.")
    except KeyboardInterrupt:
        print("\nStopped. Run the same command to go on.", file=sys.stderr)
        sys.exit(130)
    if not equal:
        sys.exit("The two are not the same. Stop whatever writes to them and run this again.")
    print("Everything is in DST_URL: set DATABASE_URL to it. SRC_URL is as it was.")


if __name__ == "__main__":
    main()
