"""The target for the whole way from a request to its answer, its journal entry and its verdict."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any

from fuzz.fed import Fed, chunks_of
from fuzz.readers import is_a_why
from mockface.emulator import Emulator
from mockface.journal.verdict import verdict
from mockface.model import Answer, RawRequest
from mockface.operations.idcardcompare import OPERATION as IDCARDCOMPARE
from mockface.request import body
from mockface.request.headers import head_of
from mockface.signature.accounts import TEST_ACCOUNT
from mockface.web.admin.calls import whole
from tests.making import JPEG, NOW, closed, emulator, part, sign, sign_text

PERSON_NUMBER = "310104198807215532"
PERSON_NAME = "欧阳某某"
KEY = "never-to-be-seen-0123456789"
MARK = b"\x89SEEN-BYTES-OF-A-PICTURE"
"""What may not leave: a number of nobody that looks like a person's, a name, a key, bytes of a picture."""

_TEAM = f"""
default:
  well_formed: {{ sequence: [{{ similarity: 99.5, delay: {{ uniform: [0s, 1s] }} }}, {{ code: 15 }}], then: loop }}
  malformed: {{ code: -5801, rate: 0.5, otherwise: {{ code: 213, delay: {{ lognormal: {{ median: 1s, sigma: 1, max: 9s }} }} }} }}
scenarios:
  "110110199907010018": {{ name: 张三, similarity: 92.5, data: [1, {{ a: null }}] }}
  "1101101999072?###?": {{ similarity: {{ digits_times: 0.1 }} }}
  "310104198807??????": {{ sequence: [{{ code: 15 }}, {{ similarity: 1, status: 599 }}], then: default }}
accounts:
  - {{ appid: "1250000000", secret_id: AKIDown, secret_key: {KEY}, buckets: [b], rate_limit: 5/s }}
  - {{ appid: "1250000009", secret_id: AKIDarrears, secret_key: {KEY}, state: arrears }}
"""
_EMULATORS: list[Emulator] = []
_MODES = ("shape", "verify", "off")


def _emulators() -> list[Emulator]:
    """Made once: the shipped one in each mode, a team's, a strict one."""
    if not _EMULATORS:
        _EMULATORS.extend(emulator(signature=mode) for mode in _MODES)
        _EMULATORS.extend(emulator(_TEAM, signature=mode, pictures="any") for mode in _MODES)
        _EMULATORS.append(emulator(_TEAM, hosts=("a.example",), deny_real_ids=True, body_limit=2000))
    return _EMULATORS


_VALUES = (
    "1250000000", "1250000009", "110110199909090909", "110110199907010018", "110110199907212341", "张三", PERSON_NUMBER,
    PERSON_NAME, PERSON_NUMBER.lower()[:17], "1101101999" + PERSON_NUMBER, "http://example.com/" + PERSON_NUMBER,
    "abc" + PERSON_NUMBER, "", "\ud800", "\x1b[31m", "a\r\nX-Forged: 1", "mockbucket", "b-1250000000",
)  # fmt: skip
_FIELDS = ("appid", "idcard_number", "idcard_name", "url", "session_id", "bucket", "image", "seq")
_HEADERS = (
    b"user-agent",
    b"host",
    b"origin",
    b"x-own",
    b"cookie",
    b"upgrade",
    b"proxy-connection",
    b"expect",
    b"authorization",
)


def _text(fed: Fed) -> str:
    return fed.text(40) if fed.number(3) == 2 else fed.choice(_VALUES)


def _bytes(fed: Fed) -> bytes:
    return _text(fed).encode("utf-8", "backslashreplace")


def _image(fed: Fed) -> bytes:
    start = fed.choice((JPEG, b"GIF89a", MARK, b"RIFF\0\0\0\0WEBP", b"", b"data:image/png;base64,"))
    rest = fed.choice((MARK * 3, base64.b64encode(b"\x89PNG\r\n\x1a\n" + MARK * 20), PERSON_NUMBER.encode()))
    return start + rest


