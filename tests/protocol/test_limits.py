"""6 MiB: exact on both sides, refused early, and readable by a client that is still sending."""

import time

import pytest

from tests.making import JPEG, MULTIPART_TYPE, multipart_body
from tests.protocol.wire import Wire, exchange, request

LIMIT = 6 * 1024 * 1024


def body_of(size):
    """A valid multipart body of exactly this size."""
    frame = len(multipart_body(JPEG))
    return multipart_body(JPEG + b"\0" * (size - frame))


def chunked(body):
    return b"".join(
        b"%x\r\n%s\r\n" % (len(body[at : at + 65536]), body[at : at + 65536]) for at in range(0, len(body), 65536)
    )


CHUNKED = request(b"", content_type=MULTIPART_TYPE, length=None, more=b"Transfer-Encoding: chunked\r\n")


def test_exactly_6_mib_is_a_success_declared_or_not(any_server):
    assert exchange(any_server, request(body_of(LIMIT), content_type=MULTIPART_TYPE)).code == 0
    assert exchange(any_server, CHUNKED + chunked(body_of(LIMIT)) + b"0\r\n\r\n").code == 0


def test_one_byte_more_is_23_with_413(any_server):
    reply = exchange(any_server, request(body_of(LIMIT + 1), content_type=MULTIPART_TYPE))
    assert (reply.code, reply.status) == (23, 413)
    assert str(LIMIT + 1) in reply.headers["x-mockface-why"]


def test_a_declared_length_over_the_limit_is_refused_before_any_body_came(any_server):
    with Wire(any_server) as wire:
        began = time.monotonic()
        wire.send(request(b"", content_type=MULTIPART_TYPE, length=64 * 1024 * 1024))
        reply = wire.reply()
        assert time.monotonic() - began < 1
    assert (reply.code, reply.headers["connection"]) == (23, "close")


def test_with_expect_100_continue_the_refusal_comes_instead_of_the_invitation(any_server):
    with Wire(any_server) as wire:
        wire.send(request(b"", length=LIMIT + 1, more=b"Expect: 100-continue\r\n"))
        assert wire.reply().code == 23


def test_an_undeclared_body_is_refused_at_the_limit_while_more_is_still_to_come(any_server):
    with Wire(any_server) as wire:
        wire.send(CHUNKED + chunked(body_of(LIMIT + 1)))
        reply = wire.reply()
    assert (reply.code, reply.status) == (23, 413)


@pytest.mark.parametrize("declared", [True, False])
def test_a_client_that_sends_everything_before_it_reads_can_read_the_23(any_server, declared):
    body = body_of(4 * LIMIT)
    with Wire(any_server) as wire:
        if declared:
            wire.send(request(body, content_type=MULTIPART_TYPE))
        else:
            wire.send(CHUNKED + chunked(body) + b"0\r\n\r\n")
        assert wire.reply().code == 23
        assert wire.at_end()


def test_what_is_drained_is_bounded_in_bytes(launch):
    server = launch("--drain-limit", "1000000")
    with Wire(server) as wire:
        wire.send(request(b"", length=1 << 40))
        with pytest.raises(OSError, match=r"[Rr]eset|[Bb]roken pipe"):
            wire.send(b"\0" * 64_000_000)


def test_what_is_drained_is_bounded_in_time(launch):
    server = launch("--drain-seconds", "0.3")
    with Wire(server) as wire:
        began = time.monotonic()
        wire.send(request(b"", length=LIMIT + 1))
        assert wire.reply().code == 23
        assert wire.at_end()
        assert time.monotonic() - began < 3


def test_the_limit_can_be_set(launch):
    assert exchange(launch("--body-limit", "100"), request()).code == 23


def test_after_a_refused_upload_the_next_client_is_served(any_server):
    with Wire(any_server) as wire:
        wire.send(request(b"x" * 1000, length=LIMIT + 1))
    assert exchange(any_server, request()).code == 0


def test_a_chunked_body_that_ended_beyond_the_limit_closes_at_once_behind_its_refusal(any_server):
    with Wire(any_server) as wire:
        wire.send(CHUNKED + chunked(body_of(LIMIT + 1)) + b"0\r\n\r\n")
        assert wire.reply().code == 23
        began = time.monotonic()
        assert wire.at_end()
        assert time.monotonic() - began < 2
