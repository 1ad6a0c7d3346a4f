"""What an attack on the whole found: each once was a crash, a hang, a wrong answer or a second of silence."""

import asyncio
import json
import signal
import time

import pytest

from mockface.network import client
from mockface.operations.idcardcompare import OPERATION as IDCARDCOMPARE
from mockface.settings import Settings
from mockface.web import effects
from tests import loop
from tests.conftest import start
from tests.making import json_body
from tests.protocol.wire import Wire, exchange, request


def test_the_end_of_all_waits_may_come_just_as_one_of_them_is_over():
    async def never():
        await asyncio.Event().wait()

    async def both_at_once():
        waits = effects.Waits()
        waiting = asyncio.create_task(waits.gone_within(0, never))
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(waits.end)
        return await waiting

    assert loop.run(both_at_once()) is False


@pytest.mark.long
def test_streams_of_events_behind_one_another_do_not_hold_up_a_stop():
    server = start()
    follow = b"GET /_mockface/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with Wire(server) as wire:
        wire.send(follow * 3)
        assert b"text/event-stream" in wire.read_until(b": mockface\n\n")
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        wire.send(follow)
        assert server.process.wait(10) == 0
    assert time.monotonic() - began < 2.5


def in_pieces(content):
    return [content[at : at + 200_000] for at in range(0, len(content), 200_000)]


FLOODS = {
    "quotes escaped": b'{"session_id":"' + b'\\"' * 3_000_000 + b'"}',
    "backslashes": b'{"session_id":"' + b"\\\\" * 3_000_000 + b'"}',
    "quotes": b'{"a":' + b'"' * 6_000_000,
    "strings": b'["a"' + b',"a"' * 1_500_000 + b"]",
    "objects": b"[{}" + b",{}" * 2_000_000 + b"]",
}


@pytest.mark.paced
@pytest.mark.parametrize("flood", FLOODS)
def test_a_legal_body_of_6_mb_does_not_hold_up_the_others(flood):
    from mockface.request.body import BodyReader, reader_for

    reader = BodyReader(reader_for([b"application/json"], IDCARDCOMPARE.table))
    longest = 0.0
    for piece in in_pieces(FLOODS[flood]):
        began = time.process_time()
        reader.feed(piece)
        longest = max(longest, time.process_time() - began)
    began = time.process_time()
    reader.finish()
    assert max(longest, time.process_time() - began) < 0.2


@pytest.mark.own_connection
@pytest.mark.parametrize("target", ["http://x", "http://recognition.image.myqcloud.com", "http://x?y=1"])
def test_a_target_that_is_a_host_alone_is_answered_like_its_root(any_server, target):
    reply = exchange(any_server, request(start_line=f"GET {target} HTTP/1.1"))
    assert (reply.status, json.loads(reply.body)["Response"]["Error"]["Code"]) == (200, "MissingParameter")


@pytest.mark.parametrize(
    ("path", "body"),
    [("reset", {"numbers": ["\ud800"]}), ("sign", {"appid": "\ud800"}), ("clock/advance", {"by": "\ud800"})],
)
def test_half_a_character_in_a_request_to_the_api_is_no_fault_of_the_server(server, path, body):
    reply = client.Client(server.url).send(
        "POST", f"/_mockface/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    assert reply.status < 500
    assert reply.headers["content-type"] == "application/json"


@pytest.mark.thorough
@pytest.mark.paced
def test_the_api_takes_no_more_of_a_body_than_it_needs(any_server):
    head = (
        "POST /_mockface/scenarios HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: 50000000\r\n\r\n"
    )
    with Wire(any_server) as wire:
        wire.send(head.encode())
        reply = wire.reply()
    assert reply.status == 413
    assert "1048576" in reply.body.decode()


@pytest.mark.long
def test_the_first_question_to_the_api_holds_up_no_call(launch):
    server = launch()
    with Wire(server) as calls, Wire(server) as asks:
        calls.send(request())
        calls.reply()
        asks.send(b"GET /_mockface/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answered, deadline = 0, time.monotonic() + 10
        while not asks.waits_for_us() and time.monotonic() < deadline:
            calls.send(request())
            assert calls.reply().code == 0
            answered += 1
        assert asks.reply().status == 200
    assert answered > 5


def test_a_request_of_another_version_has_one_connection_header(any_server):
    with Wire(any_server) as wire:
        wire.send(request(start_line="POST /face/idcardcompare HTTP/2.0", more=b"X: 1\r\n"))
        head = wire.read_until(b"\r\n\r\n").lower()
    assert head.count(b"\r\nconnection:") == 1


def test_a_why_of_h11_does_not_repeat_what_the_client_sent(launch):
    reply = exchange(launch("--http", "h11"), b"POST /a?idcard=440524199003070013 b HTTP/1.1\r\nHost: x\r\n\r\n")
    assert reply.code == 3
    assert "440524" not in reply.headers["x-mockface-why"]


@pytest.mark.own_connection
def test_half_a_head_of_very_many_headers_is_refused(launch):
    # h11 looks at a head when it is whole; until then its bytes and its time are bounded.
    with Wire(launch("--http", "httptools")) as wire:
        wire.send(request()[:30] + b"\r\n" + b"a: b\r\n" * 3000)
        reply = wire.reply()
    assert (reply.status, reply.code) == (400, 3)


@pytest.mark.long
def test_followers_of_the_events_are_bounded(launch):
    server = launch()
    follow = b"GET /_mockface/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
    wires = [Wire(server) for _ in range(102)]
    for wire in wires[:100]:
        wire.send(follow)
        assert wire.read_until(b": mockface\n\n").startswith(b"HTTP/1.1 200")
    for wire in wires[100:]:
        wire.send(follow)
        assert wire.read_until(b"\r\n\r\n").startswith(b"HTTP/1.1 503")
    for wire in wires:
        wire.__exit__()
    assert exchange(server, request(json_body())).code == 0


@pytest.mark.parametrize(
    ("given", "named"), [({"signature": "nope"}, "shape"), ({"port": "x"}, "--port"), ({"seed": 1.5}, "--seed")]
)
def test_a_setting_of_another_kind_is_refused_in_words(given, named):
    with pytest.raises(ValueError, match=named):
        Settings(**given)
