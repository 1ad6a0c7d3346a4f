"""docs/wire.md, what is known of the service, agrees with the code, and the code with it."""

import json
import re
from pathlib import Path

import pytest

import mockface
from mockface import codes, idcard
from mockface.model import Claims
from mockface.signature import hmac_sha1
from tests.test_guides import both, guide

KEY = "mock-secret-key-0123456789abcdef"
PACKAGE = Path(mockface.__file__).parent
SOURCES = [file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py")]


def rows(name, section):
    """The cells of each row of the tables in a section, by its place."""
    text = re.split(r"^## .*$", guide(name), flags=re.MULTILINE)[section]
    return [re.split(r"\s*\|\s*", line)[1:-1] for line in re.findall(r"^\|.*\|$", text, re.MULTILINE)]


@both("wire")
def test_the_vectors_are_signed_as_the_page_says(name):
    vectors = [row for row in rows(name, 1) if row[0].startswith("`a=1250000000")]
    assert len(vectors) == 3
    for text, authorization in vectors:
        claims = hmac_sha1.read(authorization.strip("`"))
        assert isinstance(claims, Claims), claims
        assert claims.signed_text.decode() == text.strip("`")
        assert hmac_sha1.is_signed_with(claims, KEY)


@both("wire")
def test_the_answers_that_were_seen_are_those_of_the_table_of_codes(name):
    seen = [row for row in rows(name, 2) if len(row) == 4 and row[2].startswith("`{")]
    assert len(seen) > 3
    for _, status, body, _ in seen:
        answer = json.loads(body.strip("`"))
        code = codes.PAGE.by_number[answer["code"]]
        assert (code.message, code.message_evidence) == (answer["message"], "wire")
        assert not status or code.status == int(status)
        if code is codes.OK:
            continue
        assert {codes.NO_DATA: None, codes.EMPTY_DATA: {}}.get(code.data, answer.get("data")) == answer.get("data")


@both("wire")
@pytest.mark.parametrize("code", [code for code in codes.TABLE if code.message_evidence == "wire"])
def test_every_message_that_was_seen_is_on_the_page_with_where(name, code):
    told = [row for row in rows(name, 2) if f'"{code.message}"' in row[2]]
    assert told, f"tell in docs/{name} where {code.message!r} was seen"
    assert all(re.match("wire: |wire：", row[3]) for row in told)


@both("wire")
def test_the_sample_of_the_page_has_the_check_digit_that_is_told(name):
    number = "110110199909090909"
    assert f"`{number}`" in guide(name)
    assert idcard.check_digit(number[:17]) == "4" != number[17]
    assert idcard.CHECK_DIGITS in guide(name)
    assert " ".join(map(str, idcard.WEIGHTS)) in guide(name)


def test_the_code_refers_to_sections_and_sources_that_the_page_has():
    page = guide("wire.md")
    named = {found for source in SOURCES for found in re.findall(r"docs/wire\.md(?:, | \()([A-Z][a-z]+)", source)}
    assert named == {"Signature", "Answers"}
    assert all(f"\n## {section}\n" in page for section in named)
    threads = {found for source in SOURCES for found in re.findall(r"ask/\d+", source)}
    assert threads
    assert all(thread in page for thread in threads)


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_is_referred_to_that_is_not_in_the_repository(source):
    assert "wire-facts" not in source
    for path in re.findall(r"docs/[\w.-]+\.md", source):
        assert (PACKAGE.parent / path).is_file(), path
