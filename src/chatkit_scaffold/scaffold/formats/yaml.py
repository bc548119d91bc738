"""YAML by entry: a value that is written in one line with others is taken as a whole."""

from collections.abc import Iterator
from typing import Any

import yaml

from chatkit_scaffold.scaffold.formats.blocks import Block, BlockDocument
from chatkit_scaffold.scaffold.formats.document import FormatError, Key, item_name


class YamlDocument(BlockDocument):
    @staticmethod
    def parse(text: str) -> tuple[dict[str, Any], dict[Key, Block]]:
        try:
            value, node = yaml.safe_load(text or "{}"), yaml.compose(text, yaml.SafeLoader)
        except yaml.YAMLError as error:
            raise FormatError from error
        blocks = list(_blocks(node, value, text.removesuffix("\n").split("\n"), ()))
        if len(dict(blocks)) < len(blocks) or not isinstance(value, dict):
            raise FormatError
        return value, dict(blocks)


def _blocks(node: Any, value: Any, lines: list[str], path: Key) -> Iterator[tuple[Key, Block]]:
    if isinstance(node, yaml.MappingNode) and not node.flow_style:
        for key, inner in node.value:
            here = (*path, str(key.value))
            yield here, _block(key, inner, lines)
            yield from _blocks(inner, value.get(key.value), lines, here)
    elif isinstance(node, yaml.SequenceNode) and not node.flow_style:
        for inner, item in zip(node.value, value, strict=True):
            yield (*path, item_name(item)), _block(inner, inner, lines)


def _block(first: Any, last: Any, lines: list[str]) -> Block:
    start = first.start_mark.line
    end = last.end_mark.line + (last.end_mark.column > 0)
    if isinstance(last, yaml.CollectionNode) and not last.flow_style:
        end = last.end_mark.line  # where the next one starts, or the text ends
        while not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#"):
            end -= 1
    return Block(start, end, len(lines[start]) - len(lines[start].lstrip()))
