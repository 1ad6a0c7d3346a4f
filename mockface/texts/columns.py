"""Aligned columns and wrapped lines for a terminal, with Chinese characters counted as two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from mockface.privacy.masking import printable


def width(text: str) -> int:
    """The columns that the text takes in a terminal; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as text with aligned columns."""
    lines = [[printable(str(cell)) for cell in line] for line in (head, *rows)]
    widths = [max(width(line[at]) for line in lines) for at in range(len(head))]
    padded = (
        "  ".join(cell + " " * (widths[at] - width(cell)) for at, cell in enumerate(line)).rstrip() for line in lines
    )
    return "\n".join(padded)


NARROW = 90
"""Columns available in the report of a failing test, where pytest adds ten."""


def wrapped(text: str, indent: str = "") -> list[str]:
    """The text in indented lines of at most NARROW columns, Chinese included; words that are too long are cut."""
    room, lines = NARROW - len(indent), [""]
    for word in printable(text).split():
        pieces = [word] if width(word) <= room else [word[at : at + room // 2] for at in range(0, len(word), room // 2)]
        for piece in pieces:
            if lines[-1] and width(f"{lines[-1]} {piece}") > room:
                lines.append("")
            lines[-1] += f" {piece}" if lines[-1] else piece
    return [indent + line for line in lines]
