"""Which of the documented codes, forms of input and faults a server was asked for so far."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import Any

from mockface import codes
from mockface.codes import Code
from mockface.faults import FAULTS
from mockface.journal import Entry

FORMS = ("json url", "json base64", "json data-url", "multipart raw", "multipart base64", "multipart data-url",
         "multipart url")  # fmt: skip
"""The forms in which a picture can come."""

THRESHOLD = 75.0
"""The similarity above which the page advises to take two photos for the same person."""


def is_hard_to_get(code: Code) -> bool:
    """Whether this operation can hardly give the code: the page lists those of video and liveness too."""
    return code.group == "video"


class Coverage:
    """Counts over all calls since it was cleared; it forgets nothing when the journal does."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._begin()

    def _begin(self) -> None:
        self.codes: Counter[int] = Counter()
        self.forms: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.low_successes = 0
        self.calls = 0
        self.defaults = 0

    def note(self, entry: Entry) -> None:
        """Count a call."""
        with self._lock:
            self.calls += 1
            self.codes[entry.code] += 1
            self.defaults += entry.by_default
            if entry.form in FORMS:
                self.forms[entry.form] += 1
            if entry.fault:
                self.faults[entry.fault] += 1
            if entry.similarity is not None and entry.similarity <= THRESHOLD:
                self.low_successes += 1

    def clear(self) -> None:
        """Begin anew."""
        with self._lock:
            self._begin()

    def add(self, report: dict[str, Any], sign: int = 1) -> None:
        """Count what another server's report counts as well; with `sign` -1, take it away again."""
        with self._lock:
            self.calls += sign * report["calls"]
            self.codes.update({row["code"]: sign * row["times"] for row in report["codes"]})
            self.forms.update({form: sign * times for form, times in report["forms"].items()})
            self.faults.update({fault: sign * times for fault, times in report["faults"].items()})
            self.defaults += sign * report["fell_to_default"]
            self.low_successes += sign * report["low_successes"]

    def report(self) -> dict[str, Any]:
        """The counts as plain data; `percent` is of the codes that this operation gives, 0 included."""
        with self._lock:
            return self._report()

    def _report(self) -> dict[str, Any]:
        rows = [
            {"code": code.number, "name": code.name, "group": code.group, "times": self.codes[code.number],
             "hard_to_get": is_hard_to_get(code)}
            for code in codes.TABLE
        ]  # fmt: skip
        counted = [row for row in rows if not row["hard_to_get"]]
        met = sum(1 for row in counted if row["times"])
        video = [row for row in rows if row["hard_to_get"]]
        return {
            "calls": self.calls,
            "percent": round(100 * met / len(counted), 1),
            "met": met,
            "of": len(counted),
            "hard_to_get": {"met": sum(1 for row in video if row["times"]), "of": len(video)},
            "codes": rows,
            "forms": {form: self.forms[form] for form in FORMS},
            "faults": {fault: self.faults[fault] for fault in FAULTS},
            "fell_to_default": self.defaults,
            "low_successes": self.low_successes,
            "warnings": self._warnings(),
        }

    def _warnings(self) -> list[str]:
        if self.codes[codes.OK.number] and not self.low_successes:
            return [
                f"no success with a similarity of {THRESHOLD:g} or less was asked for: code 0 alone does not mean that "
                "two photos show the same person; 'mockface id --similarity 74.9' has a number"
            ]
        return []


def as_text(report: dict[str, Any]) -> str:
    """The report for a terminal."""
    lines = [
        f"{report['met']} of {report['of']} codes of this operation, {report['percent']} %, in {report['calls']} calls"
        f" ({report['hard_to_get']['met']} of {report['hard_to_get']['of']} of video and liveness, counted apart)"
    ]
    missing = [f"{row['code']} {row['name']}" for row in report["codes"] if not row["times"] and not row["hard_to_get"]]
    if missing:
        lines.append(f"never asked for: {', '.join(missing)}")
    for what in ("forms", "faults"):
        unmet = [name for name, times in report[what].items() if not times]
        lines.append(f"{what}: {len(report[what]) - len(unmet)} of {len(report[what])}" + _behind(unmet))
    if report["fell_to_default"]:
        lines.append(f"{report['fell_to_default']} calls fell to the default: their number has no scenario")
    return "\n".join([*lines, *(f"warning: {warning}" for warning in report["warnings"])])


def _behind(unmet: list[str]) -> str:
    return f", without {', '.join(unmet)}" if unmet else ""


def as_markdown(report: dict[str, Any]) -> str:
    """The report for a pull request or a job's summary."""
    lines = [
        f"**mockface: {report['met']} of {report['of']} codes, {report['percent']} %**",
        "",
        "| code | name | times |",
        "|---:|---|---:|",
    ]
    counted = [row for row in report["codes"] if not row["hard_to_get"]]
    lines += [f"| {row['code']} | {row['name']} | {row['times']} |" for row in counted]
    apart = report["hard_to_get"]
    lines += ["", f"Video and liveness, counted apart: {apart['met']} of {apart['of']}."]
    for what in ("forms", "faults"):
        met = ", ".join(f"{name} ({times})" for name, times in report[what].items() if times) or "none"
        lines.append(f"{what.capitalize()}: {met}.")
    return "\n".join([*lines, *(f"\n> {warning}" for warning in report["warnings"])])
