"""Text that is safe to show: personal data and secrets masked, control characters escaped, headers on one line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from mockface.privacy.shapes import SHORTEST, is_plain, without_numbers, without_other_scripts

WHY_LIMIT = 400
"""The longest why, in characters: every client accepts a header line of this length."""

_CUT = "..."
_HIDDEN = "***"
_AHEAD = 1024
"""Characters read beyond `limit`: an ID number may begin before the cut and end after it."""
_LOOSE_LENGTH = 4
"""A secret of at least this length is found in any case; a shorter one could be part of an ordinary word."""
_LONGEST_CUT = 40
"""The longest cut-off piece of a secret to look for: no caller of `shown` uses a larger limit."""


_HARMLESS_LENGTH = 256
_HARMLESS_LIMIT = 2048
_harmless: set[str] = set()
"""Texts that need no masking, such as paths and headers: they repeat, so the result is cached."""


def shown(came: str | bytes, limit: int = 40) -> str:
    """The first `limit` characters in printable ASCII, without quotes; bytes are read as Latin-1.

    ID numbers and non-ASCII text, which may be a name, are masked before the cut: half an ID number is not
    recognised as one.
    """
    text = came if isinstance(came, str) else came.decode("latin-1")
    cut = len(text) > limit
    if cut or len(text) >= SHORTEST or not text.isascii() or "%" in text or "\\" in text:
        text = _told(text[: limit + _AHEAD])[:limit]
    return ascii(text)[1:-1] + _CUT * cut


def quoted(came: str | bytes, limit: int = 40) -> str:
    """`shown`, in quotes."""
    return f"'{shown(came, limit)}'"


def hidden(text: str, secrets: Iterable[str], limit: int | None = None) -> str:
    """The text with these secrets and all ID numbers that are not reserved replaced by ***; then cut to `limit`."""
    if not secrets and text in _harmless:
        return text[:limit]
    if not secrets and len(text) < SHORTEST:
        return sendable(text)[:limit]
    text = _without(text, secrets, limit)
    return sendable((_told(text) if is_plain(text) else without_numbers(text, _starred))[:limit])


def hidden_outside(text: str, secrets: Iterable[str], limit: int | None = None) -> str:
    """`hidden` for places where no name belongs: non-ASCII text may be a name and is replaced by *** too."""
    if not secrets and text in _harmless:
        return text[:limit]
    return _told(_without(text, secrets, limit))[:limit]


def _without(text: str, secrets: Iterable[str], limit: int | None) -> str:
    """The text without the secrets; cut some way beyond the limit, so that masks can still match at the end."""
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
    """The text with each ID number that is not reserved masked as `310*****32`; the length stays the same."""
    return without_numbers(text, _ends_shown)


def _ends_shown(digits: str, spelled: str) -> str:
    return f"{digits[:3]}{'*' * (len(spelled) - 5)}{digits[-2:]}"


def sendable(text: str) -> str:
    """The text with lone surrogates escaped: JSON can contain them, UTF-8 cannot encode them."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def spellings(secret: str) -> tuple[str, ...]:
    """The secret as plain text, as it appears in a header (UTF-8 read as Latin-1) and percent-encoded in a URL."""
    if secret.isalnum() and secret.isascii():
        return (secret,)
    coded = secret.encode("utf-8", "replace")
    return tuple(dict.fromkeys((secret, coded.decode("latin-1"), quote(coded, safe=""), quote_plus(coded))))


def standing_in(text: str, secrets: Iterable[str]) -> tuple[str, ...]:
    """The spellings of these secrets that occur in the text; plain ASCII text is searched for the plain secret only."""
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
    """The a= of a signature: all of a numeric appid, else the first 8 characters, since it may be a SecretId."""
    return shown(came, 24) if came.isascii() and came.isdigit() else shown(came, 8)


def hidden_cuts(text: str, secrets: Iterable[str]) -> str:
    """The text without the beginnings of these secrets that `shown` left where it cut them."""
    if _CUT not in text:
        return text
    for spelled in [spelling for secret in secrets for spelling in spellings(secret)]:
        for length in range(min(len(spelled), _LONGEST_CUT), 1, -1):
            text = text.replace(shown(spelled[:length], length) + _CUT, _HIDDEN + _CUT)
    return text


def printable(text: str) -> str:
    """The text with control characters escaped, which a terminal would interpret; Chinese is kept."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def one_line(why: str) -> str:
    """A why that is safe as a header: one line of printable ASCII, at most WHY_LIMIT characters."""
    line = why if why.isascii() and why.isprintable() else ascii(why)[1:-1]
    return line if len(line) <= WHY_LIMIT else line[: WHY_LIMIT - 3] + "..."
