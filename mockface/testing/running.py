"""What the handle asks of a running mockface, wherever it runs. Two answer: `own.py` and `elsewhere.py`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from mockface.journal.coverage import Coverage
from mockface.testing.people import Person


@dataclass(frozen=True, slots=True)
class Found:
    """Calls as plain data, the oldest first; how many such calls the journal has dropped; the newest call's id."""

    calls: list[dict[str, Any]]
    dropped: int
    newest: str


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
        """Add a scenario. Raises BadScenario."""

    def remove(self, number: str) -> bool:
        """Remove one that was added; False if there is none."""

    def forget(self, numbers: Collection[str]) -> None:
        """Remove what was added for these numbers and start their counts over."""

    def restart_counts(self) -> None:
        """Start the counts of all numbers over, those of rates and single-use signatures too."""

    def reset(self) -> None:
        """Forget everything."""

    def find(self, numbers: Collection[str] | None, after: str) -> Found:
        """The calls of these numbers, or of any, behind the one with this id."""

    def newest(self) -> str:
        """The id of the newest call, "" if there is none."""

    def wait(self, numbers: Collection[str] | None, after: str, count: int, seconds: float) -> None:
        """Return once so many such calls came, or so many seconds went by."""

    def now(self) -> float:
        """The time that it goes by, seconds since 1970."""

    def offset_s(self) -> float:
        """How far that is ahead of the machine's time."""

    def advance(self, seconds: float) -> None:
        """Move the clock."""

    def set_clock(self, now: float) -> None:
        """Set the clock."""

    def count_into(self, coverage: Coverage) -> None:
        """Count every call in this coverage too."""

    def coverage(self) -> dict[str, Any]:
        """Which codes, forms and faults were asked for."""

    def verdict(self, call_id: str) -> dict[str, Any]:
        """A call with its verdict, as the API has it. Raises KeyError if it is no longer remembered."""

    def stop(self) -> None:
        """End it, if it is this handle's to end."""
