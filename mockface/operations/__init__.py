"""The operations that mockface emulates, a package each; this is where one is registered."""

from __future__ import annotations

from mockface.operation import Operation
from mockface.operations.idcardcompare import OPERATION as IDCARDCOMPARE

OPERATIONS: tuple[Operation, ...] = (IDCARDCOMPARE,)
"""The first also answers requests to paths that are no operation's."""
