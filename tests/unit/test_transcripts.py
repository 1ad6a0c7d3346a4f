"""A request is read from its text, from its headers alone, and from what curl prints."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockface.reasons import Said
from mockface.texts.transcripts import Request, request_in
from tests.unit.test_languages import must_be_chinese

PLAIN = b"POST /?a=1 HTTP/1.1\r\nHost: a.test:1\r\nX-TC-Region: \r\nContent-Length: 2\r\n\r\n{}"
CURL = b"""  0     0    0     0* Trying 127.0.0.1:18741...
*
* Connected to a.test
> POST /?a=1 HTTP/1.1
> Host: a.test:1
* an informational line
> X-TC-Region:
> Content-Length: 2
>\x20
} [2 bytes data]
< HTTP/1.1 200 OK
< Host: another
{ [214 bytes data]
{"Response":{}}
"""
HEADERS = ((b"host", b"a.test:1"), (b"x-tc-region", b""), (b"content-length", b"2"))


def read(text, body=None):
    found = request_in(text)
    assert isinstance(found, Request), found
    return found if body is None else found.with_body(body)


@pytest.mark.parametrize(
    "text",
    [PLAIN, PLAIN.replace(b"\r\n", b"\n"), b"\r\n" + PLAIN, b"\xef\xbb\xbf" + PLAIN, PLAIN.decode().encode("utf-16"),
     PLAIN.replace(b"/?a=1", b"http://a.test:1/?a=1"), PLAIN.replace(b" HTTP/1.1", b""), PLAIN.replace(b"POST", b"post")],
)  # fmt: skip
def test_a_request_is_read_however_its_text_was_kept(text):
    assert read(text) == Request("POST", "/", b"a=1", HEADERS, b"{}", (), b"{}")


def test_what_curl_prints_has_the_headers_and_not_the_body():
    assert read(CURL) == read(CURL.replace(b"\n", b"\r\n")) == Request("POST", "/", b"a=1", HEADERS, None, ())
    assert read(CURL, b"{}").body == b"{}"


def test_of_several_requests_the_last_is_read_and_no_connect():
    connect = b"> CONNECT a.test:443 HTTP/1.1\n> Host: a.test:443\n>\n< HTTP/1.1 200 OK\n"
    assert read(connect + CURL) == read(CURL)
    (note,) = read(CURL.replace(b"a=1", b"a=2") + CURL).notes
    assert note == "there are 2 requests; the last one is explained"
    assert read(CURL.replace(b"a=1", b"a=2") + CURL).query == b"a=1"


def test_headers_alone_are_those_of_a_post():
    found = read(PLAIN.partition(b"\n")[2])
    assert (found.method, found.path, found.headers, found.body) == ("POST", "/", HEADERS, b"{}")
    assert found.notes == ("there is no request line; POST / is assumed",)


def test_a_body_that_did_not_come_is_none_and_one_that_is_empty_is_empty():
    head = PLAIN[:-2]
    assert read(head).body is None
    assert read(head.replace(b": 2", b": 0")).body == b""
    assert read(head.replace(b"POST", b"GET")).body == b""
    assert read(b"POST / HTTP/1.1").body is None


def test_lines_that_are_no_headers_are_left_out_and_long_values_go_on():
    found = read(b"POST / HTTP/1.1\nHost: a\nno header\nneither\nA: b\n  c\n\n")
    assert found.headers == ((b"host", b"a"), (b"a", b"b c"))
    assert found.notes == ("the line 'no header' is no header and is left out; expected name: value",)


@pytest.mark.parametrize(
    ("length", "kept", "taken", "words"),
    [
        (2, b"{}\n", b"{}", "line breaks behind the body are left out"),
        (2, b"{}\r\n\r\n", b"{}", "line breaks behind the body are left out"),
        (3, b"{}\n\n", b"{}\n", "line breaks behind the body are left out"),
        (2, b"{\n}\n", b"{}", "without its line breaks"),
        (5, b"{\r\n\r\n}\r\n", b"{\n\n}\n", "with LF for CR LF"),
        (9, b"{}", b"{}", "Content-Length is 9, and the body has 2 bytes"),
        (1, b"{}", b"{}", "Content-Length is 1, and the body has 2 bytes"),
    ],
)
def test_a_body_is_taken_as_its_length_says_that_it_was_sent(length, kept, taken, words):
    for found in (
        read(PLAIN[:-2].replace(b": 2", b": %d" % length) + kept),
        read(CURL.replace(b": 2", b": %d" % length), kept),
    ):
        assert (found.body, found.given) == (taken, kept)
        assert words in found.notes[0]
        must_be_chinese(found.notes, [note.zh for note in found.notes])


def test_chunks_are_not_taken_for_a_body():
    text = PLAIN.replace(b"Content-Length: 2", b"Transfer-Encoding: chunked")
    (note,) = read(text).notes
    assert (read(text).body, note.partition(";")[0]) == (None, "the body is in chunks (Transfer-Encoding)")
    assert read(text, b"{}").notes == ()
    must_be_chinese([note], [note.zh])


@pytest.mark.parametrize("text", [b"", b"\r\n ", b"hello", b"\x00\xff", b"curl -v http://a/", "张三".encode()])
def test_what_is_no_request_says_what_would_be_one(text):
    found = request_in(text)
    assert isinstance(found, Said)
    assert "expected a request line such as POST / HTTP/1.1" in found
    must_be_chinese([found], [found.zh])


pieces = st.sampled_from([*PLAIN.split(b"\r\n"), *CURL.split(b"\n"), b"\n", b"\r\n", b": ", b"> ", b"\xff\xfe"])


@given(st.binary() | st.lists(pieces | st.binary(max_size=9)).map(b"\n".join), st.none() | st.binary())
def test_any_text_is_a_request_or_has_a_reason(text, body):
    found = request_in(text)
    if isinstance(found, Request):
        found = found if body is None else found.with_body(body)
        assert found.method
        assert found.path
    else:
        assert found.zh
