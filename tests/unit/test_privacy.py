"""Nothing of a person, no key, no token and no byte of a picture is told to anybody, wherever the client put it."""

import json
from typing import Any

import pytest

from mockface import idcard
from mockface.idcard import is_reserved
from mockface.journal.entry import Masks
from mockface.journal.text import call_line, verdict_text
from mockface.journal.verdict import verdict
from mockface.operations.idcardcompare import OPERATION as IDCARDCOMPARE
from mockface.web.admin.calls import whole
from tests.making import (
    BOUNDARY,
    LEFT_OUT,
    MULTIPART_TYPE,
    ask,
    closed,
    emulator,
    json_body,
    multipart_body,
    part,
    sign,
    sign_text,
)

NUMBER = "310104198807215532"
NAME = "欧阳某某"
PICTURE = b"\x89qqqzzz picture but a secret"
PERSON = {"idcard_number": NUMBER, "idcard_name": NAME}


def told_of(content=None, **changes):
    """All that is told of a call: its entry, its verdict, its why."""
    own = emulator()
    answer = ask(content, of=own, **changes)
    (entry,) = own.recorder.journal.entries()
    explained = verdict(entry, IDCARDCOMPARE.checks[own.mode], own.rules, own.scenarios)
    return json.dumps([whole(entry, hints=True), explained, answer.why], ensure_ascii=False)


def pieces(number):
    return [number[at : at + 9] for at in range(len(number) - 8)]


LONG = "/" * 60
WAYS: dict[str, dict[str, Any]] = {
    "in a url that is cut": {"content": json_body(url="abc" + NUMBER)},
    "in a path that is cut": {"path": "/face" + LONG + NUMBER},
    "in a path of 250 characters": {"path": "/" * 240 + NUMBER},
    "in a header of 250 bytes": {"headers": [(b"user-agent", b"x" * 245 + NUMBER.encode())]},
    "in the name of a header": {"headers": [(b"x" * 92 + NUMBER.encode(), b"")]},
    "in an appid that is cut": {"content": json_body(appid="1234567" + NUMBER)},
    "in an appid of 250 characters": {"content": json_body(appid="x" * 250 + NUMBER)},
    "in a method": {"method": "POSTPOST" + NUMBER},
    "in a host": {"headers": [(b"host", b"x" * 50 + NUMBER.encode())]},
    "in a bucket": {"content": json_body(bucket="x" * 30 + NUMBER)},
    "in the signature": {"authorization": sign(resource="/" * 245 + NUMBER, bucket="b" * 55 + NUMBER)},
    "in a signature without pairs": {"authorization": sign_text("a=1&12345" + NUMBER)},
    "behind a reserved number": {"content": json_body(idcard_number="1101101999" + NUMBER)},
    "behind a reserved number in a path": {"path": "/1101101999" + NUMBER},
    "behind zeros": {"path": "/" + "0" * 14 + NUMBER},
}


RESERVED = "110110199907010018"


def test_another_number_beside_a_reserved_one_is_not_told():
    for field in ("session_id", "idcard_name", "bucket", "url"):
        told = told_of(json_body(**{"idcard_number": RESERVED, field: "http://x/" + NUMBER}))
        assert not [piece for piece in pieces(NUMBER) if piece in told], field


@pytest.mark.parametrize("way", WAYS)
def test_no_piece_of_an_id_number_is_told(way):
    told = told_of(**WAYS[way])
    assert not [piece for piece in pieces(NUMBER) if piece in told], told


@pytest.mark.parametrize("number", ["３１０１０４１９８８０７２１５５３２", "EA1234567", "M 310104 19880721 553"])
def test_a_number_of_another_kind_is_not_told_where_it_is_cut(number):
    told = told_of(json_body(idcard_number=number, url="xy" + number), path="/" * 70 + number)
    assert number[:7] not in told
    assert ascii(number[:7])[1:-1].replace("\\", "\\\\") not in told


def test_a_name_is_not_told_where_it_stands_as_bytes():
    told = told_of(json_body(**PERSON), headers=[(b"user-agent", NAME.encode()), (b"host", NAME.encode())])
    assert NAME.encode()[:6].decode("latin-1") not in told


def test_the_pattern_of_a_scenario_does_not_spell_a_number():
    own = emulator('scenarios: { "310104198807??????": { code: 15 } }')
    answer = ask(json_body(**PERSON), of=own)
    assert answer.why == "scenario 310*************?? (team.yaml:1) answers 15 TOO_FREQUENT"
    assert own.recorder.journal.entries()[0].scenario == "310*************??"


def test_a_name_is_not_told_where_it_is_cut():
    why = ask(json_body(**PERSON), path="/" + "x" * 77 + NAME).why
    assert why is not None
    assert "***..." in why
    assert ascii(NAME[:2])[1:-1] not in why


