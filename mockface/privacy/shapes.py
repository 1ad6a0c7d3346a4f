"""What may be a person's, known by its shape: ID numbers in every spelling, and words of other scripts than ASCII's.

Text goes in, text with those places replaced comes out. Spellings of a number: together or in groups, with any
separators, percent-encoded (once or more), in full-width or other digits. It takes time in proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

SHORTEST = 14
"""So many digits together are hidden: a number of 15 or 18, or most of one."""

_SEPARATORS_LIMIT = 8
"""How many characters may part two digits of one number."""
_PERCENT = r"%(?:25)*"
"""A percent sign, encoded as often as proxies and clients do."""
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
"""18 or 15 characters whose middle is a day of birth."""
_PARTS = {15: {6, 12}, 18: {6, 14}}
"""Lengths of numbers, and where their district and their day of birth end: who parts them there means a number."""
_OTHER_SCRIPT = re.compile(
    rf"(?:[^\x00-\x7f]|{_PERCENT}[89A-Fa-f][0-9A-Fa-f]|%u[0-9A-Fa-f]{{4}}|\\u[0-9A-Fa-f]{{4}}"
    r"|&#(?:[0-9]{3,7}|[Xx][0-9A-Fa-f]{2,6});)+"
)
"""Characters beyond ASCII: as they are, as bytes taken for Latin-1, percent-encoded in any charset, or as escapes."""


class _Group(NamedTuple):
    """Digits that stand together: what they say in ASCII, and where."""

    digits: str
    start: int
    end: int


def without_numbers(text: str, mask: Callable[[str, str], str]) -> str:
    """The text with every ID number that is not reserved as `mask` says: of its digits, and of how it was spelled."""
    return _RUN.sub(lambda run: _masked_run(run[0], mask), text) if len(text) >= SHORTEST else text


def without_other_scripts(text: str) -> str:
    """The text with what is not ASCII as ***, whatever it is: a name in a place where no name belongs."""
    return text if is_plain(text) else _OTHER_SCRIPT.sub("***", text)


def is_plain(text: str) -> bool:
    """Whether the text is ASCII that encodes and escapes nothing."""
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
    """Which groups are numbers, from the first to the last of each: one that is long, or several that make one."""
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
    """The last group of the number that begins with this one, None if none does."""
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
    """Whether digits are hidden: no reserved number, nor one digit again and again."""
    return not _RESERVED.fullmatch(digits) and len(set(digits)) > 1
