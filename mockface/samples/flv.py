"""Puts a stream into an FLV (Adobe's Video File Format Specification 10.1, annex E)."""

from __future__ import annotations

import struct

from mockface.samples import aac
from mockface.samples.videostream import FRAMES_PER_S, Stream

_AUDIO, _VIDEO, _SCRIPT = 8, 9, 18
_KEY_FRAME, _OTHER_FRAME = 0x17, 0x27
_SOUND = 0xAF
"""AAC, whose other bits are fixed."""


def flv(stream: Stream) -> bytes:
    """The file."""
    flags = (1 if stream.picture else 0) | (4 if stream.sound else 0)
    parts = [b"FLV\1" + bytes([flags]) + struct.pack(">II", 9, 0), _tag(_SCRIPT, 0, _metadata(stream))]
    if stream.picture:
        parts.append(_tag(_VIDEO, 0, bytes([_KEY_FRAME, 0, 0, 0, 0]) + stream.configuration))
    if stream.sound:
        parts.append(_tag(_AUDIO, 0, bytes([_SOUND, 0]) + aac.CONFIGURATION))
    for time_ms, is_picture, content in stream.in_time():
        frame = _OTHER_FRAME if time_ms else _KEY_FRAME
        head = bytes([frame, 1, 0, 0, 0]) if is_picture else bytes([_SOUND, 1])
        parts.append(_tag(_VIDEO if is_picture else _AUDIO, time_ms, head + content))
    return b"".join(parts)


def _tag(kind: int, time_ms: int, content: bytes) -> bytes:
    """A tag, and the size that stands behind it."""
    time = time_ms.to_bytes(4, "big")
    head = bytes([kind]) + len(content).to_bytes(3, "big") + time[1:] + time[:1] + bytes(3)
    return head + content + struct.pack(">I", len(head) + len(content))


def _metadata(stream: Stream) -> bytes:
    values: dict[str, float] = {"duration": stream.seconds}
    if stream.picture:
        values |= {"width": stream.width, "height": stream.height, "framerate": FRAMES_PER_S, "videocodecid": 7}
    if stream.sound:
        values |= {"audiosamplerate": aac.RATE_HZ, "audiocodecid": 10}
    said = b"".join(_name(name) + b"\0" + struct.pack(">d", value) for name, value in values.items())
    return b"\2" + _name("onMetaData") + b"\x08" + struct.pack(">I", len(values)) + said + b"\0\0\x09"


def _name(name: str) -> bytes:
    return struct.pack(">H", len(name)) + name.encode()
