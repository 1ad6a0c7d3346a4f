"""How operations of API 3.0 are spoken with."""

from __future__ import annotations

from mockface.model import AnswerHead
from mockface.operation import Dialect
from mockface.operations.api3.hearing import action_in, hear
from mockface.operations.api3.reading import limit_of, reader_for
from mockface.operations.api3.signature import VIEW

PATH = "/"

API3 = Dialect(
    reader=reader_for,
    hear=hear,
    head=AnswerHead((b"Content-Type", b"application/json"), ((b"Access-Control-Allow-Credentials", b"true"),)),
    limit_bytes=limit_of,
    hashed=True,
    action_in=action_in,
    view=VIEW,
    forms=("json v3", "form v3", "query v3", "form v1", "query v1"),
)
"""Its answers' Content-Type has no charset: with one the vendor's Python SDK overlooks an Error."""
