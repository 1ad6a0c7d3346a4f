r"""JSON text, and text for any encoding: characters that cannot be written become JSON escapes such as `\u5f20`.

Inside a JSON string such an escape means the same character, so the output stays valid JSON in any encoding.
"""

from __future__ import annotations

import codecs
import json
import unicodedata

ERRORS = "mockface-escape"
"""The name of the encoding error handler (`errors=`) that writes unencodable characters as JSON escapes."""
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of characters that are invisible, unassigned, line breaks or control characters."""


def escaped(text: str) -> str:
    """Every character as a JSON escape; a character beyond U+FFFF becomes a surrogate pair."""
    units = text.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def json_text(value: object, *, indent: int | None = None) -> str:
    """A value as JSON, compact unless `indent` is given. Chinese is kept; invisible characters are escaped."""
    separators = None if indent else (",", ":")
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    if text.isascii() and "\x7f" not in text:  # `json.dumps` has escaped those below U+0020
        return text
    invisible = (one for one in set(text) if one != "\n" and unicodedata.category(one) in _INVISIBLE)
    return text.translate({ord(one): escaped(one) for one in invisible})


_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def wire_json(value: object) -> str:
    """Compact JSON as the services write it; all escaped where a lone surrogate could not be sent otherwise."""
    rendered = _COMPACT(value)
    if rendered.isascii():
        return rendered
    try:
        rendered.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return rendered


def _escape(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    return escaped(fault.object[fault.start : fault.end]), fault.end


codecs.register_error(ERRORS, _escape)
