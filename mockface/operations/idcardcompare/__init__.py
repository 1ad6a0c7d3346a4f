"""`POST /face/idcardcompare`: what it alone knows, and its record."""

from __future__ import annotations

from typing import Any

from mockface import codes
from mockface.model import FieldTable
from mockface.operation import Operation
from mockface.operations.idcardcompare.answer import body_of
from mockface.operations.idcardcompare.checklist import checklist


def _description() -> dict[str, Any]:
    # Asked for by /docs alone: a start needs none of it.
    from mockface.operations.idcardcompare.openapi import operation

    return operation()


OPERATION = Operation(
    name="idcardcompare",
    path="/face/idcardcompare",
    table=FieldTable(
        text=("appid", "idcard_number", "idcard_name", "url", "session_id", "bucket"),
        pictures=("image",),
        number="idcard_number",
        name="idcard_name",
    ),
    checks={mode: checklist(mode) for mode in ("shape", "verify", "off")},
    body=body_of,
    echoes=frozenset({"session_id"}),
    success=codes.OK,
    mismatch=codes.NAME_MISMATCH,
    describe=_description,
)
