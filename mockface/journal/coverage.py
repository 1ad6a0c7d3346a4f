"""Counts which documented codes, forms of input and faults a server has covered so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from mockface.journal.entry import Noted, form_of, form_text
from mockface.operation import Operation
from mockface.scenarios.faults import FAULTS

THRESHOLD = 75.0
"""The similarity above which the page recommends treating two photos as the same person."""


Kind = tuple[str, int | str, tuple[str, str], str, bool, bool]
"""What is counted of a call: operation, code, form, fault, whether it got a default, whether it was a success with low
similarity."""


class Coverage:
    """Counts over all calls since the last `clear`, including calls that the journal has dropped."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._operations = tuple(operations)
        self._kinds: dict[Kind, int] = {}
        self._also: dict[tuple[str, int | str], int] = {}
        self._added: list[tuple[dict[str, Any], int]] = []

    def note(self, noted: Noted) -> None:
        """Count a call in one dictionary update."""
        call, answer = noted.call, noted.answer
        similarity = answer.similarity
        kind = (
            noted.operation.name, answer.code, form_of(call), answer.fault.name if answer.fault else "",
            answer.by_default, similarity is not None and similarity <= THRESHOLD,
        )  # fmt: skip
        self._kinds[kind] = self._kinds.get(kind, 0) + 1
        if answer.also is not None:
            also = noted.operation.name, answer.also
            self._also[also] = self._also.get(also, 0) + 1

    def counts(self) -> tuple[dict[Kind, int], dict[tuple[str, int | str], int]]:
        """Copies of the counts: of each kind of call, and of second codes by operation and code."""
        return dict(self._kinds), dict(self._also)

    def put(self, kinds: dict[Kind, int], also: dict[tuple[str, int | str], int]) -> None:
        """Go by these counts."""
        self._kinds, self._also = kinds, also

    def clear(self) -> None:
        """Reset all counts."""
        self._kinds.clear()
        self._also.clear()
        self._added.clear()

    def add(self, report: dict[str, Any], sign: int = 1) -> None:
        """Add the counts of another server's report; with `sign` -1, subtract them."""
        self._added.append((report, sign))

    def report(self) -> dict[str, Any]:
        """The counts as plain data.

        `operations` has each operation with its counts; `percent` is of the codes that it gives, 0 included, without
        those that are hard to get. The same figures beside it, and `codes`, are of the operations that were called;
        of all where none was. So are `forms`, how the fields and the picture came; `rare` says what is hard to get.
        """
        codes_met, forms_met, faults_met = Counter[tuple[str, int | str]](), Counter[str](), Counter[str]()
        calls = Counter[str]()
        low_successes = defaults = 0
        for (operation, number, form, fault, by_default, low), times in list(self._kinds.items()):
            calls[operation] += times
            codes_met[operation, number] += times
            forms_met[form_text(form)] += times
            faults_met[fault] += times
            defaults += times * by_default
            low_successes += times * low
        codes_met.update(self._also)
        for other, sign in self._added:
            calls.update({row["operation"]: sign * row["calls"] for row in other["operations"]})
            codes_met.update({(row["operation"], row["code"]): sign * row["times"] for row in other["codes"]})
            forms_met.update({form: sign * times for form, times in other["forms"].items()})
            faults_met.update({fault: sign * times for fault, times in other["faults"].items()})
            defaults += sign * other["fell_to_default"]
            low_successes += sign * other["low_successes"]
        rows = {operation.name: _rows(operation, codes_met) for operation in self._operations}
        called = [name for name in rows if any(row["times"] for row in rows[name])] or list(rows)
        counted = [row for name in called for row in rows[name]]
        forms = dict.fromkeys(form for one in self._operations if one.name in called for form in one.dialect.forms)
        was_success = any(codes_met[one.name, one.success.number] for one in self._operations if one.table.pictures)
        return {
            "calls": calls.total(),
            **_figures(counted),
            "operations": [
                {
                    "operation": one.name,
                    "calls": calls[one.name],
                    **_figures(rows[one.name]),
                    "rare": one.rare,
                }
                for one in self._operations
            ],
            "codes": counted,
            "forms": {form: forms_met[form] for form in forms},
            "faults": {fault: faults_met[fault] for fault in FAULTS},
            "fell_to_default": defaults,
            "low_successes": low_successes,
            "warnings": _warnings(was_success, low_successes),
        }


