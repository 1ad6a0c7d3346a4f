"""A journal call as text: in one line, in narrow lines, with its verdict."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mockface.privacy.masking import printable
from mockface.texts.columns import table, wrapped


def _way(call: dict[str, Any]) -> str:
    """What happened to the answer on its way: fault, planned delay, an HTTP status other than 200."""
    told = [f"  fault {call['fault']}"] if call["fault"] else []
    told += [f"  delay {call['delay_s']:g} s"] if call["delay_s"] else []
    told += [f"  HTTP {call['status']}"] if call["status"] != 200 else []
    return "".join(told)


def call_line(call: dict[str, Any]) -> str:
    """A call in one line: when, whose, how (of API 3.0 with its action), what, fault and delay, how long, why."""
    at = datetime.fromtimestamp(call["at"]).strftime("%H:%M:%S.%f")[:-3]
    result = f"similarity {call['similarity']}" if call["similarity"] is not None else call["code_name"]
    code = "" if call["code"] == call["code_name"] else f"{call['code']!s:>5}  "
    form = f"{call['operation']} {call['form']}" if call.get("request_id") else call["form"]
    line = f"{at}  {call['id']}  {call['number']:<18}  {form:<18}  {code}{result}{_way(call)}"
    return printable(f"{line}  {call['elapsed_ms']:.1f} ms" + (f"  {call['why']}" if call["why"] else ""))


def call_lines(call: dict[str, Any]) -> list[str]:
    """A call in narrow lines: time, person, form and outcome, then the reason."""
    return [*wrapped(call_line({**call, "why": None})), *(wrapped(call["why"], "    ") if call["why"] else [])]


def refusal_lines(call: dict[str, Any]) -> list[str]:
    """The parts of a call's verdict that help with a failing test: refusal, mistakes and near misses."""
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
    if call.get("request_id"):
        lines.append(f"RequestId {call['request_id']}, HTTP {call['status']}, {call['code_name']}")
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
