"""The reserved family: ID numbers that begin with `idcard.RESERVED_PREFIX` and encode their outcome.

110110 1999 MM DD SSS C
|  |  |   check digit
|  |  sequence: the code's last three digits, or the similarity
|  day: a lane from 01 to 28, one for each parallel test
month: the code's thousands digit, 10 for codes below 1000; 11 similarity in per cent, 12 in tenths;
01 an outcome of API 3.0, by its place in a frozen list;
02 late by tenths of a second, 03 a fault, 06 a story for retries; 07 to 09 are left to users
"""

from __future__ import annotations

from mockface.codes import Code
from mockface.gateway.outcomes import OUTCOMES
from mockface.idcard import RESERVED_PREFIX, check_digit
from mockface.scenarios.faults import FAULTS

LANES = range(1, 29)

MONTH_OF_SUCCESSOR = 1
MONTH_OF_DELAYS = 2
MONTH_OF_FAULTS = 3
MONTH_OF_STORIES = 6
MONTHS_OF_USERS = (7, 8, 9)
MONTH_OF_SMALL_CODES = 10
MONTH_OF_PER_CENT = 11
MONTH_OF_TENTHS = 12

FAULT_SEQUENCES = {name: sequence for sequence, name in enumerate(FAULTS, start=101)} | {"one_in_five": 201}
"""The sequence of each fault in month 03; one_in_five is an internal error in a fifth of the calls."""

STORY_SEQUENCES = {"busy_then_success": 1, "error_then_success": 2, "success_then_arrears": 3, "varying": 4}
"""The sequence digits of each retry scenario in month 06."""


def number_for(month: int, lane: int, sequence: int) -> str:
    """The family's number for a month, a lane (1 to 28) and a sequence (0 to 999), with its check digit."""
    first_17 = f"{RESERVED_PREFIX}{month:02d}{lane:02d}{sequence:03d}"
    return first_17 + check_digit(first_17)


def number_for_code(code: Code, lane: int = 1) -> str:
    """The number whose shipped scenario answers this code (not 0). Raises ValueError for a text not in month 01."""
    if isinstance(code.number, str):
        if code.number not in OUTCOMES:
            raise ValueError(f"no reserved number spells {code.number}: month 01 has the codes of API 3.0")
        return number_for(MONTH_OF_SUCCESSOR, lane, OUTCOMES.index(code.number) + 1)
    thousands, sequence = divmod(abs(code.number), 1000)
    return number_for(thousands or MONTH_OF_SMALL_CODES, lane, sequence)


def in_lane(number: str, lane: int) -> str:
    """The same number in another lane."""
    return number_for(int(number[10:12]), lane, int(number[14:17]))


def number_for_similarity(similarity: float, lane: int = 1) -> str:
    """The number whose shipped scenario answers this similarity: 0 to 100, at most one decimal; else ValueError."""
    tenths = round(similarity * 10) if 0 <= similarity <= 100 else -1
    if tenths < 0 or abs(tenths - similarity * 10) > 1e-9:
        raise ValueError(f"similarity is {similarity:g}; expected 0 to 100 with at most one decimal, such as 74.9")
    if tenths % 10 == 0:
        return number_for(MONTH_OF_PER_CENT, lane, tenths // 10)
    return number_for(MONTH_OF_TENTHS, lane, tenths)


def number_for_delay(seconds: float, lane: int = 1) -> str:
    """The number whose shipped scenario succeeds after this delay: 0 to 99.9 s in tenths; else ValueError."""
    tenths = round(seconds * 10) if 0 <= seconds < 100 else -1
    if not 0 <= tenths <= 999 or abs(tenths - seconds * 10) > 1e-9:
        raise ValueError(f"delay is {seconds:g}; expected 0 to 99.9 seconds with at most one decimal, such as 0.3")
    return number_for(MONTH_OF_DELAYS, lane, tenths)
