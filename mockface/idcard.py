"""Resident ID numbers: their shape, their check digit, and the family that mockface uses.

The family: district 110110 (abolished, so nothing is issued there), born in 1999, after its end. Such a number cannot
belong to anybody, yet its check digit is right, so that clients' own validators let it pass. A number of the family
spells its outcome:

    110110 1999 MM DD SSS C
                |  |  |   check digit
                |  |  sequence: the code's last three digits, or the similarity
                |  day: a lane from 01 to 28; each parallel test takes its own
                month: the code's thousands digit, 10 for codes below 1000; 11 similarity in per cent, 12 in tenths;
                02 late by tenths of a second, 03 a fault, 06 a story for retries; 07 to 09 are left to users

Source of the check digit: GB 11643-1999 (ISO 7064 MOD 11-2), docs/wire.md.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from mockface.codes import Code
from mockface.faults import FAULTS
from mockface.why import shown

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
PROVINCES = frozenset(
    f"{code}"
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (81, 83))
    for code in range(first, last + 1)
)
"""The first two digits in use; 81 to 83 are residence permits."""
OLDEST_YEARS = 120

_KEY = re.compile(r"[0-9?#]*[0-9?#X]")

RESERVED_PREFIX = "1101101999"
is_of_family = re.compile(RESERVED_PREFIX + "[0-9Xx?#]{0,8}").fullmatch
"""A match for a number or pattern of the family; one that goes on with a name is none."""
LANES = range(1, 29)

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
"""The sequence of each story in month 06."""


def check_digit(first_17: str) -> str:
    """The last character of the number that begins with these 17 digits."""
    return CHECK_DIGITS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first_17, strict=True)) % 11]


def is_well_formed(number: str) -> bool:
    """18 characters with a right check digit (`x` counts as `X`), or 15 digits. Dates and districts are not judged."""
    if not number.isascii():
        return False
    if len(number) == 18 and number[:17].isdigit():
        return check_digit(number[:17]) == number[17].upper()
    return len(number) == 15 and number.isdigit()


def shortcoming(number: str) -> str:
    """What keeps a number from being well formed, and the nearest number that is, in ASCII."""
    if len(number) not in (15, 18):
        return f"it has {len(number)} characters, expected 18 or 15"
    if len(number) == 15 or not (number.isascii() and number[:17].isdigit()):
        return "it holds something other than digits (only the last of 18 may be X)"
    return f"its check digit is {shown(number[17])}, {check_digit(number[:17])} would be right"


def is_reserved(number: str) -> bool:
    """Whether the number is of mockface's own family, which no living person can hold."""
    return is_of_family(number) is not None


def looks_real(number: str, now: float) -> bool:
    """Whether a living person may hold it: well formed, of a province, born in the last 120 years, not reserved."""
    if is_reserved(number) or number[:2] not in PROVINCES or not is_well_formed(number):
        return False
    born = number[6:14] if len(number) == 18 else "19" + number[6:12]
    try:
        day = date(int(born[:4]), int(born[4:6]), int(born[6:]))
    except ValueError:
        return False
    today = datetime.fromtimestamp(now, UTC).date()
    return day <= today and today.year - day.year <= OLDEST_YEARS


def masked(number: str) -> str:
    """The number for people's eyes: whole if reserved, else its first three and last two characters, in ASCII."""
    return shown(number) if is_reserved(number) else ends_of(number)


def ends_of(number: str) -> str:
    """The first three and the last two characters of a number, in ASCII."""
    if len(number) <= 5:
        return "*****"
    text = number[:3] + "*" * min(max(len(number) - 5, 3), 13) + number[-2:]
    return text if number.isascii() and number.isalnum() else shown(text)


def masked_key(key: str) -> str:
    """A scenario's number or pattern, masked as a number is; the name of a default as it is."""
    return masked(key) if len(key) in (15, 18) and _KEY.fullmatch(key) else key


def number_for(month: int, lane: int, sequence: int) -> str:
    """The family's number for a month, a lane (1 to 28) and a sequence (0 to 999), with its check digit."""
    first_17 = f"{RESERVED_PREFIX}{month:02d}{lane:02d}{sequence:03d}"
    return first_17 + check_digit(first_17)


def number_for_code(code: Code, lane: int = 1) -> str:
    """The number whose shipped scenario answers this code (not 0)."""
    thousands, sequence = divmod(abs(code.number), 1000)
    return number_for(thousands or MONTH_OF_SMALL_CODES, lane, sequence)


def number_for_similarity(similarity: float, lane: int = 1) -> str:
    """The number whose shipped scenario answers this similarity: 0 to 100, at most one decimal (ValueError if not)."""
    tenths = round(similarity * 10) if 0 <= similarity <= 100 else -1
    if tenths < 0 or abs(tenths - similarity * 10) > 1e-9:
        raise ValueError(f"similarity {similarity:g}: 0 to 100 with at most one decimal has a number, such as 74.9")
    if tenths % 10 == 0:
        return number_for(MONTH_OF_PER_CENT, lane, tenths // 10)
    return number_for(MONTH_OF_TENTHS, lane, tenths)


def number_for_delay(seconds: float, lane: int = 1) -> str:
    """The number whose success comes so late: 0 to 99.9 s in tenths (ValueError if not)."""
    tenths = round(seconds * 10) if 0 <= seconds < 100 else -1
    if not 0 <= tenths <= 999 or abs(tenths - seconds * 10) > 1e-9:
        raise ValueError(f"delay {seconds:g}: 0 to 99.9 seconds with at most one decimal has a number, such as 0.3")
    return number_for(MONTH_OF_DELAYS, lane, tenths)
