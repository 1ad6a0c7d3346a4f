"""Puts a stream into a WebM (RFC 9559 and RFC 8794). Browsers record it, though with other codecs than these."""

from __future__ import annotations

import struct

from mockface.samples import aac
from mockface.samples.videostream import Stream

_KEY_FRAME = 0x80


def webm(stream: Stream) -> bytes:
    """The file, its media in one cluster."""
    head = _element(
        0x1A45DFA3, _number(0x4286, 1), _number(0x42F7, 1), _number(0x42F2, 4), _number(0x42F3, 8),
        _element(0x4282, b"webm"), _number(0x4287, 4), _number(0x4285, 2),
    )  # fmt: skip
    duration = _element(0x4489, struct.pack(">d", stream.seconds * 1000))
    info = _element(
        0x1549A966, _number(0x2AD7B1, 1_000_000), duration, _element(0x4D80, b"mockface"), _element(0x5741, b"mockface")
    )
    tracks = []
    if stream.picture:
        sides = _element(0xE0, _number(0xB0, stream.width), _number(0xBA, stream.height))
        tracks.append(_track(1, 1, b"V_MPEG4/ISO/AVC", stream.configuration, sides))
    if stream.sound:
        heard = _element(0xE1, _element(0xB5, struct.pack(">d", aac.RATE_HZ)), _number(0x9F, 1))
        tracks.append(_track(2, 2, b"A_AAC", aac.CONFIGURATION, heard))
    blocks = [_block(*one) for one in stream.in_time()]
    cluster = _element(0x1F43B675, _number(0xE7, 0), *blocks)
    return head + _element(0x18538067, info, _element(0x1654AE6B, *tracks), cluster)


def _element(name: int, *content: bytes) -> bytes:
    """An element; its size takes four bytes, whose first bits say so."""
    body = b"".join(content)
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + (len(body) | 1 << 28).to_bytes(4, "big") + body


def _number(name: int, value: int) -> bytes:
    return _element(name, value.to_bytes(max((value.bit_length() + 7) // 8, 1), "big"))


def _track(number: int, kind: int, codec: bytes, private: bytes, described: bytes) -> bytes:
    numbers = _number(0xD7, number), _number(0x73C5, number), _number(0x83, kind), _number(0x9C, 0)
    return _element(0xAE, *numbers, _element(0x86, codec), _element(0x63A2, private), described)


def _block(time_ms: int, is_picture: bool, content: bytes) -> bytes:
    """A frame; of the pictures, only the first needs no other."""
    track, flags = (0x81, 0 if time_ms else _KEY_FRAME) if is_picture else (0x82, _KEY_FRAME)
    return _element(0xA3, struct.pack(">BhB", track, time_ms, flags), content)
