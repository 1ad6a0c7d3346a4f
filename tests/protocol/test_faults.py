"""Delays and faults as a client sees them, over a real socket on both parsers."""

import time

import pytest

from mockface import codes
from mockface.scenarios import family
from tests.making import json_body
from tests.protocol.wire import Wire, exchange, request


def ask_for(fault, lane=1):
    return request(json_body(idcard_number=family.number_for(3, lane, family.FAULT_SEQUENCES[fault])))


def late(seconds):
    return request(json_body(idcard_number=family.number_for_delay(seconds)))


def test_a_delay_passes_before_the_first_byte(any_server):
    began = time.monotonic()
    assert exchange(any_server, late(0.3)).code == 0
    assert 0.3 <= time.monotonic() - began < 2


@pytest.mark.long
def test_calls_that_wait_do_not_hold_up_others(any_server):
    waiting = [Wire(any_server) for _ in range(50)]
    for wire in waiting:
        wire.send(late(5))
    for _ in range(20):
        assert exchange(any_server, request()).code == 0
    assert not any(wire.waits_for_us() for wire in waiting)
    for wire in waiting:
        with wire:
            assert wire.reply().code == 0


def test_truncate_promises_more_than_comes(any_server):
    with Wire(any_server) as wire:
        wire.send(ask_for("truncate"))
        head = wire.read_until(b"\r\n\r\n")
        assert b"content-length: 69\r\n" in head.lower()
        with pytest.raises(EOFError) as short:
            wire.read_until(b"}}")
        assert 0 < len(short.value.args[0]) < 69


def test_drop_sends_the_headers_and_closes(any_server):
    with Wire(any_server) as wire:
        wire.send(ask_for("drop"))
        assert wire.read_until(b"\r\n\r\n").startswith(b"HTTP/1.1 200 OK")
        assert wire.at_end()


def test_slow_comes_a_byte_at_a_time(launch, tmp_path):
    own = tmp_path / "slow.yaml"
    own.write_text('scenarios: { "110110199907010018": { fault: { slow: 200 } } }', encoding="utf-8")
    with Wire(launch("--scenarios", str(own))) as wire:
        wire.send(request(json_body(idcard_number="110110199907010018")))
        wire.read_until(b"\r\n\r\n")
        began = time.monotonic()
        assert wire.read_until(b"}}").startswith(b'{"code":0')
        assert 0.3 < time.monotonic() - began < 3


def test_hang_sends_nothing_until_the_client_leaves(any_server):
    with Wire(any_server, timeout=0.5) as wire:
        wire.send(ask_for("hang"))
        with pytest.raises(TimeoutError):
            wire.read_until(b"\r\n")
    assert exchange(any_server, request()).code == 0


def test_garbage_is_a_200_of_json_by_its_header_alone(any_server):
    reply = exchange(any_server, ask_for("garbage"))
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json; charset=utf-8")
    with pytest.raises(ValueError, match=r"decode|JSON|Expecting"):
        assert reply.code


def test_html_is_the_page_of_a_gateway(any_server):
    reply = exchange(any_server, ask_for("html"))
    assert (reply.status, reply.headers["content-type"]) == (502, "text/html")
    assert b"502 Bad Gateway" in reply.body


def test_a_fault_says_why_in_the_header_where_there_is_one(any_server):
    assert "with fault html" in exchange(any_server, ask_for("html")).headers["x-mockface-why"]


def test_200_calls_at_once_on_a_story_of_three_steps_get_each_step_as_often_as_they_must(any_server):
    number = family.number_for(6, 20, family.STORY_SEQUENCES["busy_then_success"])
    wires = [Wire(any_server) for _ in range(200)]
    for wire in wires:
        wire.send(request(json_body(idcard_number=number)))
    codes = []
    for wire in wires:
        with wire:
            codes.append(wire.reply().code)
    assert sorted(codes) == [0] * 198 + [15, 15]


HEAD = (
    "HTTP/1.1 200 OK", "Server", "Date", "Content-Type: application/json; charset=utf-8", "Content-Length",
    "Connection: keep-alive", "X-Mockface-Request-Id",
)  # fmt: skip


@pytest.mark.own_connection
@pytest.mark.parametrize("ask", [late(0.1), ask_for("garbage"), ask_for("wrong_type")], ids=["late", "garbage", "type"])
def test_the_head_of_a_late_or_faulty_answer_is_spelled_as_any_other(launch, ask):
    head = exchange(launch(), ask).raw.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    for line, wanted in zip(head[: len(HEAD)], HEAD, strict=True):
        assert line.startswith(wanted), head


@pytest.mark.parametrize("behind", [request(), late(0.1), b"GET /_mockface/health HTTP/1.1\r\nHost: localhost\r\n\r\n"])
def test_what_is_pipelined_behind_a_late_answer_comes_behind_it(any_server, behind):
    with Wire(any_server) as wire:
        began = time.monotonic()
        wire.send(
            late(0.3) + behind + request(json_body(idcard_number=family.number_for_code(codes.PAGE.by_number[-5803])))
        )
        first = wire.reply()
        assert (first.code, time.monotonic() - began >= 0.3) == (0, True)
        assert wire.reply().status == 200
        assert wire.reply().code == -5803
        # The connection is as good as new.
        wire.send(late(0.1) + request())
        assert [wire.reply().code, wire.reply().code] == [0, 0]


def test_what_comes_while_an_answer_waits_is_answered_behind_it(any_server):
    with Wire(any_server) as wire:
        wire.send(late(0.4))
        time.sleep(0.1)  # the first call waits by now
        wire.send(request(json_body(idcard_number=family.number_for_code(codes.PAGE.by_number[-5803])))[:50])
        time.sleep(0.05)
        wire.send(request(json_body(idcard_number=family.number_for_code(codes.PAGE.by_number[-5803])))[50:])
        assert [wire.reply().code, wire.reply().code] == [0, -5803]


def test_a_late_answer_closes_behind_it_where_the_client_asked_for_that(any_server):
    closing = request(json_body(idcard_number=family.number_for_delay(0.2)), more=b"Connection: close\r\n")
    with Wire(any_server) as wire:
        wire.send(closing + request())
        reply = wire.reply()
        assert (reply.code, reply.headers["connection"]) == (0, "close")
        assert wire.at_end()


BAD_CHUNK = request(b"zz\r\n", length=None, more=b"Transfer-Encoding: chunked\r\n")


@pytest.mark.thorough
@pytest.mark.own_connection
@pytest.mark.parametrize("behind", [b"\x00\x01 no http\r\n\r\n", BAD_CHUNK], ids=["no-http", "bad-chunk"])
@pytest.mark.parametrize("between", [[], [request(), late(0.1)]], ids=["", "two-more"])
def test_what_is_refused_behind_a_late_answer_does_not_go_before_it(launch, between, behind):
    with Wire(launch()) as wire:
        wire.send(late(0.2) + b"".join(between) + behind)
        replies = [wire.reply() for _ in (late, *between, behind)]
        assert [reply.code for reply in replies] == [0, *(0 for _ in between), 3]
        assert [reply.headers["connection"] for reply in replies] == [
            *("keep-alive" for _ in (late, *between)),
            "close",
        ]
        assert wire.at_end()
