"""Known traps of the stack underneath and of readers: each input here once broke something, here or elsewhere."""

import base64
import json
import time

import pytest

from mockface import codes
from mockface.journal.verdict import near_misses
from mockface.model import Claims, WrongType
from mockface.operations.idcardcompare import OPERATION as IDCARDCOMPARE
from mockface.request import body
from mockface.request.multipart import HEADER_LIMIT_BYTES, HEADERS_LIMIT, PIECE_BYTES
from mockface.request.picture import PictureReader
from mockface.signature import hmac_sha1
from mockface.state import LONGEST_NUMBER, MemoryStore
from tests.making import (
    BOUNDARY,
    JPEG,
    JSON_TYPE,
    MULTIPART_TYPE,
    NUMBER,
    PNG,
    TEXT_PARTS,
    ask,
    closed,
    emulator,
    fields_of,
    json_body,
    multipart_body,
    part,
    read_whole,
    sign,
    sign_text,
)

SIGNED = "a=1250000000&k=AKID&e={e}&t=1700000000"


@pytest.mark.parametrize(
    "seconds",
    ["9" * 5000, "１７００００００６０", "٣", "-1", "1e9", "1_700", " 1", "0x1", "NaN", "inf", "", "1.5.5", "1."],
)
def test_a_time_in_a_signature_that_is_none_is_5(seconds):
    assert ask(authorization=sign_text(SIGNED.format(e=seconds))).code == codes.SIGNATURE_MALFORMED.number


@pytest.mark.parametrize("field", ["session_id", "idcard_name", "appid", "idcard_number", "bucket", "url"])
def test_half_a_surrogate_pair_in_any_field_gets_an_answer(field):
    answer = ask(json_body(**{field: "http://\ud800"}))
    assert isinstance(fields_of(answer)["code"], int)
    assert ask(json_body(session_id="\udfff")).code == 0
    assert fields_of(ask(json_body(session_id="\udfff")))["data"]["session_id"] == "\udfff"


def test_half_a_surrogate_pair_as_a_number_is_answered_by_a_default_with_chance():
    own = emulator(
        "default: { malformed: { code: 15, rate: 0.5, otherwise: { code: 213, delay: { uniform: [0s, 1s] } } } }"
    )
    assert ask(json_body(idcard_number="\ud800"), of=own).code in (15, 213)


JSON_IS_3 = {
    "NaN": b'{"appid":NaN}', "Infinity": b'{"x":-Infinity}', "UTF-16": json_body().decode().encode("utf-16-le"),
    "UTF-32": json_body().decode().encode("utf-32"), "a NUL": b'{"appid":"1"}\0', "a raw NUL": b'{"appid":"\0"}',
    "deep lists": b"[" * 3_000_000, "deep objects": b'{"a":' * 1_000_000, "a trailing comma": b'{"appid":"1",}',
    "single quotes": b"{'appid':'1'}", "a comment": b'{} // x', "duplicate keys": b'{"url":"a","url":"a"}',
    "overlong UTF-8": b'{"appid":"\xc0\x80"}', "an encoded surrogate": b'{"appid":"\xed\xa0\x80"}',
}  # fmt: skip


@pytest.mark.parametrize("case", JSON_IS_3)
def test_json_that_is_none_is_3(case):
    answer = ask(JSON_IS_3[case])
    assert (answer.code, answer.status) == (3, 400)
    assert answer.why is not None
    assert "JSON" in answer.why


def test_numbers_beyond_measure_are_numbers():
    for number in (b"9" * 100_000, b"-" + b"9" * 100_000, b"1e999999999", b"1." + b"1" * 100_000, b"-0"):
        assert read_whole([JSON_TYPE], b'{"appid":' + number + b"}").fields == {"appid": WrongType("number")}


MULTIPART_IS_3 = {
    "10,000 parts": closed(*[part('name="x"', b"1")] * 10_000),
    "bare line feeds": multipart_body().replace(b"\r\n", b"\n"),
    "a final boundary that is cut": multipart_body().removesuffix(b"0--\r\n").removesuffix(b"8--\r\n")[:-5],
    "a NUL in a header's name": closed(part('name="appid"', b"1", "\0: x")).replace(b"\0: x", b"\0"),
    "name*": closed(part("name*=UTF-8''appid", b"1")),
    "a quote that does not close": closed(part('name="appid', b"1")),
}


