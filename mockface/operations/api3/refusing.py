"""A refusal in the gateway's words: a message of its table with its holes filled, in both languages."""

from __future__ import annotations

from mockface.gateway import codes
from mockface.gateway.errors import GatewayError
from mockface.model import Refused
from mockface.reasons import Reason, Said


def refused(error: GatewayError, why: Said, **holes: object) -> Refused:
    """What a check answers; `holes` are those of the message, `why` is for people."""
    message = Reason(error.english, error.chinese).of(**holes)
    return Refused(codes.EVERY[error.code], why, message)
