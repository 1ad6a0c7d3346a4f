"""Answers that wait, in a server whose inside the test can look at."""

import gc
import time

import pytest

from mockface.scenarios import family
from mockface.settings import Settings
from mockface.testing.server.own import OwnServer
from mockface.web.serving.protocols.httptools_parser import HttptoolsConnection as HttpTools
from tests.making import json_body, sign_now
from tests.protocol.wire import Wire, request


@pytest.fixture
def own():
    server = OwnServer(Settings(port=0, signature="off"))
    yield server
    server.stop()


def late(seconds=9.9):
    return request(json_body(idcard_number=family.number_for_delay(seconds)), authorization=sign_now())


def until(so):
    """Wait, for a few seconds at most, until it is so."""
    deadline = time.monotonic() + 5
    while not so() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert so()


@pytest.mark.parametrize("leave", [Wire.__exit__, Wire.shut], ids=["close", "half"])
def test_a_client_that_leaves_while_its_answer_waits_leaves_nothing_behind(own, leave):
    waits = own._app.endpoint.waits
    wires = [Wire(own) for _ in range(20)]
    for wire in wires:
        wire.send(late())
    until(lambda: len(waits) == 20)
    for wire in wires:
        leave(wire)
    until(lambda: len(waits) == 0)
    for wire in wires:
        wire.__exit__()


@pytest.mark.thorough
def test_a_connection_that_answered_late_needs_no_garbage_collection(own):
    gc.collect()
    gc.disable()
    try:
        for _ in range(5):
            with Wire(own) as wire:
                wire.send(late(0.1) + late(0.1))
                assert [wire.reply().code, wire.reply().code] == [0, 0]
        until(lambda: not any(isinstance(one, HttpTools) and one.app is own._app for one in gc.get_objects()))
    finally:
        gc.enable()


@pytest.mark.parametrize("behind", [b"", b"\x00 no http\r\n\r\n"], ids=["nothing", "no-http"])
def test_a_stop_gives_the_answers_that_wait_and_says_that_it_closes(behind):
    server = OwnServer(Settings(port=0, signature="off"))
    wires = [Wire(server) for _ in range(3)]
    for wire in wires:
        wire.send(late() + behind)
    until(lambda: len(server._app.endpoint.waits) == 3)
    server.stop()
    for wire in wires:
        with wire:
            reply = wire.reply()
            assert reply.code == 0
            assert reply.headers["connection"] == "close"


@pytest.mark.thorough
def test_clients_that_reset_after_their_answer_are_let_go(own):
    for _ in range(10):
        with Wire(own) as wire:
            wire.send(b"GET /nope HTTP/1.1\r\nHost: x\r\n\r\n")
            assert wire.reply().status == 404
            wire.reset_at_close()

    def gone():
        gc.collect()
        return not any(isinstance(one, HttpTools) and one.app is own._app for one in gc.get_objects())

    until(gone)
