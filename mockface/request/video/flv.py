"""Reads the tags of an FLV (Adobe's Video File Format Specification 10.1, annex E): tracks, size, duration, codec.

What tags there are decides which tracks there are, and the flags of the header where there are none: recorders set the
flags before they know. Of the script tag, at most SCRIPT_BYTES are read.
"""

from __future__ import annotations

import struct

from mockface.request.video.walking import REST, Found, Parser, first, four_characters, skip

SCRIPT_BYTES = 16_384
_AUDIO, _VIDEO, _SCRIPT = 8, 9, 18
_HAS_AUDIO, _HAS_VIDEO = 4, 1
_CODECS = {2: "FLV1", 3: "FSV1", 4: "VP6F", 5: "VP6A", 6: "FSV2", 7: "avc1", 12: "hvc1"}
"""The codecs of video tags, by number, as four characters."""
_EXTENDED = 0x80
"""The bit of a video tag that carries its codec as four characters (Enhanced RTMP)."""
_HEADER_BYTES = 9


def read(found: Found) -> Parser:
    """Read a file. A file without a tag of what its flags promise is incomplete."""
    found.between = False
    header = yield _HEADER_BYTES
    found.has_video, found.has_audio = bool(header[4] & _HAS_VIDEO), bool(header[4] & _HAS_AUDIO)
    found.incomplete = True
    yield from skip(int.from_bytes(header[5:9], "big") - _HEADER_BYTES)
    seen: set[int] = set()
    told = False
    while True:
        found.between = True
        yield 4  # the size of the tag before
        head = yield 11
        if not found.one_more():
            break
        found.between = False
        kind, size = head[0] & 0x1F, int.from_bytes(head[1:4], "big")
        if kind == _SCRIPT:
            _note_script(found, (yield from first(SCRIPT_BYTES, size)))
            told = found.duration_s is not None
            continue
        if kind == _VIDEO and _VIDEO not in seen:
            found.codec = _codec((yield from first(5, size)))
        else:
            yield from skip(size)
        if kind in (_AUDIO, _VIDEO):
            seen.add(kind)
            found.has_video, found.has_audio, found.incomplete = _VIDEO in seen, _AUDIO in seen, False
            if not told:
                found.lasts(int.from_bytes(head[7:8] + head[4:7], "big") / 1000)
    found.has_video = found.has_video or bool(header[4] & _HAS_VIDEO)
    found.has_audio = found.has_audio or bool(header[4] & _HAS_AUDIO)
    found.incomplete = False
    yield REST


def _note_script(found: Found, script: bytes) -> None:
    """Note what onMetaData says: each name is followed by 0 for a number, and by its 8 bytes."""
    if b"\0\x0aonMetaData" in script[:16]:
        found.shows(_number(script, b"\0\5width\0"), _number(script, b"\0\6height\0"))
        found.lasts(_number(script, b"\0\x08duration\0"))


def _number(script: bytes, name: bytes) -> float:
    at = script.find(name)
    value = script[at + len(name) : at + len(name) + 8]
    return float(struct.unpack(">d", value)[0]) if at >= 0 and len(value) == 8 else 0.0


def _codec(start: bytes) -> str:
    """The codec by the first bytes of a video tag."""
    if not start:
        return ""
    if start[0] & _EXTENDED:
        return four_characters(start[1:5])
    return _CODECS.get(start[0] & 0x0F, "")
