"""Raw bytes over a real socket, on httptools and on h11."""

import json
import re
import time

import pytest

from mockface.scenarios import family
from tests.making import (
    BOUNDARY,
    GIF,
    JPEG,
    JSON_TYPE,
    LEFT_OUT,
    MULTIPART_TYPE,
    closed,
    json_body,
    multipart_body,
    part,
    sign_now,
)
from tests.protocol.wire import Wire, exchange, request


def test_a_success_has_the_wires_head_in_its_order_and_its_compact_body(any_server):
    reply = exchange(any_server, request())
    assert reply.raw.startswith(b"HTTP/1.1 200 OK\r\n")
    assert reply.names == ["server", "date", "content-type", "content-length", "connection", "x-mockface-request-id"]
    assert reply.headers["server"] == "nginx"
    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    assert reply.headers["connection"] == "keep-alive"
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", reply.headers["date"])
    assert reply.body == b'{"code":0,"message":"OK","data":{"session_id":"","similarity":100.0}}'


def test_a_hand_set_multipart_type_gets_the_answer_that_was_dumped_from_the_wire(any_server):
    reply = exchange(any_server, request(multipart_body(), content_type=b"multipart/form-data"))
    assert reply.raw.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert reply.headers["content-length"] == "38"
    assert reply.body == b'{"code":3,"message":"invalid request"}'
    assert "boundary" in reply.headers["x-mockface-why"]


@pytest.mark.thorough
def test_no_hints_leaves_the_answer_as_the_service_sent_it(launch):
    reply = exchange(launch("--no-hints"), request(authorization=""))
    assert reply.names == ["server", "date", "content-type", "content-length", "connection"]


def test_every_answer_has_a_request_id_of_its_own(any_server):
    with Wire(any_server) as wire:
        ids = set()
        for content in (request(), request(authorization=""), request(start_line="GET / HTTP/1.1")):
            wire.send(content)
            ids.add(wire.reply().headers["x-mockface-request-id"])
    assert len(ids) == 3


def test_the_pages_own_multipart_sample_is_answered(any_server):
    boundary = "--------------acebdf13572468"
    fields = {"appid": "1250000000", "idcard_number": "110110199909090909", "idcard_name": "张三"}
    body = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}";\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ).encode()
    body += f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="test.jpg"\r\n'.encode()
    body += b"Content-Type: image/jpeg\r\n\r\n" + JPEG + f"\r\n--{boundary}--".encode()
    reply = exchange(any_server, request(body, content_type=f"multipart/form-data;boundary={boundary}".encode()))
    assert reply.code == 0


@pytest.mark.parametrize("host", ["service.image.myqcloud.com", "127.0.0.1:1", "x", ""])
def test_any_host_will_do(any_server, host):
    assert exchange(any_server, request(host=host)).code == 0


def test_hosts_makes_the_check_real(launch):
    strict = launch("--hosts", "recognition.image.myqcloud.com,service.image.myqcloud.com")
    assert exchange(strict, request()).code == 0
    assert exchange(strict, request(host="localhost")).code == 3


@pytest.mark.parametrize("target", ["http://recognition.image.myqcloud.com", "http://127.0.0.1:8641", "HTTPS://x"])
def test_an_absolute_form_target_is_answered_as_a_proxys_client_sends_it(any_server, target):
    line = f"POST {target}/face/idcardcompare?x=1 HTTP/1.1"
    assert exchange(any_server, request(start_line=line)).code == 0


def test_an_appid_in_the_query_string_counts(any_server):
    line = "POST /face/idcardcompare?appid=1250000000 HTTP/1.1"
    assert exchange(any_server, request(json_body(appid=LEFT_OUT), start_line=line)).code == 0


def test_expect_100_continue_is_obeyed_and_the_answer_follows(any_server):
    body = multipart_body()
    head = request(body, content_type=MULTIPART_TYPE, more=b"Expect: 100-continue\r\n")[: -len(body)]
    with Wire(any_server) as wire:
        wire.send(head)
        assert wire.read_until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        wire.send(body)
        assert wire.reply().code == 0


def test_a_chunked_body_is_read_however_it_is_cut(any_server):
    body = multipart_body(JPEG * 50)
    chunks = [body[start : start + 37] for start in range(0, len(body), 37)]
    coded = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    head = request(b"", content_type=MULTIPART_TYPE, length=None, more=b"Transfer-Encoding: chunked\r\n")
    assert exchange(any_server, head + coded).code == 0


def test_headers_may_come_in_any_case_and_without_a_blank_behind_the_colon(any_server):
    content = request().replace(b"Authorization: ", b"AUTHORIZATION:").replace(b"Content-Type: ", b"content-type:")
    assert exchange(any_server, content).code == 0


def test_one_connection_serves_many_calls_also_when_they_are_pipelined(any_server):
    with Wire(any_server) as wire:
        wire.send(request() + request(authorization="") + request())
        assert [wire.reply().code for _ in range(3)] == [0, 4, 0]


