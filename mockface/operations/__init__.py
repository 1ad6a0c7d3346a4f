"""The operations that mockface emulates, a package each; this is where one is registered."""

from __future__ import annotations

from mockface.operation import Operation
from mockface.operations.idcardcompare import OPERATION as IDCARDCOMPARE

OPERATIONS: tuple[Operation, ...] = (IDCARDCOMPARE,)
"""The first also answers requests to paths that are no operation's. It is read where it is needed, never copied."""


def named(name: str) -> Operation:
    """The operation of this name. Raises ValueError with the names that there are."""
    for operation in OPERATIONS:
        if operation.name == name:
            return operation
    raise ValueError(f"there is no operation {name}; there are {', '.join(one.name for one in OPERATIONS)}")
