"""Reads the chunks of an AVI (Microsoft's RIFF and OpenDML): tracks, size in pixels, duration, codec.

Only the lists `hdrl` and `strl` are entered. At most 40 bytes are read at once.
"""

from __future__ import annotations

import struct

from mockface.request.video.walking import REST, Found, Parser, first, four_characters, skip

_AVIH_BYTES, _STRH_BYTES = 40, 36
_ENDLESS = 1 << 64
_ENTERED = {b"": b"AVI ", b"AVI ": b"hdrl", b"hdrl": b"strl"}
"""Which kind of list is entered, by the kind of its parent; so none lies deeper than three."""
_UNKNOWN_SIZES = (0, 0xFFFFFFFF)
"""What writers that cannot go back leave as the size of a list: it goes on to the end of the file."""


def read(found: Found) -> Parser:
    """Read a file: one RIFF list, or several from 1 GB on."""
    found.incomplete = True
    while True:
        found.between = True
        head = yield 8
        if not found.one_more() or not head.startswith(b"RIFF"):
            break
        found.between = False
        size = _list_size(head)
        found.between = size == _ENDLESS
        yield from _inside(found, size, b"")
    if found.gave_up:
        found.has_video, found.has_audio, found.incomplete = found.has_video or None, found.has_audio or None, False
    found.between = True
    yield REST


def _list_size(head: bytes) -> int:
    size = int.from_bytes(head[4:], "little")
    return _ENDLESS if size in _UNKNOWN_SIZES else size + size % 2


def _inside(found: Found, left: int, parent: bytes) -> Parser:
    """Read a list, from the name of its kind on; its parent's is b"" for the whole file."""
    if left < 4:
        yield from skip(left)
        return
    kind = yield 4
    left -= 4
    if kind == b"movi":
        found.incomplete = False
    if kind != _ENTERED.get(parent):
        yield from skip(left)
        return
    while left >= 8:
        head = yield 8
        left -= 8
        if not found.one_more():
            break
        name, size = head[:4], int.from_bytes(head[4:], "little")
        size = min(_list_size(head) if name == b"LIST" else size + size % 2, left)
        left -= size
        if name == b"LIST":
            yield from _inside(found, size, kind)
        elif name == b"avih" and kind == b"hdrl":
            _note_header(found, (yield from first(_AVIH_BYTES, size)))
        elif name == b"strh" and kind == b"strl":
            _note_stream(found, (yield from first(_STRH_BYTES, size)))
        else:
            yield from skip(size)
    yield from skip(left)


def _note_header(found: Found, avih: bytes) -> None:
    if len(avih) == _AVIH_BYTES:
        found.has_video, found.has_audio = False, False
        per_frame_us, frames = struct.unpack_from("<I12xI", avih)
        found.lasts(per_frame_us * frames / 1_000_000)
        found.shows(*struct.unpack_from("<II", avih, 32))


def _note_stream(found: Found, strh: bytes) -> None:
    """Note a stream; the header's duration gives way to that of the pictures, which has a finer unit."""
    kind = strh[:4]
    found.has_audio = found.has_audio or kind == b"auds"
    if kind != b"vids" or found.has_video:
        return
    found.has_video = True
    found.codec = four_characters(strh[4:8])
    if len(strh) == _STRH_BYTES:
        scale, rate, _, length = struct.unpack_from("<IIII", strh, 20)
        if rate:
            found.lasts(length * scale / rate)
