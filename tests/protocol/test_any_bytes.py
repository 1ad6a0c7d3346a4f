"""Any bytes get an answer or a clean close, and the next good request is served."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.making import MULTIPART_TYPE, json_body, multipart_body
from tests.protocol.wire import Wire, exchange, request

TEMPLATES = [
    request(),
    request(multipart_body(), content_type=MULTIPART_TYPE),
    request(b"", more=b"Expect: 100-continue\r\n"),
]


@st.composite
def mangled(draw):
    content = bytearray(draw(st.sampled_from(TEMPLATES)))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(content) - 1))
        content[at : at + draw(st.integers(0, 4))] = draw(st.one_of(st.binary(max_size=4), st.just(b"\r\n")))
    return bytes(content)


@pytest.mark.thorough
@settings(max_examples=150)
@given(st.one_of(mangled(), st.binary(max_size=300)))
def test_any_bytes_get_an_answer_or_a_clean_close(any_server, content):
    with Wire(any_server, timeout=5) as wire:
        wire.send(content)
        wire.shut()
        try:
            head = wire.read_until(b"\r\n\r\n")
        except (EOFError, ConnectionResetError):
            head = b""
        except TimeoutError as silence:
            raise AssertionError(f"neither an answer nor a close for {content!r}") from silence
    assert not head.startswith(b"HTTP/1.1 5"), (content, head)
    assert b"text/html" not in head


def test_afterwards_a_good_request_is_served(any_server):
    exchange(any_server, b"\x00\r\n\r\n")
    assert exchange(any_server, request(json_body())).code == 0
