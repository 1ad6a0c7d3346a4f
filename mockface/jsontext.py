"""JSON for people: characters as they are, except those that a terminal obeys or UTF-8 cannot say."""

from __future__ import annotations

import json


def json_text(value: object, *, indent: int | None = None) -> str:
    r"""A value as JSON: Chinese stays as it is, what does not print is `\u…`. Compact, or indented for a terminal."""
    separators = None if indent else (",", ":")
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one == "\n" else escaped(one) for one in text)


def escaped(text: str) -> str:
    """Characters as JSON escapes them; those beyond the first 65,536 as two halves."""
    return json.dumps(text)[1:-1]
