"""`.env.example`, by variable."""

import re
from typing import Any

from chatkit_scaffold.scaffold.formats.blocks import Block, BlockDocument
from chatkit_scaffold.scaffold.formats.document import FormatError, Key


class EnvDocument(BlockDocument):
    @staticmethod
    def parse(text: str) -> tuple[dict[str, Any], dict[Key, Block]]:
        value: dict[str, Any] = {}
        blocks: dict[Key, Block] = {}
        for n, line in enumerate(text.removesuffix("\n").split("\n")):
            found = re.match(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)", line)
            if found and found[1] in value:
                raise FormatError
            if found:
                value[found[1]] = found[2].strip()
                blocks[(found[1],)] = Block(n, n + 1)
        return value, blocks