@pytest.mark.parametrize("case", MULTIPART_IS_3)
def test_multipart_that_is_none_is_3(case):
    answer = ask(MULTIPART_IS_3[case], content_type=MULTIPART_TYPE)
    assert (answer.code, answer.status) == (3, 400)
    assert answer.why is not None
    assert "multipart" in answer.why


def test_a_nested_multipart_is_a_part_like_any_other():
    inner = b'--in\r\nContent-Disposition: form-data; name="appid"\r\n\r\n1\r\n--in--\r\n'
    nested = part('name="more"', inner, "Content-Type: multipart/mixed; boundary=in")
    assert ask(multipart_body(JPEG, nested), content_type=MULTIPART_TYPE).code == 0


def test_filename_with_an_asterisk_is_a_filename():
    content = multipart_body(None, part("name=\"image\"; filename*=UTF-8''%e2%82%ac.jpg", JPEG))
    assert ask(content, content_type=MULTIPART_TYPE).code == 0


@pytest.mark.parametrize("boundary", ["x", "y" * 256, "a b c", "'()+_,-./:=?", '\\"'])
def test_a_boundary_of_any_kind_is_found(boundary):
    content = multipart_body().replace(BOUNDARY.encode(), boundary.replace("\\", "").encode())
    for chunk in (1, 100_000):
        reader = body.BodyReader(
            body.reader_for([f'multipart/form-data; boundary="{boundary}"'.encode()], IDCARDCOMPARE.table)
        )
        for at in range(0, len(content), chunk):
            reader.feed(content[at : at + chunk])
        assert reader.finish().fields["idcard_name"] == TEXT_PARTS["idcard_name"]


def test_a_boundary_longer_than_the_parser_takes_is_refused_in_words():
    answer = ask(content_type=b"multipart/form-data; boundary=" + b"y" * 257)
    assert (answer.code, answer.why) == (
        3, "the boundary of Content-Type has 257 characters; RFC 2046 allows 70, mockface takes 256"
    )  # fmt: skip


CHUNKED = {
    "a header at its limit": lambda extra: closed(
        part('name="appid"', b"1", "X: " + "y" * (HEADER_LIMIT_BYTES - len("X: ") + extra))
    ),
    "headers at their limit": lambda extra: closed(part('name="appid"', b"1", *["X: y"] * (HEADERS_LIMIT - 1 + extra))),
    "a name of a header at its limit": lambda extra: closed(part('name="appid"', b"1", "X" * (HEADER_LIMIT_BYTES + extra) + " :")),
    "blanks in a header": lambda extra: closed(part('name="appid"', b"1", "X:" + " " * (HEADER_LIMIT_BYTES - 3 + extra) + "y")),
    "blanks behind a boundary": lambda extra: closed(part('name="appid"', b"1")).replace(
        b"\r\n", b" " * (PIECE_BYTES + extra) + b"\r\n", 1
    ),
}  # fmt: skip


@pytest.mark.thorough
@pytest.mark.paced
@pytest.mark.parametrize("extra", range(-3, 4))
@pytest.mark.parametrize("case", CHUNKED)
def test_a_limit_does_not_depend_on_the_chunks(case, extra):
    content = CHUNKED[case](extra)
    whole = read_whole([MULTIPART_TYPE], content)
    for chunk in (1, 3, 1000) if len(content) < 100_000 else (1000, 65_536):
        reader = body.BodyReader(body.reader_for([MULTIPART_TYPE], IDCARDCOMPARE.table))
        for at in range(0, len(content), chunk):
            reader.feed(content[at : at + chunk])
        assert reader.finish() == whole
    if case != "a name of a header at its limit":
        assert (whole.fault is None) == (extra <= 0 or case == "blanks behind a boundary")


