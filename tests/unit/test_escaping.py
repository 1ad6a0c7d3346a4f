"""JSON that shows Chinese as it is, and bytes of any encoding that mean the same text."""

import json

import pytest

from mockface.texts.escaping import ERRORS, json_text


@pytest.mark.parametrize("text", ["张三", "é", "全角　空格", "😀", "𠮷", 'a "b" \\ c', "1 2"])
def test_what_can_be_seen_stays_as_it_is(text):
    assert json_text({"name": text}).startswith('{"name":"')
    assert all(character in json_text(text) for character in text)
    assert json.loads(json_text(text)) == text


@pytest.mark.parametrize(
    "text", ["\x00", "\n", "\x1b[2J", "\x7f", "\x9b2J", "\u2028", "\u202e", "\u200b", "\ud800", "\U000e0041"]
)
def test_what_cannot_be_seen_is_escaped_and_read_back_the_same(text):
    rendered = json_text(f"张{text}")
    assert rendered.isprintable()
    assert "张" in rendered
    assert rendered.encode()
    assert json.loads(rendered) == f"张{text}"


def test_indented_json_keeps_its_own_lines():
    assert json_text({"a": "三\u2028"}, indent=2) == '{\n  "a": "三\\u2028"\n}'


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "gbk", "utf-8"])
@pytest.mark.parametrize("text", ["张三", "é€😀", "\ud800", "…"])
def test_json_means_the_same_in_every_encoding(encoding, text):
    assert json.loads(json_text(text).encode(encoding, ERRORS).decode(encoding)) == text
