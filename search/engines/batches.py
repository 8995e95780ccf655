"""Operations in portions: what both engines do before they write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from search.engines.base import Operation


def batches(operations: Iterable[Operation], size: int) -> Iterator[dict[int, Operation]]:
    """Portions of `size` operations at flat memory, each folded to one operation an id.

    Of several operations on one id the highest version stays, and of equal versions the last.
    """
    waiting = iter(operations)
    while portion := list(islice(waiting, size)):
        kept: dict[int, Operation] = {}
        for operation in portion:
            before = kept.get(operation.id)
            if before is None or operation.version >= before.version:
                kept[operation.id] = operation
        yield kept
