"""Texts for people: the start banner, the table of codes, the table of numbers. Values in, text out."""

from __future__ import annotations

import shlex
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from mockface import codes
from mockface.masking import printable
from mockface.operation import Operation
from mockface.scenarios import family
from mockface.settings import Settings
from mockface.signature.accounts import TEST_ACCOUNT

PAGE_NUMBER = "110110199909090909"
PAGE_NAME = "张三"
"""The vendor's own sample, which answers a similarity of 100.0."""

THRESHOLD_SIMILARITIES = (0.0, 59.9, 74.9, 75.0, 75.1, 99.9, 100.0)
"""Successes worth testing: the page advises to take more than 75 for the same person."""


def width(text: str) -> int:
    """Columns that a terminal gives the text: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns of text, aligned also where they hold Chinese."""
    lines = [[printable(str(cell)) for cell in line] for line in (head, *rows)]
    widths = [max(width(line[at]) for line in lines) for at in range(len(head))]
    padded = (
        "  ".join(cell + " " * (widths[at] - width(cell)) for at, cell in enumerate(line)).rstrip() for line in lines
    )
    return "\n".join(padded)


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
    if code is operation.success:
        return PAGE_NUMBER
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
    for operation in operations:
        rows = (
            (
                code.number,
                f"{code.status}{_mark(code.status_evidence)}",
                code.name,
                f"{code.message}{_mark(code.message_evidence)}",
                code.meaning_en,
                code.meaning_zh,
            )
            for code in operation.codes
        )
        title = f"{operation.name}\n" if len(operations) > 1 else ""
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


def curl(address: str, authorization: str, number: str = PAGE_NUMBER, name: str = PAGE_NAME, host: str = "") -> str:
    """A curl line that works as it is printed; `host` is sent in place of the address."""
    host_header = f" -H {shlex.quote(f'Host: {host}')}" if host else ""
    return (
        f"curl -i {address}/face/idcardcompare{host_header} -H 'Content-Type: application/json' \\\n"
        f"  -H 'Authorization: {authorization}' \\\n"
        f'  -d \'{{"appid":"{TEST_ACCOUNT.appid}","idcard_number":"{number}","idcard_name":"{name}",'
        '"url":"http://example.com/face.jpg"}\''
    )


def banner(settings: Settings, addresses: Sequence[str], scenarios: int, authorization: str) -> str:
    """What the server says when it listens: where, three numbers with their outcome, and a curl line that works.

    `addresses` are those of HTTP and, if it is served, of HTTPS.
    """
    address, *secure = addresses
    samples = (
        (PAGE_NUMBER, f"similarity 100.0 for {PAGE_NAME}, the vendor's sample"),
        (family.number_for_similarity(74.9), "similarity 74.9, just under the advised threshold"),
        (
            family.number_for_code(codes.NAME_MISMATCH),
            f"code {codes.NAME_MISMATCH.number}, {codes.NAME_MISMATCH.meaning_en}",
        ),
    )
    views = "API docs at /docs" if settings.no_admin else "console at /, API docs at /docs"
    lines = [f"mockface serves {address}  ({scenarios} scenarios, signature: {settings.signature}; {views})"]
    lines += [f"  and {one}  (its CA: {address}/_mockface/ca.pem; 'mockface tls trust')" for one in secure]
    if settings.host in ("0.0.0.0", "::"):
        lines.append(f"  on every address of this machine ({settings.host})")
    if not settings.no_shipped:
        lines += [f"  {number}  {outcome}" for number, outcome in samples]
        lines.append("  ... 'mockface ids' prints a number for each of the codes")
    # Without the shipped scenarios the vendor's sample is a number with a wrong check digit like any other.
    number = family.number_for_similarity(100.0) if settings.no_shipped else PAGE_NUMBER
    line = curl(address, authorization, number, host=next(iter(settings.hosts), ""))
    return "\n".join([*lines, "", line, ""])


def call_line(call: dict[str, Any]) -> str:
    """A call in one line: when, whose, how, what, how long, why."""
    at = datetime.fromtimestamp(call["at"]).strftime("%H:%M:%S.%f")[:-3]
    result = f"similarity {call['similarity']}" if call["similarity"] is not None else call["code_name"]
    line = f"{at}  {call['id']}  {call['number']:<18}  {call['form']:<18}  {call['code']!s:>5}  {result}"
    return printable(f"{line}  {call['elapsed_ms']:.1f} ms" + (f"  {call['why']}" if call["why"] else ""))


NARROW = 90
"""Columns of what stands in the report of a failing test, to which pytest adds ten."""


def wrapped(text: str, indent: str = "") -> list[str]:
    """A text in indented lines of NARROW columns at most, also where it is Chinese; what has no blanks is cut."""
    room, lines = NARROW - len(indent), [""]
    for word in printable(text).split():
        pieces = [word] if width(word) <= room else [word[at : at + room // 2] for at in range(0, len(word), room // 2)]
        for piece in pieces:
            if lines[-1] and width(f"{lines[-1]} {piece}") > room:
                lines.append("")
            lines[-1] += f" {piece}" if lines[-1] else piece
    return [indent + line for line in lines]


def call_lines(call: dict[str, Any]) -> list[str]:
    """A call in narrow lines: when, whose, how and what, and below it why."""
    return [*wrapped(call_line({**call, "why": None})), *(wrapped(call["why"], "    ") if call["why"] else [])]


def refusal_lines(call: dict[str, Any]) -> list[str]:
    """Of a call's verdict what helps with a failing test: what was refused and why, mistakes and near misses."""
    told = call["verdict"]
    texts = [
        f"{result['check']} FAILED; wanted: {result['wanted']}"
        for result in told["checks"]
        if result["state"] == "failed"
    ]
    texts += [f"mistake in the signature: {mistake}" for mistake in told["signature"]["mistakes"]]
    texts += [f"note: {note}" for note in told["notes"]]
    texts += [f"near miss: {near}" for near in told["near_misses"]]
    return [line for text in texts for line in wrapped(text, "    ")]


_MARKS = {"passed": "ok", "failed": "FAILED", "not reached": "-"}


def verdict_text(call: dict[str, Any]) -> str:
    """A call with its verdict, for a terminal."""
    told = call["verdict"]
    lines = [call_line(call), f"answered by {printable(told['answered_by'])}"]
    rows = (
        (
            _MARKS.get(result["state"], "would fail"),
            result["check"],
            result["came"][:70],
            result["wanted"],
            result["evidence"].partition(" (")[0],
        )
        for result in told["checks"]
    )
    lines += ["", table(("", "check", "came", "wanted", "evidence"), rows)]
    if told["signature"]["fields"]:
        fields = ((field["key"], field["value"], field["meaning"]) for field in told["signature"]["fields"])
        lines += ["", table(("sign", "value", "meaning"), fields)]
    lines += [f"mistake in the signature: {printable(mistake)}" for mistake in told["signature"]["mistakes"]]
    lines += [f"note: {printable(note)}" for note in told["notes"]]
    lines += [f"near miss: {printable(near)}" for near in told["near_misses"]]
    return "\n".join(lines)
