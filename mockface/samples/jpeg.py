"""Encodes pixels as a baseline JPEG (ITU-T T.81): three components, no subsampling, one scan.

The Huffman tables are as simple as the standard allows: all symbols of a table have codes of the same length. That
makes the file slightly larger, and every decoder reads it.
"""

from __future__ import annotations

import math
import struct

from mockface.samples.drawing import Rows

_QUANTUM = 12
"""One divisor for every coefficient: coarse enough for a small file, fine enough for a drawing."""
_DC_SYMBOLS = list(range(12))
_AC_SYMBOLS = [0x00, 0xF0, *(run << 4 | size for run in range(16) for size in range(1, 11))]
_DC_LENGTH, _AC_LENGTH = 4, 8
_COMMENT_BYTES = 65533
"""The most bytes that one comment segment holds."""
_COSINES = [
    [(math.sqrt(0.125) if u == 0 else 0.5) * math.cos((2 * x + 1) * u * math.pi / 16) for x in range(8)]
    for u in range(8)
]


def _zigzag() -> list[tuple[int, int]]:
    """The 64 positions (row, column) of a block, from the lowest frequency to the highest."""
    diagonals = ([(total - column, column) for column in range(total + 1)] for total in range(15))
    ordered = (diagonal if total % 2 == 0 else diagonal[::-1] for total, diagonal in enumerate(diagonals))
    return [(row, column) for diagonal in ordered for row, column in diagonal if row < 8 and column < 8]


_ZIGZAG = _zigzag()


def encode(rows: Rows) -> bytes:
    """Encode the file. Width and height must be multiples of eight."""
    height, width = len(rows), len(rows[0])
    frame = struct.pack(">BHHB", 8, height, width, 3) + bytes(value for n in (1, 2, 3) for value in (n, 0x11, 0))
    return b"".join(
        [
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            _segment(0xDB, bytes([0] + [_QUANTUM] * 64)),
            _segment(0xC0, frame),
            _segment(0xC4, _table(0x00, _DC_SYMBOLS, _DC_LENGTH)),
            _segment(0xC4, _table(0x10, _AC_SYMBOLS, _AC_LENGTH)),
            _segment(0xDA, bytes([3, 1, 0, 2, 0, 3, 0, 0, 63, 0])),
            _scan(rows, width, height),
            b"\xff\xd9",
        ]
    )


def commented(picture: bytes, comment: bytes) -> bytes:
    """The same picture with a comment of at most _COMMENT_BYTES."""
    return picture[:2] + _segment(0xFE, comment) + picture[2:]


def padded(picture: bytes, size_bytes: int) -> bytes:
    """The same picture padded to exactly this size with comment segments; still decodable.

    Raises ValueError for a size below that of the picture, or one to three bytes above (a segment takes at least four).
    """
    missing = size_bytes - len(picture)
    if missing < 0 or 0 < missing < 4:
        raise ValueError(f"size is {size_bytes} bytes; expected {len(picture)}, or at least 4 more")
    comments = []
    while missing:
        taken = min(missing, _COMMENT_BYTES + 4)
        if 0 < missing - taken < 4:
            taken -= 4
        comments.append(_segment(0xFE, b"-" * (taken - 4)))
        missing -= taken
    return picture[:2] + b"".join(comments) + picture[2:]


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _table(table: int, symbols: list[int], length: int) -> bytes:
    """A Huffman table whose symbols all have codes of one length: symbol number n has the code n."""
    counts = [len(symbols) if bits == length else 0 for bits in range(1, 17)]
    return bytes([table, *counts, *symbols])


def _scan(rows: Rows, width: int, height: int) -> bytes:
    """The entropy-coded blocks of all components, interleaved, as bytes."""
    planes = [[[convert(*pixel) for pixel in row] for row in rows] for convert in (_luminance, _blueness, _redness)]
    bits: list[str] = []
    before = [0, 0, 0]
    for top in range(0, height, 8):
        for left in range(0, width, 8):
            for component, plane in enumerate(planes):
                block = _transformed([row[left : left + 8] for row in plane[top : top + 8]])
                bits += _block_bits(block, before[component])
                before[component] = block[0]
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\0")


def _luminance(red: int, green: int, blue: int) -> float:
    return 0.299 * red + 0.587 * green + 0.114 * blue - 128


def _blueness(red: int, green: int, blue: int) -> float:
    return -0.168736 * red - 0.331264 * green + 0.5 * blue


def _redness(red: int, green: int, blue: int) -> float:
    return 0.5 * red - 0.418688 * green - 0.081312 * blue


def _transformed(block: list[list[float]]) -> list[int]:
    """The 64 quantised coefficients of a block in zigzag order."""
    by_row = [[sum(row[x] * cosine[x] for x in range(8)) for cosine in _COSINES] for row in block]
    columns = list(zip(*by_row, strict=True))
    by_both = [[sum(column[y] * cosine[y] for y in range(8)) for column in columns] for cosine in _COSINES]
    return [round(by_both[row][column] / _QUANTUM) for row, column in _ZIGZAG]


def _block_bits(block: list[int], dc_before: int) -> list[str]:
    """A block as strings of bits: the difference of its mean, then runs of zeros with the value after each."""
    size, magnitude = _magnitude(block[0] - dc_before)
    bits = [_code(_DC_SYMBOLS, size, _DC_LENGTH), magnitude]
    zeros = 0
    last = max((at for at, value in enumerate(block) if value and at), default=0)
    for value in block[1 : last + 1]:
        if not value:
            zeros += 1
            continue
        bits += [_code(_AC_SYMBOLS, 0xF0, _AC_LENGTH)] * (zeros // 16)
        size, magnitude = _magnitude(value)
        bits += [_code(_AC_SYMBOLS, (zeros % 16) << 4 | size, _AC_LENGTH), magnitude]
        zeros = 0
    if last < 63:
        bits.append(_code(_AC_SYMBOLS, 0x00, _AC_LENGTH))
    return bits


def _code(symbols: list[int], symbol: int, length: int) -> str:
    return f"{symbols.index(symbol):0{length}b}"


def _magnitude(value: int) -> tuple[int, str]:
    """The number of bits of a value, and these bits; a negative value is written as its complement."""
    size = abs(value).bit_length()
    return size, f"{value if value >= 0 else value + (1 << size) - 1:0{size}b}" if size else ""
