"""The clock of a running mockface: signatures expire and rates pass by it, without waiting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from mockface.durations import seconds_of
from mockface.testing.running import Running

_LONGEST_S = 1e9


class Clock:
    """Moves the time of the server; what it moved is undone when its handle ends or resets."""

    def __init__(self, running: Running, permit: Callable[[str], None]) -> None:
        self._running = running
        self._permit = permit
        self._offset_before: float | None = None

    def now(self) -> datetime:
        """The time that the server goes by, in UTC."""
        return datetime.fromtimestamp(self._running.now(), UTC)

    def advance(self, by: str | float | timedelta) -> None:
        """Move it by "31s", "5m", "2h", "1d", a number of seconds or a timedelta; a negative number goes back."""
        seconds = (
            by.total_seconds()
            if isinstance(by, timedelta)
            else seconds_of(by, _LONGEST_S)
            if isinstance(by, str)
            else by
        )
        if seconds is None or not abs(seconds) <= _LONGEST_S:
            raise ValueError(f'advance({by!r}) is not a time; expected "31s", "5m", "2h", "1d" or a number of seconds')
        self._remember()
        self._running.advance(seconds)

    def set(self, to: datetime | float) -> None:
        """Set it to a time (an aware datetime, or seconds since 1970); from then on it passes as ever."""
        if isinstance(to, datetime) and to.tzinfo is None:
            raise ValueError(f"set({to!r}) does not say of which time zone; datetime(2030, 1, 1, tzinfo=UTC) does")
        self._remember()
        self._running.set_clock(to.timestamp() if isinstance(to, datetime) else to)

    def _remember(self) -> None:
        self._permit("move the clock")
        if self._offset_before is None:
            self._offset_before = self._running.offset_s()

    def restore(self) -> None:
        """Undo what was moved by this clock; nothing if nothing was."""
        if self._offset_before is not None:
            self._running.advance(self._offset_before - self._running.offset_s())
            self._offset_before = None
