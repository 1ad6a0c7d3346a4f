"""Browsers: what a page's call is told, and what a preflight gets."""

import json

import pytest

from tests.making import json_body
from tests.protocol.wire import Wire, exchange, request

ORIGIN = b"http://localhost:5173"
OPTIONS = "OPTIONS /face/idcardcompare HTTP/1.1"


def cors_of(reply):
    return {name for name in reply.names if name.startswith("access-control-")}


def asking(origin=ORIGIN, start_line=OPTIONS):
    more = b"Origin: " + origin + b"\r\nAccess-Control-Request-Method: POST\r\n"
    more += b"Access-Control-Request-Headers: authorization,content-type\r\n"
    return request(b"", start_line=start_line, authorization="", content_type=None, length=None, more=more)


def calling(origin=ORIGIN, **changes):
    return request(more=b"Origin: " + origin + b"\r\n", **changes)


def test_a_preflight_gets_204_with_everything_that_a_call_needs(any_server):
    with Wire(any_server) as wire:
        wire.send(asking())
        reply = wire.reply()
        assert (reply.status, reply.body) == (204, b"")
        assert reply.headers["access-control-allow-origin"] == ORIGIN.decode()
        assert reply.headers["access-control-allow-methods"] == "POST"
        assert reply.headers["access-control-allow-headers"] == "authorization,content-type"
        assert reply.headers["access-control-allow-credentials"] == "true"
        assert reply.headers["access-control-max-age"] == "600"
        assert reply.headers["vary"] == "Origin"
        assert "content-length" not in reply.headers
        wire.send(calling())  # on the same connection, as browsers do
        assert wire.reply().code == 0


@pytest.mark.parametrize("authorization", [None, ""])
def test_a_page_may_read_a_success_and_a_refusal_and_why(any_server, authorization):
    reply = exchange(any_server, calling(authorization=authorization))
    assert reply.headers["access-control-allow-origin"] == ORIGIN.decode()
    assert reply.headers["access-control-expose-headers"] == "X-Mockface-Request-Id, X-Mockface-Why"
    assert reply.status == (200 if authorization is None else 400)


def test_a_page_may_read_the_answer_to_a_body_over_the_limit_and_to_a_wrong_path(server):
    for content in (
        calling(length=7_000_000, body=b""),
        calling(start_line="POST /face/idcardcompar HTTP/1.1"),
    ):
        reply = exchange(server, content)
        assert reply.headers["access-control-allow-origin"] == ORIGIN.decode()


@pytest.mark.long
def test_a_preflight_is_no_call(launch):
    server = launch()
    assert exchange(server, asking()).status == 204
    calls = exchange(server, b"GET /_mockface/calls HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert json.loads(calls.body) == []


def test_options_that_are_no_preflight_are_refused_as_any_other_method(any_server):
    for more in (b"", b"Origin: " + ORIGIN + b"\r\n"):
        reply = exchange(any_server, request(b"", start_line=OPTIONS, more=more))
        assert (reply.status, reply.code) == (405, 3)


def test_without_an_origin_no_header_of_cors_is_sent(server):
    assert not cors_of(exchange(server, request()))


def test_only_the_origins_that_are_named_may_call(launch):
    server = launch("--cors-origins", "https://app.test,http://localhost:5173/")
    assert exchange(server, asking()).status == 204
    assert cors_of(exchange(server, calling(b"https://app.test")))
    for other in (b"https://evil.test", b"http://localhost:5174", b"null"):
        reply = exchange(server, calling(other))
        assert (reply.code, cors_of(reply)) == (0, set())
        refused = exchange(server, asking(other))
        assert (refused.status, cors_of(refused)) == (405, set())


def test_no_cors_leaves_answers_as_the_service_sent_them(launch):
    server = launch("--no-cors")
    assert not cors_of(exchange(server, calling()))
    assert exchange(server, asking()).status == 405


@pytest.mark.parametrize("path", ["/_mockface/calls", "/_mockface/health", "/docs", "/openapi.json"])
def test_the_api_of_mockface_itself_tells_no_page_that_it_may_read(server, path):
    for start_line in (f"OPTIONS {path} HTTP/1.1", f"GET {path} HTTP/1.1"):
        assert not cors_of(exchange(server, asking(start_line=start_line)))


def test_a_line_break_in_an_origin_splits_no_answer(any_server):
    reply = exchange(any_server, calling(b"http://a.test\rX-Evil: 1"))
    assert "x-evil" not in reply.headers


@pytest.mark.parametrize(
    ("flags", "said"),
    [(["--no-cors", "--cors-origins", "http://a.test"], "use only one of them"),
     (["--cors-origins", "localhost:5173"], "http://localhost:5173")],
)  # fmt: skip
def test_a_mistake_in_the_settings_of_cors_is_said_at_start(flags, said):
    from click.testing import CliRunner

    from mockface.cli.group import main

    done = CliRunner().invoke(main, ["serve", "--port", "0", *flags])
    assert done.exit_code == 2
    assert said in " ".join(done.output.replace("│", "").split())


# The proxy's two forms


@pytest.mark.parametrize("host", ["recognition.image.myqcloud.com", "service.image.myqcloud.com:80"])
def test_the_absolute_form_of_a_proxys_client_is_answered(any_server, host):
    start_line = f"POST http://{host}/face/idcardcompare HTTP/1.1"
    assert exchange(any_server, request(json_body(), start_line=start_line)).code == 0


@pytest.mark.own_connection
@pytest.mark.parametrize("rest", ["HTTP/1.1\r\nHost: recognition.image.myqcloud.com:443", "HTTP/1.0"])
def test_connect_is_refused_with_the_way_that_works_and_is_in_the_journal(any_server, rest):
    reply = exchange(any_server, f"CONNECT recognition.image.myqcloud.com:443 {rest}\r\n\r\n".encode())
    assert (reply.status, reply.code) == (405, 3)
    why = reply.headers["x-mockface-why"]
    assert "CONNECT" in why
    assert "opens no tunnels" in why
    assert "DNS" in why
    assert "--tls auto" in why
    call = reply.headers["x-mockface-request-id"]
    kept = exchange(any_server, f"GET /_mockface/calls/{call} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert json.loads(kept.body)["code"] == 3
