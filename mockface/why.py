"""Words for people: what a client sent, safe to show, and one line of them, safe as a header."""

from __future__ import annotations

WHY_LIMIT = 400
"""The longest why, in characters: a header line that every client takes."""


def shown(came: str | bytes, limit: int = 40) -> str:
    """The first characters of what came, in printable ASCII without quotes; bytes are read as Latin-1."""
    text = came[:limit] if isinstance(came, str) else came[:limit].decode("latin-1")
    return ascii(text)[1:-1] + ("..." if len(came) > limit else "")


def quoted(came: str | bytes, limit: int = 40) -> str:
    """The same, in quotes."""
    return f"'{shown(came, limit)}'"


def one_line(why: str) -> str:
    """A why that is safe as a header: printable ASCII, one line, bounded."""
    line = why if why.isascii() and why.isprintable() else ascii(why)[1:-1]
    return line if len(line) <= WHY_LIMIT else line[: WHY_LIMIT - 3] + "..."
