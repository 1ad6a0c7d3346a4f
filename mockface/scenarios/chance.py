"""Repeatable random choice: the nth call of a number gets the same draw on every run with the same seed."""

from __future__ import annotations

import math
from random import Random

from mockface.model import Delay, Step


def draws(seed: int, number: str, nth: int) -> Random:
    """The random generator of one call. Python promises the same values for a text seed in all its versions."""
    # Bytes: JSON may contain a lone surrogate, which cannot be encoded as UTF-8.
    return Random(f"{seed}/{number}/{nth}".encode("utf-8", "backslashreplace"))  # noqa: S311 - must be repeatable


def taken(step: Step, chance: Random) -> Step:
    """The step itself with the probability `rate`, else its `otherwise` step."""
    while step.rate is not None and step.otherwise is not None:
        if chance.random() < step.rate:
            break
        step = step.otherwise
    return step


def delay_s(delay: Delay, chance: Random, digits: int) -> float:
    """The delay in seconds; `digits` is the value of the number's `#` digits."""
    if delay.kind == "uniform":
        return delay.low_s + (delay.high_s - delay.low_s) * chance.random()
    if delay.kind == "lognormal":
        return min(delay.low_s * math.exp(delay.sigma * _normal(chance)), delay.high_s)
    return delay.low_s * digits if delay.kind == "digits" else delay.low_s


def _normal(chance: Random) -> float:
    """A standard normal draw (Box-Muller) from random(), whose values Python promises not to change."""
    return math.sqrt(-2 * math.log(1 - chance.random())) * math.cos(2 * math.pi * chance.random())
