"""Marked secrets, and whether any piece of one, in any spelling, is in what a process told.

A mark is a text (or bytes) in which every piece of PIECE characters is as secret as the whole: what cuts it does not
hide it. `found_in` looks for each piece as it is, as another kind of client or log may spell it, and in any case of
its letters.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from functools import cache
from urllib.parse import quote, quote_plus

PIECE = 9


def spellings(piece: bytes) -> Iterator[bytes]:
    """The piece in every spelling that a program may give it."""
    yield piece
    latin = piece.decode("latin-1")
    yield latin.encode()
    for text in {latin, piece.decode("utf-8", "replace")}:
        yield text.encode("utf-16-le")
        for escaped in (ascii(text)[1:-1], json.dumps(text)[1:-1], quote(text), quote_plus(text)):
            yield escaped.encode()
            yield json.dumps(escaped)[1:-1].encode()
        yield "".join(f"\\u{ord(character):04x}" for character in text).encode()
        yield "".join(f"&#{ord(character)};" for character in text).encode()
        yield "".join(f"&#x{ord(character):x};" for character in text).encode()
    yield "".join(f"%{byte:02x}" for byte in piece).encode()
    yield piece.hex().encode()
    yield piece.hex(" ").encode()
    for pad in range(3):
        # Whatever stands before it: the letters that depend on its neighbours are left out.
        coded = base64.b64encode(b"\0" * pad + piece)
        inner = coded[4 if pad else 0 : len(coded) // 4 * 4 - 4]
        yield inner
        yield inner.replace(b"+", b"-").replace(b"/", b"_")


def pieces(mark: str | bytes) -> set[bytes]:
    """Every piece of a mark, as bytes; a text is cut between its characters."""
    if len(mark) <= PIECE:
        return {mark.encode() if isinstance(mark, str) else mark}
    cut = [mark[at : at + PIECE] for at in range(len(mark) - PIECE + 1)]
    return {one.encode() if isinstance(one, str) else one for one in cut}


@cache
def needles(mark: str | bytes) -> tuple[bytes, ...]:
    """Every spelling of every piece of a mark, in small letters; none so short that it may stand there by chance."""
    every = (spelling.lower() for piece in pieces(mark) for spelling in spellings(piece))
    return tuple(dict.fromkeys(needle for needle in every if len(needle) >= 6))


def found_in(told: bytes, marks: Mapping[str, str | bytes]) -> dict[str, list[bytes]]:
    """By the name of each mark that is told, where: some bytes around each finding."""
    low, found = told.lower(), {}
    for name, mark in marks.items():
        at_each = (low.find(needle) for needle in needles(mark))
        places = [told[max(at - 80, 0) : at + 80] for at in at_each if at >= 0]
        if places:
            found[name] = places[:3]
    return found
