"""Sets and advances the clock, with the values of the API and the test handle. Errors are BadValue."""

from __future__ import annotations

from mockface.errors import BadValue
from mockface.privacy.masking import quoted
from mockface.reasons import Reason, words
from mockface.state import Clock
from mockface.texts.durations import seconds_of

NO_INSTANT = Reason(
    "now {now} is not between 1970 and 2286; expected seconds since 1970",
    "now {now} 不在 1970 至 2286 年之间；应为 1970 年起的秒数",
)
NO_TIME = Reason(
    "by {given} is not a time; expected 31s, 5m, 2h, 1d or a number of seconds",
    "by {given} 不是时间；应为 31s、5m、2h、1d 或秒数",
)
BEYOND = words(
    "the clock can be set to 1970 to 2286; PUT /_mockface/clock sets it",
    "时钟范围为 1970 至 2286 年；用 PUT /_mockface/clock 设置",
)

LONGEST_ADVANCE_S = 1e9
"""About 30 years."""
LATEST = 1e10
"""The clock stays between 1970 and 2286: the range of a signature's times and of calendars."""


def set_to(clock: Clock, now: float) -> None:
    """Set a clock to a time in seconds since 1970; it then runs on. Raises BadValue."""
    if not 0 <= now <= LATEST:
        raise BadValue(NO_INSTANT.of(now=f"{now:g}"))
    clock.set(now)


def advance(clock: Clock, by: str | float) -> None:
    """Advance a clock by "31s", "5m", "2h", "1d" or a number of seconds; negative moves it back. Raises BadValue."""
    seconds = seconds_of(by, LONGEST_ADVANCE_S) if isinstance(by, str) else by
    if seconds is None or not abs(seconds) <= LONGEST_ADVANCE_S:
        came = quoted(by if isinstance(by, str) else f"{by:g}")
        raise BadValue(NO_TIME.of(given=came))
    if not 0 <= clock.now() + seconds <= LATEST:
        raise BadValue(BEYOND)
    clock.advance(seconds)
