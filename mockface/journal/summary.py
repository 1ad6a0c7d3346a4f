"""One-line summary of a call as plain data, for lists, the log and the event stream."""

from __future__ import annotations

from typing import Any

from mockface.journal.entry import Entry
from mockface.reasons import chinese_or_none


def call_summary(entry: Entry) -> dict[str, Any]:
    """The summary of a call, without its request and answer."""
    # Imported late: a start does not need the verdicts.
    from mockface.journal.verdict import badge, notes_on

    return {
        "id": entry.id,
        "at": entry.at,
        "elapsed_ms": round(entry.elapsed_ms, 3),
        "number": entry.number,
        "name": entry.name,
        "form": entry.form,
        "size_bytes": entry.size_bytes,
        "operation": entry.operation.name,
        "code": entry.code,
        "code_name": entry.operation.codes.by_number[entry.code].name,
        "also": entry.also,
        "status": entry.status,
        "similarity": entry.similarity,
        "why": entry.why,
        "why_zh": chinese_or_none(entry.why),
        "scenario": entry.scenario,
        "origin": entry.origin,
        "by_default": entry.by_default,
        "call_of_number": None if entry.nth is None else entry.nth + 1,
        "delay_s": entry.delay_s,
        "fault": entry.fault,
        "signature": badge(entry),
        "signature_checked": entry.ran != entry.operation.checks["off"],
        "request_id": entry.common.request_id if entry.common else "",
        "notes": len(notes_on(entry)),
    }