BROKEN = {
    "a name where a header is wanted": closed(b"--" + BOUNDARY.encode() + b"\r\n" + NAME.encode() + b"\r\n\r\n\r\n"),
    "a picture where a header is wanted": closed(part('name="image"', b"")[:-4] + PICTURE + b"\r\n\r\n\r\n"),
    "a name behind a boundary": multipart_body().replace(
        BOUNDARY.encode() + b"\r\n", BOUNDARY.encode() + NAME.encode(), 1
    ),
    "a picture behind the first boundary": b"--" + BOUNDARY.encode() + PICTURE + b"\r\n" + multipart_body(),
}


@pytest.mark.parametrize("way", BROKEN)
def test_a_multipart_body_that_does_not_parse_is_not_quoted(way):
    told = told_of(BROKEN[way], content_type=MULTIPART_TYPE)
    assert "does not parse" in told
    quotes_nothing(told)


def test_a_picture_that_begins_with_the_boundary_is_not_quoted():
    told = told_of(multipart_body(b"\r\n--" + BOUNDARY.encode() + PICTURE), content_type=MULTIPART_TYPE)
    assert "by its first bytes" in told
    quotes_nothing(told)


def quotes_nothing(told):
    for secret in (NAME.encode()[:6], PICTURE[1:7]):
        assert secret.decode("latin-1") not in told
        assert ascii(secret.decode("latin-1"))[1:-1].replace("\\", "\\\\") not in told


def test_a_picture_of_no_known_format_is_named_and_not_shown():
    told = told_of(multipart_body(PICTURE), content_type=MULTIPART_TYPE)
    assert "is in an unknown format by its first bytes" in told
    assert PICTURE[:4].hex(" ") not in told
    for head, name in {
        b"%PDF-1.7": "a PDF",
        b"\0\0\0\x18ftypheic": "a HEIC",
        b"<html>": "XML or HTML",
        b"hello!": "text",
    }.items():
        assert f"looks like {name}" in told_of(multipart_body(head), content_type=MULTIPART_TYPE)


def test_no_secret_id_is_told_whole():
    told = told_of(authorization=sign(secret_id="AKIDof-someone-else", expires_at=1))
    assert "AKIDof-s..." in told
    assert "AKIDof-someone" not in told


def test_a_reserved_number_has_18_characters_at_most():
    assert is_reserved("110110199907010018")
    assert is_reserved("11011019990701")
    assert not is_reserved("1101101999070100180")


def test_a_reserved_number_is_told_as_it_came():
    assert "110110199907010018" in told_of(json_body(idcard_number="110110199907010018"), path="/110110199907010018")
    assert "110110199907010018" in told_of(json_body(url="x" + "110110199907010018", idcard_name=LEFT_OUT))


HOSTILE = "\x1b]0;owned\x07\r\nmockface: all is well\u202e"


def test_what_a_client_sent_cannot_speak_to_the_terminal():
    own = emulator()
    fields = {"idcard_number": "1101101999\x1b[31m", "idcard_name": HOSTILE, "session_id": HOSTILE, "bucket": HOSTILE}
    odd = [(b"upgrade", HOSTILE.encode()), (b"host", HOSTILE.encode())]
    ask(json_body(**fields), of=own, path="/" + HOSTILE, method=HOSTILE, headers=odd)
    ask(json_body(**{**fields, "appid": HOSTILE}), of=own, headers=odd)
    for entry in own.recorder.journal.entries():
        call = {
            **whole(entry, hints=True),
            "verdict": verdict(entry, IDCARDCOMPARE.checks[own.mode], own.rules, own.scenarios),
        }
        for line in [call_line(call), *verdict_text(call).split("\n")]:
            assert line.isprintable(), ascii(line)
        assert "\nmockface" not in verdict_text(call)


def test_half_a_surrogate_pair_is_told_as_an_escape():
    odd = "\ud800"
    for number in (RESERVED, "1101101999" + odd, NUMBER):
        told = told_of(
            json_body(idcard_number=number, idcard_name=odd, session_id=odd, appid=odd, bucket=odd, url=odd),
            path="/" + odd,
        )
        told.encode("utf-8")


@pytest.mark.parametrize("length", range(13, 21))
@pytest.mark.parametrize("prefix", [idcard.RESERVED_PREFIX, NUMBER[:10], "", "1101101998", "x" * 10])
def test_the_key_of_a_number_is_the_number_where_it_is_reserved_and_nowhere_else(prefix, length):
    number = (prefix + "070100100X00")[:length]
    assert (Masks().key(number) == number.upper()) == is_reserved(number.upper())
    assert Masks(show_pii=True).key(number) == number.upper()
