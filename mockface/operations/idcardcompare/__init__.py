"""`POST /face/idcardcompare`: what it alone knows, and its record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockface import codes
from mockface.codes import Code
from mockface.model import Account, FieldTable
from mockface.operation import Example, Operation
from mockface.operations.faceid.verification import BY_RECOGNITION
from mockface.operations.faceid.words import old_words
from mockface.operations.idcardcompare.answer import body_of
from mockface.operations.idcardcompare.checklist import checklist


def _description() -> dict[str, Any]:
    # Asked for by /docs alone: a start needs none of it.
    from mockface.operations.idcardcompare.openapi import operation

    return operation()


def _example(fields: Mapping[str, str], account: Account, now: float, nonce: int, host: str) -> Example:
    # Asked for by who tries a call: a start needs none of it.
    from mockface.operations.idcardcompare.example import example

    return example(fields, account, now, nonce)


def _is_of_videos(code: Code) -> bool:
    """Whether this operation can hardly give the code: the page lists those of video and liveness too."""
    return code.group == "video"


OPERATION = Operation(
    name="idcardcompare",
    path="/face/idcardcompare",
    table=FieldTable(
        text=("appid", "idcard_number", "idcard_name", "url", "session_id", "bucket"),
        pictures=("image",),
        number="idcard_number",
        name="idcard_name",
        echoed=("session_id",),
    ),
    codes=codes.PAGE,
    checks={mode: checklist(mode) for mode in ("shape", "verify", "off")},
    body=body_of,
    echoes=frozenset({"session_id"}),
    success=codes.OK,
    mismatch=codes.NAME_MISMATCH,
    unknown=codes.INTERNAL_ERROR,
    describe=_description,
    example=_example,
    hard_to_get=_is_of_videos,
    rare="of video and liveness",
    words=old_words(BY_RECOGNITION),
)
