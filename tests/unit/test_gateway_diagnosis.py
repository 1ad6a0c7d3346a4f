"""A request of signature v3 that does not verify says what its maker did wrong."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockface.gateway import hosts, tc3
from mockface.gateway.diagnosis import explain_tc3, explain_value, v3
from mockface.gateway.making import tc3_headers
from mockface.gateway.tc3 import Tc3Claims, Variant
from mockface.reasons import Said
from tests.unit.test_languages import must_be_chinese

KEY = "mock-secret-key-0123456789abcdef"
ID = "AKIDmock0000000000000000000000000000"
NOW = 1700000000
FIELDS = {"IdCard": "110110199909090904", "Name": "张三", "ImageBase64": "/9j/<&>4AAQSkZJRg=="}
BODY = json.dumps(FIELDS).encode()
HOST = "faceid.tencentcloudapi.com"


def made(*, body=BODY, now=NOW, host=HOST, key=KEY, service="faceid", sent=None):
    """The headers of a valid request, some of them replaced (None: left out) after it was signed."""
    found = tc3_headers(
        body, action="ImageRecognition", host=host, secret_id=ID, secret_key=key, now=now, service=service
    )
    replaced = {name.lower().encode(): value.encode() for name, value in found} | (sent or {})
    return {name: value for name, value in replaced.items() if value is not None}


def signing(
    headers, *, names=("content-type", "host"), date="2023-11-14", service="faceid", body=BODY, now=NOW, **parts
):
    """Those headers with an Authorization that signs other parts than they say."""
    values = {**headers, **parts.get("values", {})}
    lines = tc3.signed_lines(values, names, tc3.PLAIN)
    canonical = tc3.canonical_text(
        parts.get("method", "POST"), parts.get("path", "/"), parts.get("query", b""), lines, names,
        parts.get("payload", tc3.sha256_hex(body)),
    )  # fmt: skip
    canonical = parts.get("bent", lambda text: text)(canonical)
    text = tc3.string_to_sign(
        str(parts.get("time", now)), tc3.scope(date, service), canonical, parts.get("word", tc3.ALGORITHM)
    )
    claims = Tc3Claims(ID, date, service, tuple(names), tc3.sign(KEY, date, service, text))
    return {**headers, b"authorization": tc3.authorization(claims).encode()}


def told(headers, *, body=BODY, now=NOW, key=KEY, method="POST", path="/", query=b"", **options):
    return explain_tc3(
        method=method, path=path, query=query, headers=headers, body=body, secret_key=key, now=now, **options
    )


def test_a_good_request_has_no_mistakes_and_its_lines_are_those_that_were_signed():
    found = told(made())
    assert (found.mistakes, found.notes, found.why, found.variant) == ((), (), "", tc3.PLAIN)
    assert found.canonical == (
        "POST", "/", "", "content-type:application/json", f"host:{HOST}", "", "content-type;host",
        hashlib.sha256(BODY).hexdigest(),
    )  # fmt: skip
    assert found.signed.startswith("TC3-HMAC-SHA256\n1700000000\n2023-11-14/faceid/tc3_request\n")
    assert found.claims.signature == found.expected


def test_without_the_key_the_lines_are_rebuilt_and_nothing_is_expected():
    found = told(made(), key=None)
    assert (found.expected, found.variant, found.mistakes) == (None, None, ())
    assert found.canonical == told(made()).canonical


def test_without_the_body_its_hash_will_do():
    known = told(made(), body=None, payload_hash=tc3.sha256_hex(BODY))
    assert known == told(made())
    unknown = told(made(), body=None)
    assert unknown.canonical[-1] == "(the SHA-256 of the body)"
    assert (unknown.expected, unknown.mistakes) == (None, ())


def lower_action():
    headers = made(sent={b"content-type": b"application/json; charset=UTF-8"})
    return signing(
        headers, names=("content-type", "host", "x-tc-action"), values={b"x-tc-action": b"imagerecognition"}
    )  # fmt: skip


ONE_O_CLOCK = NOW - 76_400
"""2023-11-14 01:00:00 UTC; NOW is 22:13:20 of that day."""
REQUESTS = {
    "the date in China": (
        lambda: told(signing(made(), date="2023-11-15")),
        "the scope's date 2023-11-15 is not the UTC date of X-TC-Timestamp; expected 2023-11-14 (2023-11-15 is the date in China, UTC+8)",
    ),
    "the date in America": (
        lambda: told(signing(made(now=ONE_O_CLOCK), date="2023-11-13", now=ONE_O_CLOCK), now=ONE_O_CLOCK),
        "expected 2023-11-14 (2023-11-13 is the local date of UTC-12 to UTC-2)",
    ),
    "a date of nowhere": (lambda: told(signing(made(), date="2022-11-13")), "(2022-11-13 is the local date of no time zone)"),
    "another service": (
        lambda: told(made(service="cvm")),
        "the scope's service is 'cvm'; expected 'faceid' on this host",
    ),
    "a clock behind": (
        lambda: told(made(), now=NOW + 301),
        "X-TC-Timestamp is 301 s behind this server's clock; expected at most 300 s",
    ),
    "a time zone ahead": (lambda: told(made(), now=NOW - 28800), "(it is 8 h: a local time taken for UTC?)"),
    "milliseconds": (
        lambda: told(made(sent={b"x-tc-timestamp": b"1700000000000"})),
        "X-TC-Timestamp 1700000000000 looks like milliseconds; expected seconds: 1700000000",
    ),
    "milliseconds, seconds signed": (
        lambda: told(made(sent={b"x-tc-timestamp": b"1700000000000"})),
        "it signs the time in seconds and sends it in milliseconds",
    ),
    "no time": (lambda: told(made(sent={b"x-tc-timestamp": None})), "X-TC-Timestamp did not come"),
    "no number": (lambda: told(made(sent={b"x-tc-timestamp": b"now"})), "X-TC-Timestamp is 'now'; expected whole"),
    "the clock asked twice": (
        lambda: told(signing(made(), time=NOW + 1)),
        "it signs the time 1700000001, and X-TC-Timestamp is 1700000000; ask the clock once",
    ),
    "another algorithm": (
        lambda: told(made(sent={b"authorization": made()[b"authorization"].replace(b"TC3", b"AWS4")})),
        "the algorithm is 'AWS4-HMAC-SHA256'; expected TC3-HMAC-SHA256",
    ),
    "another algorithm signed": (
        lambda: told(signing(made(), word="TC3-HMAC-SHA1")),
        "the string to sign begins with 'TC3-HMAC-SHA1'",
    ),
    "no host signed": (lambda: told(signing(made(), names=("content-type",))), "SignedHeaders has no host"),
    "no content type signed": (lambda: told(signing(made(), names=("host",))), "SignedHeaders has no content-type"),
    "a header that did not come": (
        lambda: told(signing(made(), names=("content-type", "host", "x-a"))),
        "SignedHeaders names 'x-a', which did not come",
    ),
    "not sorted": (
        lambda: told(signing(made(), names=("host", "content-type"))),
        "SignedHeaders is not sorted; expected content-type;host",
    ),
    "capitals in the names": (
        lambda: told(signing(made(), names=("Content-Type", "Host"))),
        "SignedHeaders has capital letters",
    ),
    "capitals in the signature": (
        lambda: told(made(sent={b"authorization": _upper_signature()})),
        "Signature has capital letters",
    ),
    "a key with a blank": (lambda: told(made(key=f"{KEY} ")), "it is signed with the SecretKey with a blank behind it"),
    "a key with a line break": (lambda: told(made(key=f"{KEY}\n")), "SecretKey with a line break behind it"),
    "the server's key has blanks": (
        lambda: told(made(), key=f" {KEY}"),
        "the SecretKey that the server knows has blanks around it",
    ),
    "the id for the key": (lambda: told(made(key=ID)), "it is signed with the SecretId in the place of the SecretKey"),
    "no TC3 before the key": (lambda: told(_without_tc3()), "expected 'TC3' before it"),
    "a port that is not sent": (
        lambda: told(made(host="api.test:443", sent={b"host": b"api.test"})),
        "it signs the host 'api.test:443'; expected 'api.test', as Host says",
    ),
    "the vendor's host": (
        lambda: told(made(sent={b"host": b"127.0.0.1:8641"})),
        f"it signs the host '{HOST}'; expected '127.0.0.1:8641', as Host says",
    ),
    "another content type": (
        lambda: told(made(sent={b"content-type": b"application/json; charset=utf-8"})),
        "it signs the Content-Type 'application/json'; expected 'application/json; charset=utf-8', as it is sent",
    ),
    "one value in lower case": (
        lambda: told(lower_action()),
        "it signs the value of 'x-tc-action' alone in lower case",
    ),
    "no empty line": (
        lambda: told(signing(made(), bent=lambda text: text.replace(b"\n\ncontent-type;", b"\ncontent-type;"))),
        "the canonical request has no empty line behind the headers",
    ),
    "a path": (lambda: told(signing(made(), path="/v3"), path="/v3"), "it signs the path '/v3'; expected /"),
    "the query of a POST": (lambda: told(signing(made(), query=b"a=1"), query=b"a=1"), "it signs the query of a POST"),
    "the query sorted": (
        lambda: told(signing(made(), method="GET", query=b"A=1&B=2", body=b""), method="GET", query=b"B=2&A=1"),
        "it signs the query sorted; expected the query as it is sent",
    ),
    "the body of a GET": (
        lambda: told(signing(made(), method="GET"), method="GET"),
        "it signs the body, though a GET has none",
    ),
    "an empty body": (lambda: told(signing(made(), body=b"")), "it signs an empty body"),
    "an unsigned payload": (
        lambda: told(signing(made(), body=b"UNSIGNED-PAYLOAD")),
        "it signs UNSIGNED-PAYLOAD; expected the header X-TC-Content-SHA256 to say so",
    ),
    "the body, though it is unsigned": (
        lambda: told(made(sent={b"x-tc-content-sha256": b"UNSIGNED-PAYLOAD"})),
        "it signs the body, though X-TC-Content-SHA256 says UNSIGNED-PAYLOAD",
    ),
    "the hash in capitals": (
        lambda: told(signing(made(), payload=tc3.sha256_hex(BODY).upper())),
        "the hash of the body is in capital letters",
    ),
    "another key": (lambda: told(made(key="another")), "no usual mistake makes this signature: another SecretKey"),
    "no authorization": (lambda: told(made(sent={b"authorization": None})), "Authorization: it is empty"),
}  # fmt: skip


def _upper_signature():
    head, _, signature = made()[b"authorization"].rpartition(b"=")
    return head + b"=" + signature.upper()


def _without_tc3():
    headers = made()
    lines = tc3.signed_lines(headers, ("content-type", "host"), tc3.PLAIN)
    canonical = tc3.canonical_text("POST", "/", b"", lines, ("content-type", "host"), tc3.sha256_hex(BODY))
    key = KEY.encode()
    text = tc3.string_to_sign(str(NOW), "2023-11-14/faceid/tc3_request", canonical)
    for one in ("2023-11-14", "faceid", "tc3_request", text):
        key = hmac.digest(key, one.encode(), "sha256")
    head, _, _ = headers[b"authorization"].rpartition(b"=")
    return {**headers, b"authorization": head + b"=" + key.hex().encode()}


@pytest.mark.parametrize("name", REQUESTS)
def test_every_usual_mistake_is_named(name):
    ask, words = REQUESTS[name]
    found = ask()
    assert any(words in mistake for mistake in found.mistakes), found.mistakes
    assert len(found.mistakes) <= 2
    for mistake in found.mistakes:
        assert isinstance(mistake, Said)
        assert mistake.isascii()
        assert KEY not in mistake + mistake.zh
        assert "expected" in mistake or mistake.endswith("?") or "did not come" in mistake or "ask the clock" in mistake
    must_be_chinese(found.mistakes, [mistake.zh for mistake in found.mistakes])


WRITTEN = {
    "JSON.stringify": json.dumps(FIELDS, ensure_ascii=False, separators=(",", ":")),
    "ensure_ascii=False": json.dumps(FIELDS, ensure_ascii=False),
    "json.dumps with separators": json.dumps(FIELDS, separators=(",", ":")),
    "Go's json.Marshal": (
        '{"IdCard":"110110199909090904","Name":"张三","ImageBase64":"/9j/\\u003c\\u0026\\u003e4AAQSkZJRg=="}'
    ),
    "JSON_UNESCAPED_UNICODE": '{"IdCard":"110110199909090904","Name":"张三","ImageBase64":"\\/9j\\/<&>4AAQSkZJRg=="}',
    "PHP's json_encode)": (
        '{"IdCard":"110110199909090904","Name":"\\u5f20\\u4e09","ImageBase64":"\\/9j\\/<&>4AAQSkZJRg=="}'
    ),
    "Java's Gson": (
        '{"IdCard":"110110199909090904","Name":"张三",'
        '"ImageBase64":"/9j/\\u003c\\u0026\\u003e4AAQSkZJRg\\u003d\\u003d"}'
    ),
    "indented by 2": json.dumps(FIELDS, ensure_ascii=False, indent=2),
    "names sorted": json.dumps(FIELDS, sort_keys=True),
    "without the blanks around it": BODY.decode(),
    "Python's json.dumps": BODY.decode(),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_a_body_that_was_written_anew_behind_the_signature_is_named_by_what_wrote_it(name):
    sent = BODY + b"\n" if "around" in name else BODY
    if name == "Python's json.dumps":
        sent = WRITTEN["JSON.stringify"].encode()
    found = told(made(body=WRITTEN[name].encode()), body=sent)
    assert len(found.mistakes) == 1
    assert found.mistakes[0].startswith("it signs another body than it sends: ")
    assert name in found.mistakes[0]
    must_be_chinese(found.mistakes, [found.mistakes[0].zh])


def test_a_large_body_is_not_written_anew(monkeypatch):
    monkeypatch.setattr(v3, "LARGEST_REWRITTEN", 10)
    found = told(made(body=b"{}{}"))
    must_be_chinese(found.mistakes, [mistake.zh for mistake in found.mistakes])
    assert found.mistakes[1] == "a body above 10 bytes is not written anew to see whether another was signed"


def test_what_is_no_json_or_nested_deeply_is_not_written_anew():
    for body in (b"\xff", b"[" * 100_000, b'{"a":' * 50_000):
        assert "no usual mistake" in told(made(), body=body).mistakes[0]


@pytest.mark.parametrize(
    ("headers", "variant", "words"),
    [
        (
            made(host="127.0.0.1", service="127", sent={b"host": b"127.0.0.1:8641"}),
            Variant(hosts.WITHOUT_PORT),
            ("the host is signed without its port, as '127.0.0.1'; this is accepted",
             "the scope's service is '127', not faceid: Node, PHP and Java take it from the host; this is accepted"),
        ),
        (
            made(host="http://127.0.0.1:8641"),
            tc3.PLAIN,
            ("Host is a URL, as tccli sends it; this is accepted",),
        ),
        (
            made(sent={b"host": b"FaceID.tencentcloudapi.com"}),
            Variant(lower_case=True),
            ("the values of headers are signed in lower case, as the documentation does; this is accepted",),
        ),
    ],
)  # fmt: skip
def test_what_a_real_client_does_otherwise_is_a_note_and_no_mistake(headers, variant, words):
    found = told(headers)
    assert (found.variant, found.notes, found.mistakes) == (variant, words, ())
    must_be_chinese(found.notes, [note.zh for note in found.notes])
    assert found.expected == found.claims.signature


def test_without_a_readable_authorization_the_lines_are_those_that_would_work():
    found = told(made(sent={b"authorization": b"nonsense"}))
    assert found.claims is None
    assert found.expected == told(made()).expected


names = st.sampled_from([b"authorization", b"host", b"content-type", b"x-tc-timestamp", b"x-tc-content-sha256"])
values = st.binary() | st.sampled_from([*made().values(), b"http://a:1/", b"UNSIGNED-PAYLOAD", b"9" * 15])


@given(
    st.sampled_from(["GET", "POST", ""]) | st.text(), st.text(), st.binary(),
    st.lists(st.tuples(names | st.binary(), values)), st.none() | st.binary(), st.none() | st.text(), st.floats(),
)  # fmt: skip
def test_any_request_is_explained(method, path, query, headers, body, key, now):
    found = told(headers, method=method, path=path, query=query, body=body, key=key, now=now)
    assert found.canonical
    assert found.claims or found.why


@given(st.dictionaries(names, values), st.binary())
def test_a_request_with_anything_replaced_is_explained(replaced, body):
    found = told({**made(), **replaced}, body=body)
    assert found.variant or found.mistakes


def test_a_value_alone_says_what_it_can():
    value = made()[b"authorization"].decode()
    claims, mistakes = explain_value(value, NOW)
    assert claims == tc3.read(value)
    assert mistakes == ()
    assert explain_value(value, NOW + 6400 + 200)[1] == ()  # today's date is another one, for less than 300 s
    _, (old,) = explain_value(value, NOW + 86400)
    assert old.startswith("the scope's date is 2023-11-14, and today is 2023-11-15 (UTC); expected the UTC date of")
    _, found = explain_value(value.replace("content-type;host", "Host").replace("TC3", "AWS4"), NOW)
    assert [one.partition(";")[0] for one in found] == [
        "Authorization: the algorithm is 'AWS4-HMAC-SHA256'", "SignedHeaders has no content-type",
        "SignedHeaders has capital letters",
    ]  # fmt: skip
    must_be_chinese((old, *found), [one.zh for one in (old, *found)])


@given(st.text(), st.floats())
def test_any_value_is_explained(value, now):
    claims, mistakes = explain_value(value, now)
    assert claims or mistakes
