"""Encodes a grey picture that stands still as H.264 (ITU-T H.264), baseline profile, CAVLC.

The first frame predicts every macroblock as flat, without coefficients: one byte each. Every other frame skips all
macroblocks, which takes a few bytes in all.
"""

from __future__ import annotations

from mockface.samples.bits import bits, packed, ue

_BASELINE, _CONSTRAINED, _LEVEL = 66, 0xC0, 21
"""Level 2.1 allows 792 macroblocks in a picture; 272 × 480 pixels have 510."""
_FLAT = 0x27
"""A macroblock of an I slice: Intra 16 × 16 with DC prediction (type 3), chroma mode 0, QP change 0, no coefficient."""
_FRAME_NUM_BITS = 4
_ALL_I, _ALL_P = 7, 5
_SPS, _PPS, _IDR, _OTHER = 0x67, 0x68, 0x65, 0x41
"""First bytes of the units: parameters of the sequence and the picture, first frame, other frames."""


def parameters(width: int, height: int) -> tuple[bytes, bytes]:
    """The parameter sets of the sequence and of the picture. Width and height are pixels, both even."""
    across, down = _macroblocks(width, height)
    crop = ue(0, (across * 16 - width) // 2, 0, (down * 16 - height) // 2)
    sequence = bits((_BASELINE, 8), (_CONSTRAINED, 8), (_LEVEL, 8))
    # Id 0, frame numbers of 4 bits, order of output as decoded, one reference frame without gaps.
    sequence += ue(0, _FRAME_NUM_BITS - 4, 2, 1) + "0" + ue(across - 1, down - 1)
    # Frames and not fields, 8 × 8 inference, cropped, no VUI.
    sequence += "11" + "1" + crop + "0"
    # CAVLC, one slice group, one reference, no weights, QP 26, nothing optional.
    picture = ue(0, 0) + "00" + ue(0, 0, 0) + "000" + ue(0, 0, 0) + "000"
    return _unit(_SPS, sequence), _unit(_PPS, picture)


def first_frame(width: int, height: int) -> bytes:
    """The first frame as a unit without its length: flat grey."""
    across, down = _macroblocks(width, height)
    # First macroblock, type, parameters; frame number 0, IDR id 0; no marking of references; QP change 0.
    header = ue(0, _ALL_I, 0) + bits((0, _FRAME_NUM_BITS)) + ue(0) + "00" + ue(0)
    return _unit(_IDR, header + bits((_FLAT, 8)) * (across * down))


def next_frame(width: int, height: int, number: int) -> bytes:
    """Frame `number`, from 1: the same picture again."""
    across, down = _macroblocks(width, height)
    header = ue(0, _ALL_P, 0) + bits((number % (1 << _FRAME_NUM_BITS), _FRAME_NUM_BITS)) + "000" + ue(0)
    return _unit(_OTHER, header + ue(across * down))


def configuration(sequence: bytes, picture: bytes) -> bytes:
    """Both parameter sets as an AVCDecoderConfigurationRecord (ISO/IEC 14496-15); units have lengths of four bytes."""
    head = bytes([1, *sequence[1:4], 0xFF])
    sized = [len(unit).to_bytes(2, "big") + unit for unit in (sequence, picture)]
    return head + b"\xe1" + sized[0] + b"\1" + sized[1]


def _macroblocks(width: int, height: int) -> tuple[int, int]:
    return -(-width // 16), -(-height // 16)


def _unit(first: int, text: str) -> bytes:
    """A unit: the stop bit behind its bits, and a 3 into every place that would look like a start code."""
    unit = bytearray([first])
    zeros = 0
    for byte in packed(text + "1"):
        if zeros >= 2 and byte <= 3:
            unit.append(3)
            zeros = 0
        unit.append(byte)
        zeros = 0 if byte else zeros + 1
    return bytes(unit)
