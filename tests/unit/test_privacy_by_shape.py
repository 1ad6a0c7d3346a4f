"""What may be a person's is known by its shape and hidden wherever it stands, not by the field that should hold it."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from mockface.journal.text import call_line
from mockface.privacy.masking import masked_numbers, shown
from mockface.privacy.shapes import without_numbers, without_other_scripts
from tests.making import ask, emulator, json_body, sign
from tests.unit.test_privacy import told_of

NUMBER = "110105198806153217"
SHORT = "110105880615321"
NAME = "李小明"
APPID = "1251001122"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def percent(text):
    return "".join(f"%{byte:02X}" for byte in text.encode())


SPELLED = {
    "as it is": NUMBER,
    "in groups": "110105-19880615-3217",
    "in groups of four": "1101 0519 8806 1532 17",
    "with dots": "110105.19880615.3217",
    "with underscores": "110105_19880615_3217",
    "with slashes": "110105/1988/06/15/3217",
    "digit by digit": "-".join(NUMBER),
    "with blanks around its separators": "110105 - 19880615 - 3217",
    "with characters between": "110105年1988月0615日3217",
    "with no-break blanks": "110105\xa019880615\xa03217",
    "with zero-width characters": "110105\u200b19880615\u200b3217",
    "with encoded separators": "110105%2D19880615%2D3217",
    "with encoded blanks": "110105%2019880615%203217",
    "percent-encoded": percent(NUMBER),
    "percent-encoded twice": percent(NUMBER).replace("%", "%25"),
    "percent-encoded in part": "1101%30519880615%33217",
    "in full-width digits": NUMBER.translate(FULL_WIDTH),
    "in full-width digits, percent-encoded": quote(NUMBER.translate(FULL_WIDTH)),
    "with an X": "11010519880615321X",
    "in groups with an X": "110105-19880615-321X",
    "in groups with an encoded x": "110105-19880615-321%78",
    "with fifteen digits": SHORT,
    "with fifteen digits in groups": "110105-880615-321",
    "in groups with a day that is none": "110105-19881345-3217",
}
PIECES = [piece for number in (NUMBER, SHORT) for piece in (number[at : at + 8] for at in range(len(number) - 7))]


def assert_hidden(told):
    """That no eight digits of the number are left, however they are spelled."""
    plain = json.loads(json.dumps(told))
    for _ in range(3):
        plain = re.sub(r"%([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), plain)
    plain = re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), plain)
    digits = re.sub(r"[^\dXx]", "", plain)
    plain = "".join(str(int(one)) if one.isdigit() else one for one in digits)
    assert not [piece for piece in PIECES if piece in plain], told


WHERE: dict[str, Callable[[str], dict[str, Any]]] = {
    "path": lambda spelled: {"path": f"/v1/{spelled}/photo"},
    "the name of a header": lambda spelled: {"headers": [(spelled.encode(), b"")]},
    "user agent": lambda spelled: {"headers": [(b"user-agent", b"app/2 " + spelled.encode())]},
    "host": lambda spelled: {"headers": [(b"host", spelled.encode() + b".test")]},
    "boundary": lambda spelled: {"content_type": f"multipart/form-data; boundary={spelled}".encode()},
    "content type": lambda spelled: {"content_type": f"text/{spelled}".encode()},
    "content encoding": lambda spelled: {"headers": [(b"content-encoding", spelled.encode())]},
    "method": lambda spelled: {"method": spelled},
    "query": lambda spelled: {"query": f"appid={spelled}".encode()},
    "appid": lambda spelled: {"content": json_body(appid=spelled)},
    "bucket": lambda spelled: {"content": json_body(bucket=spelled)},
    "url": lambda spelled: {"content": json_body(url=spelled)},
    "url that is one": lambda spelled: {"content": json_body(url=f"http://photos/{spelled}")},
    "session_id": lambda spelled: {"content": json_body(session_id=spelled)},
    "idcard_name": lambda spelled: {"content": json_body(idcard_name=spelled)},
    "idcard_number": lambda spelled: {"content": json_body(idcard_number=spelled)},
}


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("spelling", SPELLED)
def test_an_id_number_in_any_spelling_is_told_nowhere(where, spelling):
    assert_hidden(told_of(**WHERE[where](SPELLED[spelling])))


@pytest.mark.parametrize("name", [NAME, "欧阳小明", "买买提·艾力", "Zhang Xiaoming", "lixiaoming"])
@pytest.mark.parametrize("field", ["appid", "bucket", "url", "idcard_number", "session_id"])
def test_a_name_in_a_field_that_is_not_the_name_s_is_told_nowhere(field, name):
    """The client mixed two fields up: the name stands in one, and that one's value where the name belongs."""
    real = {"idcard_number": NUMBER, "appid": APPID, "bucket": "photos", "url": "http://x/y", "session_id": "s1"}
    told = told_of(json_body(**{**real, "idcard_name": real[field], field: name}))
    for spelled in (name, ascii(name)[1:-1], ascii(name)[1:-1].replace("\\", "\\\\"), quote(name)):
        assert spelled not in told


