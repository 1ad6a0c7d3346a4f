"""JSON in pieces: the same fields as in one piece, and nothing of a picture held."""

import base64
import json
import time
import tracemalloc

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from mockface.operations.idcardcompare import OPERATION as IDCARDCOMPARE
from mockface.request import body
from mockface.request.jsonstream import KEPT_LIMIT_BYTES, LONG_BYTES, PLACEHOLDER, Shortened
from tests.making import JPEG, JSON_TYPE, NAME, json_body, read_whole

PICTURE = base64.b64encode(JPEG + b"\0" * 300_000).decode()


def read_in(pieces, content):
    reader = body.BodyReader(body.reader_for([JSON_TYPE], IDCARDCOMPARE.table))
    at = 0
    for piece in pieces:
        reader.feed(content[at : at + piece])
        at += piece
    reader.feed(content[at:])
    return reader.finish()


def whole(content):
    return read_whole([JSON_TYPE], content)


@pytest.mark.parametrize("escaped", [False, True])
@pytest.mark.parametrize("size", [1, 1460, 65536, 262144])
def test_a_picture_in_pieces_is_the_picture_in_one(size, escaped):
    content = json_body(image=PICTURE, url="")
    if escaped:
        content = content.replace(b"/", b"\\/")
    pieces = [size] * (len(content) // size) if size > 1 else [1] * 3000
    assert read_in(pieces, content) == whole(content)
    assert whole(content).fields["image"].format == "JPEG"
    assert whole(content).fields["idcard_name"] == NAME


BITS = st.one_of(
    st.text(max_size=4),
    st.sampled_from(["/9j/", "data:image/png;base64,iVBOR", "\\", '"', "\ud83d", "\U0001f600"]),
)
STRINGS = st.tuples(BITS, BITS, st.sampled_from([0, 1, 20_000, 35_000, 66_000, 140_000]))
"""A string is its first bit and so many times its second; the examples stay short to print."""


@pytest.mark.long
@settings(max_examples=80)
@given(
    st.dictionaries(st.sampled_from(["image", "url", "session_id", "appid", "x", "y"]), STRINGS, max_size=4),
    st.booleans(),
    st.lists(st.integers(1, 100_000), max_size=12),
)
def test_how_a_body_is_cut_makes_no_difference(strings, ascii_only, pieces):
    fields = {name: first + second * times for name, (first, second, times) in strings.items()}
    content = json.dumps(fields, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    in_pieces, in_one = read_in(pieces, content), whole(content)
    assert (in_pieces.fault is None) == (in_one.fault is None)
    assert in_pieces.fields == in_one.fields


@pytest.mark.parametrize(
    ("bad", "named"),
    [(b"\\x", "scape"), (b"\x01", "ontrol"), (b"\xff", "UTF-8"), (b"\\ud83d\\", "JSON"), (b"\n", "ontrol")],
)
def test_a_long_string_that_is_no_json_is_a_fault_like_a_short_one(bad, named):
    content = b'{"image":"' + b"A" * 200_000 + bad + b"A" * 20 + (b'"}' if bad[-1:] != b"\\" else b"")
    assert named in read_in([100_000, 50_000], content).fault.why
    assert whole(content).fault is not None


def test_what_is_kept_of_a_body_is_bounded():
    many = b'{"a":"' + b'","b":"'.join([b"A" * (LONG_BYTES + 1)] * 20) + b'"}'
    assert "strings of over" in read_in([70_000] * 10, many).fault.why
    small = b"[" + b"123," * 300_000
    assert f"{KEPT_LIMIT_BYTES} bytes" in read_in([100_000] * 20, small).fault.why


LONG = " \t\r\n" * 150_000
BLANKS = {
    "before": LONG + "{fields}", "behind": "{fields}" + LONG, "within": "{fields}",
    "one and all": LONG + "{fields}" + LONG, "a line of each": "\n" * 700_000 + "{fields}\n",
}  # fmt: skip


@pytest.mark.parametrize("size", [1460, 65_536, 300_000])
@pytest.mark.parametrize("where", BLANKS)
def test_blanks_around_and_between_values_count_for_nothing(where, size):
    between = (",\n" + " " * 400_000, " :" + " " * 400_000) if where == "within" else (", ", ": ")
    fields = json.dumps(json.loads(json_body(image=PICTURE, url="")), separators=between)
    content = BLANKS[where].replace("{fields}", fields).encode()
    assert len(content) > KEPT_LIMIT_BYTES
    assert read_in([size] * (len(content) // size), content) == whole(content)
    assert whole(content).fields["idcard_name"] == NAME


def test_a_list_that_is_indented_deeply_is_taken():
    content = json.dumps({"x": list(range(50_000)), **json.loads(json_body())}, indent=40).encode()
    assert len(content) > 3 * KEPT_LIMIT_BYTES
    assert read_in([65_536] * 99, content) == whole(content)
    assert whole(content).fields["idcard_name"] == NAME


GAPS = st.sampled_from(["", " ", "  ", "\n\n\t", " " * 5000, "\r\n" * 3000, "\f", "\v ", "\u00a0"])
TOKENS = st.sampled_from(
    [
        '"appid"',
        '"张  三"',
        ":",
        ",",
        "{",
        "}",
        "[",
        "]",
        "1",
        "-",
        ".5",
        "tr",
        "ue",
        "null",
        '"',
        "张",
        '"' + "A" * 70_000 + '"',
    ]
)


@pytest.mark.thorough
@settings(max_examples=150)
@seed(20180611)
@given(
    st.lists(st.tuples(TOKENS, GAPS), max_size=9),
    st.lists(st.integers(1, 9000), min_size=1, max_size=12),
    st.booleans(),
)
def test_what_is_wrong_and_where_does_not_depend_on_the_pieces_nor_on_blanks(tokens, pieces, broken):
    content = "".join(token + gap for token, gap in tokens).encode() + b"\xff" * broken
    assert read_in(pieces, content) == whole(content)


def test_the_place_of_a_mistake_behind_blanks_and_a_long_string_is_that_of_the_text_that_came():
    content = ('{"image":"' + "张" * 100_000 + '",' + " " * 600_000 + '"url":' + "\n" * 9 + "x}").encode()
    fault = read_in([70_000] * 13, content).fault
    assert (
        fault.why
        == f"the JSON does not parse: Expecting value at character {len(content.decode()) - 2} of {len(content.decode())}"
    )
    assert fault == whole(content).fault


@pytest.mark.long
def test_blanks_that_come_one_by_one_leave_nothing_behind():
    shortened = Shortened()
    shortened.feed(b"{")
    tracemalloc.start()
    for _ in range(100_000):
        shortened.feed(b"\n")
    assert tracemalloc.get_traced_memory()[0] < 2000
    tracemalloc.stop()
    assert shortened.finish() == b"{\n"
    assert shortened.place(2) == 100_001


def test_of_a_long_string_only_a_placeholder_stays():
    shortened = Shortened()
    for _ in range(50):
        shortened.feed(b'{"image":"' if not shortened.strings and not shortened.finish() else b"A" * 100_000)
    assert len(shortened.finish()) < 100
    shortened.feed(b'"}')
    assert json.loads(shortened.finish()) == {"image": f"{PLACEHOLDER}0"}


@pytest.mark.parametrize("filling", [b"\\\\", b'\\"', b"\\/", b"\\u5f20", "张".encode()])
def test_floods_of_escapes_take_linear_time(filling):
    content = b'{"image":"' + filling * (5_000_000 // len(filling)) + b'"}'
    began = time.process_time()
    assert read_in([65_536] * 80, content).fields["image"].format is None
    assert time.process_time() - began < 3
