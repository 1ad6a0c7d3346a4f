"""Recognises personal data by its form: ID numbers in any spelling, and text that is not ASCII.

Input is text, output is the text with these places replaced. A number is found with or without separators,
percent-encoded (once or more), in full-width or other digits. Run time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

SHORTEST = 14
"""A run of this many digits is hidden: an ID number has 15 or 18, and most of one can identify a person too."""

_SEPARATORS_LIMIT = 8
"""The most separator characters between two digits of one number."""
_PERCENT = r"%(?:25)*"
"""A percent sign; proxies and clients may encode it several times."""
_DIGIT = rf"(?:{_PERCENT}3[0-9]|\d)"
_SEPARATOR = (
    rf"(?:{_PERCENT}(?!3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa])[0-9A-Fa-f]{{2}}|%(?![0-9A-Fa-f]{{2}})|[^0-9A-Za-z%\d])"
)
_GAP = rf"{_SEPARATOR}{{0,{_SEPARATORS_LIMIT}}}"
_LAST = rf"(?:[XxＸｘ]|{_PERCENT}[57]8)"
_RUN = re.compile(rf"{_DIGIT}(?:{_GAP}{_DIGIT}){{{SHORTEST - 1},}}(?:{_GAP}{_LAST}(?![0-9A-Za-z]))?")
_GROUP = re.compile(rf"({_DIGIT}+{_LAST}?|{_LAST})|{_SEPARATOR}")
_CODED = re.compile(rf"{_PERCENT}([357][0-9])")
_RESERVED = re.compile(r"1101101999[0-9]{0,7}[0-9X]?")
_PLAUSIBLE = re.compile(
    r"[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]"
    r"|[1-9][0-9]{5}[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}"
)
"""18 or 15 characters with a date of birth in the middle."""
_PARTS = {15: {6, 12}, 18: {6, 14}}
"""Lengths of ID numbers, with the ends of their region and birth date: separators there indicate an ID number."""
_OTHER_SCRIPT = re.compile(
    rf"(?:[^\x00-\x7f]|{_PERCENT}[89A-Fa-f][0-9A-Fa-f]|%u[0-9A-Fa-f]{{4}}|\\u[0-9A-Fa-f]{{4}}"
    r"|&#(?:[0-9]{3,7}|[Xx][0-9A-Fa-f]{2,6});)+"
)
"""Non-ASCII characters: plain, as bytes read as Latin-1, percent-encoded in any charset, or escaped."""


class _Group(NamedTuple):
    """Adjacent digits: their value in ASCII, and their position in the text."""

    digits: str
    start: int
    end: int


def without_numbers(text: str, mask: Callable[[str, str], str]) -> str:
    """The text with each ID number that is not reserved replaced by `mask(digits, text as spelled)`."""
    return _RUN.sub(lambda run: _masked_run(run[0], mask), text) if len(text) >= SHORTEST else text


def without_other_scripts(text: str) -> str:
    """The text with everything that is not ASCII replaced by ***: it may be a name."""
    return text if is_plain(text) else _OTHER_SCRIPT.sub("***", text)


def is_plain(text: str) -> bool:
    """Whether the text is ASCII without percent signs, backslashes or ampersands."""
    return text.isascii() and not ("%" in text or "\\" in text or "&" in text)


def _masked_run(run: str, mask: Callable[[str, str], str]) -> str:
    groups = [_Group(_digits_of(found[1]), *found.span()) for found in _GROUP.finditer(run) if found[1]]
    told, at = [], 0
    for first, last in _numbers_in(groups):
        start, end = groups[first].start, groups[last].end
        digits = "".join(group.digits for group in groups[first : last + 1])
        told += [run[at:start], mask(digits, run[start:end])]
        at = end
    return "".join([*told, run[at:]])


def _digits_of(spelled: str) -> str:
    if "%" in spelled:
        spelled = _CODED.sub(lambda found: chr(int(found[1], 16)), spelled)
    return "".join(character if character in "Xx" else _ascii(character) for character in spelled).upper()


def _ascii(character: str) -> str:
    return "X" if character in "Ｘｘ" else str(int(character))


def _numbers_in(groups: list[_Group]) -> list[tuple[int, int]]:
    """The first and last group of each number: one long group, or several groups that form a number."""
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(groups):
        last = _number_from(groups, at)
        if last is None:
            at += 1
        else:
            found.append((at, last))
            at = last + 1
    return found


def _number_from(groups: list[_Group], first: int) -> int | None:
    """The last group of the number that begins with this group; None if no number begins here."""
    if len(groups[first].digits) >= SHORTEST:
        return first if _hides(groups[first].digits) else None
    digits = ""
    found = None
    ends = set()
    for at in range(first, min(first + 18, len(groups))):
        digits += groups[at].digits
        ends.add(len(digits))
        if len(digits) not in _PARTS or not _hides(digits):
            continue
        if _PLAUSIBLE.fullmatch(digits) or ends >= _PARTS[len(digits)]:
            found = at
    return found


def _hides(digits: str) -> bool:
    """Whether digits are hidden: not for a reserved number, nor for one digit repeated."""
    return not _RESERVED.fullmatch(digits) and len(set(digits)) > 1