@pytest.mark.parametrize(
    "text", [b"ab=c!", b"abcd==\r\n=", b"ab!c=d", b"abcd=\r\nefgh", b"=", b"a=b=c=", b"ab\r\ncd=\n="]
)
def test_what_is_wrong_with_base64_does_not_depend_on_the_chunks(text):
    found = set()
    for chunk in (1, 2, 3, 100):
        reader = PictureReader(text_only=True)
        # What comes first is judged as a whole, so the text stands behind it.
        reader.feed(b"A" * 256, 0, 256)
        for at in range(0, len(text), chunk):
            piece = text[at : at + chunk]
            reader.feed(piece, 0, len(piece))
        found.add(reader.picture())
    assert len(found) == 1


def encoded(content):
    return base64.b64encode(content).decode()


DATA_URLS = {
    "plain": "data:image/png;base64,", "upper case": "DATA:IMAGE/PNG;BASE64,", "no type": "data:;base64,",
    "a charset": "data:image/png;charset=utf-8;base64,", "a name": f"data:image/png;name={'n' * 200};base64,",
    "a long name": f"data:image/png;name={'n' * 213};base64,", "another type": "data:application/octet-stream;base64,",
}  # fmt: skip


@pytest.mark.parametrize("form", DATA_URLS)
def test_a_data_url_of_any_form_is_looked_into(form):
    assert ask(json_body(url=None, image=DATA_URLS[form] + encoded(PNG))).code == 0


@pytest.mark.parametrize("url", ["data:image/png,", "data:image/png;base64", "data:", "data:image/svg+xml;utf8,<svg/>"])
def test_a_data_url_that_is_no_base64_is_no_picture(url):
    assert ask(json_body(url=None, image=url + encoded(PNG)[:4])).code == codes.PHOTO_UNDECODABLE.number


@pytest.mark.parametrize("line_end", ["\n", "\r\n", " ", "\t"])
def test_base64_with_line_breaks_is_taken(line_end):
    lines = [encoded(JPEG)[at : at + 76] for at in range(0, len(encoded(JPEG)), 76)]
    assert ask(json_body(url=None, image=line_end.join(["", *lines, ""]))).code == 0


def test_a_number_that_grows_in_upper_case_has_no_near_miss():
    scenarios = emulator().scenarios
    for number in (NUMBER[:17] + "ß", "ŉ" * 18, "ﬃ" * 5):
        assert near_misses(number, scenarios) == []


def test_counting_numbers_of_64_kib_keeps_little_of_them():
    store = MemoryStore()
    assert [store.count("9" * 60_000), store.count("9" * 60_000)] == [0, 1]
    assert all(len(number) <= LONGEST_NUMBER for number in store.counted())


def test_long_numbers_and_content_types_are_not_remembered():
    own = emulator()
    before = body._remembered_maker.cache_info().currsize
    for at in range(20):
        kind = b"multipart/form-data; boundary=%d" % at + b"x" * 60_000
        assert ask(json_body(idcard_number=f"{at}" * 3000), of=own).code == codes.NUMBER_INVALID.number
        assert ask(content_type=kind, of=own).code == 3
    assert body._remembered_maker.cache_info().currsize == before
    assert all(len(number) <= LONGEST_NUMBER for number in own._choices)


def test_long_signatures_are_read_and_not_remembered():
    before = hmac_sha1._remembered.cache_info().currsize
    for at in range(20):
        assert isinstance(hmac_sha1.read(sign(resource=f"{at}" * 30_000)), Claims)
    assert hmac_sha1._remembered.cache_info().currsize == before


