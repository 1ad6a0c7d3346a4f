r"""Text as JSON and as bytes of any encoding: what cannot stand as it is becomes a JSON escape, `\u5f20`.

Such an escape inside a JSON string means the same character, so that JSON stays JSON wherever it is printed. Knows
no stream.
"""

from __future__ import annotations

import codecs
import json
import unicodedata

ERRORS = "mockface-escape"
"""The name of the error handler for encoders (`errors=`) that escapes what an encoding cannot say."""
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of characters that are not shown but obeyed, that mean nothing, or that break lines."""


def escaped(text: str) -> str:
    """Every character of the text as a JSON escape; one beyond U+FFFF becomes a surrogate pair."""
    units = text.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def json_text(value: object, *, indent: int | None = None) -> str:
    """A value as JSON, compact unless it is indented. Chinese stays as it is; what could not be seen is escaped."""
    separators = None if indent else (",", ":")
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    if text.isascii() and "\x7f" not in text:  # control characters below U+0020 are escaped already
        return text
    invisible = (one for one in set(text) if one != "\n" and unicodedata.category(one) in _INVISIBLE)
    return text.translate({ord(one): escaped(one) for one in invisible})


def _escape(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    return escaped(fault.object[fault.start : fault.end]), fault.end


codecs.register_error(ERRORS, _escape)
