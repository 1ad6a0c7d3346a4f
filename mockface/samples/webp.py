"""Encodes pixels as a lossless WEBP (VP8L, RFC 9649): no transforms, no references, one group of prefix codes.

All values of a channel have codes of the same length, so a drawing of a few colours takes two or three bits per
channel.
"""

from __future__ import annotations

import struct

from mockface.samples.drawing import Rows

_SIGNATURE = 0x2F
_LENGTH_ORDER = (17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
"""The order in which the lengths of the codes for code lengths are written."""
_GREEN_ALPHABET, _BYTE_ALPHABET = 256 + 24, 256


class _Bits:
    """Bits in VP8L order: the lowest bit of each number first, and bytes filled from their lowest bit."""

    def __init__(self) -> None:
        self._number = 0
        self._count = 0

    def put(self, value: int, count: int) -> None:
        self._number |= value << self._count
        self._count += count

    def put_code(self, code: int, length: int) -> None:
        """A prefix code, highest bit first."""
        self.put(int(f"{code:0{length}b}"[::-1], 2), length)

    def to_bytes(self) -> bytes:
        return self._number.to_bytes((self._count + 7) // 8, "little")


def encode(rows: Rows) -> bytes:
    """Encode the file."""
    head = _Bits()
    head.put(_SIGNATURE, 8)
    head.put(len(rows[0]) - 1, 14)
    head.put(len(rows) - 1, 14)
    head.put(0, 1 + 3)  # no transparency; version 0
    head.put(0, 1 + 1 + 1)  # no transform, no colour cache, one group of codes
    pixels = [pixel for row in rows for pixel in row]
    green, red, blue = (
        _write_code(head, {pixel[channel] for pixel in pixels}, alphabet)
        for channel, alphabet in ((1, _GREEN_ALPHABET), (0, _BYTE_ALPHABET), (2, _BYTE_ALPHABET))
    )
    _write_single(head, 255)  # alpha
    _write_single(head, 0)  # distances, which do not occur
    content = "".join(green[pixel[1]] + red[pixel[0]] + blue[pixel[2]] for pixel in pixels)
    head.put(int(content[::-1], 2), len(content))
    stream = head.to_bytes()
    stream += b"\0" * (len(stream) % 2)
    chunk = b"VP8L" + struct.pack("<I", len(stream)) + stream
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def _write_code(bits: _Bits, used: set[int], alphabet: int) -> dict[int, str]:
    """Write a prefix code for these values, all codes of one length; returns the codes as bits in sending order."""
    length = max((len(used) - 1).bit_length(), 1)
    unused = (value for value in range(256) if value not in used)
    symbols = sorted([*used, *(next(unused) for _ in range((1 << length) - len(used)))])
    bits.put(0, 1)  # a normal code, not a simple one
    bits.put(len(_LENGTH_ORDER) - 4, 4)
    for symbol in _LENGTH_ORDER:  # two lengths occur: 0 and `length`; each gets a code of one bit
        bits.put(1 if symbol in (0, length) else 0, 3)
    bits.put(0, 1)  # the whole alphabet is described
    for symbol in range(alphabet):
        bits.put_code(1 if symbol in symbols else 0, 1)  # canonical: the smaller length, 0, has the code 0
    return {symbol: f"{code:0{length}b}" for code, symbol in enumerate(symbols)}


def _write_single(bits: _Bits, symbol: int) -> None:
    """Write the code of a channel with a single value: it takes no bits in the pixels."""
    bits.put(1, 1)  # a simple code
    bits.put(0, 1)  # of one symbol
    bits.put(1, 1)  # of eight bits
    bits.put(symbol, 8)
