"""What the load consists of: each deed is something that a client does, and what it must be answered.

A deed gets a Visitor (where the server is, a random source, small means) and raises Wrong if an answer is not what it
must be. It knows nothing of threads, time or measurement.
"""

from __future__ import annotations

import base64
import json
import random
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mockface import codes, idcard
from mockface.network.client import Client
from mockface.request.limits import BODY_LIMIT_BYTES
from mockface.scenarios import family
from tests.conftest import Server
from tests.making import GIF, JPEG, LEFT_OUT, MULTIPART_TYPE, json_body, multipart_body, sign_now
from tests.protocol.wire import Reply, Wire, request

UPLOAD_BYTES = (20_000, 300_000, 2_000_000, BODY_LIMIT_BYTES - 4096)
OWN_NUMBER = "110110199907010018"
"""The number of the scenario file that is rewritten."""
SERVER_CODES = {code.number for code in codes.TABLE if code.status >= 500}
"""Codes that a number may spell and that come with a 5xx."""


class Wrong(Exception):
    """An answer that must not be; the text says what was done and what came."""


@dataclass
class Visitor:
    """One client: its server, its chance, and `over`, which says that the run ends."""

    server: Server
    chance: random.Random
    over: Callable[[], bool]

    @property
    def api(self) -> Client:
        """The server's own API."""
        return Client(self.server.url)

    def ask(self, content: bytes, code: int | str) -> Reply:
        """Send this on a connection of its own; the answer must have this code."""
        with Wire(self.server, 30) as wire:
            wire.send(content)
            return expect(wire.reply(), code)


def expect(reply: Reply, code: int | str) -> Reply:
    """The reply, if it has this code."""
    try:
        came = json.loads(reply.body)["code"]
    except (ValueError, KeyError, TypeError):
        raise Wrong(f"code {code} was due, {reply.raw[:300]!r} came") from None
    if came != code or "x-mockface-bug" in reply.headers:
        raise Wrong(f"code {code} was due, {reply.raw[:300]!r} came")
    return reply


def good_json(visitor: Visitor) -> None:
    """Twenty calls on one connection, each with a number that spells its code."""
    with Wire(visitor.server, 30) as wire:
        for _ in range(20):
            code = visitor.chance.choice(codes.TABLE[1:])
            number = family.number_for_code(code, visitor.chance.randint(1, 28))
            wire.send(request(json_body(idcard_number=number)))
            expect(wire.reply(), code.number)


def pipelined(visitor: Visitor) -> None:
    """Ten calls in one go; every answer comes, in order. Their numbers are many, and their signatures single-use."""
    with Wire(visitor.server, 30) as wire:
        calls = []
        for _ in range(10):
            first_17 = f"{visitor.chance.randint(10**16, 10**17 - 1)}"
            once = sign_now(expires_at=0, nonce=visitor.chance.randrange(10**9), resource="/1250000000/mockbucket/face")
            calls.append(request(json_body(idcard_number=first_17 + idcard.check_digit(first_17)), authorization=once))
        wire.send(b"".join(calls))
        for _ in calls:
            expect(wire.reply(), 0)


def upload(visitor: Visitor) -> None:
    """A picture as multipart, of one of several sizes."""
    picture = JPEG + b"\0" * visitor.chance.choice(UPLOAD_BYTES)
    visitor.ask(request(multipart_body(picture[: BODY_LIMIT_BYTES - 2048]), content_type=MULTIPART_TYPE), 0)


def upload_in_json(visitor: Visitor) -> None:
    """A picture as base64 in JSON."""
    picture = base64.b64encode(JPEG + b"\0" * visitor.chance.choice(UPLOAD_BYTES[:3])).decode()
    visitor.ask(request(json_body(url=LEFT_OUT, image=picture)), 0)


def refused(visitor: Visitor) -> None:
    """Calls that the service refuses, each with its code."""
    visitor.ask(request(authorization=""), codes.SIGNATURE_EMPTY.number)
    visitor.ask(request(json_body(appid=LEFT_OUT)), codes.BAD_REQUEST.number)
    visitor.ask(request(multipart_body(GIF), content_type=MULTIPART_TYPE), codes.PHOTO_UNDECODABLE.number)
    visitor.ask(request(authorization=sign_now(expires_at=1_700_000_000)), codes.SIGNATURE_EXPIRED.number)
    visitor.ask(request(b"", length=64 * 1024 * 1024), codes.BODY_TOO_LARGE.number)
    visitor.ask(request(b"x" * (BODY_LIMIT_BYTES + 1)), codes.BODY_TOO_LARGE.number)


def malformed(visitor: Visitor) -> None:
    """Requests with bytes changed, left out or put in: an answer or a clean close, never a fault of the server."""
    for _ in range(10):
        content = bytearray(visitor.chance.choice((request(), request(multipart_body(), content_type=MULTIPART_TYPE))))
        for _ in range(visitor.chance.randint(1, 6)):
            at = visitor.chance.randrange(len(content))
            content[at : at + visitor.chance.randint(0, 3)] = visitor.chance.randbytes(visitor.chance.randint(0, 3))
        with Wire(visitor.server, 30) as wire:
            wire.send(bytes(content))
            wire.shut()
            _is_no_fault(wire.rest(), bytes(content))
    visitor.ask(request(), 0)


