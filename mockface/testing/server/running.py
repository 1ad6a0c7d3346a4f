"""What the handle asks of a running mockface, wherever it runs. Two answer: `own.py` and `elsewhere.py`."""

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
    """Whether this handle's process is its only user: then every call is a call of the test."""

    @property
    def https_url(self) -> str | None:
        """Where it serves HTTPS, if it does."""

    def ca_file(self) -> str | None:
        """The file with the CA of that (PEM), if it is known."""

    def add(self, fields: Mapping[str, Any]) -> Person:
        """Add a scenario. Raises BadScenario, Exhausted."""

    def remove(self, number: str) -> None:
        """Remove one that was added. Raises Unknown."""

    def forget(self, numbers: Collection[str]) -> None:
        """Remove what was added for these numbers and start their counts over. Raises BadValue."""

    def restart_counts(self) -> None:
        """Start the counts of all numbers over, those of rates and single-use signatures too."""

    def reset(self) -> None:
        """Forget everything."""

    def find(self, numbers: Collection[str] | None, after: str) -> Found[dict[str, Any]]:
        """The calls of these numbers, or of any, behind the one with this id. Raises BadValue."""

    def newest(self) -> str:
        """The id of the newest call, "" if there is none."""

    def wait(self, numbers: Collection[str] | None, after: str, count: int, seconds: float) -> None:
        """Return once so many such calls came, or so many seconds went by."""

    def now(self) -> float:
        """The time that it goes by, seconds since 1970."""

    def offset_s(self) -> float:
        """How far that is ahead of the machine's time."""

    def advance(self, by: str | float) -> None:
        """Move the clock by "31s" or so many seconds. Raises BadValue."""

    def set_clock(self, now: float) -> None:
        """Set the clock. Raises BadValue."""

    def count_into(self, coverage: Coverage) -> None:
        """Count every call in this coverage too."""

    def coverage(self) -> dict[str, Any]:
        """Which codes, forms and faults were asked for."""

    def verdict(self, call_id: str) -> dict[str, Any]:
        """A call with its verdict, as the API has it. Raises Unknown if it is not remembered."""

    def stop(self) -> None:
        """End it, if it is this handle's to end."""
