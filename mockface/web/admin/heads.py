"""The heads of a call as text: the request's as stored in the journal, the answer's as it was sent.

An answer's head is not stored but rebuilt with the date of that time. The fault `hang` sends none.
"""

from __future__ import annotations

import time
from email.utils import formatdate

from mockface.control import passing
from mockface.journal.entry import Entry
from mockface.model import Answer, Fault
from mockface.web import effects


def request_head(entry: Entry) -> str:
    """The request line and the headers in their order; long or secret values are shown by their length."""
    lines = [f"{entry.method} {entry.path} HTTP/{entry.http}"]
    return "\n".join([*lines, *(f"{name}: {value}" for name, value in entry.headers)])


def answer_head(entry: Entry, *, hints: bool) -> str:
    """The status line and the headers of a call's answer, or ""."""
    if entry.fault == "hang":
        return ""
    fault = Fault(entry.fault) if entry.fault else None
    answer = Answer(entry.code, entry.status, bytes(entry.answer_bytes), entry.why, fault=fault, id=entry.id)
    headers = effects.head(answer, hints=hints, close=_closes(entry), date=(b"Date", _date(entry)))
    lines = [effects.status_line(entry.status).decode().rstrip()]
    return "\n".join([*lines, *(f"{name.decode()}: {value.decode('ascii')}" for name, value in headers)])


def _closes(entry: Entry) -> bool:
    asked = dict(entry.headers).get("connection", "").lower()
    return entry.http == "1.0" or "close" in asked or entry.refused_by == "body_within_limit"


def _date(entry: Entry) -> bytes:
    """When the answer was ready, by the machine's clock, since mockface's own may have been changed meanwhile."""
    ago = passing.perf_counter() - entry.began - entry.elapsed_ms / 1000
    return formatdate(time.time() - ago, usegmt=True).encode()
