"""The successor beside the bare app: calls of ImageRecognitionV2 that are signed with TC3-HMAC-SHA256 and verified."""

from __future__ import annotations

import base64
import json
import time
from contextlib import ExitStack
from typing import Any

from benchmarks import workloads
from benchmarks.load import Load
from benchmarks.servers import Checkout, post_with
from benchmarks.throughput import in_turns
from benchmarks.workloads import Body

PICTURE_BYTES = {"tc3-16": 500, "tc3-3m": 2_250_000}
"""Of the picture before Base64: some 900 bytes of JSON, and 3 MB."""
_SIGN = """
import sys, time
from mockface.gateway.making import tc3_headers
from mockface.signature.accounts import TEST_ACCOUNT as account
for name, value in tc3_headers(sys.stdin.buffer.read(), action="ImageRecognitionV2", host=sys.argv[1],
                               secret_id=account.secret_id, secret_key=account.secret_key, now=time.time()):
    if name not in ("Host", "Content-Type"):
        print(f"{name}: {value}")
"""
"""Run with the checkout's package: what is measured is not imported here."""


def body_of(picture_bytes: int) -> Body:
    """A comparison with a picture of so many bytes."""
    picture = base64.b64encode(workloads.jpeg(picture_bytes)).decode()
    fields = {"IdCard": workloads.SIMILARITY_92_5, "Name": "张三", "ImageBase64": picture}
    return Body("application/json", json.dumps(fields, ensure_ascii=False).encode())


def signed(checkout: Checkout, host: str, body: Body) -> dict[str, str]:
    """The headers of a call, good for five minutes."""
    printed = checkout.python_prints(_SIGN, host, given=body.content)
    return dict(line.split(": ", 1) for line in printed.splitlines())


def verified(checkout: Checkout, name: str, connections: int, *, rounds: int, seconds: float) -> dict[str, Any]:
    """Verified calls beside a bare app that takes the SHA-256 of the body where the body is large."""
    body = body_of(PICTURE_BYTES[name])
    flags = ["--hash", "--keep-memory"] if name == "tc3-3m" else []
    measured, looked = [], 0
    for _ in range(rounds):
        with ExitStack() as stack:
            mockface = stack.enter_context(checkout.serve("--signature", "verify"))
            headers = signed(checkout, mockface.url.removeprefix("http://"), body)
            status, answer = post_with(f"{mockface.url}/", body.content, {"Content-Type": body.content_type, **headers})
            if status != 200 or b'"Result":"Success"' not in answer:
                raise SystemExit(f"the call to be measured got HTTP {status} {answer!r}")
            bare = stack.enter_context(checkout.bare(len(answer), *flags))
            load = Load("", body, path="/", headers=headers)
            looked += load.check(mockface.url)
            measured += in_turns({"bare": bare, "mockface": mockface}, load, connections, rounds=1, seconds=seconds)
    return {
        "connections": connections, "request_bytes": len(body.content), "answers_looked_at": looked, "rounds": measured,
        "at": time.time(),
    }  # fmt: skip
