"""The log and the metrics: one line a call, nothing that a client could forge, figures for Prometheus."""

import json
import time

import pytest
from prometheus_client.parser import text_string_to_metric_families

from mockface.network import client
from mockface.web.log import LINES_AT_ONCE, Allowance
from tests.making import json_body
from tests.protocol.wire import Wire, exchange, request


def until(so):
    deadline = time.monotonic() + 10
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def logged(server):
    return [json.loads(line) for line in list(server.lines) if line.startswith("{")]


def test_where_no_terminal_is_every_call_is_a_json_line(launch):
    server = launch()
    reply = exchange(server, request(authorization=""))
    until(lambda: logged(server))
    (line,) = logged(server)
    assert (line["level"], line["message"], line["code"]) == ("info", "call", 4)
    assert line["id"] == reply.headers["x-mockface-request-id"]
    assert line["at"].endswith("+00:00")


def test_as_text_a_call_is_a_line_with_its_why(launch):
    server = launch("--log-format", "text")
    exchange(server, request(authorization=""))
    until(lambda: any("SIGNATURE_EMPTY" in line for line in server.lines))
    assert any("no Authorization header" in line for line in server.lines)


@pytest.mark.long
def test_what_never_became_a_call_is_logged_too_and_health_checks_are_not(launch):
    server = launch()
    client.Client(server.url).get("/_mockface/health")
    exchange(server, b"\x00\x01\r\n\r\n")
    until(lambda: logged(server))
    assert [line["message"].partition(":")[0] for line in logged(server)] == ["refused"]


@pytest.mark.parametrize("form", ["text", "json"])
def test_line_breaks_and_escapes_of_a_client_forge_no_line(launch, form):
    server = launch("--log-format", form, "--show-pii")
    evil = "\x1b[2J\r\nfake line\u2028fake line\x07"
    body = json_body(idcard_number=f"110110199907{evil}", idcard_name=evil, url=f"ftp://{evil}", session_id=evil)
    exchange(server, request(body))
    exchange(server, request(json_body(appid=evil)))
    exchange(server, request(start_line="POST /\u00e9\x1b[2J HTTP/1.1"))
    exchange(server, request(more=b"Evil\x1b: 1\r\n"))
    last = exchange(server, request()).headers["x-mockface-request-id"]
    until(lambda: any(last in line for line in server.lines))
    assert not any(line.lstrip().startswith("fake") for line in server.lines)
    assert not any("\x1b" in line or "\x07" in line for line in server.lines)


def test_the_level_silences_calls_and_off_silences_all(launch):
    quiet, silent = launch("--log-level", "warning"), launch("--log-level", "off")
    for server in (quiet, silent):
        exchange(server, request())
        exchange(server, b"\x00\r\n\r\n")
        assert server.stop() == 0
        assert logged(server) == []


@pytest.mark.long
def test_a_flood_of_calls_is_counted_instead_of_listed(launch):
    server = launch()
    with Wire(server) as wire:
        for _ in range(30):
            wire.send(request() * 100)
            for _ in range(100):
                wire.reply()
    until(lambda: any("more calls" in line["message"] for line in logged(server)))
    listed = sum(line["message"] == "call" for line in logged(server))
    assert 0 < listed < 3000


def test_an_allowance_refills_and_never_exceeds_what_may_come_at_once():
    allowance = Allowance(now=0.0)
    assert allowance.take(LINES_AT_ONCE + 5, 0.0) == LINES_AT_ONCE
    assert allowance.take(5, 0.0) == 0
    assert allowance.take(1000, 1.0) == 200
    assert allowance.take(10_000, 9999.0) == LINES_AT_ONCE


def metrics(server):
    text = client.Client(server.url).send("GET", "/_mockface/metrics", None, {}).body.decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.long
def test_metrics_count_calls_by_code_and_survive_a_reset(launch):
    server = launch()
    for authorization in (None, None, ""):
        exchange(server, request(authorization=authorization))
    client.Client(server.url).post("/_mockface/reset", {})
    told = metrics(server)
    assert (told["mockface_calls_total", "0", "idcardcompare"], told["mockface_calls_total", "4", "idcardcompare"]) == (
        2,
        1,
    )
    assert told["mockface_call_duration_seconds_count",] == told["mockface_call_duration_seconds_bucket", "+Inf"] == 3
    assert 0 < told["mockface_call_duration_seconds_sum",] < 5
    assert (told["mockface_journal_calls",], told["mockface_journal_bytes",]) == (0, 0)
    assert told["mockface_scenarios",] > 60
    assert told["mockface_reloads_total",] == 0


@pytest.mark.long
def test_metrics_show_the_bytes_of_bodies_on_their_way(launch):
    server = launch()
    content = request(json_body(session_id="s" * 5000))
    with Wire(server) as wire:
        wire.send(content[:-100])
        until(lambda: metrics(server)["mockface_in_flight_body_bytes",] > 4000)
        wire.send(content[-100:])
        assert wire.reply().code == 0
    assert metrics(server)["mockface_in_flight_body_bytes",] == 0
