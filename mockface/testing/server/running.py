"""The interface that a handle needs of a running mockface. Implemented by `own.py` and `elsewhere.py`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from mockface.control.wanted import Found
from mockface.journal.coverage import Coverage
from mockface.testing.people import Person


class Running(Protocol):
    """A running mockface."""

    url: str
    is_own: bool
    """Whether this handle's process is its only user: then all calls belong to the test."""

    @property
    def https_url(self) -> str | None:
        """Its HTTPS URL, if it has one."""

    def ca_file(self) -> str | None:
        """The path of its CA file (PEM), if known."""

    def add(self, fields: Mapping[str, Any]) -> Person:
        """Add a scenario. Raises BadScenario, Exhausted."""

    def remove(self, number: str) -> None:
        """Remove an added scenario. Raises Unknown."""

    def forget(self, numbers: Collection[str]) -> None:
        """Remove the scenarios added for these numbers and reset their counts. Raises BadValue."""

    def restart_counts(self) -> None:
        """Reset the counts of all numbers, including rates and single-use signatures."""

    def reset(self) -> None:
        """Reset everything."""

    def find(self, numbers: Collection[str] | None, after: str) -> Found[dict[str, Any]]:
        """The calls of these numbers, or of any, after the one with this id. Raises BadValue."""

    def newest(self) -> str:
        """The id of the newest call, "" if there is none."""

    def wait(self, numbers: Collection[str] | None, after: str, count: int, seconds: float) -> None:
        """Wait until this many such calls came, or for this many seconds."""

    def now(self) -> float:
        """The server's time, in seconds since 1970."""

    def offset_s(self) -> float:
        """How many seconds that is ahead of the machine's clock."""

    def advance(self, by: str | float) -> None:
        """Advance the clock by "31s" or a number of seconds. Raises BadValue."""

    def set_clock(self, now: float) -> None:
        """Set the clock. Raises BadValue."""

    def count_into(self, coverage: Coverage) -> None:
        """Add every call to this coverage too."""

    def coverage(self) -> dict[str, Any]:
        """The codes, forms and faults covered so far."""

    def verdict(self, call_id: str) -> dict[str, Any]:
        """A call with its explanation, as in the API. Raises Unknown if it is no longer stored."""

    def stop(self) -> None:
        """Stop the server if this handle started it."""
