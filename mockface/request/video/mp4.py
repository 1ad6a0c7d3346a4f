"""Reads the boxes of MP4, MOV and 3GP (ISO/IEC 14496-12): tracks, size in pixels, rotation, duration, codec.

Boxes lie within boxes; only those on the way to a few small ones are entered, all others are skipped, whatever their
size. At most 96 bytes are read at once.
"""

from __future__ import annotations

from collections.abc import Generator

from mockface.request.video.walking import REST, Found, Parser, first, four_characters, skip

_MVHD_BYTES = 32
_TKHD_BYTES = 96
_HDLR_BYTES = 12
_STSD_BYTES = 52
"""How much of these boxes is read: up to the last field that matters, in the longer of their versions."""
_ENTERED = {b"moov": b"trak", b"trak": b"mdia", b"mdia": b"minf", b"minf": b"stbl"}
"""Which box lies where: by its parent."""
_ENDLESS = 1 << 64
"""The size of a box that goes on to the end of the file."""
_ONE = 65_536
"""1 in fixed point of 16.16 bits."""


class _Track:
    """The boxes of a track, each from behind its header."""

    __slots__ = ("hdlr", "stsd", "tkhd")

    def __init__(self) -> None:
        self.tkhd = self.hdlr = self.stsd = b""


def read(found: Found) -> Parser:
    """Read a file. Its `moov` may come before or behind its media; fragments leave the duration unknown."""
    moov = media = fragments = False
    while True:
        found.between = True
        head = yield 8
        found.between = False
        size, kind = yield from _size(head, _ENDLESS)
        if size is None or not four_characters(kind) or not found.one_more():
            break
        if kind == b"moov":
            moov = True
            found.has_video = found.has_video or False
            found.has_audio = found.has_audio or False
            found.between = size == _ENDLESS
            yield from _inside(found, kind, size, None)
        else:
            media = media or kind in (b"mdat", b"moof")
            fragments = fragments or kind == b"moof"
            found.between = size == _ENDLESS
            found.incomplete = moov and not media
            yield from skip(size)
        found.incomplete = moov and not media
        if fragments:
            found.duration_s = None
    found.between = True
    if found.gave_up:
        found.has_video, found.has_audio = found.has_video or None, found.has_audio or None
        found.incomplete = False
    yield REST


def _size(head: bytes, left: int) -> Generator[int, bytes, tuple[int | None, bytes]]:
    """The size of a box behind its header, None if it has none, and its kind; `left` is what its parent has left."""
    size, kind = int.from_bytes(head[:4], "big"), head[4:]
    if size == 0:
        return left, kind
    if size == 1:
        if left < 8:
            return None, kind
        size = int.from_bytes((yield 8), "big") - 8
        left -= 8
    return (min(size - 8, left) if size >= 8 else None), kind


def _inside(found: Found, parent: bytes, left: int, track: _Track | None) -> Parser:
    """Read the boxes of a box that has `left` bytes."""
    entered = _ENTERED.get(parent, b"")
    while left >= 8:
        head = yield 8
        left -= 8
        wide = head[:4] == b"\0\0\0\1"
        size, kind = yield from _size(head, left)
        left -= 8 if wide and left >= 8 else 0
        if size is None or not found.one_more():
            break
        left -= size
        if kind == entered:
            own = _Track() if kind == b"trak" else track
            yield from _inside(found, kind, size, own)
            if kind == b"trak" and own is not None:
                _note(found, own)
        elif kind == b"mvhd" and parent == b"moov":
            _note_duration(found, (yield from first(_MVHD_BYTES, size)))
        elif track is not None and kind == b"tkhd" and parent == b"trak":
            track.tkhd = yield from first(_TKHD_BYTES, size)
        elif track is not None and kind == b"hdlr" and parent == b"mdia":
            track.hdlr = yield from first(_HDLR_BYTES, size)
        elif track is not None and kind == b"stsd" and parent == b"stbl":
            track.stsd = yield from first(_STSD_BYTES, size)
        else:
            yield from skip(size)
    yield from skip(left)


def _note_duration(found: Found, mvhd: bytes) -> None:
    wide = mvhd[:1] == b"\1"
    scale, duration = (mvhd[20:24], mvhd[24:32]) if wide else (mvhd[12:16], mvhd[16:20])
    if len(duration) == (8 if wide else 4) and duration.strip(b"\xff") and any(scale):
        found.lasts(int.from_bytes(duration, "big") / int.from_bytes(scale, "big"))


def _note(found: Found, track: _Track) -> None:
    """Note a track. Of several with pictures, the first is shown."""
    kind = track.hdlr[8:12]
    found.has_audio = found.has_audio or kind == b"soun"
    if kind != b"vide" or found.has_video:
        return
    found.has_video = True
    found.codec = four_characters(track.stsd[12:16])
    found.rotated = _rotation(track.tkhd)
    width, height = _sides(track)
    if found.rotated in (90, 270):
        width, height = height, width
    found.shows(width, height)


def _sides(track: _Track) -> tuple[int, int]:
    """The stored width and height: of the coded pictures, otherwise of the track."""
    coded = track.stsd[40:44]
    sides = int.from_bytes(coded[:2], "big"), int.from_bytes(coded[2:], "big")
    if len(coded) == 4 and all(sides):
        return sides
    at = 88 if track.tkhd[:1] == b"\1" else 76
    shown = track.tkhd[at : at + 8]
    return int.from_bytes(shown[:4], "big") // _ONE, int.from_bytes(shown[4:8], "big") // _ONE


def _rotation(tkhd: bytes) -> int:
    """By how many degrees the matrix of a track turns it clockwise: (a, b) is where a step to the right goes."""
    at = 52 if tkhd[:1] == b"\1" else 40
    a, b = (int.from_bytes(tkhd[place : place + 4], "big", signed=True) for place in (at, at + 4))
    if abs(b) > abs(a):
        return 90 if b > 0 else 270
    return 180 if a < 0 else 0
