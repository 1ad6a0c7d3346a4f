"""The requests that are measured: what a client of each kind really sends.

Nothing here imports mockface, so that any checkout can be measured. Numbers are of the reserved family 110110 1999.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass

APPID = "1250000000"
"""Stands for the test account's appid; `mockface sign` signs for it by default."""
BOUNDARY = "------------------------acebdf13572468"
KIB = 1024
MIB = 1024 * KIB
SIMILARITY_92_5 = "110110199912019252"
"""A number of a shipped pattern that reads its digits: the dearest look-up that a plain success has."""
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Body:
    """A request's body with its Content-Type."""

    content_type: str
    content: bytes


def number_for(month: int, lane: int, sequence: int) -> str:
    """A number of the reserved family, with its check digit (GB 11643-1999)."""
    digits = f"1101101999{month:02d}{lane:02d}{sequence:03d}"
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True))
    return digits + "10X98765432"[total % 11]


def small_json(appid: str, number: str = SIMILARITY_92_5) -> Body:
    """A comparison by URL: some 150 bytes."""
    fields = {"appid": appid, "idcard_number": number, "idcard_name": "张三", "url": "http://example.com/face.jpg"}
    return Body("application/json", json.dumps(fields, ensure_ascii=False).encode())


def jpeg(size_bytes: int) -> bytes:
    """Bytes that begin as a JPEG does, and then hold every byte value, CR and LF among them, as pictures do."""
    head = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
    noise = bytearray()
    state = 1
    while len(noise) < 64 * KIB:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        noise += struct.pack("<I", state >> 32)
    return (head + bytes(noise) * (size_bytes // len(noise) + 1))[:size_bytes]


def multipart(appid: str, size_bytes: int, number: str = SIMILARITY_92_5) -> Body:
    """An upload as browsers and HTTP libraries send it, with a picture of so many bytes."""
    lines = []
    for name, value in (("appid", appid), ("idcard_number", number), ("idcard_name", "张三")):
        lines += [f"--{BOUNDARY}", f'Content-Disposition: form-data; name="{name}"', "", value]
    lines += [
        f"--{BOUNDARY}", 'Content-Disposition: form-data; name="image"; filename="face.jpg"',
        "Content-Type: image/jpeg", "", "",
    ]  # fmt: skip
    content = "\r\n".join(lines).encode() + jpeg(size_bytes) + f"\r\n--{BOUNDARY}--\r\n".encode()
    return Body(f"multipart/form-data; boundary={BOUNDARY}", content)


def chunked(content: bytes, size_bytes: int = 64 * KIB) -> list[bytes]:
    """The content in the pieces in which a server reads it."""
    return [content[at : at + size_bytes] for at in range(0, len(content), size_bytes)]
