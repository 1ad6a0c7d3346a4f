"""The clock of a running mockface: it controls the expiry of signatures and rate limits, without waiting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import copysign
from typing import TypeVar

from mockface.control.clock import LONGEST_ADVANCE_S
from mockface.errors import BadValue
from mockface.testing.server.running import Running

Moved = TypeVar("Moved")


class Clock:
    """Sets the server's time; the change is undone when the handle ends or resets."""

    def __init__(self, running: Running, permit: Callable[[str], None]) -> None:
        self._running = running
        self._permit = permit
        self._offset_before: float | None = None

    def now(self) -> datetime:
        """The server's time, in UTC."""
        return datetime.fromtimestamp(self._running.now(), UTC)

    def advance(self, by: str | float | timedelta) -> None:
        """Advance by "31s", "5m", "2h", "1d", a number of seconds or a timedelta; negative moves back.

        Raises BadValue.
        """
        self._move(self._running.advance, by.total_seconds() if isinstance(by, timedelta) else by)

    def set(self, to: datetime | float) -> None:
        """Set to a time (an aware datetime, or seconds since 1970); the clock then runs on.

        Raises BadValue.
        """
        if isinstance(to, datetime) and to.tzinfo is None:
            raise BadValue(f"set({to!r}) has no time zone; expected one, such as datetime(2030, 1, 1, tzinfo=UTC)")
        self._move(self._running.set_clock, to.timestamp() if isinstance(to, datetime) else to)

    def _move(self, move: Callable[[Moved], None], to: Moved) -> None:
        self._permit("move the clock")
        before = self._running.offset_s()
        move(to)
        if self._offset_before is None:
            self._offset_before = before

    def restore(self) -> None:
        """Undo the changes of this clock, if any."""
        if self._offset_before is not None:
            left = self._offset_before - self._running.offset_s()
            while abs(left) > LONGEST_ADVANCE_S:
                step = copysign(LONGEST_ADVANCE_S, left)
                self._running.advance(step)
                left -= step
            self._running.advance(left)
            self._offset_before = None
