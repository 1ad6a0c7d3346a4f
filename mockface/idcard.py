"""Resident ID numbers: their format, their check digit, and mockface's reserved family.

The family has the region 110110, which was abolished, and birth dates in 1999, after that. Such a number cannot belong
to anybody, but its check digit is right, so that validators in clients accept it. `scenarios/family.py` has the meaning
of its digits.

Source of the check digit: GB 11643-1999 (ISO 7064 MOD 11-2), docs/wire.md.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache

from mockface.privacy.masking import shown
from mockface.reasons import Reason, Said, words

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
PROVINCES = frozenset(
    f"{code}"
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (81, 83))
    for code in range(first, last + 1)
)
"""The first two digits in use; 81 to 83 are residence permits."""
OLDEST_YEARS = 120

_LENGTH = Reason("it has {count} characters, expected 18 or 15", "它有 {count} 个字符，应为 18 或 15 个")
_OTHER_THAN_DIGITS = words(
    "it has characters other than digits (only the last of 18 may be X)",
    "含有数字以外的字符（只有 18 位的最后一位可以是 X）",
)
_CHECK_DIGIT = Reason("its check digit is {came}; expected {right}", "校验位是 {came}；应为 {right}")
_KEY = re.compile(r"[0-9?#]*[0-9?#X]")

RESERVED_PREFIX = "1101101999"
is_of_family = re.compile(RESERVED_PREFIX + "[0-9Xx?#]{0,8}").fullmatch
"""Matches a number or pattern of the family, but nothing longer."""


def check_digit(first_17: str) -> str:
    """The check digit for these 17 digits."""
    return CHECK_DIGITS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first_17, strict=True)) % 11]


def is_well_formed(number: str) -> bool:
    """18 characters with a correct check digit (`x` counts as `X`), or 15 digits. Dates and regions are not checked."""
    if not number.isascii():
        return False
    if len(number) == 18 and number[:17].isdigit():
        return check_digit(number[:17]) == number[17].upper()
    return len(number) == 15 and number.isdigit()


def shortcoming(number: str) -> Said:
    """Why a number is not well formed, and the nearest number that is, in ASCII."""
    if len(number) not in (15, 18):
        return _LENGTH.of(count=len(number))
    if len(number) == 15 or not (number.isascii() and number[:17].isdigit()):
        return _OTHER_THAN_DIGITS
    return _CHECK_DIGIT.of(came=shown(number[17]), right=check_digit(number[:17]))


def is_reserved(number: str) -> bool:
    """Whether the number is in the reserved family, so that it belongs to nobody."""
    return is_of_family(number) is not None


def looks_real(number: str, now: float) -> bool:
    """Whether a living person may have it: well formed, of a province, born in the last 120 years, not reserved."""
    if is_reserved(number) or number[:2] not in PROVINCES or not is_well_formed(number):
        return False
    born = number[6:14] if len(number) == 18 else "19" + number[6:12]
    try:
        day = date(int(born[:4]), int(born[4:6]), int(born[6:]))
    except ValueError:
        return False
    today = datetime.fromtimestamp(now, UTC).date()
    return day <= today and today.year - day.year <= OLDEST_YEARS


def is_operation(key: str) -> bool:
    """Whether the key of a scenario is the name of an operation: it has small letters, and a number has none."""
    return key.isalpha() and key != key.upper()


def masked(number: str) -> str:
    """The number safe to show: complete if reserved, else its first three and last two characters, in ASCII."""
    return shown(number) if is_reserved(number) else ends_of(number)


def ends_of(number: str) -> str:
    """The first three and the last two characters of a number, in ASCII."""
    if len(number) <= 5:
        return "*****"
    text = number[:3] + "*" * min(max(len(number) - 5, 3), 13) + number[-2:]
    return text if number.isascii() and number.isalnum() else shown(text)


@lru_cache(maxsize=1024)
def masked_key(key: str) -> str:
    """A scenario's number or pattern, masked like a number; the name of a default unchanged."""
    return masked(key) if len(key) in (15, 18) and _KEY.fullmatch(key) else key