def _fields(fed: Fed) -> dict[str, str]:
    """The fields of a valid call, with what is changed."""
    given = {
        "appid": "1250000000",
        "idcard_number": fed.choice(_VALUES[2:]),
        "idcard_name": fed.choice(("张三", PERSON_NAME)),
    }
    given[fed.choice(("url", "image"))] = fed.choice(("http://example.com/x.jpg", base64.b64encode(JPEG).decode()))
    for _ in range(fed.number(4)):
        given[fed.choice(_FIELDS)] = _text(fed)
    return given


def _json(fed: Fed) -> bytes:
    given: dict[str, Any] = _fields(fed)
    if fed.number(4) == 3:
        given[fed.choice(_FIELDS)] = fed.choice((None, 1, True, [], {}, 1.5))
        given[fed.choice(("image", "seq"))] = base64.b64encode(_image(fed)).decode()
    return json.dumps(given, ensure_ascii=bool(fed.number(2))).encode("utf-8", "surrogatepass")


def _multipart(fed: Fed) -> bytes:
    parts = []
    for name, value in _fields(fed).items():
        content = _image(fed) if name == "image" else value.encode("utf-8", "surrogatepass")
        parts.append(part(fed.choice((f'name="{name}"', f'name="{name}"; filename="x"', f"name={name};")), content))
    return closed(*parts)


def _mangled(made: bytes, fed: Fed) -> bytes:
    """Some bytes replaced, left out or put in."""
    content = bytearray(made)
    for _ in range(fed.number(4)):
        at = fed.number(65_536) % (len(content) + 1)
        content[at : at + fed.number(40)] = fed.choice((b"", b"\r\n", b"\n", MARK, PERSON_NAME.encode())) + fed.short(8)
    return bytes(content)


def _authorization(fed: Fed) -> bytes:
    kind = fed.number(8)
    if kind < 3:
        return sign().encode()
    if kind == 3:
        return sign(secret_id="AKIDown", secret_key=KEY, bucket=fed.choice(("b", "c", ""))).encode()
    if kind == 4:
        expires, resource = fed.choice((NOW, NOW + 1, NOW + 10**8, 0)), fed.choice(("", "/x", PERSON_NUMBER))
        return sign(appid=fed.choice(_VALUES[:2]), expires_at=expires, resource=resource).encode()
    if kind == 5:
        text = "&".join(f"{fed.choice('aketbfrz')}={fed.text(30)}" for _ in range(fed.number(9)))
        return sign_text(text.encode("utf-8", "backslashreplace").decode(), KEY).encode()
    if kind == 6:
        return _mangled(sign().encode(), fed)
    return fed.short()


def request(fed: Fed, limit_bytes: int) -> RawRequest:
    """A request, mostly near a valid one."""
    method = fed.choice(("POST", "POST", "POST", "GET", fed.text(30)))
    path = fed.choice(
        (
            IDCARDCOMPARE.path,
            IDCARDCOMPARE.path,
            IDCARDCOMPARE.path,
            IDCARDCOMPARE.path + "/" * 60 + PERSON_NUMBER,
            "/" + fed.text(),
        )
    )
    query = fed.choice((b"", b"", b"appid=1250000000", b"appid=" + _bytes(fed)))
    headers = [(fed.choice(_HEADERS), _bytes(fed)) for _ in range(fed.number(4))]
    authorization = _authorization(fed)
    if fed.number(8) != 7:
        headers.append((b"authorization", authorization))
    sizes = Fed(fed.short(8))
    kind = fed.number(8)
    if kind < 4:
        content_type, made = b"application/json", _json(fed)
    elif kind < 7:
        content_type, made = b"multipart/form-data; boundary=------------------------acebdf13572468", _multipart(fed)
    else:
        content_type, made = _bytes(fed), fed.rest()
    if fed.number(3) == 2:
        made = _mangled(made, fed)
    headers.append((b"content-type", content_type))
    reader = body.BodyReader(body.reader_for([content_type], IDCARDCOMPARE.table), limit_bytes)
    for chunk in chunks_of(made, sizes):
        if not reader.feed(chunk):
            break
    length = fed.choice((b"", str(len(made)).encode(), b"1000000000", b"9" * 5000))
    if length:
        headers.append((b"content-length", length))
    return RawRequest(method, path, query, headers, reader.finish(), head_of(headers))


