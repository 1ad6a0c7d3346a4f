"""What the checks of API 3.0 share: the common parameters of a call, and words for the evidence of rules."""

from __future__ import annotations

from mockface.checks import showing
from mockface.model import Call, Common
from mockface.reasons import words

PAGE = words("page", "厂商文档")
ASSUMED = words("assumed", "假定")
WIRE = words("wire", "实际报文")
_NONE = Common("v3")


def common_of(call: Call | showing.Shown) -> Common:
    """The common parameters of a call, or of one as it may be shown."""
    return call.common or _NONE


def key_came(call: showing.Shown) -> str:
    """The beginning of the SecretId."""
    return f"{call.claims.secret_id[:8]}..." if hasattr(call.claims, "secret_id") else showing.NONE
