"""What HTTP/1.1 demands and what HTTP/1.0 cannot read: one rule on both parsers."""

import pytest

from tests.making import MULTIPART_TYPE, json_body, multipart_body
from tests.protocol.wire import Wire, exchange, request

HOST = b"Host: recognition.image.myqcloud.com\r\n"
NONE, REPEATED, INVALID = "got none", "got more than one", "got something else"
LINES = {
    "the operation": "POST /face/idcardcompare {}",
    "a proxy's client": "POST http://recognition.image.myqcloud.com/face/idcardcompare {}",
    "another path": "POST /elsewhere {}",
    "the API": "GET /_mockface/health {}",
}
UPGRADE = b"Connection: Upgrade\r\nUpgrade: h2c\r\n"


def refused(server, content):
    """Why a request is refused: in the service's envelope, and the connection closes behind it."""
    with Wire(server) as wire:
        wire.send(content)
        reply = wire.reply()
        assert (reply.status, reply.code, reply.headers["connection"]) == (400, 3, "close")
        assert wire.at_end()
    return reply.headers["x-mockface-why"]


@pytest.mark.own_connection
@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@pytest.mark.parametrize("more", [b"", UPGRADE], ids=["", "upgrade"])
def test_a_request_of_http_1_1_without_a_host_is_refused(any_server, line, more):
    assert NONE in refused(any_server, request(start_line=line.format("HTTP/1.1"), host=None, more=more))
    assert exchange(any_server, request()).code == 0


@pytest.mark.own_connection
@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.0"])
@pytest.mark.parametrize("second", [HOST, b"hOST: recognition.image.myqcloud.com\r\n", b"Host:\r\n"])
def test_a_request_with_two_hosts_is_refused_in_every_version(any_server, line, version, second):
    assert REPEATED in refused(any_server, request(start_line=line.format(version), more=second))


@pytest.mark.own_connection
@pytest.mark.parametrize(
    "host",
    ["a b", "ftp://a", "a/b", "user@a", "a:b", "a:80:80", "[::1", "[]", "::1", "a\\b", '"a"', "a?b", "a#b", "例"],
)
@pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.0"])
def test_a_host_that_is_none_is_refused_and_not_repeated(any_server, host, version):
    content = request(
        start_line=LINES["the operation"].format(version), host=None, more=b"Host: %s\r\n" % host.encode()
    )
    why = refused(any_server, content)
    assert INVALID in why
    assert host.strip('"[]') not in why.partition(", got")[2] or host in ("[]", "a b")


@pytest.mark.parametrize(
    "host",
    [
        "",
        "a",
        "a:",
        "a:80",
        "127.0.0.1:8641",
        "[::1]",
        "[fe80::1%25eth0]:80",
        "under_score",
        "xn--fsq",
        "a%20b",
        "A.b.",
    ],
)
def test_any_host_that_is_one_will_do(any_server, host):
    assert exchange(any_server, request(host=host)).code == 0


def test_http_1_0_needs_no_host(any_server):
    line = LINES["the operation"].format("HTTP/1.0")
    assert exchange(any_server, request(start_line=line, host=None)).code == 0
    assert exchange(any_server, request(start_line=line)).code == 0


@pytest.mark.own_connection
def test_a_wrong_host_behind_a_call_lets_the_call_have_its_answer(any_server):
    with Wire(any_server) as wire:
        wire.send(request() + request(host=None))
        assert wire.reply().code == 0
        assert NONE in wire.reply().headers["x-mockface-why"]
        assert wire.at_end()


@pytest.mark.own_connection
def test_what_follows_a_request_without_a_host_is_no_request(any_server):
    with Wire(any_server) as wire:
        wire.send(request(host=None) + request())
        assert wire.reply().code == 3
        assert wire.at_end()


@pytest.mark.own_connection
@pytest.mark.parametrize("body", [json_body(), multipart_body()], ids=["json", "multipart"])
def test_100_continue_goes_to_http_1_1_alone(any_server, body):
    kind = MULTIPART_TYPE if body.startswith(b"--") else b"application/json"
    expecting = b"Expect: 100-Continue\r\n"
    old = request(body, start_line=LINES["the operation"].format("HTTP/1.0"), content_type=kind, more=expecting)
    with Wire(any_server) as wire:
        wire.send(old[: -len(body)])
        wire.send(body)
        reply = wire.reply()
        assert (reply.status, reply.code) == (200, 0)
        assert wire.at_end()
    with Wire(any_server) as wire:
        new = request(body, content_type=kind, more=expecting)
        wire.send(new[: -len(body)])
        assert wire.read_until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        wire.send(body)
        assert wire.reply().code == 0
