"""Builders: each makes a *valid* call, and the test names the one thing that differs."""

from __future__ import annotations

import json
import struct
import time
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from mockface.control.loading import build
from mockface.emulator import Emulator
from mockface.model import Answer, RawRequest, ReadBody
from mockface.operations.idcardcompare import OPERATION as IDCARDCOMPARE
from mockface.request import body, limits
from mockface.request.headers import head_of
from mockface.scenariofiles import reader as reading
from mockface.scenariofiles.merged import Loaded, assemble
from mockface.scenariofiles.shipped import shipped
from mockface.settings import Settings
from mockface.signature import hmac_sha1
from mockface.signature.accounts import TEST_ACCOUNT, known

NOW = 1_700_000_000
LEFT_OUT = object()
SHIPPED = len(shipped().scenarios)
"""How many scenarios mockface brings."""

NUMBER = "110110199909090909"
"""The page's own sample, registered to NAME: with another name it is -5803. `number_for(8, 1, 1)` is of anybody."""
NAME = "张三"
URL = "http://example.com/face.jpg"
BOUNDARY = "------------------------acebdf13572468"

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 80 + b"\xff\xd9"
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + b"\x00" * 30 + b";"
BMP = b"BM" + struct.pack("<IHHIIiiHHIIiiII", 58, 0, 0, 54, 40, 1, 1, 1, 24, 0, 4, 0, 0, 0, 0) + b"\x00" * 4
WEBP = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\x00\x00"))
    + _chunk(b"IEND", b"")
)
PICTURES = {"JPEG": JPEG, "PNG": PNG, "BMP": BMP, "WEBP": WEBP}


def sign(**changes: Any) -> str:
    """An Authorization of the test account that is good for a minute from NOW, with what is changed."""
    given = {
        "appid": TEST_ACCOUNT.appid, "secret_id": TEST_ACCOUNT.secret_id, "secret_key": TEST_ACCOUNT.secret_key,
        "signed_at": NOW, "expires_at": NOW + 60, "bucket": "mockbucket",
    }  # fmt: skip
    return hmac_sha1.sign(**{**given, **changes})


def sign_text(text: str, key: str = TEST_ACCOUNT.secret_key) -> str:
    """An Authorization over a text of the test's own."""
    import base64

    return base64.b64encode(hmac_sha1.digest_of(text.encode(), key) + text.encode()).decode()


def sign_now(**changes: Any) -> str:
    """The same for a server that runs by the real clock; good for a day, since parameters of tests are made at the start."""
    now = int(time.time())
    return sign(**{"signed_at": now, "expires_at": now + 86_400, **changes})


def json_body(**changes: Any) -> bytes:
    """A valid JSON call by URL, with what is changed, and without what is LEFT_OUT."""
    fields = {"appid": TEST_ACCOUNT.appid, "idcard_number": NUMBER, "idcard_name": NAME, "url": URL, **changes}
    return json.dumps({name: value for name, value in fields.items() if value is not LEFT_OUT}).encode()


def part(head: str, content: bytes = b"", *more: str) -> bytes:
    """One part of a multipart body, behind its boundary."""
    lines = [f"--{BOUNDARY}", f"Content-Disposition: form-data; {head}", *more]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content + b"\r\n"


TEXT_PARTS = {"appid": TEST_ACCOUNT.appid, "idcard_number": NUMBER, "idcard_name": NAME}


def multipart_body(image: bytes | object = JPEG, *more: bytes, **changes: Any) -> bytes:
    """A valid multipart call with a raw picture, with what is changed, and `more` parts before the last boundary."""
    fields = {**TEXT_PARTS, **changes}
    parts = [part(f'name="{name}"', value.encode()) for name, value in fields.items() if value is not LEFT_OUT]
    if isinstance(image, bytes):
        parts.append(part('name="image"; filename="face.jpg"', image, "Content-Type: image/jpeg"))
    return closed(*parts, *more)


def closed(*parts: bytes) -> bytes:
    """These parts with the final boundary behind them."""
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


JSON_TYPE = b"application/json"
MULTIPART_TYPE = f"multipart/form-data; boundary={BOUNDARY}".encode()


def emulator(text: str = "", **settings: Any) -> Emulator:
    """An emulator whose clock stands at NOW, with the shipped scenarios and, over them, these."""
    built, loading, _ = build(Settings(**settings), machine=lambda: NOW)
    if text:
        own = Loaded()
        reading.read_text(own, "team.yaml", text)
        scenarios, diagnostics = assemble(own, shipped())
        assert not diagnostics, diagnostics
        rules = replace(built.rules, accounts=known(own.accounts))
        built.replace(rules, replace(scenarios, layers=(loading.added, *scenarios.layers)))
    return built


def read_whole(content_types: Sequence[bytes], content: bytes, limit_bytes: int = limits.BODY_LIMIT_BYTES) -> ReadBody:
    """What is read of a body that comes in one piece."""
    reader = body.BodyReader(body.reader_for(content_types, IDCARDCOMPARE.table), limit_bytes)
    reader.feed(content)
    return reader.finish()


def raw(
    content: bytes | None = None,
    *,
    content_type: bytes | None = JSON_TYPE,
    authorization: str | None = None,
    method: str = "POST",
    path: str = IDCARDCOMPARE.path,
    query: bytes = b"",
    headers: Iterable[tuple[bytes, bytes]] = (),
    limit_bytes: int = limits.BODY_LIMIT_BYTES,
) -> RawRequest:
    """A valid raw request, with what is changed; `authorization` "" leaves the header out."""
    content = json_body() if content is None else content
    authorization = sign() if authorization is None else authorization
    all_headers = [*headers]
    content_types = [content_type] if content_type is not None else []
    all_headers += [(b"content-type", kind) for kind in content_types]
    if authorization:
        all_headers.append((b"authorization", authorization.encode("latin-1")))
    read = read_whole(content_types, content, limit_bytes)
    return RawRequest(method, path, query, all_headers, read, head_of(all_headers))


def ask(content: bytes | None = None, *, of: Emulator | None = None, **changes: Any) -> Answer:
    """The answer of an emulator (the shipped one) to a valid call with what is changed."""
    return (of or emulator()).answer(raw(content, **changes))


def fields_of(answer: Answer) -> dict[str, Any]:
    """The envelope of an answer."""
    parsed = json.loads(answer.body)
    assert isinstance(parsed, dict)
    return parsed


USUAL_CODES = sum(not IDCARDCOMPARE.hard_to_get(code) for code in IDCARDCOMPARE.codes)
"""How many codes coverage counts."""
