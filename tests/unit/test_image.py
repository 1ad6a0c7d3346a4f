"""What a picture is: by its first bytes, in any form, in any chunks."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockface.image import PictureReader, sniff
from tests.making import GIF, JPEG, PICTURES


def picture_of(content, *, text_only=False, chunk=10**9):
    reader = PictureReader(text_only=text_only)
    for start in range(0, len(content), chunk):
        piece = content[start : start + chunk]
        reader.feed(piece, 0, len(piece))
    return reader.picture()


@pytest.mark.parametrize(("name", "content"), [*PICTURES.items(), ("GIF", GIF), ("GIF", b"GIF87a" + GIF[6:])])
def test_a_format_is_known_in_every_form(name, content):
    text = base64.b64encode(content)
    assert sniff(content) == name
    assert (picture_of(content).form, picture_of(content).format) == ("raw", name)
    assert (picture_of(text).form, picture_of(text).format) == ("base64", name)
    url = b"data:image/jpeg;base64," + text
    assert (picture_of(url).form, picture_of(url).format) == ("data-url", name)


@given(st.sampled_from(list(PICTURES.values())), st.integers(1, 300), st.sampled_from(["raw", "base64", "data-url"]))
def test_chunks_make_no_difference(content, chunk, form):
    content = content * 20
    sent = {"raw": content, "base64": base64.b64encode(content)}.get(form)
    sent = sent or b"data:image/png;base64," + base64.b64encode(content)
    assert picture_of(sent, chunk=chunk) == picture_of(sent)
    assert picture_of(sent).size_bytes == len(sent)


@pytest.mark.parametrize("text", [base64.encodebytes(JPEG * 9), base64.b64encode(JPEG).rstrip(b"=")])
def test_line_breaks_and_missing_padding_are_let_pass(text):
    assert picture_of(text).format == "JPEG"
    assert picture_of(text).fault is None


@pytest.mark.parametrize("chunk", [1, 7, 10**9])
@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda text: text[:700] + b"-" + text[701:], "'-'"),
        (lambda text: text[:400] + b"=" + text[400:], "after its '='"),
        (lambda text: text.rstrip(b"=")[: len(text) // 4 * 4 - 3], "cannot be whole"),
        (lambda text: text.rstrip(b"=") + b"===", "cannot be whole"),
    ],
)
def test_what_is_no_base64_has_a_fault_wherever_it_lies(spoil, fault, chunk):
    text = spoil(base64.b64encode(JPEG * 9))
    assert fault in picture_of(text, chunk=chunk).fault


def test_in_json_a_picture_is_text_whatever_it_begins_with():
    assert picture_of(b"!!!!", text_only=True).fault is not None
    assert picture_of(JPEG[:3], text_only=True).fault is not None


def test_nothing_is_no_picture():
    assert PictureReader().picture() is None


@given(st.binary(max_size=600), st.integers(1, 50), st.booleans())
def test_any_bytes_are_some_picture(content, chunk, text_only):
    picture = picture_of(content, chunk=chunk, text_only=text_only)
    assert (picture is None) is (content == b"")
