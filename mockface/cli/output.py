r"""The standard streams of a process of mockface's own: whatever is printed comes out, or harms nothing.

What an encoding cannot say is escaped as in JSON (`\u5f20`); a stream that was closed is the null device; and a
standard error that takes no more changes no exit status.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from contextlib import suppress
from typing import TextIO

from mockface.texts.escaping import ERRORS

_ASCII = "mockface_ascii"


def _ascii(name: str) -> codecs.CodecInfo | None:
    """ASCII by another name: click takes a stream of ASCII for a mistake of the system, and writes UTF-8 to it."""
    if name != _ASCII:
        return None
    ascii_ = codecs.lookup("ascii")
    return codecs.CodecInfo(
        ascii_.encode, ascii_.decode, ascii_.streamreader, ascii_.streamwriter, ascii_.incrementalencoder,
        ascii_.incrementaldecoder, _ASCII,
    )  # fmt: skip


class _Lenient(io.TextIOWrapper):
    """A stream whose text is let go where it cannot be written."""

    def write(self, text: str) -> int:
        """Write it, if that can be done."""
        with suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        """Send it, if that can be done."""
        with suppress(OSError):
            super().flush()


def prepare() -> None:
    """Make the standard streams ready for any text."""
    codecs.register(_ascii)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            is_ascii = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding=_ASCII if is_ascii else None, errors=ERRORS)
    if isinstance(sys.stderr, io.TextIOWrapper):
        told = {"encoding": sys.stderr.encoding, "errors": ERRORS}
        sys.stderr = _Lenient(sys.stderr.buffer, line_buffering=True, write_through=True, **told)
    _open_closed()


def _open_closed() -> None:
    """Give a stream that was closed (`2>&-`) the null device: the next file opened would get its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8", errors=ERRORS))  # noqa: PTH123, SIM115


def give_up(stream: TextIO) -> None:
    """Lead a stream that cannot be written to nowhere: what is left in its buffer would fail again at the end."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
