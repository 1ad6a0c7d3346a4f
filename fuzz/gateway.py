"""Targets for API 3.0: both of its signatures, and whole requests of it."""

from __future__ import annotations

import json
from functools import cache

from fuzz.fed import Fed
from mockface.gateway import tc3, v1
from mockface.gateway.diagnosis import explain_tc3
from mockface.model import RawRequest, ReadBody
from mockface.operations.api3.reading import PairFault, pairs_of
from mockface.operations.faceid.recognition import IMAGE_RECOGNITION_V2
from mockface.request.body import BodyReader
from mockface.request.headers import head_of
from tests.making import NOW, emulator

_EMULATOR = cache(emulator)
_WORDS = (
    "TC3-HMAC-SHA256 ", "Credential=", "AKIDmock0000000000000000000000000000", "/2023-11-14/faceid/tc3_request",
    ", SignedHeaders=content-type;host", ", Signature=", "0" * 64, ",", "=", ";", "/", " ", "SKIP", "host",
)  # fmt: skip


def _made(fed: Fed) -> str:
    """An Authorization value of words and of fed text."""
    made = ""
    for _ in range(fed.number(12)):
        made += fed.choice(_WORDS) if fed.number(4) else fed.text(20)
    return made


def signature_v3(content: bytes) -> None:
    """A value is claims that make the same value again, or a text; explaining and verifying it never fail."""
    fed = Fed(content)
    value = _made(fed)
    claims = tc3.read(value)
    headers = [(b"authorization", value.encode("utf-8", "replace")), (b"host", fed.short(60)), (b"x", fed.short(20))]
    query = fed.short(60)
    if not isinstance(claims, str):
        assert tc3.read(tc3.authorization(claims)) == claims
        tc3.verify(claims, "key", method="GET", query=query, headers=headers, payload_hash="", timestamp=fed.text(12))
    explain_tc3(
        method=fed.choice(("GET", "POST")), path="/", query=query, headers=headers, body=fed.rest(), secret_key="key", now=NOW
    )  # fmt: skip


def signature_v1(content: bytes) -> None:
    """A query is parameters or a fault with a text; what is signed for them verifies, whatever they are."""
    fed = Fed(content)
    host, rest = fed.short(40), fed.rest()
    try:
        pairs = [pair for pair in pairs_of(rest) if pair[0] not in ("Signature", "SignatureMethod")]
    except PairFault as fault:
        assert fault.why
        return
    made = v1.sign("key", pairs, method="GET", host=host)
    # A host is tried without blanks around it.
    if host == host.strip(b" \t"):
        assert v1.verify("key", [*pairs, ("Signature", made)], method="GET", host=host) is not None


def api3(content: bytes) -> None:
    """Any request of API 3.0 gets HTTP 200 and its envelope."""
    fed = Fed(content)
    kind = fed.choice((b"application/json", b"application/x-www-form-urlencoded", b"multipart/form-data", b""))
    method = fed.choice(("POST", "GET", "PUT"))
    headers = [
        (b"content-type", kind), (b"x-tc-action", fed.choice((b"ImageRecognitionV2", b"IdCardVerification", b"", b"x"))),
        (b"x-tc-version", b"2018-03-01"), (b"x-tc-timestamp", fed.choice((b"%d" % NOW, b"", b"x"))),
        (b"x-tc-language", fed.choice((b"zh-CN", b"en-US", b""))),
    ]  # fmt: skip
    if fed.number(2):
        headers.append((b"authorization", _made(fed).encode("utf-8", "replace")))
    query, body = fed.short(200), fed.rest()
    head = head_of(headers)
    dialect = IMAGE_RECOGNITION_V2.dialect
    reader = BodyReader(dialect.reader(head, IMAGE_RECOGNITION_V2.table), 4096, hashed=True)
    for at in range(0, len(body), 97):
        if not reader.feed(body[at : at + 97]):
            break
    read = reader.finish() if body else ReadBody(0)
    answer = _EMULATOR().answer(RawRequest(method, "/", query, headers, read, head))
    assert answer.status == 200
    said = json.loads(answer.body)["Response"]
    assert len(said["RequestId"]) == 36
    assert ("Error" in said) != ("Result" in said)
