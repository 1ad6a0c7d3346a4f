"""Encodes pixels as PNG, BMP and GIF: formats that need little more than a header."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

from mockface.samples.drawing import PALETTE, Rows

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GIF_CODE_BITS = 3
"""Bits per palette index: eight entries cover the drawing's colours."""
_GIF_LARGEST_CODE = 4095


def png(rows: Rows) -> bytes:
    """Eight bits per channel, no filter."""
    scanlines = b"".join(b"\0" + bytes(value for pixel in row for value in pixel) for row in rows)
    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(scanlines, 9)), (b"IEND", b""))
    return _PNG_SIGNATURE + b"".join(_png_chunk(kind, content) for kind, content in chunks)


def _png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def bmp(rows: Rows) -> bytes:
    """24 bits per pixel, uncompressed, bottom row first."""
    width, height = len(rows[0]), len(rows)
    padding = b"\0" * (-width * 3 % 4)
    pixels = b"".join(bytes(value for pixel in row for value in pixel[::-1]) + padding for row in reversed(rows))
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(pixels), 2835, 2835, 0, 0)
    offset = 14 + len(head)
    return b"BM" + struct.pack("<IHHI", offset + len(pixels), 0, 0, offset) + head + pixels


def gif(frames: Sequence[Rows], *, frame_ms: int = 500) -> bytes:
    """GIF89a of these frames in the drawing's palette; several frames loop forever."""
    width, height = len(frames[0][0]), len(frames[0])
    palette = bytes(value for colour in PALETTE for value in colour).ljust(3 << _GIF_CODE_BITS, b"\0")
    parts = [b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80 | (_GIF_CODE_BITS - 1), 0, 0), palette]
    if len(frames) > 1:
        parts.append(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0")
    for frame in frames:
        parts.append(b"\x21\xf9\x04\x04" + struct.pack("<H", frame_ms // 10) + b"\0\0")
        parts.append(b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0))
        parts.append(bytes([_GIF_CODE_BITS]) + _gif_blocks(_gif_codes(frame)) + b"\0")
    return b"".join([*parts, b"\x3b"])


def _gif_blocks(content: bytes) -> bytes:
    blocks = (content[at : at + 255] for at in range(0, len(content), 255))
    return b"".join(bytes([len(block)]) + block for block in blocks)


def _gif_codes(rows: Rows) -> bytes:
    """The palette indices of a frame, compressed by GIF's LZW: codes of growing length, lowest bit first."""
    index = {colour: bytes([at]) for at, colour in enumerate(PALETTE)}
    clear, end = 1 << _GIF_CODE_BITS, (1 << _GIF_CODE_BITS) + 1
    known = {bytes([at]): at for at in range(clear)}
    bits: list[str] = []

    def put(code: int, length: int) -> None:
        bits.append(f"{code:0{length}b}"[::-1])

    length, following, seen = _GIF_CODE_BITS + 1, end + 1, b""
    put(clear, length)
    for pixel in (index[pixel] for row in rows for pixel in row):
        if seen + pixel in known:
            seen += pixel
            continue
        put(known[seen], length)
        if following <= _GIF_LARGEST_CODE:
            known[seen + pixel] = following
            length = max(length, following.bit_length())
            following += 1
        seen = pixel
    put(known[seen], length)
    put(end, length)
    text = "".join(bits)
    text += "0" * (-len(text) % 8)
    return bytes(int(text[at : at + 8][::-1], 2) for at in range(0, len(text), 8))
