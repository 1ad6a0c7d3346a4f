"""What a picture is: by its first bytes, in any form, in any chunks."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockface import codes
from mockface.journal.verdict import verdict
from mockface.request.picture import PictureReader, sniff
from tests.making import GIF, JPEG, MULTIPART_TYPE, PICTURES, emulator, json_body, multipart_body, raw


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
        (lambda text: text.rstrip(b"=")[: len(text) // 4 * 4 - 3], "are not complete"),
        (lambda text: text.rstrip(b"=") + b"===", "are not complete"),
    ],
)
def test_what_is_no_base64_has_a_fault_wherever_it_lies(spoil, fault, chunk):
    text = spoil(base64.b64encode(JPEG * 9))
    assert fault in picture_of(text, chunk=chunk).fault


SPOILED = {
    "URL-safe": (base64.urlsafe_b64encode(JPEG + b"\xfb\xff" * 99), "(used by URL-safe base64)", ""),
    "percent-encoded": (
        base64.b64encode(JPEG).replace(b"/", b"%2F"),
        "'%', which is not in standard base64 (used by percent-encoding)",
        "",
    ),
    "Python's str of bytes": (
        str(base64.b64encode(JPEG)).encode(),
        "(from Python's str() of bytes)",
        "looks like Python's str() of bytes",
    ),
    "quotes": (b'"' + base64.b64encode(JPEG) + b'"', "(from a string sent with its quotes)", "looks like text"),
    "an escaped line end": (
        base64.b64encode(JPEG)[:76] + b"\\n" + base64.b64encode(JPEG)[76:],
        "(from an escape that was escaped again)",
        "",
    ),
    "a path": (b"C:/faces/a.jpg", "(from a URL or a path)", "looks like text"),
    "a URL": (
        b"https://example.com/face.jpg",
        "(from a URL or a path)",
        "looks like a URL, which belongs in the field url",
    ),
    "base64 twice": (base64.b64encode(base64.b64encode(JPEG)), "a JPEG encoded in base64 twice", ""),
    "a PNG twice": (base64.b64encode(base64.b64encode(PICTURES["PNG"])), "a PNG encoded in base64 twice", ""),
    "hexadecimal": (JPEG.hex().encode(), "a JPEG in hexadecimal", ""),
    "upper case": (PICTURES["PNG"].hex().upper().encode(), "a PNG in hexadecimal", ""),
    "a data URL within base64": (base64.b64encode(b"data:image/png,x"), "a data URL without ;base64", ""),
    "a data URL that is percent-encoded": (b"data:image/png,%89PNG", "a data URL without ;base64", ""),
}
"""What comes, and how it is named in JSON and in multipart, there "" for the same."""
SPOILED_BYTES = {
    "replaced": (JPEG.decode("utf-8", "replace").encode(), "EF BF BD"),
    "a JPEG as UTF-8 twice": (JPEG.decode("latin-1").encode(), "a JPEG encoded as UTF-8 again"),
    "a PNG as UTF-8 twice": (PICTURES["PNG"].decode("latin-1").encode(), "a PNG encoded as UTF-8 again"),
    "line ends converted": (PICTURES["PNG"].replace(b"\r\n", b"\n"), "a PNG whose line ends were converted"),
    "a byte order mark": (b"\xef\xbb\xbf" + JPEG, "text with a byte order mark"),
}


def why_of(content, *, in_json):
    """The why of the refusal and all that the verdict says of the picture."""
    own = emulator()
    if in_json:
        own.answer(raw(json_body(url=None, image=content.decode("ascii"))))
    else:
        own.answer(raw(multipart_body(content), content_type=MULTIPART_TYPE))
    entry = own.recorder.journal.entries()[0]
    assert entry.code == codes.PHOTO_UNDECODABLE.number
    return entry.why


@pytest.mark.parametrize("case", SPOILED)
def test_the_usual_mistakes_of_encoding_a_picture_as_text_are_named(case):
    content, in_json, in_multipart = SPOILED[case]
    assert in_json in why_of(content, in_json=True)
    assert (in_multipart or in_json) in why_of(content, in_json=False)


@pytest.mark.parametrize("in_json", [True, False])
def test_base64_whose_plus_signs_became_blanks_is_taken_and_told_in_the_verdict(in_json):
    text = base64.b64encode(JPEG + bytes(range(256)) * 9).replace(b"+", b" ")
    own = emulator()
    if in_json:
        own.answer(raw(json_body(url=None, image=text.decode())))
    else:
        own.answer(raw(multipart_body(text), content_type=MULTIPART_TYPE))
    entry = own.recorder.journal.entries()[0]
    assert entry.code == 0
    told = verdict(entry, entry.ran, own.rules, own.scenarios)
    (note,) = told["picture"]["notes"]
    assert note.startswith(f"it has {text.count(b' ')} spaces and no '+'")
    assert f"the image: {note}" in told["notes"]


@pytest.mark.parametrize("case", SPOILED_BYTES)
def test_the_usual_mistakes_with_a_picture_s_bytes_are_named(case):
    content, named = SPOILED_BYTES[case]
    assert named in why_of(content, in_json=False)


def test_a_bitmap_whose_bytes_were_read_as_text_is_taken_with_a_note():
    picture = picture_of((PICTURES["BMP"] + bytes(range(256))).decode("utf-8", "replace").encode())
    assert picture.format == "BMP"
    assert "EF BF BD" in picture.notes[0]


def test_blanks_that_make_base64_incomplete_are_named():
    text = base64.b64encode(b"\xff\xd8\xff" + b"\xfb\xef\xbe" * 7).replace(b"+", b" ") + b"A"
    assert "spaces and no '+'" in picture_of(text, text_only=True).fault


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_is_well_encoded_has_no_notes(name):
    text = base64.b64encode(PICTURES[name] * 9)
    for content in (PICTURES[name], text, base64.encodebytes(PICTURES[name] * 9), b"data:image/x;base64," + text):
        assert picture_of(content).notes == ()
    assert picture_of(text[:-4] + b"AB").notes == ("its = padding is missing",)


PREFIXES = (
    "data:image/*;base64,", "data:image/*;charset=utf-8;base64,", "data:;charset=utf-8;base64,", "data:image/jpeg;base64;base64,",
    'data:image/jpeg;name="a, b;c.jpg";base64,', 'data:image/jpeg;name="\\"";base64,', "data:image/jpeg;name=%E5%BC%A0.jpg;base64,",
    "data:image/jpeg; charset=utf-8; base64, ", "data: image/jpeg;base64,", "DATA:image/JPEG;BASE64,", "\ndata:image/jpeg;base64,",
    "data:image/svg+xml;a=b;c=d;base64,", "data:image/jpeg;lastModified=1527596611000;name=a b(1).jpg;base64,",
    "data:image/jpeg;name=" + "n" * 900 + ";base64,",
)  # fmt: skip


@pytest.mark.parametrize("chunk", [1, 10**9])
@pytest.mark.parametrize("text_only", [True, False])
@pytest.mark.parametrize("prefix", PREFIXES, ids=range(len(PREFIXES)))
def test_a_data_url_may_have_any_media_type_and_parameters(prefix, text_only, chunk):
    content = prefix.encode() + base64.b64encode(JPEG * 9)
    picture = picture_of(content, text_only=text_only, chunk=chunk)
    assert (picture.form, picture.format, picture.fault) == ("data-url", "JPEG", None)


def test_a_data_url_whose_prefix_is_too_long_is_told_so():
    content = b"data:image/jpeg;name=" + b"n" * 2000 + b";base64," + base64.b64encode(JPEG)
    assert "in its first 1024 bytes" in picture_of(content, text_only=True).fault


def test_in_json_a_picture_is_text_whatever_it_begins_with():
    assert picture_of(b"!!!!", text_only=True).fault is not None
    assert picture_of(JPEG[:3], text_only=True).fault is not None


def test_nothing_is_no_picture():
    assert PictureReader().picture() is None


@given(st.binary(max_size=600), st.integers(1, 50), st.booleans())
def test_any_bytes_are_some_picture(content, chunk, text_only):
    picture = picture_of(content, chunk=chunk, text_only=text_only)
    assert (picture is None) is (content == b"")
