"""Chance that repeats: the nth call of a number gets the same draw on every run with the same seed."""

from __future__ import annotations

import math
from random import Random

from mockface.model import Delay, Step


def draws(seed: int, number: str, nth: int) -> Random:
    """The random numbers of one call. Python keeps `random()` and a seed by text the same over its versions."""
    # As bytes: JSON can bring half of a surrogate pair, which the seed of a text cannot hold.
    return Random(f"{seed}/{number}/{nth}".encode("utf-8", "backslashreplace"))  # noqa: S311 - repeatable is what is wanted


def taken(step: Step, chance: Random) -> Step:
    """The step itself, or what it is `otherwise`, by its rate."""
    while step.rate is not None and step.otherwise is not None:
        if chance.random() < step.rate:
            break
        step = step.otherwise
    return step


def delay_s(delay: Delay, chance: Random, digits: int) -> float:
    """Seconds that this delay comes to; `digits` are what the number spells."""
    if delay.kind == "uniform":
        return delay.low_s + (delay.high_s - delay.low_s) * chance.random()
    if delay.kind == "lognormal":
        return min(delay.low_s * math.exp(delay.sigma * _normal(chance)), delay.high_s)
    return delay.low_s * digits if delay.kind == "digits" else delay.low_s


def _normal(chance: Random) -> float:
    """A standard normal draw (Box and Muller), over random(), whose values Python promises to keep."""
    return math.sqrt(-2 * math.log(1 - chance.random())) * math.cos(2 * math.pi * chance.random())
