"""Calls as plain data, and selection of calls, for the API and the test handle."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from mockface.journal.entry import Entry, Masks, place
from mockface.journal.journal import Journal
from mockface.journal.summary import call_summary
from mockface.scenarios.lookup import WILDCARDS, Chosen


def with_request(entry: Entry) -> dict[str, Any]:
    """A call with those parts of request and answer that tests read."""
    return {
        **call_summary(entry),
        "request": {"method": entry.method, "path": entry.path, "headers": entry.headers, "fields": entry.fields},
        "answer": entry.answer.decode("utf-8", "replace"),
    }


def came_after(entries: list[Entry], call_id: str) -> list[Entry]:
    """The entries after the call with this id, which may have been dropped; all if the id is not of this run."""
    run, number = place(call_id)
    for index in range(len(entries) - 1, -1, -1):
        its_run, its_number = place(entries[index].id)
        if its_run == run and its_number <= number:
            return entries[index + 1 :]
    return entries


def of_numbers(entries: Iterable[Entry], numbers: Collection[str], masks: Masks) -> list[Entry]:
    """The entries of these numbers and patterns."""
    chosen = keys_of(numbers, masks)
    return [entry for entry in entries if entry.key in chosen]


def keys_of(numbers: Iterable[str], masks: Masks) -> Chosen:
    """A matcher for the keys of these numbers and patterns. Raises BadValue, see Chosen."""
    return Chosen(number.upper() if set(WILDCARDS) & set(number) else masks.key(number) for number in numbers)


def lost(journal: Journal, entries: list[Entry], numbers: Collection[str] | None, masks: Masks, after: str) -> int:
    """How many calls since `after` were dropped from the journal: of these numbers, or of any."""
    if numbers is not None:
        return sum(journal.dropped_of(masks.key(number)) for number in numbers)
    return journal.lost_since(entries, after)
