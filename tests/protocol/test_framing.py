"""What is no whole HTTP request gets a reason and a close, in bounded time and space, and the next request is served."""

import gzip
import time

import pytest

from mockface.scenarios import family
from tests.making import JSON_TYPE, MULTIPART_TYPE, json_body, multipart_body
from tests.protocol.wire import Wire, exchange, request

CHUNKED = b"Transfer-Encoding: chunked\r\n"


def refusal(server, content):
    with Wire(server) as wire:
        wire.send(content)
        reply = wire.reply()
        assert (reply.status, reply.code) == (400, 3)
        assert wire.at_end()
    return reply.headers["x-mockface-why"]


@pytest.mark.own_connection
@pytest.mark.parametrize(
    ("more", "length", "named"),
    [
        (CHUNKED, -1, "Transfer-Encoding can't be present with Content-Length"),
        (b"Content-Length: 5\r\n", -1, "Content-Length"),
        (b"Content-Length: five\r\n", None, "Content-Length"),
        (b"Content-Length: -1\r\n", None, "Content-Length"),
        (b"Content-Length: 99999999999999999999999\r\n", None, "Content-Length"),
        (b"Host : x\r\n", -1, "eader"),
        (b"X-Nul: \x00\r\n", -1, "eader"),
    ],
)  # fmt: skip
def test_a_head_of_two_meanings_or_none_is_refused_with_its_reason(any_server, more, length, named):
    assert named in refusal(any_server, request(more=more, length=length))
    assert exchange(any_server, request()).code == 0


@pytest.mark.own_connection
def test_a_second_request_cannot_hide_behind_two_lengths(any_server):
    hidden = b"0\r\n\r\n" + request()
    with Wire(any_server) as wire:
        wire.send(request(hidden, more=CHUNKED))
        assert wire.reply().code == 3
        assert wire.at_end()


@pytest.mark.own_connection
@pytest.mark.parametrize("coded", [b"zz\r\nabc\r\n", b"-1\r\n\r\n", b"3\r\nabcd\r\n0\r\n\r\n", b"\r\n\r\n"])
def test_a_broken_chunk_is_refused_while_the_body_is_read(any_server, coded):
    assert refusal(any_server, request(coded, length=None, more=CHUNKED))
    assert exchange(any_server, request()).code == 0


@pytest.mark.own_connection
@pytest.mark.parametrize("flood", [b"X-Pad: " + b"a" * 200_000, b"\r\n".join([b"X-P: 1"] * 40_000), b"X" * 200_000])
def test_a_flood_of_headers_is_refused_at_its_bound(any_server, flood):
    assert "131072 bytes" in refusal(any_server, request()[:-200].split(b"\r\n\r\n")[0] + b"\r\n" + flood)
    assert exchange(any_server, request()).code == 0


@pytest.mark.own_connection
def test_trailers_and_chunk_extensions_are_bounded_too(any_server):
    head = request(b"", length=None, more=CHUNKED)
    for flood in (b"1;x=" + b"a" * 300_000, b"0\r\nX-Trailer: " + b"a" * 300_000):
        with Wire(any_server) as wire:
            wire.send(head + flood)
            assert wire.reply().code == 3
            assert wire.at_end()


def test_a_signature_of_64_kb_is_read_and_refused_as_a_signature(any_server):
    assert exchange(any_server, request(authorization="A" * 65536)).code == 5


def test_a_compressed_body_is_refused_by_its_name(any_server):
    reply = exchange(any_server, request(gzip.compress(json_body()), more=b"Content-Encoding: gzip\r\n"))
    assert reply.code == 3
    assert "Content-Encoding" in reply.headers["x-mockface-why"]
    assert "gzip" in reply.headers["x-mockface-why"]


def test_pipelined_calls_are_answered_in_order_and_what_follows_a_close_is_not(any_server):
    with Wire(any_server) as wire:
        wire.send(request(authorization="") + request() + request(more=b"Connection: close\r\n") + request())
        assert [wire.reply().code for _ in range(3)] == [4, 0, 0]
        assert wire.at_end()


@pytest.mark.own_connection
def test_bytes_that_are_no_http_behind_a_slow_call_do_not_break_its_answer(any_server):
    from mockface.scenarios import family

    late = request(json_body(idcard_number=family.number_for_delay(0.4)))
    with Wire(any_server) as wire:
        wire.send(late + b"\x00\x01\x02 no http\r\n\r\n")
        assert wire.reply().code == 0


@pytest.fixture(params=["httptools", "h11"])
def hasty(launch, request):
    flags = ("--head-seconds", "0.6", "--body-seconds", "0.6", "--idle-seconds", "1.5")
    return launch("--http", request.param, *flags)


@pytest.mark.long
@pytest.mark.parametrize(
    ("part", "named"),
    [(request()[:40], "--head-seconds"), (request()[:-10], "--body-seconds"),
     (request(multipart_body()[:-10], content_type=MULTIPART_TYPE, length=5000), "--body-seconds"),
     (request(b"5\r\nabc", length=None, more=CHUNKED), "--body-seconds")],
)  # fmt: skip
def test_a_sender_that_stops_is_told_so_within_the_bound(hasty, part, named):
    with Wire(hasty) as wire:
        began = time.monotonic()
        wire.send(part)
        reply = wire.reply()
        assert wire.at_end()
    assert (reply.status, reply.code) == (408, 3)
    assert named in reply.headers["x-mockface-why"]
    assert 0.4 < time.monotonic() - began < 5
    assert exchange(hasty, request()).code == 0


@pytest.mark.long
def test_a_sender_of_a_byte_now_and_then_is_stopped_as_well(hasty):
    with Wire(hasty) as wire:
        began = time.monotonic()
        try:
            for byte in request():
                wire.send(bytes([byte]))
                time.sleep(0.05)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert time.monotonic() - began < 10
    assert exchange(hasty, request()).code == 0


@pytest.mark.long
def test_a_silent_connection_is_closed_without_a_word(hasty):
    with Wire(hasty) as fresh, Wire(hasty) as used:
        used.send(request())
        assert used.reply().code == 0
        assert fresh.at_end()
        assert used.at_end()


@pytest.mark.long
def test_a_call_that_is_answered_late_is_no_sender_that_stops(hasty):

    with Wire(hasty) as wire:
        wire.send(request(json_body(idcard_number=family.number_for_delay(2.5)), content_type=JSON_TYPE))
        assert wire.reply().code == 0
