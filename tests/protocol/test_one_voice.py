"""The same call gets the same bytes, whatever its framing and whatever parses it."""

import re

import pytest

from mockface import codes
from mockface.scenarios import family
from tests.conftest import start
from tests.making import JPEG, MULTIPART_TYPE, json_body, multipart_body
from tests.protocol.wire import Wire, request

CHUNKED = b"Transfer-Encoding: chunked\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
CALLS = {
    "success": {},
    "refused by a check": {"authorization": ""},
    "refused by its scenario": {"body": json_body(idcard_number=family.number_for_code(codes.PHOTO_NO_FACE))},
    "multipart": {"body": multipart_body(JPEG * 9), "content_type": MULTIPART_TYPE},
}


def chunked(body):
    half = len(body) // 2
    return b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in (body[:half], body[half:])) + b"0\r\n\r\n"


def framed(call, framing):
    body = call.get("body", json_body())
    rest = {name: value for name, value in call.items() if name != "body"}
    if framing == "chunked":
        return request(chunked(body), length=None, more=CHUNKED, **rest)
    if framing == "http/1.0":
        return request(body, start_line="POST /face/idcardcompare HTTP/1.0", **rest)
    if framing == "absolute target":
        return request(
            body, start_line="POST http://recognition.image.myqcloud.com/face/idcardcompare HTTP/1.1", **rest
        )
    more = {
        "close": b"Connection: close\r\n", "expect": b"Expect: 100-continue\r\n",
        "origin": b"Origin: http://localhost:3000\r\n",
        "h2c": b"Connection: Upgrade\r\nUpgrade: h2c\r\n",
    }  # fmt: skip
    return request(body, more=more.get(framing, b""), **rest)


def without_what_may_differ(head):
    """A head without its date, the id of its call, the connection's own word, and what a browser is told."""
    return [
        line
        for line in head.split(b"\r\n")
        if not re.match(rb"(Date|X-Mockface-Request-Id|Connection|Access-Control-[A-Za-z-]+|Vary): ", line)
    ]


FRAMINGS = (
    "plain", "chunked", "http/1.0", "absolute target", "close", "expect", "origin", "h2c", "pipelined", "in pieces",
)  # fmt: skip


def answer(server, call, framing):
    content = framed(call, framing)
    with Wire(server) as wire:
        if framing == "pipelined":
            wire.send(content + content)
            wire.reply()
        elif framing == "in pieces":
            for at in range(0, len(content), 97):
                wire.send(content[at : at + 97])
        else:
            wire.send(content)
        if framing == "expect":
            assert wire.read_until(b"\r\n\r\n") == CONTINUE
        reply = wire.reply()
        closes = framing in ("http/1.0", "close")
        head, _, body = reply.raw.partition(b"\r\n\r\n")
        assert re.findall(rb"(?m)^Connection: ([^\r]*)", head) == [b"close" if closes else b"keep-alive"]
        assert not closes or wire.at_end()
    return without_what_may_differ(head), body


@pytest.fixture(scope="module")
def reference():
    server = start()
    yield {name: answer(server, call, "plain") for name, call in CALLS.items()}
    assert server.stop() == 0


@pytest.mark.own_connection
@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("name", CALLS)
def test_the_bytes_are_the_same_in_every_framing(any_server, reference, name, framing):
    assert answer(any_server, CALLS[name], framing) == reference[name]


@pytest.mark.own_connection
def test_a_late_answer_and_one_to_a_slow_reader_have_the_same_bytes(any_server, reference):
    late = {"body": json_body(idcard_number=family.number_for_delay(0.1))}
    head, body = answer(any_server, late, "plain")
    plain_head, plain_body = reference["success"]
    assert [line for line in head if not line.startswith(b"X-Mockface-Why")] == plain_head
    assert body == plain_body


@pytest.mark.own_connection
@pytest.mark.parametrize("fault", ["truncate", "slow", "drop"])
def test_an_answer_that_breaks_begins_with_the_same_head(any_server, reference, fault):
    number = family.number_for(3, 1, family.FAULT_SEQUENCES[fault])
    with Wire(any_server) as wire:
        wire.send(request(json_body(idcard_number=number)))
        head = without_what_may_differ(wire.read_until(b"\r\n\r\n")[:-4])
    assert [line for line in head if not line.startswith(b"X-Mockface-Why")] == reference["success"][0]


@pytest.mark.own_connection
def test_two_hosts_or_none_are_refused_alike_and_http_1_0_needs_none(any_server):
    for more, host in ((b"Host: other\r\n", "one"), (b"", None)):
        with Wire(any_server) as wire:
            wire.send(request(host=host, more=more))
            reply = wire.reply()
            assert (reply.status, reply.code) == (400, 3)
            assert "Host" in reply.headers["x-mockface-why"]
            assert wire.at_end()
    with Wire(any_server) as wire:
        wire.send(request(host=None, start_line="POST /face/idcardcompare HTTP/1.0"))
        assert wire.reply().code == 0


@pytest.mark.own_connection
def test_no_http_1_0_client_is_told_to_continue(any_server):
    line = "POST /face/idcardcompare HTTP/1.0"
    with Wire(any_server) as wire:
        wire.send(request(start_line=line, more=b"Expect: 100-continue\r\n"))
        assert wire.read_until(b"\r\n").startswith(b"HTTP/1.1 200 ")
