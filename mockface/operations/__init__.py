"""The operations that mockface emulates, a package each; this is where one is registered."""

from __future__ import annotations

from collections.abc import Iterable

from mockface.errors import BadValue
from mockface.operation import Operation
from mockface.operations.face.records import SISTERS
from mockface.operations.faceid.livecodes import GET_ACTION_SEQUENCE, GET_LIVE_CODE
from mockface.operations.faceid.liveness import LIVENESS_COMPARE, LIVENESS_RECOGNITION
from mockface.operations.faceid.recognition import IMAGE_RECOGNITION, IMAGE_RECOGNITION_V2
from mockface.operations.faceid.verification import ID_CARD_VERIFICATION
from mockface.operations.idcardcompare import OPERATION as IDCARDCOMPARE

OPERATIONS: tuple[Operation, ...] = (
    IDCARDCOMPARE,
    *SISTERS,
    IMAGE_RECOGNITION,
    IMAGE_RECOGNITION_V2,
    ID_CARD_VERIFICATION,
    GET_LIVE_CODE,
    GET_ACTION_SEQUENCE,
    LIVENESS_RECOGNITION,
    LIVENESS_COMPARE,
)
"""The first also answers requests to paths that are no operation's. It is read where it is needed, never copied."""


def chosen(names: Iterable[str]) -> tuple[Operation, ...]:
    """The operations of these names, in the order of the table; all without names. Raises BadValue."""
    wanted = set(names)
    unknown = sorted(wanted - {one.name for one in OPERATIONS})
    if unknown:
        there_are = ", ".join(one.name for one in OPERATIONS)
        raise BadValue(f"--operations has {unknown[0]}, which is not an operation; there are {there_are}")
    return tuple(one for one in OPERATIONS if not wanted or one.name in wanted)


def named(name: str) -> Operation:
    """The operation of this name. Raises ValueError with the names that there are."""
    for operation in OPERATIONS:
        if operation.name == name:
            return operation
    raise ValueError(f"there is no operation {name}; there are {', '.join(one.name for one in OPERATIONS)}")