def _rows(operation: Operation, codes_met: Counter[tuple[str, int | str]]) -> list[dict[str, Any]]:
    return [
        {"operation": operation.name, "code": code.number, "name": code.name, "group": code.group,
         "times": codes_met[operation.name, code.number], "hard_to_get": operation.hard_to_get(code)}
        for code in operation.codes
    ]  # fmt: skip


def _figures(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """How many of these codes were answered; the codes that are hard to get are counted separately."""
    usual, hard = ([row for row in rows if row["hard_to_get"] is wanted] for wanted in (False, True))
    met = sum(1 for row in usual if row["times"])
    return {
        "percent": round(100 * met / len(usual), 1) if usual else 100.0,
        "met": met,
        "of": len(usual),
        "hard_to_get": {"met": sum(1 for row in hard if row["times"]), "of": len(hard)},
    }


def _warnings(was_success: bool, low_successes: int) -> list[str]:
    if was_success and not low_successes:
        return [
            f"no call got a success with a similarity of {THRESHOLD:g} or less: a success alone (code 0) does not mean "
            "that two photos show the same person; 'mockface id --similarity 74.9' prints a number for it"
        ]
    return []


def as_text(report: dict[str, Any]) -> str:
    """The report for a terminal."""
    lines = []
    for one in report["operations"]:
        apart = one["hard_to_get"]
        if report["calls"] and not one["calls"]:
            lines.append(f"{one['operation']}: never called, {one['of']} codes")
            continue
        lines.append(
            f"{one['operation']}: {one['met']} of {one['of']} codes, {one['percent']} %, in {one['calls']} calls"
            + (f" ({apart['met']} of {apart['of']} {_rare(one)}, counted separately)" if apart["of"] else "")
        )
        missing = [
            named(row["code"], row["name"])
            for row in report["codes"]
            if row["operation"] == one["operation"] and not row["times"] and not row["hard_to_get"]
        ]
        if missing:
            lines.append(f"not covered: {', '.join(missing)}")
    for what in ("forms", "faults"):
        unmet = [name for name, times in report[what].items() if not times]
        lines.append(f"{what}: {len(report[what]) - len(unmet)} of {len(report[what])}" + _behind(unmet))
    if report["fell_to_default"]:
        lines.append(f"{report['fell_to_default']} calls fell to the default: their number has no scenario")
    return "\n".join([*lines, *(f"warning: {warning}" for warning in report["warnings"])])


def named(code: int | str, name: str) -> str:
    """A code and its name, which are one in API 3.0."""
    return name if str(code) == name else f"{code} {name}"


def _other_name(row: dict[str, Any]) -> str:
    """The name of a code, "" where it is the code itself."""
    return "" if str(row["code"]) == row["name"] else str(row["name"])


def _rare(one: dict[str, Any]) -> str:
    """What of an operation's codes is counted separately; a server of before said nothing of it."""
    return str(one.get("rare", "of video and liveness"))


def _behind(unmet: list[str]) -> str:
    return f", without {', '.join(unmet)}" if unmet else ""


def as_markdown(report: dict[str, Any]) -> str:
    """The report for a pull request or a job's summary."""
    lines = [
        f"**mockface: {report['met']} of {report['of']} codes, {report['percent']} %**",
        "",
        "| operation | code | name | times |",
        "|---|---:|---|---:|",
    ]
    counted = [row for row in report["codes"] if not row["hard_to_get"]]
    lines += [f"| {row['operation']} | {row['code']} | {_other_name(row)} | {row['times']} |" for row in counted]
    shown = {row["operation"] for row in report["codes"]}
    apart = [
        f"{one['operation']}: {one['hard_to_get']['met']} of {one['hard_to_get']['of']} {_rare(one)}"
        for one in report["operations"]
        if one["operation"] in shown and one["hard_to_get"]["of"]
    ]
    if apart:
        lines += ["", f"Counted separately: {'; '.join(apart)}."]
    for what in ("forms", "faults"):
        met = ", ".join(f"{name} ({times})" for name, times in report[what].items() if times) or "none"
        lines.append(f"{what.capitalize()}: {met}.")
    return "\n".join([*lines, *(f"\n> {warning}" for warning in report["warnings"])])
