"""Whatever is pipelined on one connection, and however it is cut, is answered in the order in which it was asked."""

import random
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from mockface import codes
from mockface.scenarios import family
from tests.making import json_body
from tests.protocol.wire import Wire, request

CHUNKED = json_body(idcard_number=family.number_for_delay(0.1))
LATE = request(json_body(idcard_number=family.number_for_delay(0.1)))
KINDS = {
    "prompt": (request(), (200, b'"code":0,')),
    "refused": (request(json_body(idcard_number=family.number_for_code(codes.PHOTO_NO_FACE))), (200, b'"code":-4012')),
    "late": (LATE, (200, b'"code":0,')),
    "html": (request(json_body(idcard_number=family.number_for(3, 1, 106))), (502, b"502 Bad Gateway")),
    "chunked": (
        request(
            b"%x\r\n%s\r\n0\r\n\r\n" % (len(CHUNKED), CHUNKED), length=None, more=b"Transfer-Encoding: chunked\r\n"
        ),
        (200, b'"code":0,'),
    ),
    "elsewhere": (request(start_line="POST /face/elsewhere HTTP/1.1"), (404, b'"code":3')),
    "api": (b"GET /_mockface/clock HTTP/1.1\r\nHost: localhost\r\n\r\n", (200, b'"now":')),
}
"""What is asked for, and what of its answer tells it from the others'."""


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(12))
def test_every_mix_is_answered_in_order(any_server, seed):
    chance = random.Random(seed)
    with Wire(any_server) as wire:
        for _ in range(4):
            mix = [chance.choice(list(KINDS)) for _ in range(chance.randint(2, 6))]
            sent = b"".join(KINDS[kind][0] for kind in mix)
            for piece in cut(sent, chance):
                wire.send(piece)
            for kind in mix:
                reply = wire.reply()
                status, body = KINDS[kind][1]
                assert (reply.status, body in reply.body) == (status, True), (mix, kind, reply.raw)
        assert not wire.waits_for_us()


def cut(content, chance):
    """The content in a few pieces, with time for the server to read each alone."""
    cuts = sorted(chance.sample(range(1, len(content)), chance.choice((0, 0, 1, 3))))
    for start, end in zip([0, *cuts], [*cuts, len(content)], strict=True):
        yield content[start:end]
        if end < len(content):
            time.sleep(0.002)


def rss_mib(server):
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="memory is read from /proc")
@pytest.mark.parametrize("one", [request(), b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"], ids=["calls", "gets"])
def test_a_client_that_pipelines_without_end_is_bounded_in_memory(launch, one):
    server = launch()
    with Wire(server) as wire:
        wire.send(late(0.1))
        before = rss_mib(server)
        reading = threading.Thread(target=wire.drain)
        reading.start()
        with suppress(BrokenPipeError, ConnectionResetError):
            for _ in range(40):
                wire.send(one * 1000)
        wire.shut_if_open()
        reading.join(100)
        assert not reading.is_alive()
        assert rss_mib(server) - before < 40


def late(seconds):
    return request(json_body(idcard_number=family.number_for_delay(seconds)))


HANG = request(json_body(idcard_number=family.number_for(3, 1, family.FAULT_SEQUENCES["hang"])))


@pytest.mark.long
def test_clients_that_left_a_hanging_call_with_another_behind_it_hold_no_stop_up(launch):
    server = launch("--signature", "off")
    for _ in range(20):
        with Wire(server) as wire:
            wire.send(HANG + request())
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(10) == 0
    assert time.monotonic() - began < 1.5


@pytest.mark.long
def test_clients_that_pipelined_and_left_make_room_at_once(launch):
    server = launch("--connections", "5")
    for apart in (True, False):
        for _ in range(5):
            with Wire(server) as wire:
                wire.send(late(99.9))
                if apart:
                    time.sleep(0.02)
                wire.send(request())
                time.sleep(0.02)
        with Wire(server) as wire:
            wire.send(request())
            assert wire.reply().status == 200


@pytest.mark.long
def test_a_body_that_waits_for_the_answer_before_it_is_not_too_late(launch):
    with Wire(launch("--body-seconds", "0.3")) as wire:
        call = request()
        wire.send(late(2) + call[:-5])
        time.sleep(0.1)
        wire.send(call[-5:])
        assert [wire.reply().code, wire.reply().code] == [0, 0]
