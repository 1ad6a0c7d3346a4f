"""`POST /face/idcardcompare`: what it alone knows, and its record."""

from __future__ import annotations

from mockface import codes
from mockface.model import FieldTable
from mockface.operation import Operation
from mockface.operations.idcardcompare.answer import body_of
from mockface.operations.idcardcompare.checklist import checklist

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
)
