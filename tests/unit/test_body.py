"""Bodies: JSON and multipart in every dialect of real clients, and what is neither."""

import email
import email.message
import json
import random
import time

import pytest
from hypothesis import example, given, seed
from hypothesis import strategies as st

from mockface import codes
from mockface.model import Picture, WrongType
from mockface.operations.idcardcompare import OPERATION as IDCARDCOMPARE
from mockface.request import body, limits
from mockface.request.multipart import MultipartScan, parameters
from tests.making import (
    BOUNDARY,
    JPEG,
    JSON_TYPE,
    LEFT_OUT,
    MULTIPART_TYPE,
    NAME,
    NUMBER,
    TEXT_PARTS,
    URL,
    closed,
    json_body,
    multipart_body,
    part,
    read_whole,
)


def read_json(content):
    return read_whole([JSON_TYPE], content)


def read_multipart(content, *, content_type=MULTIPART_TYPE, chunk=10**9):
    reader = body.BodyReader(body.reader_for([content_type], IDCARDCOMPARE.table))
    for start in range(0, len(content), chunk):
        reader.feed(content[start : start + chunk])
    return reader.finish()


TEXTS = {**TEXT_PARTS, "url": URL}


@pytest.mark.parametrize(
    "content_type", [b"application/json", b"application/json; charset=utf-8", b"Application/JSON ;charset=gbk"]
)
def test_json_is_read_whatever_its_charset_says(content_type):
    assert read_whole([content_type], json_body()).fields == TEXTS


@pytest.mark.parametrize(
    "content",
    [json.dumps(TEXTS, ensure_ascii=True).encode(), json.dumps(TEXTS, ensure_ascii=False).encode() + b"\n",
     json.dumps(TEXTS).replace("/", "\\/").encode(), json.dumps(TEXTS, indent=2).encode()],
    ids=["Python", "C++ with a newline", "PHP with escaped slashes", "indented"],
)  # fmt: skip
def test_json_of_every_sdk_gives_the_same_fields(content):
    assert read_json(content).fields == TEXTS


@pytest.mark.parametrize("nothing", ["", None])
def test_an_empty_string_and_null_mean_not_given(nothing):
    assert read_json(json_body(image=nothing, session_id=nothing, bucket=nothing)).fields == TEXTS


def test_unknown_fields_are_ignored_and_the_bucket_is_known():
    assert read_json(json_body(bucket="b", seq=[1, {}], mode=1)).fields == {**TEXTS, "bucket": "b"}


@pytest.mark.parametrize(
    ("value", "kind"), [(1, "number"), (1.5, "number"), (True, "boolean"), ([], "array"), ({}, "object")]
)
def test_another_json_type_is_kept_as_such(value, kind):
    assert read_json(json_body(idcard_number=value)).fields["idcard_number"] == WrongType(kind)
    assert read_json(json_body(image=value)).fields["image"] == WrongType(kind)


UNREADABLE_JSON = {
    "no JSON": (b"appid=1", "character 0"),
    "cut": (json_body()[:-9], "does not parse"),
    "a list": (b"[]", "array"),
    "null": (b"null", "null"),
    "a number": (b"1", "number"),
    "NaN": (b'{"appid":NaN}', "NaN"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "byte order mark"),
    "UTF-16": ('{"appid":"1"}'.encode("utf-16"), "byte 0 is 0xff"),
    "GBK": ('{"idcard_name":"张三"}'.encode("gbk"), "byte 16 is 0xd5"),
    "nested without end": (b"[" * 200_000, "too deeply"),
    "a field twice": (b'{"appid":"1","appid":"2"}', "appid twice"),
    "a raw line break in a string": (b'{"appid":"1\n"}', "Invalid control character"),
    "text behind it": (b"{} {}", "Extra data"),
}


@pytest.mark.parametrize("case", UNREADABLE_JSON)
def test_json_that_does_not_parse_is_3_and_names_the_place(case):
    content, why = UNREADABLE_JSON[case]
    fault = read_json(content).fault
    assert fault is not None
    assert fault.code is codes.BAD_REQUEST
    assert why in fault.why


def test_a_number_of_thousands_of_digits_and_a_lone_surrogate_are_read():
    assert read_json(b'{"appid":' + b"9" * 5000 + b"}").fields == {"appid": WrongType("number")}
    assert read_json(b'{"session_id":"\\ud800"}').fields == {"session_id": "\ud800"}