def test_connection_close_is_answered_with_close(any_server):
    with Wire(any_server) as wire:
        wire.send(request(more=b"Connection: close\r\n"))
        reply = wire.reply()
        assert reply.names.count("connection") == 1
        assert reply.headers["connection"] == "close"
        assert wire.at_end()


def test_http_1_0_is_answered_and_closed(any_server):
    with Wire(any_server) as wire:
        wire.send(request(start_line="POST /face/idcardcompare HTTP/1.0"))
        assert wire.reply().code == 0
        assert wire.at_end()


@pytest.mark.own_connection
@pytest.mark.parametrize(
    ("line", "status"),
    [("GET /face/idcardcompare", 405), ("PUT /face/idcardcompare", 405), ("GET /favicon.ico", 404),
     ("POST //face/idcardcompare", 404), ("POST /face/idcardcompare/", 404), ("OPTIONS *", 404), ("BREW /tea", 404)],
)  # fmt: skip
def test_unknown_paths_and_methods_get_the_envelope_and_never_html(any_server, line, status):
    if line.startswith("BREW") and any_server.url and "httptools" in str(any_server.process.args):
        status = 400  # llhttp knows the methods by a list: another one is no HTTP to it
    reply = exchange(any_server, request(start_line=f"{line} HTTP/1.1"))
    assert (reply.status, json.loads(reply.body)) == (status, {"code": 3, "message": "invalid request"})
    assert reply.headers["content-type"].startswith("application/json")
    assert reply.headers["x-mockface-why"]
    if status == 405:
        assert reply.headers["allow"] == "POST"


def test_a_head_request_gets_a_head(any_server):
    with Wire(any_server) as wire:
        wire.send(request(b"", start_line="HEAD /face/idcardcompare HTTP/1.1", more=b"Connection: close\r\n"))
        assert wire.read_until(b"\r\n\r\n").startswith(b"HTTP/1.1 405 ")
        assert wire.at_end()


@pytest.mark.own_connection
@pytest.mark.parametrize(
    "content", [b"\x16\x03\x01\x02\x00\x01", b"hello\r\n\r\n", b"POST\r\n\r\n", b"\x00" * 50 + b"\r\n\r\n"]
)
def test_what_is_no_http_gets_the_envelope_and_a_close(any_server, content):
    with Wire(any_server) as wire:
        wire.send(content)
        wire.shut()
        reply = wire.reply()
        assert (reply.status, reply.code) == (400, 3)
        assert wire.at_end()


def test_a_gif_is_refused_by_its_bytes_whatever_its_name(any_server):
    body = multipart_body(LEFT_OUT, part('name="image"; filename="face.jpg"', GIF, "Content-Type: image/jpeg"))
    assert exchange(any_server, request(body, content_type=MULTIPART_TYPE)).code == -4011


def h2c(body: bytes, content_type: bytes = JSON_TYPE) -> bytes:
    upgrade = (
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAA\r\n"
    )
    return request(body, content_type=content_type, more=upgrade)


@pytest.mark.own_connection
def test_a_body_behind_upgrade_h2c_is_not_lost(any_server):
    body = multipart_body(JPEG * 5000)
    with Wire(any_server) as wire:
        for _ in range(3):
            wire.send(h2c(body, MULTIPART_TYPE))
            assert wire.reply().code == 0
        wire.send(request())
        assert wire.reply().code == 0


@pytest.mark.own_connection
@pytest.mark.parametrize("cut", [1, 40, 200, 420, -30])
def test_upgrade_h2c_may_arrive_in_pieces_and_behind_another_call(any_server, cut):
    content = h2c(json_body())
    with Wire(any_server) as wire:
        wire.send(request())
        assert wire.reply().code == 0
        wire.send(content[:cut])
        wire.send(content[cut:])
        assert wire.reply().code == 0


def test_the_parts_may_be_given_in_any_order(any_server):
    body = closed(
        part('name="image"', JPEG), part('name="idcard_name"', "张三".encode()),
        part('name="idcard_number"', b"110110199909090909"), part('name="appid"', b"1250000000"),
    )  # fmt: skip
    assert f"--{BOUNDARY}".encode() in body
    assert exchange(any_server, request(body, content_type=MULTIPART_TYPE, authorization=sign_now())).code == 0


@pytest.mark.thorough
@pytest.mark.own_connection
def test_clients_that_upgrade_and_wait_are_not_taken_for_the_idle_ones_that_they_were(launch):
    server = launch("--connections", "5")
    idle = [Wire(server) for _ in range(5)]
    assert exchange(server, request()).code == 0
    deadline = time.monotonic() + 5
    while not any(wire.waits_for_us() for wire in idle) and time.monotonic() < deadline:
        time.sleep(0.01)
    left = [wire for wire in idle if not wire.waits_for_us()]
    assert len(left) == 4, "the longest idle makes room"
    for wire in left:
        wire.send(h2c(json_body(idcard_number=family.number_for_delay(0.5))))
    time.sleep(0.1)  # they wait by now, on the other parser
    newcomers = [Wire(server) for _ in range(2)]
    assert [wire.reply().code for wire in left] == [0] * 4
    for wire in (*idle, *newcomers):
        wire.__exit__()