SLOW = 1.0
MIB = 1024 * 1024
IMAGE_HEAD = part('name="image"; filename="x"')[:-2]
FLOODS = {
    "carriage returns": lambda size: IMAGE_HEAD + b"\r" * size,
    "starts of boundaries": lambda size: IMAGE_HEAD + (b"\r\n--" + BOUNDARY[:-1].encode()) * (size // 45),
    "text": lambda size: part('name="session_id"')[:-2] + b"x" * size,
    "blanks behind a boundary": lambda size: b"--" + BOUNDARY.encode() + b" " * size,
    "a head without end": lambda size: b"--" + BOUNDARY.encode() + b"\r\nX: " + b"y" * size,
    "heads of 16 KiB": lambda size: part('name="x"', b"", "X: " + "y" * 16_000) * (size // 16_200),
    "heads of many lines": lambda size: part('name="x"', b"", *["a:"] * 3900) * (size // 15_800),
    "a preamble": lambda size: b"\r\n-" * (size // 3),
    "small parts": lambda size: part('name="x"', b"1") * 990 + IMAGE_HEAD + b"\0" * (size - 90_000),
}


@pytest.mark.paced
@pytest.mark.parametrize("kind", FLOODS)
@pytest.mark.parametrize(("chunk", "size"), [(1, MIB // 32), (1460, 6 * MIB - 9000), (10**9, 6 * MIB - 9000)])
def test_multipart_is_read_in_linear_time_whatever_it_holds(kind, chunk, size):
    content = FLOODS[kind](size)
    began = time.process_time()
    reader = body.BodyReader(body.reader_for([MULTIPART_TYPE], IDCARDCOMPARE.table))
    for at in range(0, len(content), chunk):
        reader.feed(content[at : at + chunk])
    assert not reader.finish().over_limit
    assert time.process_time() - began < SLOW


JSON_FLOODS = {
    "digits": b'{"x":' + b"9" * 6_000_000 + b"}", "fractions": b'{"x":0.' + b"1" * 6_000_000 + b"}",
    "escapes": b'{"image":"' + b"\\u0041" * 1_000_000 + b'"}', "spaces": b" " * 6_000_000 + b"{}",
    "base64": b'{"image":"' + b"A" * 6_000_000 + b'"}', "padding": b'{"image":"' + b"=" * 6_000_000 + b'"}',
    "one key": b'{"k":1' + b',"k":1' * 900_000 + b"}",
}  # fmt: skip


@pytest.mark.thorough
@pytest.mark.paced
@pytest.mark.parametrize("kind", JSON_FLOODS)
def test_json_is_read_in_linear_time_whatever_it_holds(kind):
    began = time.process_time()
    read_whole([JSON_TYPE], JSON_FLOODS[kind])
    assert time.process_time() - began < SLOW


HEADER_FLOODS = {
    "boundary and blanks": (b"content-type", b"multipart/form-data;boundary=" + b" " * 60_000),
    "boundaries without end": (b"content-type", b"multipart/form-data" + b';boundary="' * 1 + b'\\";boundary=' * 5000),
    "quotes without end": (b"content-type", b"multipart/form-data" + b'"\\' * 30_000),
    "escaped quotes": (b"content-type", b"multipart/form-data;x=" + b'\\"' * 30_000),
    "parameters without end": (b"content-type", b"multipart/form-data" + b';a="\\"' * 10_000),
    "names without a value": (b"content-type", b"multipart/form-data" + b";aaaa" * 10_000),
    "semicolons and blanks": (b"content-type", b"multipart/form-data" + b"; " * 30_000),
    "digits": (b"user-agent", b"9" * 30_000 + b"8" * 30_000),
    "one digit": (b"user-agent", b"9" * 60_000 + b"x"),
    "short numbers": (b"user-agent", b"1234567890123 " * 4000),
    "an Authorization of 64 KiB": (b"authorization", b"A" * 65_000 + b"!"),
    "host": (b"host", b"[" * 60_000),
}  # fmt: skip


@pytest.mark.parametrize("kind", HEADER_FLOODS)
def test_a_header_of_60_kib_costs_milliseconds(kind):
    name, value = HEADER_FLOODS[kind]
    own = emulator()
    began = time.process_time()
    changes = {"content_type": value} if name == b"content-type" else {"headers": [(name, value)]}
    ask(of=own, path="/" + "1" * 50_000 + "2", **changes)
    assert time.process_time() - began < 0.3


def test_emulated_answers_stay_json_whatever_a_scenario_holds():
    text = 'scenarios: { "110110199907010018": { similarity: 1, message: "\\e[31m\\u2028\\x7f", data: { "a\\0b": "\\U0010FFFF" } } }'
    answer = ask(json_body(idcard_number="110110199907010018"), of=emulator(text))
    assert json.loads(answer.body)["message"] == "\x1b[31m\u2028\x7f"