def test_an_empty_body_has_no_fields():
    assert read_json(b"").fields == {}
    assert read_multipart(b"").fields == {}
    assert read_multipart(b"").fault is None


def test_text_beyond_64_kib_is_not_kept():
    long = "x" * (limits.FIELD_LIMIT_BYTES + 1)
    assert read_json(json_body(session_id=long)).fields["session_id"] is limits.TOO_LONG
    assert read_multipart(multipart_body(session_id=long)).fields["session_id"] is limits.TOO_LONG


def _field_as_file(name, value):
    return part(f'name="{name}"; filename="{name}"', value.encode())


def _with_length(name, value):
    return part(f'name="{name}"', value.encode(), f"Content-Length: {len(value.encode())}")


IMAGE = part('name="image"; filename="face.jpg"', JPEG, "Content-Type: image/jpeg")
PLAIN = [part(f'name="{name}"', value.encode()) for name, value in TEXT_PARTS.items()]
DIALECTS = {
    "plain": closed(*PLAIN, IMAGE),
    "Python: every field has a filename": closed(
        *(_field_as_file(*field) for field in TEXT_PARTS.items()), part('name="image"; filename="./%E6%B5%8B.jpg"', JPEG)
    ),
    "PHP: the picture has no filename": closed(*PLAIN, part('name="image"', JPEG)),
    "Java: parts have a Content-Length": closed(
        *(_with_length(*field) for field in TEXT_PARTS.items()),
        part('name="image"; filename="a.jpg"', JPEG, "Content-Type: image/jpg", f"Content-Length: {len(JPEG)}"),
    ),
    "Node: appid behind the picture": closed(*PLAIN[1:], IMAGE, PLAIN[0]),
    "the page: a trailing semicolon": closed(
        *(part(f'name="{name}";', value.encode()) for name, value in TEXT_PARTS.items()), IMAGE
    ),
    "names without quotes": closed(*(part(f"name={name}", value.encode()) for name, value in TEXT_PARTS.items()), IMAGE),
    "headers in any case": closed(*PLAIN, IMAGE)
    .replace(b"Content-Disposition: form-data; name", b"content-disposition:form-data;NAME"),
    "the filename before the name": closed(*PLAIN, part('filename="name=\\"x\\".jpg"; name="image"', JPEG)),
    "a preamble and an epilogue": b"preamble\r\n" + closed(*PLAIN, IMAGE) + b"epilogue",
    "blanks behind the boundary": closed(*PLAIN, IMAGE).replace(BOUNDARY.encode() + b"\r\n", BOUNDARY.encode() + b" \t\r\n"),
    "no line end behind the last boundary": closed(*PLAIN, IMAGE).removesuffix(b"\r\n"),
    "unknown parts, one of them empty": closed(part('name="seq"'), *PLAIN, IMAGE, part('name="mode"; filename=""', b"\0")),
}  # fmt: skip


QUOTED = {
    "a name in a file name": 'filename="a; name=url; b.jpg"; name="image"',
    "a name in a file name with a quote": 'filename="a\\"; name=\\"url\\".jpg"; name="image"',
    "a name in another parameter": 'x="; name=url"; name="image"',
    "a name in quoted text of no parameter": '"; name=url"; name="image"',
    "a name with a semicolon": 'name="image"; x=";name=url"',
    "a name of upper case behind blanks": 'x = "; name=url" ;  NAME = "image"',
    "two names": 'name="image"; name="url"',
    "a name* and a name": "name*=UTF-8''url; name=image",
    "a file name with a backslash": 'filename="C:\\faces\\a; name=url.jpg"; name="image"',
}


@pytest.mark.parametrize("case", QUOTED)
def test_the_name_of_a_field_is_not_looked_for_in_quoted_text(case):
    fields = read_multipart(closed(*PLAIN, part(QUOTED[case], JPEG))).fields
    assert fields["image"].format == "JPEG"
    assert "url" not in fields


@pytest.mark.parametrize(
    "disposition", ['name="appid"; x="filename=a"', "name=appid; x=filename", 'x="filename"; name="appid"']
)
def test_a_field_is_a_file_by_its_file_name_alone(disposition):
    assert read_multipart(closed(part(disposition, b"1"))).as_files == ()
    assert read_multipart(closed(part(disposition + "; FileName=a", b"1"))).as_files == ("appid",)