def test_a_client_that_swaps_appid_and_name_tells_neither_why_nor_journal_nor_log():
    own = emulator()
    answer = ask(json_body(appid=NAME, idcard_name=APPID, idcard_number=NUMBER), of=own)
    (entry,) = own.recorder.journal.entries()
    from mockface.journal.summary import call_summary

    assert answer.why is not None
    assert "***" in answer.why
    for told in (answer.why, repr(entry), call_line(call_summary(entry)), str(call_summary(entry))):
        assert NAME not in told
        assert ascii(NAME)[1:-1] not in told


ENCODED = {
    "percent-encoded": quote(NAME),
    "percent-encoded twice": quote(quote(NAME)),
    "percent-encoded in GBK": quote(NAME.encode("gbk")),
    "as JavaScript escapes": "%u674E%u5C0F%u660E",
    "as JSON escapes": "\\u674e\\u5c0f\\u660e",
    "as references of HTML": "&#26446;&#x5C0F;&#26126;",
    "as bytes": NAME.encode().decode("latin-1"),
    "as it is": NAME,
}


@pytest.mark.parametrize("spelling", ENCODED)
@pytest.mark.parametrize("number", ["110110199907010018", NUMBER])
def test_a_name_in_path_header_or_appid_is_not_told_whosever_the_number_is(spelling, number):
    name = ENCODED[spelling]
    told = told_of(json_body(idcard_number=number, appid=name), path=f"/face/{name}",
                   headers=[(b"user-agent", name.encode("utf-8", "replace")), (b"host", name.encode())],
                   authorization=sign(bucket=name) if name.isascii() else None)  # fmt: skip
    for spelled in (name, ascii(name)[1:-1], name.replace("\\", "\\\\"), name.encode().decode("latin-1"), name[4:-2]):
        if spelled not in ("", "明"):
            assert spelled not in told


@pytest.mark.parametrize("tail", [NAME, " Li Ming", "-" + NUMBER])
def test_what_only_begins_as_a_reserved_number_is_not_one(tail):
    told = told_of(json_body(idcard_number="1101101999" + tail))
    assert tail not in told
    assert ascii(tail)[1:-1].replace("\\", "\\\\") not in told


PLAIN = [
    "http://192.168.100.200:65535", "10.0.0.1:8641, 10.0.0.2:8641", "Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0.6778.86",
    "a=1251001122&b=photos&k=AKID&e=1700000100&t=1700000000&r=1234567890&u=0&f=", "2024-01-15T10:00:00.123456Z",
    "110110199907010018, 110110199904010021", "110110-19990701-0018", "0000000000000000", "6291457 of 6291456 bytes",
    "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW", "100% of 1%2F2", "okhttp/4.9.3",
]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_id_number_is_told_as_it_is(text):
    assert without_numbers(text, lambda *_: "***") == text
    assert without_other_scripts(text) == text
    assert shown(text, 200) == text


def test_a_masked_number_is_as_long_as_it_was_however_it_was_spelled():
    for spelled in SPELLED.values():
        assert len(masked_numbers(f"x {spelled} y")) == len(f"x {spelled} y")
        assert_hidden(masked_numbers(spelled))


@pytest.mark.thorough
@pytest.mark.paced
@pytest.mark.parametrize(
    "unit", ["1", "1-", "1--------", "%31", "%2531", "%25", "25", "1%25", "12345-", "x1", "１", "%", "\\u"]
)
def test_the_time_that_masking_takes_grows_with_the_text(unit):
    import time

    def seconds(length):
        text = (unit * length)[:length]
        began = time.process_time()
        masked_numbers(text)
        without_other_scripts(text)
        return time.process_time() - began

    # Four times the text takes four times as long; what is over is for a busy machine.
    shorter, longer = (min(seconds(length) for _ in range(3)) for length in (16_000, 64_000))
    assert longer < 10 * max(shorter, 0.005)


def test_a_call_whose_number_may_be_real_is_masked_before_it_rests_in_the_journal():
    for person in ({"idcard_number": NUMBER}, {"idcard_number": NAME, "idcard_name": NUMBER}, {"appid": NAME}):
        own = emulator()
        ask(json_body(**{"idcard_number": NUMBER, "idcard_name": NAME, **person}), of=own)
        held = repr(list(own.recorder.journal._calls))
        assert NUMBER not in held
        assert NAME not in held
