"""Calls as plain data, and which of them are wanted: what the API and the handle of tests say of the journal."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from mockface.journal.entry import Entry, Masks
from mockface.journal.journal import Journal
from mockface.journal.summary import call_summary
from mockface.scenarios.lookup import WILDCARDS, Chosen


def with_request(entry: Entry) -> dict[str, Any]:
    """A call with what a test asks of its request and its answer."""
    return {
        **call_summary(entry),
        "request": {"method": entry.method, "path": entry.path, "headers": entry.headers, "fields": entry.fields},
        "answer": entry.answer.decode("utf-8", "replace"),
    }


def place(call_id: str) -> tuple[str, int]:
    """The run that a call's id belongs to, and its place in it; ("", 0) for what is no id."""
    run, _, number = call_id.rpartition("-")
    return (run, int(number)) if number.isascii() and number.isdigit() else ("", 0)


def came_after(entries: list[Entry], call_id: str) -> list[Entry]:
    """Those behind the call with this id, which may have been dropped; all of them if it is none of this run."""
    run, number = place(call_id)
    for index in range(len(entries) - 1, -1, -1):
        its_run, its_number = place(entries[index].id)
        if its_run == run and its_number <= number:
            return entries[index + 1 :]
    return entries


def of_numbers(entries: Iterable[Entry], numbers: Collection[str], masks: Masks) -> list[Entry]:
    """Those of these numbers and patterns."""
    chosen = keys_of(numbers, masks)
    return [entry for entry in entries if entry.key in chosen]


def keys_of(numbers: Iterable[str], masks: Masks) -> Chosen:
    """What the keys of the calls of these numbers and patterns are among. Raises BadValue, see Chosen."""
    return Chosen(number.upper() if set(WILDCARDS) & set(number) else masks.key(number) for number in numbers)


def lost(journal: Journal, entries: list[Entry], numbers: Collection[str] | None, masks: Masks, after: str) -> int:
    """How many calls since `after` are no longer among the journal's `entries`: of these numbers, or of any."""
    if numbers is not None:
        return sum(journal.dropped_of(masks.key(number)) for number in numbers)
    run, number = place(after)
    if not journal.dropped or not entries:
        return 0
    first_run, first = place(entries[0].id)
    return max(0, first - 1 - (number if run == first_run else 0))
