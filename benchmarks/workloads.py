"""The requests that are measured: what a client of each kind really sends.

Nothing here imports mockface, so that any checkout can be measured. Numbers are of the reserved family 110110 1999, but
for those of the mix: they begin with 99, which is no province, so nobody can hold one of them either.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import NamedTuple

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
    return _checked(f"1101101999{month:02d}{lane:02d}{sequence:03d}")


def _checked(digits: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True))
    return digits + "10X98765432"[total % 11]


def small_json(appid: str, number: str = SIMILARITY_92_5) -> Body:
    """A comparison by URL: some 150 bytes."""
    fields = {"appid": appid, "idcard_number": number, "idcard_name": "张三", "url": "http://example.com/face.jpg"}
    return Body("application/json", json.dumps(fields, ensure_ascii=False).encode())


MIXED = 60
MIXED_CODES = (-5803, -4012, -4015, -5809)
"""What scenarios refuse in the mix. All have HTTP 200, as most refusals of this service have."""


class Mixed(NamedTuple):
    """A call of the mix, and the code that it has to get."""

    body: Body
    code: int


def mixed_number(at: int) -> str:
    """A number of nobody's: mockface takes it for a person's, and masks it."""
    return _checked(f"990101{1960 + at % 40}{1 + at % 12:02d}{1 + at % 28:02d}{at:03d}")


def mixed_scenarios() -> str:
    """A team's scenario file for the mix: most numbers have a registered name, every fifth has none."""
    lines = []
    for at in range(MIXED):
        name = "" if at % 5 == 4 else "name: 张三, "
        outcome = f"code: {_refused(at)}" if at % 10 == 3 else f"similarity: {60 + at * 7 % 400 / 10}"
        lines.append(f'  "{mixed_number(at)}": {{ {name}{outcome} }}\n')
    return "scenarios:\n" + "".join(lines)


def _refused(at: int) -> int:
    return MIXED_CODES[at // 10 % len(MIXED_CODES)]


def mixed(appid: str) -> list[Mixed]:
    """60 calls of 60 numbers: 45 successes, 6 refused by a scenario, 6 with a wrong name, 3 that miss a field."""
    calls = []
    for at in range(MIXED):
        fields = {
            "appid": appid, "idcard_number": mixed_number(at), "idcard_name": "张三",
            "url": f"http://example.com/faces/{at}.jpg",
        }  # fmt: skip
        code = 0
        if at % 10 == 3:
            code = _refused(at)
        elif at % 10 == 7:
            fields["idcard_name"], code = "李四", -5803
        elif at % 20 == 16:
            missing, code = (("idcard_name", -5801), ("url", -5805), ("idcard_number", -5801))[at // 20]
            del fields[missing]
        calls.append(Mixed(Body("application/json", json.dumps(fields, ensure_ascii=False).encode()), code))
    return calls


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
