"""Words for people: what a client sent, safe to show, and one line of them, safe as a header."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from mockface.privacy.shapes import SHORTEST, is_plain, without_numbers, without_other_scripts

WHY_LIMIT = 400
"""The longest why, in characters: a header line that every client takes."""

_CUT = "..."
_HIDDEN = "***"
_AHEAD = 1024
"""How far beyond what is shown a text is looked at, for what begins in front of the cut."""
_LOOSE_LENGTH = 4
"""A secret of so many characters is known in capitals and small letters; a shorter one may be a piece of any word."""
_LONGEST_CUT = 40
"""How much of a cut secret is looked for: `shown` cuts at that length, or shorter."""


_HARMLESS_LENGTH = 256
_HARMLESS_LIMIT = 2048
_harmless: set[str] = set()
"""Texts in which nothing had to be hidden: paths, headers and whys come again and again. No other is remembered."""


def shown(came: str | bytes, limit: int = 40) -> str:
    """The first characters of what came, in printable ASCII without quotes; bytes are read as Latin-1.

    What looks like an ID number, and what is not ASCII, which may be a name, is hidden before the text is cut: half of
    one would not be known for what it is.
    """
    text = came if isinstance(came, str) else came.decode("latin-1")
    cut = len(text) > limit
    if cut or len(text) >= SHORTEST or not text.isascii() or "%" in text or "\\" in text:
        text = _told(text[: limit + _AHEAD])[:limit]
    return ascii(text)[1:-1] + _CUT * cut


def quoted(came: str | bytes, limit: int = 40) -> str:
    """The same, in quotes."""
    return f"'{shown(came, limit)}'"


def hidden(text: str, secrets: Iterable[str], limit: int | None = None) -> str:
    """The text with these secrets, and whatever else looks like an ID number that is not reserved, as ***; then cut."""
    if not secrets and text in _harmless:
        return text[:limit]
    if not secrets and len(text) < SHORTEST:
        return sendable(text)[:limit]
    text = _without(text, secrets, limit)
    return sendable((_told(text) if is_plain(text) else without_numbers(text, _starred))[:limit])


def hidden_outside(text: str, secrets: Iterable[str], limit: int | None = None) -> str:
    """The same of what a client sent where no name belongs: there what is not ASCII may be one, and is *** too."""
    if not secrets and text in _harmless:
        return text[:limit]
    return _told(_without(text, secrets, limit))[:limit]


def _without(text: str, secrets: Iterable[str], limit: int | None) -> str:
    """The text without the secrets, and not much longer than will be seen."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _LOOSE_LENGTH and secret.lower() in text.lower():
            text = re.sub(re.escape(secret), _HIDDEN, text, flags=re.IGNORECASE)
        elif len(secret) > 1 and secret in text:
            text = text.replace(secret, _HIDDEN)
    return text if limit is None else text[: limit + _AHEAD]


def _told(text: str) -> str:
    if text in _harmless:
        return text
    told = without_other_scripts(without_numbers(text, _starred))
    if told == text and len(text) <= _HARMLESS_LENGTH:
        if len(_harmless) >= _HARMLESS_LIMIT:
            _harmless.clear()
        _harmless.add(text)
    return told


def _starred(digits: str, spelled: str) -> str:
    return _HIDDEN


def masked_numbers(text: str) -> str:
    """The text with whatever looks like an ID number that is not reserved as `310*****32`, as long as it was."""
    return without_numbers(text, _ends_shown)


def _ends_shown(digits: str, spelled: str) -> str:
    return f"{digits[:3]}{'*' * (len(spelled) - 5)}{digits[-2:]}"


def sendable(text: str) -> str:
    """The text with halves of surrogate pairs escaped, which JSON can bring and UTF-8 cannot say."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def spellings(secret: str) -> tuple[str, ...]:
    """The secret, and as it looks in a header and in a URL: its UTF-8 bytes as characters, or percent-encoded."""
    if secret.isalnum() and secret.isascii():
        return (secret,)
    coded = secret.encode("utf-8", "replace")
    return tuple(dict.fromkeys((secret, coded.decode("latin-1"), quote(coded, safe=""), quote_plus(coded))))


def standing_in(text: str, secrets: Iterable[str]) -> tuple[str, ...]:
    """Those spellings of these secrets that stand in the text: in ASCII without a percent sign only they themselves."""
    encoded = "%" in text or not text.isascii()
    low = text.lower()
    found: list[str] = []
    for secret in secrets:
        if encoded or " " in secret:
            found += [spelling for spelling in spellings(secret) if spelling.lower() in low]
        elif secret.lower() in low:
            found.append(secret)
    return tuple(found)


def appid(came: str) -> str:
    """The a= of a signature: whole where it is an appid, else its first 8 characters, for it may be a SecretId."""
    return shown(came, 24) if came.isascii() and came.isdigit() else shown(came, 8)


def hidden_cuts(text: str, secrets: Iterable[str]) -> str:
    """The text without what `shown` left of these secrets where it cut them off."""
    if _CUT not in text:
        return text
    for spelled in [spelling for secret in secrets for spelling in spellings(secret)]:
        for length in range(min(len(spelled), _LONGEST_CUT), 1, -1):
            text = text.replace(shown(spelled[:length], length) + _CUT, _HIDDEN + _CUT)
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