@pytest.mark.parametrize(
    "content_type",
    [f'multipart/form-data; x="; boundary=evil"; boundary={BOUNDARY}', f'multipart/form-data; x="\\"; boundary=evil"; boundary="{BOUNDARY}"',
     f"multipart/form-data; boundary={BOUNDARY}; boundary=evil", f"multipart/form-data; x-boundary=evil; boundary={BOUNDARY}"],
)  # fmt: skip
def test_the_boundary_is_not_looked_for_in_quoted_text(content_type):
    assert read_multipart(multipart_body(), content_type=content_type.encode()).fields["appid"] == TEXT_PARTS["appid"]


@pytest.mark.thorough
@given(st.text(alphabet='";=\\ name\r\nx', max_size=40))
def test_whatever_a_quoted_parameter_holds_the_name_behind_it_is_found(text):
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    assert parameters(f'form-data; filename="{quoted}"; name="appid"') == {"filename": text, "name": "appid"}


@pytest.mark.parametrize("chunk", [1, 13, 10**9])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_multipart_of_every_dialect_gives_the_same_fields(dialect, chunk):
    read = read_multipart(DIALECTS[dialect], chunk=chunk)
    assert read.fault is None
    assert {name: value for name, value in read.fields.items() if name != "image"} == TEXT_PARTS
    assert read.fields["image"] == Picture("raw", "JPEG", len(JPEG), JPEG[:32])


@pytest.mark.parametrize(
    "content_type",
    [f"multipart/form-data;boundary={BOUNDARY}", f'multipart/form-data; boundary="{BOUNDARY}"',
     f"Multipart/Form-Data; charset=UTF-8; BOUNDARY={BOUNDARY}", f"multipart/form-data; boundary={BOUNDARY}; charset=UTF-8"],
)  # fmt: skip
def test_the_boundary_is_found_however_it_is_written(content_type):
    assert read_multipart(multipart_body(), content_type=content_type.encode()).fields["appid"] == TEXT_PARTS["appid"]


@pytest.mark.parametrize(
    "image", [JPEG * 2000, b"\r\n--" * 5000, b"\r" * 70_000, (b"\r\n--" + BOUNDARY.encode()[:-1]) * 999]
)
@pytest.mark.parametrize("chunk", [17, 4096, 65_536])
def test_a_picture_is_counted_to_the_byte_whatever_it_holds(image, chunk):
    picture = read_multipart(multipart_body(image), chunk=chunk).fields["image"]
    assert picture.size_bytes == len(image)


def test_empty_parts_mean_not_given():
    fields = read_multipart(multipart_body(b"", session_id="", idcard_name="")).fields
    assert set(fields) == {"appid", "idcard_number"}


UNCLOSED = {
    "nothing": b"", "one dash": b"-", "a line end": b"\r\n", "half a line end": b"\r", "blanks": b" \t", "blanks and a line end": b" \r\n",
    "two line ends": b"\r\n\r\n", "a line and a half": b"\r\n\r", "many line ends": b"\r\n" * 5, "line ends and blanks": b"\r\n\r\n \r\n",
}  # fmt: skip


@pytest.mark.parametrize("boundary", [BOUNDARY, "-", "x--"])
@pytest.mark.parametrize("chunk", [1, 13, 10**9])
@pytest.mark.parametrize("behind", UNCLOSED)
def test_a_final_boundary_without_its_dashes_is_taken_where_the_parts_are_whole(behind, chunk, boundary):
    content = multipart_body().removesuffix(b"--\r\n") + UNCLOSED[behind]
    content = content.replace(BOUNDARY.encode(), boundary.encode())
    read = read_multipart(content, chunk=chunk, content_type=f"multipart/form-data; boundary={boundary}".encode())
    assert (read.fault, read.unclosed) == (None, True)
    assert {name: value for name, value in read.fields.items() if name != "image"} == TEXT_PARTS
    assert read.fields["image"].size_bytes == len(JPEG)


@pytest.mark.parametrize("content", [closed(*PLAIN), closed(*PLAIN, IMAGE) + b"--" + BOUNDARY.encode(), b""])
def test_a_final_boundary_with_its_dashes_is_told_from_one_without(content):
    assert not read_multipart(content).unclosed


CUT = {
    "within the last content": multipart_body()[:-60],
    "within the final boundary": multipart_body().removesuffix(b"--\r\n")[:-1],
    "behind the first boundary": b"--" + BOUNDARY.encode() + b"\r\n",
    "in the name of a header": multipart_body().removesuffix(b"--\r\n") + b"\r\nCont",
    "behind a header": multipart_body().removesuffix(b"--\r\n") + b"\r\nX: y\r\n",
    "behind a part's head": multipart_body().removesuffix(b"--\r\n")
    + b'\r\nContent-Disposition: form-data; name="x"\r\n\r\n',
    "behind text without a head": multipart_body().removesuffix(b"--\r\n") + b"\r\n\r\nx",
}


