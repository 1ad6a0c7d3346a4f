"""How many calls are expected, and how long to wait for them; shared by the API and the test handle."""

from __future__ import annotations

from dataclasses import dataclass

from mockface.errors import BadValue
from mockface.privacy.masking import quoted
from mockface.texts.durations import LONGEST_S, seconds_of


@dataclass(frozen=True, slots=True)
class Amount:
    """The expected number of calls: from `least` to `most`, None for no upper bound."""

    least: int
    most: int | None

    @classmethod
    def of(cls, times: int | None, at_least: int | None, at_most: int | None) -> Amount:
        """Exactly `times`, or `at_least` to `at_most`; at least one by default. Raises BadValue for contradictions."""
        given = {"times": times, "at_least": at_least, "at_most": at_most}
        for name, count in given.items():
            if count is not None and count < 0:
                raise BadValue(f"{name} is {count}; expected 0 or more")
        if times is not None and (at_least is not None or at_most is not None):
            raise BadValue("times is an exact count; expected it without at_least and at_most")
        if times is not None:
            return cls(times, times)
        least = at_least if at_least is not None else 0 if at_most is not None else 1
        if at_most is not None and least > at_most:
            raise BadValue(f"at_least {least} is greater than at_most {at_most}")
        return cls(least, at_most)

    def __str__(self) -> str:
        if self.most is None:
            return f"at least {self.least}"
        return f"exactly {self.most}" if self.least == self.most else f"{self.least} to {self.most}"

    @property
    def is_one(self) -> bool:
        """Whether the expectation is about a single call."""
        return self.least == 1 and self.most in (None, 1)

    def is_met_by(self, count: int) -> bool:
        """Whether this count is as expected."""
        return count >= self.least and (self.most is None or count <= self.most)

    def is_settled_by(self, count: int) -> bool:
        """Whether no further call can change the result: enough calls without an upper bound, or too many.

        That an upper bound holds is known only when the time is over.
        """
        if self.most is not None and count > self.most:
            return True
        return count >= self.least and (self.most is None or (self.least == self.most and self.least > 0))


def within_s(within: str | float | None) -> float:
    """The seconds of "2s", of a number of seconds, or of None. Raises BadValue."""
    seconds = 0.0 if within is None else seconds_of(within) if isinstance(within, str) else within
    if seconds is None or not 0 <= seconds <= LONGEST_S:
        came = quoted(within) if isinstance(within, str) else f"{within:g}"
        raise BadValue(f'within={came} is not a time; expected "2s", "300ms" or a number of seconds, at most an hour')
    return seconds
