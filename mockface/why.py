"""Words for people: what a client sent, safe to show, and one line of them, safe as a header."""

from __future__ import annotations

import re
from collections.abc import Iterable

WHY_LIMIT = 400
"""The longest why, in characters: a header line that every client takes."""

_ID_LIKE = re.compile(r"(?<![0-9])(?!1101101999[0-9]{0,8}(?![0-9])|([0-9])\1+(?![0-9]))[0-9]{14,}[Xx]?")
"""Long runs of digits: a number of 15 or 18, or more than one. A reserved number is none, nor is one digit repeated."""
_CUT = "..."
_LONGEST_CUT = 40
"""How much of a cut secret is looked for: `shown` cuts at that length, or shorter."""


def shown(came: str | bytes, limit: int = 40) -> str:
    """The first characters of what came, in printable ASCII without quotes; bytes are read as Latin-1.

    What looks like an ID number is hidden before the text is cut: half of one would not be known for what it is.
    """
    text = came if isinstance(came, str) else came.decode("latin-1")
    if len(text) <= limit:
        return ascii(text)[1:-1]
    return ascii(_ID_LIKE.sub("***", text)[:limit])[1:-1] + _CUT


def quoted(came: str | bytes, limit: int = 40) -> str:
    """The same, in quotes."""
    return f"'{shown(came, limit)}'"


def hidden(text: str, secrets: Iterable[str], limit: int | None = None) -> str:
    """The text with these secrets, and whatever else looks like an ID number that is not reserved, as ***; then cut."""
    for secret in secrets:
        if len(secret) > 1 and secret in text:
            text = text.replace(secret, "***")
    return sendable((_ID_LIKE.sub("***", text) if len(text) >= 14 else text)[:limit])


def masked_numbers(text: str) -> str:
    """The text with whatever looks like an ID number that is not reserved as `310*****32`, as long as it was."""
    return _ID_LIKE.sub(lambda found: f"{found[0][:3]}{'*' * (len(found[0]) - 5)}{found[0][-2:]}", text)


def sendable(text: str) -> str:
    """The text with halves of surrogate pairs escaped, which JSON can bring and UTF-8 cannot say."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def spellings(secret: str) -> tuple[str, ...]:
    """The secret, and as it looks in a header: its UTF-8 bytes, each taken for a character."""
    return (secret,) if secret.isascii() else (secret, secret.encode("utf-8", "replace").decode("latin-1"))


def hidden_cuts(text: str, secrets: Iterable[str]) -> str:
    """The text without what `shown` left of these secrets where it cut them off."""
    if _CUT not in text:
        return text
    for secret in secrets:
        for length in range(min(len(secret), _LONGEST_CUT), 1, -1):
            text = text.replace(shown(secret[:length], length) + _CUT, "***" + _CUT)
    return text


def printable(text: str) -> str:
    """The text with everything that a terminal might obey as an escape; Chinese stays as it is."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def one_line(why: str) -> str:
    """A why that is safe as a header: printable ASCII, one line, bounded."""
    line = why if why.isascii() and why.isprintable() else ascii(why)[1:-1]
    return line if len(line) <= WHY_LIMIT else line[: WHY_LIMIT - 3] + "..."
