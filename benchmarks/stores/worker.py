"""One subject, filled, then measured on request: an operation a line in, milliseconds out."""

import asyncio
import json
import os
import statistics
import sys
import time
from pathlib import Path

from subjects import PAGE, open_subject

BUDGET = 0.25  # seconds for each answer: a quick operation is repeated
REPEATS = 50


async def main(name: str, size: int, url: str, folder: Path) -> None:
    # Libraries may print; the answers go where stdout was.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    async with open_subject(name, url, folder) as subject:
        await subject.fill(size)
        await subject.append(size)  # what is imported or connected at first use
        size += 1
        print(json.dumps("ready"), file=answers)
        for word in map(str.strip, sys.stdin):
            operation = getattr(subject, word, None)
            if operation is None:
                print(json.dumps(None), file=answers)
                continue
            seen: list[float] = []
            end = time.perf_counter() + BUDGET
            while not seen or (time.perf_counter() < end and len(seen) < REPEATS):
                arguments = [size] if word == "append" else []
                size += len(arguments)
                start = time.perf_counter()
                found = await operation(*arguments)
                seen.append((time.perf_counter() - start) * 1000)
                if word != "append" and len(found) != PAGE:
                    sys.exit(f"{name}: {word} found {len(found)} rows")
            print(json.dumps(statistics.median(seen)), file=answers)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3], Path(sys.argv[4])))