@pytest.mark.parametrize("chunk", [1, 13, 10**9])
@pytest.mark.parametrize("place", CUT)
def test_a_body_that_is_cut_elsewhere_is_not_taken(place, chunk):
    fault = read_multipart(CUT[place], chunk=chunk).fault
    assert fault.code is codes.BAD_REQUEST
    assert fault.why.startswith("the multipart body does not parse: ")


BROKEN = {
    "no final boundary": (multipart_body().removesuffix(f"--{BOUNDARY}--\r\n".encode()), "in part 4"),
    "another boundary": (multipart_body().replace(BOUNDARY.encode(), b"xx"), "before the first part"),
    "bare line feeds": (multipart_body(image=LEFT_OUT).replace(b"\r\n", b"\n"), "byte 40"),
    "cut in a head": (multipart_body()[:70], "in the headers of part 1"),
    "a part without a name": (closed(part('filename="x"', b"1")), "part 1 has no name"),
    "a part without headers": (f"--{BOUNDARY}\r\n\r\n1\r\n--{BOUNDARY}--".encode(), "part 1 has no name"),
    "a line that is no header": (closed(part('name="appid"', b"1", "oops")), "part 1 does not begin with headers"),
    "text behind a boundary": (multipart_body().replace(BOUNDARY.encode() + b"\r\n", BOUNDARY.encode() + b"xy\r\n"), "byte 40"),
    "text behind the first boundary": (multipart_body().replace(b"\r\n", b"x\r\n", 1), "byte 40"),
    "text before blanks and a line end": (multipart_body().replace(b"\r\n", b" x\r\n", 1), "byte 41, after a boundary, is 0x78"),
    "a head of 20 KiB": (closed(part('name="appid"', b"1", "X: " + "y" * 20_000)), "16384 bytes each"),
    "60 headers": (closed(part('name="appid"', b"1", *["X: y"] * 60)), "at most 50 headers"),
    "2,000 parts": (closed(*[part('name="x"', b"1")] * 2000), "more than 1000 parts"),
    "a field twice": (closed(*PLAIN, PLAIN[0], IMAGE), "appid is given twice"),
    "base64 text": (closed(part('name="appid"', b"MQ==", "Content-Transfer-Encoding: base64")), "unencoded"),
    "GBK": (multipart_body(idcard_name=LEFT_OUT).replace(NUMBER.encode(), NAME.encode("gbk")), "(GBK?)"),
}  # fmt: skip


@pytest.mark.paced
@pytest.mark.parametrize("chunk", [1, 10**9])
@pytest.mark.parametrize("case", BROKEN)
def test_multipart_that_does_not_parse_is_3_and_names_the_place(case, chunk):
    content, why = BROKEN[case]
    fault = read_multipart(content, chunk=chunk).fault
    assert fault is not None
    assert fault.code is codes.BAD_REQUEST
    assert why in fault.why


@pytest.mark.parametrize(
    ("content_types", "why"),
    [
        ([], "Content-Type is absent"),
        ([b"text/plain"], "'text/plain'"),
        ([b"application/x-www-form-urlencoded"], "application/json, or multipart"),
        ([b"multipart/form-data"], "without a boundary"),
        ([b'multipart/form-data; boundary=""'], "without a boundary"),
        ([b"multipart/form-data", MULTIPART_TYPE], "2 Content-Type headers"),
    ],
)
def test_another_content_type_is_3_and_names_what_came(content_types, why):
    fault = read_whole(content_types, json_body()).fault
    assert fault is not None
    assert fault.code is codes.BAD_REQUEST
    assert why in fault.why


def test_the_limit_is_inclusive_and_reading_stops_behind_it():
    reader = body.BodyReader(body.reader_for([MULTIPART_TYPE], IDCARDCOMPARE.table), limit_bytes=10)
    assert reader.feed(b"12345")
    assert reader.feed(b"67890")
    assert not reader.feed(b"1")
    assert reader.finish().over_limit


names = st.sampled_from(["appid", "idcard_number", "x", "a b", "a;b"])
contents = st.one_of(
    st.binary(max_size=200), st.sampled_from([b"\r\n", b"--", b"\r\n--" + BOUNDARY.encode()[:10], b"\r\n--b"])
)


