"""Bits in the order of the standards of ISO: the highest of a number first, and bytes filled from their highest bit."""

from __future__ import annotations


def bits(*fields: tuple[int, int]) -> str:
    """Numbers as a text of 0 and 1: pairs of a value and how many bits it takes."""
    return "".join(f"{value:0{count}b}" for value, count in fields)


def ue(*values: int) -> str:
    """Numbers in Exp-Golomb codes (ITU-T H.264, 9.1): one more in binary, behind a zero for each bit but its first."""
    coded = (f"{value + 1:b}" for value in values)
    return "".join("0" * (len(code) - 1) + code for code in coded)


def packed(text: str) -> bytes:
    """The bits as bytes, filled up with zeros."""
    text += "0" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big")
