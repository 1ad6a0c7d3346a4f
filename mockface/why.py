"""Words for people: what a client sent, safe to show, and one line of them, safe as a header."""

from __future__ import annotations

import re
from collections.abc import Iterable

WHY_LIMIT = 400
"""The longest why, in characters: a header line that every client takes."""

_ID_LIKE = re.compile(r"(?<![0-9])(?!1101101999|([0-9])\1{13})[0-9]{14,}[Xx]?")
"""Long runs of digits: a number of 15 or 18, or most of one that was cut. One digit 14 times is no number."""


def shown(came: str | bytes, limit: int = 40) -> str:
    """The first characters of what came, in printable ASCII without quotes; bytes are read as Latin-1."""
    text = came[:limit] if isinstance(came, str) else came[:limit].decode("latin-1")
    return ascii(text)[1:-1] + ("..." if len(came) > limit else "")


def quoted(came: str | bytes, limit: int = 40) -> str:
    """The same, in quotes."""
    return f"'{shown(came, limit)}'"


def hidden(text: str, secrets: Iterable[str]) -> str:
    """The text with these secrets, and whatever else looks like an ID number that is not reserved, as ***."""
    for secret in secrets:
        if len(secret) > 1 and secret in text:
            text = text.replace(secret, "***")
    return _ID_LIKE.sub("***", text) if len(text) >= 14 else text


def printable(text: str) -> str:
    """The text with everything that a terminal might obey as an escape; Chinese stays as it is."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def one_line(why: str) -> str:
    """A why that is safe as a header: printable ASCII, one line, bounded."""
    line = why if why.isascii() and why.isprintable() else ascii(why)[1:-1]
    return line if len(line) <= WHY_LIMIT else line[: WHY_LIMIT - 3] + "..."
