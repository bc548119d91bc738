"""Which parts of a repository with several apps belong together: those that share most folders."""

from collections.abc import Callable, Iterable
from typing import TypeVar

Part = TypeVar("Part")


def beside(path: str, parts: Iterable[Part], where: Callable[[Part], str]) -> list[Part]:
    """The pages of a server, the servers of a page: `apps/shop/web` has `apps/shop/api`."""
    shared = [(_shared(path, where(part)), part) for part in parts]
    most = max((number for number, _ in shared), default=0)
    return [part for number, part in shared if number == most]


def _shared(one: str, other: str) -> int:
    """How many folders two paths begin with."""
    number = 0
    for left, right in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if left != right:
            break
        number += 1
    return number
