"""Puts a stream into an MP4 (ISO/IEC 14496-12 and -14), with `moov` behind the media as phones write it."""

from __future__ import annotations

import struct
from typing import NamedTuple

from mockface.samples import aac
from mockface.samples.videostream import FRAMES_PER_S, Stream

_SCALE = 1000
"""Units a second of the whole; each track has its own."""
_UPRIGHT = (1, 0, 0, 1)
_TURNED = (0, -1, 1, 0)
"""The matrix of a recording that is stored on its side: a, b, c, d."""


class _Track(NamedTuple):
    id: int
    handler: bytes
    header: bytes
    sample: bytes
    scale: int
    step: int
    sizes: list[int]
    sides: tuple[int, int]


def mp4(stream: Stream, *, turned: bool = False) -> bytes:
    """The file; `turned` is shown on its side, so that 480 × 270 pixels are 270 × 480."""
    contents, tracks = [], []
    if stream.picture:
        contents.append(stream.frames())
        tracks.append(_pictures(stream, contents[-1]))
    if stream.sound:
        contents.append(stream.sounds())
        tracks.append(_sounds(contents[-1], len(tracks) + 1))
    start = _box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomiso2avc1mp41")
    media = [b"".join(frames) for frames in contents]
    boxes, at = [_head(stream, len(tracks) + 1)], len(start) + 8
    for track, content in zip(tracks, media, strict=True):
        boxes.append(_track(stream, track, at, _TURNED if turned and track.handler == b"vide" else _UPRIGHT))
        at += len(content)
    return start + _box(b"mdat", *media) + _box(b"moov", *boxes)


def _box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def _full(kind: bytes, *content: bytes, flags: int = 0) -> bytes:
    """A box with a version, 0, and flags."""
    return _box(kind, struct.pack(">I", flags), *content)


def _matrix(turn: tuple[int, int, int, int]) -> bytes:
    a, b, c, d = (value << 16 for value in turn)
    return struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)


def _head(stream: Stream, next_track: int) -> bytes:
    times = struct.pack(">4I", 0, 0, _SCALE, stream.seconds * _SCALE)
    return _full(
        b"mvhd", times, struct.pack(">IH10x", 1 << 16, 256), _matrix(_UPRIGHT), bytes(24), struct.pack(">I", next_track)
    )


def _pictures(stream: Stream, frames: list[bytes]) -> _Track:
    sides = struct.pack(">HH", stream.width, stream.height)
    seen = struct.pack(">16x4sIIIH32xHh", sides, 72 << 16, 72 << 16, 0, 1, 24, -1)
    sample = _box(b"avc1", bytes(6), b"\0\1", seen, _box(b"avcC", stream.configuration))
    header = _full(b"vmhd", bytes(8), flags=1)
    return _Track(
        1, b"vide", header, sample, FRAMES_PER_S, 1, [len(frame) for frame in frames], (stream.width, stream.height)
    )


def _sounds(frames: list[bytes], track_id: int) -> _Track:
    decoder = b"\x05" + bytes([len(aac.CONFIGURATION)]) + aac.CONFIGURATION
    config = b"\x40\x15" + bytes(11) + decoder
    elementary = b"\0\0\0" + b"\x04" + bytes([len(config)]) + config + b"\x06\1\2"
    heard = struct.pack(">8xHHHHI", 1, 16, 0, 0, aac.RATE_HZ << 16)
    sample = _box(b"mp4a", bytes(6), b"\0\1", heard, _full(b"esds", b"\x03" + bytes([len(elementary)]) + elementary))
    header = _full(b"smhd", bytes(4))
    return _Track(
        track_id, b"soun", header, sample, aac.RATE_HZ, aac.FRAME_SAMPLES, [len(frame) for frame in frames], (0, 0)
    )


def _track(stream: Stream, track: _Track, at: int, turn: tuple[int, int, int, int]) -> bytes:
    """The boxes of a track whose samples lie in one piece, from byte `at` of the file."""
    count = len(track.sizes)
    seconds = count * track.step / track.scale
    volume = 256 if track.handler == b"soun" else 0
    width, height = track.sides
    head = _full(
        b"tkhd", struct.pack(">IIIII8xHHHH", 0, 0, track.id, 0, round(seconds * _SCALE), 0, 0, volume, 0),
        _matrix(turn), struct.pack(">II", width << 16, height << 16), flags=3,
    )  # fmt: skip
    undetermined = 0x55C4  # the language "und"
    times = _full(b"mdhd", struct.pack(">IIIIHH", 0, 0, track.scale, count * track.step, undetermined, 0))
    handler = _full(b"hdlr", bytes(4), track.handler, bytes(12), b"mockface\0")
    reference = _box(b"dinf", _full(b"dref", struct.pack(">I", 1), _full(b"url ", flags=1)))
    table = [
        _full(b"stsd", struct.pack(">I", 1), track.sample),
        _full(b"stts", struct.pack(">III", 1, count, track.step)),
        _full(b"stsc", struct.pack(">IIII", 1, 1, count, 1)),
        _full(b"stsz", struct.pack(f">II{count}I", 0, count, *track.sizes)),
        _full(b"stco", struct.pack(">II", 1, at)),
    ]
    if track.handler == b"vide":
        table.append(_full(b"stss", struct.pack(">II", 1, 1)))
    media = _box(b"mdia", times, handler, _box(b"minf", track.header, reference, _box(b"stbl", *table)))
    return _box(b"trak", head, media)
