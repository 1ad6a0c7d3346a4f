r"""The standard streams of the mockface process: all text can be printed, and a broken stream does no harm.

Characters that an encoding lacks are escaped as in JSON (`\u5f20`); a closed stream is replaced by the null device; a
standard error that cannot be written does not change the exit status.
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
    """ASCII under another name: click treats an ASCII stream as misconfigured and writes UTF-8 to it."""
    if name != _ASCII:
        return None
    ascii_ = codecs.lookup("ascii")
    return codecs.CodecInfo(
        ascii_.encode, ascii_.decode, ascii_.streamreader, ascii_.streamwriter, ascii_.incrementalencoder,
        ascii_.incrementaldecoder, _ASCII,
    )  # fmt: skip


class _Lenient(io.TextIOWrapper):
    """A stream that discards text if it cannot be written."""

    def write(self, text: str) -> int:
        """Write the text if possible."""
        with suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        """Flush if possible."""
        with suppress(OSError):
            super().flush()


def prepare() -> None:
    """Prepare the standard streams for any text."""
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
    """Open the null device for a closed stream (`2>&-`): otherwise the next file opened gets its descriptor."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8", errors=ERRORS))  # noqa: PTH123, SIM115


def give_up(stream: TextIO) -> None:
    """Redirect an unwritable stream to the null device: its buffered text would fail again at exit."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
