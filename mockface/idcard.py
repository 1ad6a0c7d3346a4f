"""Resident ID numbers: their shape, their check digit, and the family that mockface uses.

The family: district 110110 (abolished, so nothing is issued there), born in 1999, after its end. Such a number cannot
belong to anybody, yet its check digit is right, so that clients' own validators let it pass. A number of the family
spells its outcome:

    110110 1999 MM DD SSS C
                |  |  |   check digit
                |  |  sequence: the code's last three digits, or the similarity
                |  day: a lane from 01 to 28; each parallel test takes its own
                month: the code's thousands digit, 10 for codes below 1000; 11 similarity in per cent, 12 in tenths

Source of the check digit: GB 11643-1999 (ISO 7064 MOD 11-2), wire-facts 7.
"""

from __future__ import annotations

from mockface.codes import Code
from mockface.why import shown

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
RESERVED_PREFIX = "1101101999"
LANES = range(1, 29)

MONTH_OF_SMALL_CODES = 10
MONTH_OF_PER_CENT = 11
MONTH_OF_TENTHS = 12


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
        return f"it has {len(number)} characters, 18 or 15 are wanted"
    if len(number) == 15 or not (number.isascii() and number[:17].isdigit()):
        return "it holds something other than digits (only the last of 18 may be X)"
    return f"its check digit is {shown(number[17])}, {check_digit(number[:17])} would be right"


def is_reserved(number: str) -> bool:
    """Whether the number is of mockface's own family, which no living person can hold."""
    return number.startswith(RESERVED_PREFIX)


def masked(number: str) -> str:
    """The number for people's eyes: whole if reserved, else its first three and last two characters, in ASCII."""
    if is_reserved(number):
        text = number[:24]
    else:
        text = number[:3] + "*" * min(max(len(number) - 5, 3), 13) + number[-2:] if len(number) > 5 else "*****"
    return shown(text)


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
