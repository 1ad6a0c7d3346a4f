"""The bytes of an answer: the short way to the usual one says what the long way says."""

import re

import pytest

from mockface.scenarios import faults
from mockface.web import effects
from tests.making import ask, json_body


def by_the_long_way(answer, **how):
    lines = [b": ".join(pair) for pair in effects.head(answer, **how)]
    return b"HTTP/1.1 200 OK\r\n" + b"\r\n".join(lines) + b"\r\n\r\n" + answer.body


@pytest.mark.parametrize("close", [True, False])
def test_the_usual_answer_is_what_its_headers_say(close):
    answer = ask(json_body(session_id="s"))
    assert effects.rendered(answer, hints=True, close=close) == by_the_long_way(answer, hints=True, close=close)


def test_a_status_that_http_does_not_know_has_a_line_of_its_own():
    answer = ask(json_body())._replace(status=599)
    assert re.match(rb"HTTP/1\.1 599 \r\n", effects.rendered(answer, hints=False, close=False))


def test_a_bug_of_mockface_says_so_and_has_no_code():
    told = effects.rendered(effects.OWN_FAULT, hints=False, close=True)
    assert b"X-Mockface-Bug" in told
    assert b'"code"' not in told


def test_a_fault_is_either_another_body_or_breaks_the_connection():
    of_the_body = {*faults.BODIES, "wrong_type"}
    assert set(faults.FAULTS) - of_the_body == faults.BREAKING
