"""What is listed of the operations: their codes, with advice, and the numbers that the shipped scenarios answer.

Operations in, plain data and tables out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mockface import codes
from mockface.codes import CodeTable
from mockface.gateway.outcomes import OUTCOMES
from mockface.operation import Operation
from mockface.reasons import chinese
from mockface.scenarios import family
from mockface.texts.columns import table

PAGE_NUMBER = "110110199909090909"
PAGE_NAME = "张三"
"""The vendor's own sample, which answers a similarity of 100.0."""

THRESHOLD_SIMILARITIES = (0.0, 59.9, 74.9, 75.0, 75.1, 99.9, 100.0)
"""Successes worth testing: the page advises to take more than 75 for the same person."""


_MENDED_BY = {
    "success": "nobody",
    "request": "developer",
    "signature": "developer",
    "account": "account owner",
    "service": "service",
    "photo": "user, with another photo",
    "video": "user, with another video",
    "identity": "user, or the police register",
}
_WORTH_A_RETRY = (codes.TOO_FREQUENT, codes.AUTH_DOWN, codes.AUTH_DOWN_2, codes.INTERNAL_ERROR, codes.IDENTITY_DOWN)


def advice(code: codes.Code) -> dict[str, Any]:
    """Who can fix it and whether the same call is worth a retry: advice of mockface's own, not the vendor's."""
    return {"mended_by": _MENDED_BY[code.group], "retry": code in _WORTH_A_RETRY, "advice_evidence": "assumed"}


def number_of_reason(operation: Operation, code: codes.Code) -> str | None:
    """The shipped number that answers a code of an operation, whichever operation gave it its reason; or None."""
    if not operation.table.number:
        return None
    if code is operation.success:
        return PAGE_NUMBER
    if code.number in OUTCOMES:
        return family.number_for_code(code)
    reasons = [code.name, *(name for name, word in operation.words.items() if word.code is code)]
    found = [codes.PAGE.by_name[name] for name in reasons if name in codes.PAGE.by_name]
    return family.number_for_code(found[0]) if found else None


def codes_as_data(operations: Iterable[Operation]) -> list[dict[str, Any]]:
    """The codes of these operations as plain data, with the number that answers each."""
    return [
        {
            "operation": operation.name,
            "code": code.number,
            "name": code.name,
            "status": code.status,
            "status_evidence": code.status_evidence,
            "message": code.message,
            "message_evidence": code.message_evidence,
            "message_zh": chinese(code.message),
            "message_zh_evidence": code.message_zh_evidence or code.message_evidence,
            "group": code.group,
            "meaning_en": code.meaning_en,
            "meaning_zh": code.meaning_zh,
            "raised_by": list(code.raised_by),
            **advice(code),
            "idcard_number": number_of_reason(operation, code),
        }
        for operation in operations
        for code in operation.codes
    ]


def codes_table(operations: Sequence[Operation]) -> str:
    """The codes of these operations for a terminal; `*` marks what is assumed, not seen."""
    head = ("code", "http", "name", "message", "meaning", "含义")
    tables = []
    together: dict[CodeTable, list[Operation]] = {}
    for operation in operations:
        together.setdefault(operation.codes, []).append(operation)
    for table_of, owners in together.items():
        rows = (
            (
                code.number,
                f"{code.status}{_mark(code.status_evidence)}",
                "" if code.name == code.number else code.name,
                f"{code.message}{_mark(code.message_evidence)}",
                code.meaning_en,
                code.meaning_zh,
            )
            for code in table_of
        )
        title = f"{', '.join(one.name for one in owners)}\n" if len(together) > 1 else ""
        tables.append(title + table(head, rows))
    listed = "\n\n".join(tables)
    return f"{listed}\n\n* assumed by mockface, not seen on the wire (--json has the evidence of each)"


def _mark(evidence: str) -> str:
    return "*" if evidence == "assumed" else ""


def _row(number: str, kind: str, name: str, outcome: str, **values: Any) -> dict[str, Any]:
    return {"idcard_number": number, "kind": kind, "name": name, **values, "outcome": outcome}


def number_of_similarity(value: float, lane: int = 1) -> dict[str, Any]:
    """The number of a similarity, and what it gets. Raises ValueError."""
    number = family.number_for_similarity(value, lane)
    return _row(number, "similarity", f"{value:g}", "success", code=0, similarity=value)


def number_of_delay(seconds: float, lane: int = 1) -> dict[str, Any]:
    """The number of a success that comes so late. Raises ValueError."""
    number = family.number_for_delay(seconds, lane)
    return _row(number, "delay", f"{seconds:g} s", f"success after {seconds:g} s", code=0, delay_s=seconds)


def _refusals(operations: Iterable[Operation], lane: int) -> list[dict[str, Any]]:
    """The numbers of the codes; one that several operations have a code for is told in the first one's."""
    rows: dict[str, dict[str, Any]] = {}
    for operation in operations:
        for code in operation.codes:
            found = number_of_reason(operation, code)
            if found is not None and code is not operation.success:
                number = family.in_lane(found, lane)
                row = _row(number, "code", code.name, code.name, operation=operation.name, code=code.number)
                rows.setdefault(number, row)
    return list(rows.values())


def numbers(operations: Iterable[Operation], lane: int = 1) -> list[dict[str, Any]]:
    """Every shipped number of a lane worth knowing: its `kind` and `name`, and its outcome for people."""
    refusals = _refusals(operations, lane)
    broken = [
        _row(family.number_for(family.MONTH_OF_FAULTS, lane, sequence), "fault", name, f"fault {name}")
        for name, sequence in family.FAULT_SEQUENCES.items()
    ]
    stories = [
        _row(family.number_for(family.MONTH_OF_STORIES, lane, sequence), "story", name, f"story {name}")
        for name, sequence in family.STORY_SEQUENCES.items()
    ]
    return [
        *(number_of_similarity(value, lane) for value in THRESHOLD_SIMILARITIES),
        *refusals,
        *(number_of_delay(seconds, lane) for seconds in (0.3, 3.0, 10.0)),
        *broken,
        *stories,
    ]


def numbers_table(rows: list[dict[str, Any]]) -> str:
    """The numbers for a terminal."""
    cells = ((row["idcard_number"], row.get("code", ""), row.get("similarity", ""), row["outcome"]) for row in rows)
    return table(("idcard_number", "code", "similarity", "outcome"), cells)
