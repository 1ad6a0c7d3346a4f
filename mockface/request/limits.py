"""Limits shared by the body readers, and the refusal of bodies that do not parse."""

from __future__ import annotations

from mockface import codes
from mockface.model import Refused, WrongType
from mockface.reasons import Reason, Said

BODY_LIMIT_BYTES = 6 * 1024 * 1024
"""The largest complete body, inclusive. Source: page (6MB); that it means MiB is assumed."""

FIELD_LIMIT_BYTES = 64 * 1024
"""The longest text field; a longer one is an invalid parameter. mockface's own limit, to bound memory."""

TOO_LONG = WrongType(Reason("text of more than {limit} bytes", "超过 {limit} 字节的文本").of(limit=FIELD_LIMIT_BYTES))


def unreadable(why: Said) -> Refused:
    """Code 3 for a request that does not parse."""
    return Refused(codes.BAD_REQUEST, why)
