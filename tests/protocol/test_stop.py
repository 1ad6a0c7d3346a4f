"""SIGTERM: calls in flight are finished, new ones refused, and the server is gone in time."""

import json
import signal
import socket
import threading
import time

import pytest

from mockface.scenarios import family
from tests.conftest import start
from tests.making import MULTIPART_TYPE, json_body, multipart_body
from tests.protocol.wire import Wire, exchange, request


def stopping(server):
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    return began


def gone(server, began, within):
    assert server.process.wait(10) == 0
    assert time.monotonic() - began < within


@pytest.fixture(params=["httptools", "h11"])
def served(request):
    server = start("--http", request.param)
    yield server
    if server.process.poll() is None:
        server.process.kill()
        server.process.wait()


@pytest.mark.long
def test_an_answer_that_waits_is_given_at_once(served):
    with Wire(served) as wire:
        wire.send(request(json_body(idcard_number=family.number_for_delay(9.9))))
        exchange(served, request())
        began = stopping(served)
        reply = wire.reply()
        assert (reply.code, reply.headers["connection"]) == (0, "close")
        assert wire.at_end()
    gone(served, began, 1.5)


@pytest.mark.long
@pytest.mark.parametrize(
    "behind", [b"", b"\x00 no http\r\n\r\n", request(b"zz\r\n", length=None, more=b"Transfer-Encoding: chunked\r\n")]
)
def test_answers_that_wait_before_what_is_refused_do_not_keep_others_from_theirs(served, behind):
    wires = [Wire(served) for _ in range(3)]
    for wire in wires:
        wire.send(request(json_body(idcard_number=family.number_for_delay(9.9))) + behind)
    exchange(served, request())
    began = stopping(served)
    for wire in wires:
        with wire:
            assert wire.reply().code == 0
    gone(served, began, 1.5)


@pytest.mark.long
def test_half_a_request_a_silent_client_and_an_answer_that_hangs_hold_nothing_up(served):
    hang = json_body(idcard_number=family.number_for(3, 1, family.FAULT_SEQUENCES["hang"]))
    halves = (request()[:50], request()[:-5], b"", request(hang), request() + request()[:30])
    wires = [Wire(served) for _ in halves]
    for wire, half in zip(wires, halves, strict=True):
        wire.send(half)
    exchange(served, request())
    began = stopping(served)
    gone(served, began, 2)
    for wire in wires:
        with wire:
            left = wire.rest()
            assert b" 500 " not in left
            assert b"Internal Server Error" not in left


@pytest.mark.long
def test_an_upload_under_way_is_finished(served):
    body = multipart_body(b"\xff\xd8\xff" + b"\0" * 400_000)
    with Wire(served) as wire:
        content = request(body, content_type=MULTIPART_TYPE)
        wire.send(content[:1000])
        exchange(served, request())
        began = stopping(served)
        for at in range(1000, len(content), 20_000):
            wire.send(content[at : at + 20_000])
            time.sleep(0.05)
        assert wire.reply().code == 0
    gone(served, began, 5)


@pytest.mark.long
def test_under_load_every_call_that_was_taken_is_answered_and_then_connections_are_refused(served):
    outcomes, over = [], threading.Event()

    def calls():
        while not over.is_set():
            try:
                with Wire(served) as wire:
                    wire.send(request())
                    outcomes.append(json.loads(wire.reply().body)["code"])
            except (ConnectionError, EOFError) as fault:
                outcomes.append(type(fault).__name__)
                return

    threads = [threading.Thread(target=calls) for _ in range(8)]
    for thread in threads:
        thread.start()
    while outcomes.count(0) < 50:
        time.sleep(0.01)
    began = stopping(served)
    gone(served, began, 5)
    over.set()
    for thread in threads:
        thread.join()
    assert set(outcomes) <= {0, "ConnectionRefusedError", "ConnectionResetError", "EOFError"}
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", served.port), 1)


@pytest.mark.long
def test_after_sigkill_the_same_port_serves_again(served):
    port = served.port
    with Wire(served) as wire:
        wire.send(request())
        assert wire.reply().code == 0
        served.process.kill()
        served.process.wait()
    again = start("--port", str(port))
    try:
        assert again.port == port
        assert exchange(again, request()).code == 0
    finally:
        again.stop()
