"""What the readers of bodies share: limits, and the refusal of what does not parse."""

from __future__ import annotations

from mockface import codes
from mockface.model import Refused, WrongType
from mockface.reasons import Reason, Said

BODY_LIMIT_BYTES = 6 * 1024 * 1024
"""The largest whole body, inclusive. Source: page (6MB); that it is binary megabytes is assumed."""

FIELD_LIMIT_BYTES = 64 * 1024
"""The longest text field that is kept; a longer one is an invalid parameter. Ours, to bound memory."""

TOO_LONG = WrongType(Reason("text of more than {limit} bytes", "超过 {limit} 字节的文本").of(limit=FIELD_LIMIT_BYTES))


def unreadable(why: Said) -> Refused:
    """Code 3 for a request that does not parse."""
    return Refused(codes.BAD_REQUEST, why)
