"""HEAD gets what GET gets, without the body: `wget --spider`, `curl -I` and wait-on ask so whether a server is up."""

import http.client
import subprocess

import pytest

from tests.conftest import program, start

ROUTES = [
    "/_mockface/", "/_mockface/health", "/_mockface/codes", "/_mockface/numbers", "/_mockface/schema",
    "/_mockface/settings", "/_mockface/assumptions", "/_mockface/coverage", "/_mockface/coverage?format=text",
    "/_mockface/metrics", "/_mockface/scenarios", "/_mockface/scenarios/110110199904010021", "/_mockface/calls",
    "/_mockface/calls/no-such-call", "/_mockface/events", "/_mockface/clock", "/_mockface/switches", "/_mockface/ca.pem",
    "/_mockface/nowhere", "/docs", "/openapi.json", "/_mockface/console/calls.js", "/_mockface/console/nowhere.js", "/",
]  # fmt: skip
VARIES = ("date", "content-length", "transfer-encoding")


@pytest.fixture(scope="module", params=["httptools", "h11"])
def server(request):
    running = start("--http", request.param)
    yield running
    assert running.stop() == 0


def ask(connection, method, path):
    connection.request(method, path, headers={"Accept": "text/html"})
    reply = connection.getresponse()
    return reply, {name.lower(): value for name, value in reply.getheaders() if name.lower() not in VARIES}


@pytest.mark.long
@pytest.mark.parametrize("path", ROUTES)
def test_every_route_of_get_answers_head_with_the_same_head_and_no_body(server, path):
    get, head = (http.client.HTTPConnection("127.0.0.1", server.port, timeout=10) for _ in range(2))
    asked, headers = ask(get, "GET", path)
    reply, headers_of_head = ask(head, "HEAD", path)
    assert (reply.status, headers_of_head) == (asked.status, headers)
    assert reply.read() == b""
    # The connection is in step: what follows is the answer to the next request.
    if reply.getheader("Connection") != "close":
        again, _ = ask(head, "GET", "/_mockface/clock")
        assert b'"now"' in again.read()
    get.close()
    head.close()


@pytest.mark.thorough
def test_head_says_how_long_the_body_of_get_is(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    asked, _ = ask(connection, "GET", "/_mockface/codes")
    length = len(asked.read())
    reply, _ = ask(connection, "HEAD", "/_mockface/codes")
    assert int(reply.getheader("Content-Length")) == length
    connection.close()


def test_head_where_only_post_is_taken_is_not_allowed_and_what_takes_get_names_both(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    refused, _ = ask(connection, "HEAD", "/_mockface/reset")
    refused.read()
    assert (refused.status, refused.getheader("Allow")) == (405, "POST")
    other, _ = ask(connection, "DELETE", "/_mockface/health")
    assert other.status == 405
    assert other.getheader("Allow") == "GET, HEAD"
    connection.close()


@pytest.mark.parametrize("command", [("curl", "-sSfI"), ("wget", "-q", "--spider")])
def test_the_usual_ways_to_ask_whether_a_server_is_up_succeed(server, command):
    done = subprocess.run(
        [program(command[0]), *command[1:], f"{server.url}/_mockface/health"],
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr


def test_head_of_the_event_stream_leaves_no_follower(server):
    for _ in range(120):  # more than may follow at once
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        reply, _ = ask(connection, "HEAD", "/_mockface/events")
        assert reply.status == 200
        connection.close()
