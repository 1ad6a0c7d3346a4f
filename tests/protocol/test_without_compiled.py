"""A server where uvloop, or uvloop and httptools, cannot be imported, as where there is no wheel of them."""

import time

import pytest

from mockface.network.client import Client
from tests.conftest import CLEAN_ENVIRONMENT, start
from tests.protocol.test_faults import ask_for, late
from tests.protocol.wire import Wire, exchange, request


@pytest.fixture(params=[("httptools", ["uvloop"]), ("h11", ["uvloop", "httptools"])], ids=["httptools", "h11"])
def server(request, tmp_path, monkeypatch):
    http, hidden = request.param
    for name in hidden:
        (tmp_path / f"{name}.py").write_text("raise ImportError('hidden')", encoding="utf-8")
    monkeypatch.setitem(CLEAN_ENVIRONMENT, "PYTHONPATH", str(tmp_path))
    running = start("--http", http)
    assert Client(running.url).get("/_mockface/health")["http"] == http
    yield running
    if running.process.poll() is None:
        running.stop()


def test_calls_are_answered_delayed_and_broken_as_with_them(server):
    assert exchange(server, request()).code == 0
    began = time.monotonic()
    assert exchange(server, late(0.3)).code == 0
    assert time.monotonic() - began >= 0.3
    with Wire(server) as wire:
        wire.send(ask_for("drop"))
        assert wire.read_until(b"\r\n\r\n").startswith(b"HTTP/1.1 200 OK")
        assert wire.at_end()
    with Wire(server) as wire:
        wire.send(request() * 3)
        assert [wire.reply().code for _ in range(3)] == [0, 0, 0]


def test_it_stops_in_time_while_a_call_is_delayed(server):
    with Wire(server) as wire:
        wire.send(request() + late(0.5))
        assert wire.reply().code == 0, "read with what came behind it"
        assert server.stop() == 0
        assert wire.reply().code == 0
