"""Columns and lines of a terminal, aligned also where they hold Chinese."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from mockface.privacy.masking import printable


def width(text: str) -> int:
    """Columns that a terminal gives the text: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns of text, aligned also where they hold Chinese."""
    lines = [[printable(str(cell)) for cell in line] for line in (head, *rows)]
    widths = [max(width(line[at]) for line in lines) for at in range(len(head))]
    padded = (
        "  ".join(cell + " " * (widths[at] - width(cell)) for at, cell in enumerate(line)).rstrip() for line in lines
    )
    return "\n".join(padded)


NARROW = 90
"""Columns of what stands in the report of a failing test, to which pytest adds ten."""


def wrapped(text: str, indent: str = "") -> list[str]:
    """A text in indented lines of NARROW columns at most, also where it is Chinese; what has no blanks is cut."""
    room, lines = NARROW - len(indent), [""]
    for word in printable(text).split():
        pieces = [word] if width(word) <= room else [word[at : at + room // 2] for at in range(0, len(word), room // 2)]
        for piece in pieces:
            if lines[-1] and width(f"{lines[-1]} {piece}") > room:
                lines.append("")
            lines[-1] += f" {piece}" if lines[-1] else piece
    return [indent + line for line in lines]