def read_by_the_standard_library(content):
    """Names and contents of the parts, as the standard library's `email` reads them."""
    message = email.message_from_bytes(b"Content-Type: " + MULTIPART_TYPE + b"\r\n\r\n" + content)
    return [
        (one.get_param("name", header="content-disposition"), one.get_payload(decode=True))
        for one in message.get_payload()
        if isinstance(one, email.message.Message)
    ]


headers = st.sampled_from(["Content-Type: image/jpeg", "content-length: 3", "X-Y:z", "Content-Transfer-Encoding: 8bit"])
margins = st.sampled_from([b"", b"preamble\r\n", b"\r\n", b"--\r\n", b"\r\n\r\n--" + BOUNDARY[:-1].encode() + b"\r\n"])


@pytest.mark.paced
@seed(20180611)
@given(
    st.lists(st.tuples(names, contents, st.lists(headers, max_size=3)), min_size=1, max_size=6),
    margins, st.sampled_from([b"", b" ", b" \t "]), st.integers(1, 90),
)  # fmt: skip
@example([("appid", b"\r", [])], b"", b"", 1)
def test_parts_are_those_that_the_email_parser_of_the_standard_library_finds(fields, margin, blanks, chunk):
    parts = (part(f'name="{name}"; filename="f"', value, *more) for name, value, more in fields)
    line = f"--{BOUNDARY}".encode()
    content = margin + closed(*parts).replace(line, line + blanks) + margin
    content = content.replace(line + blanks + b"--", line + b"--" + blanks)
    assert parts_of(content, BOUNDARY, chunk) == [
        bytearray(value) for _, value in read_by_the_standard_library(content)
    ]
    assert read_by_the_standard_library(content) == [(name, value) for name, value, _ in fields]


@given(st.binary(max_size=400), st.integers(1, 100), st.sampled_from([MULTIPART_TYPE, JSON_TYPE]))
def test_any_bytes_are_fields_or_a_fault(content, chunk, content_type):
    read = read_multipart(content, content_type=content_type, chunk=chunk)
    assert read.fault is None or read.fault.code is codes.BAD_REQUEST


@pytest.mark.paced
@given(st.data())
def test_a_mangled_multipart_body_is_fields_or_a_fault(data):
    content = bytearray(multipart_body())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    read = read_multipart(bytes(content), chunk=data.draw(st.integers(1, 300)))
    assert read.fault is None or read.fault.code is codes.BAD_REQUEST


@pytest.mark.paced
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("boundary", [BOUNDARY, "x", "-" * 70, "b" * 256], ids=len)
def test_parts_around_the_size_of_a_search_window_are_found_with_half_boundaries_in_them(seed, boundary):
    chance = random.Random(seed)
    mark = b"\r\n--" + boundary.encode()

    def content():
        size = chance.choice((0, 1, 1900, 2048, 2100, 9000))
        made = b""
        while len(made) < size:
            made += chance.choice((mark[: chance.randrange(len(mark))], mark[2:-1], b"--", b"\r", b"\n", bytes(40)))
        made = made[:size]
        return made if mark not in b"\r\n" + made + b"\r\n" else bytes(size)

    wanted = [content() for _ in range(8)]
    head = b"\r\nContent-Disposition: form-data; name=p\r\n\r\n"
    whole = b"".join(mark + head + one for one in wanted)[2:] + mark + b"--\r\n"
    for size in (len(whole), 65536, 2048, 700, 7):
        assert parts_of(whole, boundary, size) == wanted, (seed, size)


def parts_of(whole, boundary, size):
    """The content of each part, from a scan of chunks of this size."""
    found = []

    class Sink:
        def __init__(self):
            found.append(bytearray())
            self.came = found[-1]

        def feed(self, piece, start, end):
            self.came += piece[start:end]

    scan = MultipartScan(boundary.encode(), lambda *_: Sink())
    for start in range(0, len(whole), size):
        scan.feed(whole[start : start + size])
    scan.finish()
    return found


@pytest.mark.parametrize("boundary", ["-" * 70, "-" * 77, "-" * 256], ids=len)
def test_no_boundary_makes_the_search_in_a_body_of_its_like_slow(boundary):
    like = (b"-" * 2000 + b"\n") * 3000
    scan = MultipartScan(boundary.encode(), lambda *_: None)
    began = time.process_time()
    for start in range(0, len(like), 65536):
        scan.feed(like[start : start + 65536])
    assert time.process_time() - began < 2