def _is_no_fault(came: bytes, sent: bytes) -> None:
    if not came:
        return
    head, _, body = came.partition(b"\r\n\r\n")
    status = int(head.split()[1])
    told = json.loads(body) if status >= 500 and body.startswith(b"{") else {}
    if b"x-mockface-bug" in head.lower() or (status >= 500 and told.get("code") not in SERVER_CODES):
        raise Wrong(f"to {sent[:2000]!r} came {came[:500]!r}")


def slow(visitor: Visitor) -> None:
    """A call that comes in small pieces, with time between them."""
    content = request()
    with Wire(visitor.server, 30) as wire:
        for at in range(0, len(content), 80):
            wire.send(content[at : at + 80])
            time.sleep(0.02)
        expect(wire.reply(), 0)


def never_whole(visitor: Visitor) -> None:
    """Half a head, or half a body, and then nothing: the server says 408, and closes."""
    content = request()
    with Wire(visitor.server, 30) as wire:
        wire.send(content[: visitor.chance.choice((40, len(content) - 10))])
        deadline = time.monotonic() + 20
        reply = expect(wire.reply(), codes.BAD_REQUEST.number)
        if reply.status != 408 or time.monotonic() > deadline:
            raise Wrong(f"408 was due for half a request, {reply.raw[:300]!r} came")


def broken_off(visitor: Visitor) -> None:
    """Uploads that end half way, by a close or by a reset."""
    content = request(multipart_body(JPEG + b"\0" * 1_000_000), content_type=MULTIPART_TYPE)
    for _ in range(5):
        one = socket.create_connection(("127.0.0.1", visitor.server.port), 30)
        if visitor.chance.random() < 0.5:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.sendall(content[: visitor.chance.randrange(len(content))])
        one.close()
    visitor.ask(request(), 0)


def late(visitor: Visitor) -> None:
    """An answer that waits a little."""
    visitor.ask(request(json_body(idcard_number=family.number_for_delay(0.3, visitor.chance.randint(1, 28)))), 0)


def fault(visitor: Visitor) -> None:
    """A fault of the transport; from the one that hangs the client goes away."""
    name = visitor.chance.choice(("truncate", "drop", "hang", "garbage", "html", "wrong_type"))
    number = family.number_for(family.MONTH_OF_FAULTS, visitor.chance.randint(1, 28), family.FAULT_SEQUENCES[name])
    with Wire(visitor.server, 30) as wire:
        wire.send(request(json_body(idcard_number=number)))
        if name == "hang":
            time.sleep(0.2)
            return
        wire.shut()
        if b"x-mockface-bug" in wire.rest().lower():
            raise Wrong(f"the fault {name} became a fault of the server")


def minted(visitor: Visitor) -> None:
    """A scenario added for a number of its own, called, verified, removed."""
    person = visitor.api.post("/_mockface/scenarios", {"sequence": [{"code": 15}, {"similarity": 92.5}]})
    number = person["idcard_number"]
    content = json_body(idcard_number=number, idcard_name=person["idcard_name"])
    visitor.ask(request(content), 15)
    visitor.ask(request(content), 0)
    found = visitor.api.post("/_mockface/calls/verify", {"number": number, "times": 2, "within": "2s"})
    if not found["verified"] and not found["dropped"]:
        raise Wrong(f"two calls were made, {found} came")
    visitor.api.delete(f"/_mockface/scenarios/{number}")


def look(visitor: Visitor) -> None:
    """The journal, a verdict, metrics, coverage, health: what somebody who looks on asks for."""
    calls = visitor.api.get("/_mockface/calls?limit=50")
    if calls:
        reply = visitor.api.send("GET", f"/_mockface/calls/{calls[0]['id']}", None, {})
        # Under this load the newest call may already have had to go.
        if reply.status not in (200, 404):
            raise Wrong(f"a call was asked for, HTTP {reply.status} came: {reply.body[:300]!r}")
    for path in ("/_mockface/metrics", "/_mockface/coverage?format=markdown", "/openapi.json", "/_mockface/scenarios"):
        reply = visitor.api.send("GET", path, None, {})
        if reply.status != 200:
            raise Wrong(f"GET {path}: HTTP {reply.status}, {reply.body[:300]!r}")
    visitor.api.get("/_mockface/health")


def own_file(visitor: Visitor) -> None:
    """A number of the file that is rewritten: one of its answers, whichever is in force."""
    with Wire(visitor.server, 30) as wire:
        wire.send(request(json_body(idcard_number=OWN_NUMBER)))
        answer: dict[str, Any] = json.loads(wire.reply().body)
    if answer.get("code") != 0 or answer["data"]["similarity"] not in (61.0, 62.0):
        raise Wrong(f"similarity 61 or 62 was due, {answer} came")


ACTIONS: dict[Callable[[Visitor], None], int] = {
    good_json: 30, pipelined: 20, upload: 10, upload_in_json: 5, refused: 6, malformed: 10, slow: 4, never_whole: 1,
    broken_off: 4, late: 4, fault: 5, minted: 8, look: 3, own_file: 8,
}  # fmt: skip
"""Every deed with how often it is done."""