def whole_call(content: bytes) -> None:
    """Any request gets an answer that may be shown to anybody, and code 0 only if it deserves one."""
    fed = Fed(content)
    which = fed.number(len(_emulators()))
    one = _emulators()[which]
    raw = request(fed, one.rules.body_limit_bytes)
    answer = one.answer(raw)
    _is_an_answer(answer)
    if answer.code == 0:
        _deserves_success(raw, _MODES[which % 3], one)
    entry = one.recorder.journal.entries()[-1]
    assert entry.id == answer.id
    told = {
        **whole(entry, hints=True),
        "verdict": verdict(entry, IDCARDCOMPARE.checks[one.mode], one.rules, one.scenarios),
    }
    printed = json.dumps(told, ensure_ascii=False, default=str) + repr(entry)
    printed.encode("utf-8")
    _holds_no_secret(printed + (answer.why or ""), raw)


def _is_an_answer(answer: Answer) -> None:
    if answer.fault is None:
        envelope = json.loads(answer.body)
        assert type(envelope["code"]) is int
        assert envelope["code"] == answer.code
        assert isinstance(envelope["message"], str)
    assert 200 <= answer.status <= 599
    assert 0 <= answer.delay_s < float("inf")
    if answer.why is not None:
        is_a_why(answer.why)
        assert len(answer.why) <= 400


def _deserves_success(raw: RawRequest, mode: str, one: Emulator) -> None:
    """What a call must be for code 0, told anew without mockface's own readers of signatures."""
    read = raw.body
    assert (raw.method, raw.path) == ("POST", IDCARDCOMPARE.path)
    assert read.fault is None
    assert not read.over_limit
    assert all(isinstance(read.fields.get(name), str) for name in ("idcard_number", "idcard_name"))
    assert {"url", "image"} & set(read.fields)
    if mode == "off":
        return
    given = {value.strip() for name, value in raw.headers if name == b"authorization"}
    assert len(given) == 1
    try:
        decoded = base64.b64decode(given.pop() + b"==")
    except binascii.Error as fault:
        raise AssertionError("success with an Authorization that is no base64") from fault
    pairs = dict(pair.split("=", 1) for pair in decoded[20:].decode("ascii").split("&"))
    appid = read.fields.get("appid") or pairs["a"]
    assert pairs["a"] == appid
    assert float(pairs["e"]) == 0 or float(pairs["e"]) > NOW
    if mode == "verify":
        key = one.rules.accounts[pairs["k"]].secret_key.encode()
        assert hmac.new(key, decoded[20:], hashlib.sha1).digest() == decoded[:20]


def _holds_no_secret(printed: str, raw: RawRequest) -> None:
    """Nothing of the person, no key, no token, no byte of a picture."""
    for window in (PERSON_NUMBER[at : at + 9] for at in range(len(PERSON_NUMBER) - 8)):
        assert window not in printed, f"{window} of the number is in {printed}"
    assert KEY not in printed
    assert TEST_ACCOUNT.secret_key not in printed
    for mark in (
        MARK[1:].decode("latin-1"),
        MARK[1:9].hex(" "),
        MARK[1:9].hex(),
        base64.b64encode(MARK)[4:16].decode(),
    ):
        assert mark not in printed, f"{mark} is in {printed}"
    _holds_no_name(printed, raw)
    for name, value in raw.headers:
        token = value.decode("latin-1").strip()
        if name == b"authorization" and len(set(token)) > 20 and token not in raw.path:
            assert token not in printed


def _holds_no_name(printed: str, raw: RawRequest) -> None:
    """A name can only be known for one where a body says so; what does not parse must not be quoted at all."""
    number = raw.body.fields.get("idcard_number")
    reserved = isinstance(number, str) and number.startswith("1101101999")
    known = not reserved and raw.body.fields.get("idcard_name") == PERSON_NAME
    outside = repr((raw.headers, raw.path, raw.method, raw.query))
    as_bytes = PERSON_NAME.encode()[:6].decode("latin-1")
    elsewhere = PERSON_NAME in outside or repr(PERSON_NAME.encode()[:6])[2:-1] in outside or as_bytes in outside
    if known or (raw.body.fault is not None and not elsewhere):
        for mark in (PERSON_NAME, ascii(PERSON_NAME)[1:-1], as_bytes, ascii(as_bytes)[1:-1]):
            assert mark not in printed, f"{mark!a} is in {printed!a}"
