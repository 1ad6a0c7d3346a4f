"""Signature v3: the published vectors, what each SDK signs, and what is no Authorization value."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockface.gateway import hosts, tc3
from mockface.gateway.making import tc3_headers
from mockface.gateway.tc3 import Tc3Claims, Variant
from mockface.reasons import Said
from tests.unit.test_languages import must_be_chinese

VECTORS = json.loads((Path(__file__).parent / "successor_vectors.json").read_text(encoding="utf-8"))
TC3 = VECTORS["tc3_official"] + VECTORS["tc3_own"]
KEY = "mock-secret-key-0123456789abcdef"
ID = "AKIDmock0000000000000000000000000000"
NOW = 1700000000
DATE = "2023-11-14"
HASH = tc3.sha256_hex(b"{}")
HEX = "0" * 64
GOOD = f"TC3-HMAC-SHA256 Credential={ID}/{DATE}/faceid/tc3_request, SignedHeaders=content-type;host, Signature={HEX}"
every_vector = pytest.mark.parametrize("vector", TC3, ids=range(len(TC3)))


def signed(headers, *, names=("content-type", "host"), service="faceid", method="POST", query=b"", payload=HASH):
    """Claims whose signature is over these very header values."""
    canonical = tc3.canonical_request(method, query, headers, names, payload)
    text = tc3.string_to_sign(str(NOW), tc3.scope(DATE, service), canonical)
    return Tc3Claims(ID, DATE, service, names, tc3.sign(KEY, DATE, service, text))


def verified(claims, headers, *, method="POST", query=b"", payload=HASH, key=KEY):
    return tc3.verify(
        claims, key, method=method, query=query, headers=headers, payload_hash=payload, timestamp=str(NOW)
    )


def headers_of(vector):
    return {name.encode(): value.encode() for name, value in vector["header_values_signed"].items()}


def payload_of(vector):
    came = vector["payload_hashed"]
    return tc3.UNSIGNED_PAYLOAD if came == tc3.UNSIGNED_PAYLOAD else tc3.sha256_hex(came.encode())


@every_vector
def test_every_published_step_of_a_signature_is_reproduced(vector):
    names = tuple(vector["signed_headers"].split(";"))
    query = vector["query"].encode()
    canonical = tc3.canonical_request(vector["method"], query, headers_of(vector), names, payload_of(vector))
    assert canonical.decode() == vector["canonical_request"]
    assert tc3.sha256_hex(canonical) == vector["canonical_request_sha256"]
    text = tc3.string_to_sign(str(vector["timestamp"]), tc3.scope(vector["date"], vector["service"]), canonical)
    assert text == vector["string_to_sign"]
    assert tc3.utc_date(vector["timestamp"]) == vector["date"]
    key = tc3.signing_key(vector["secret_key"], vector["date"], vector["service"])
    assert key.hex() == vector["secret_signing"]
    assert tc3.sign(vector["secret_key"], vector["date"], vector["service"], text) == vector["signature"]


@every_vector
def test_every_published_authorization_is_read_and_verifies_with_its_own_key_alone(vector):
    claims = tc3.read(vector["authorization"])
    assert isinstance(claims, Tc3Claims)
    assert (claims.secret_id, claims.date, claims.service) == (
        vector["secret_id"], vector["date"], vector["service"],
    )  # fmt: skip
    assert tc3.authorization(claims) == vector["authorization"]
    for key, variant in ((vector["secret_key"], tc3.PLAIN), (vector["secret_key"] + "x", None)):
        found = tc3.verify(
            claims, key, method=vector["method"], query=vector["query"].encode(), headers=headers_of(vector),
            payload_hash=payload_of(vector), timestamp=str(vector["timestamp"]),
        )  # fmt: skip
        assert found == variant


@pytest.mark.parametrize("vector", [one for one in VECTORS["tc3_own"] if one["method"] == "POST"])
def test_what_is_made_is_the_published_authorization(vector):
    if vector["payload_hashed"] == tc3.UNSIGNED_PAYLOAD:
        return
    made = tc3_headers(
        vector["body"].encode(), action="ImageRecognition", host=vector["headers_to_send"]["Host"], secret_id=ID,
        secret_key=KEY, now=NOW + 0.9,
    )  # fmt: skip
    assert dict(made) == {**vector["headers_to_send"], "Authorization": vector["authorization"]}


def test_what_is_made_has_token_language_and_region_where_they_are_given():
    made = dict(
        tc3_headers(
            b"{}", action="ImageRecognitionV2", host="h", secret_id=ID, secret_key=KEY, now=NOW, token="T",
            language="zh-CN", region="", service="127",
        )
    )  # fmt: skip
    assert (made["X-TC-Token"], made["X-TC-Language"], made["X-TC-Region"]) == ("T", "zh-CN", "")
    assert "/127/tc3_request" in made["Authorization"]


@pytest.mark.parametrize("now", [10**12, 10**15, 10**20])
def test_a_time_beyond_the_calendar_makes_no_headers_in_words_that_no_python_changes(now):
    with pytest.raises(ValueError, match="is beyond the calendar"):
        tc3_headers(b"", action="A", host="h", secret_id=ID, secret_key=KEY, now=now)


NODE = {b"content-type": b"application/json", b"host": b"127.0.0.1:8641"}
JAVA = {b"content-type": b"application/json; charset=utf-8", b"host": b"127.0.0.1:8641"}
TCCLI = {b"content-type": b"application/json", b"host": b"http://127.0.0.1:8641"}


@pytest.mark.parametrize(
    ("came", "changed", "service", "variant"),
    [
        (NODE, {b"host": b"127.0.0.1"}, "127", Variant(hosts.WITHOUT_PORT)),
        (NODE, {}, "localhost:8641", tc3.PLAIN),
        (JAVA, {}, "127", tc3.PLAIN),
        (TCCLI, {}, "faceid", tc3.PLAIN),
        (TCCLI, {b"host": b"127.0.0.1:8641"}, "faceid", Variant(hosts.OF_URL)),
        (TCCLI, {b"host": b"127.0.0.1"}, "faceid", Variant(hosts.OF_URL_WITHOUT_PORT)),
        ({**NODE, b"host": b"[::1]:8641"}, {b"host": b"[::1]"}, "faceid", Variant(hosts.WITHOUT_PORT)),
    ],
)  # fmt: skip
def test_the_host_and_the_service_may_be_signed_as_any_sdk_does(came, changed, service, variant):
    claims = signed({**came, **changed}, service=service)
    assert tc3.read(tc3.authorization(claims)) == claims
    assert verified(claims, came) == variant


def test_values_may_be_signed_in_lower_case_as_the_documentation_does():
    came = {
        b"content-type": b"application/json; charset=UTF-8",
        b"host": b"Api.Test",
        b"x-tc-action": b"ImageRecognition",
    }
    low = {name: value.lower() for name, value in came.items()}
    names = ("content-type", "host", "x-tc-action")
    assert verified(signed(low, names=names), came) == Variant(lower_case=True)
    assert verified(signed(came, names=names), came) == tc3.PLAIN
    assert verified(signed({**low, b"host": b"Api.Test"}, names=names), came) is None


def test_the_query_of_a_get_is_signed_as_it_is_sent():
    sent = b"Name=a+b&IdCard=1&A=%e5"
    claims = signed(NODE, method="GET", query=sent)
    assert verified(claims, NODE, method="GET", query=sent, payload="of a body that nobody reads") == tc3.PLAIN
    for other in (b"A=%e5&IdCard=1&Name=a+b", b"Name=a%20b&IdCard=1&A=%e5", b"Name=a+b&IdCard=1&A=%E5"):
        assert verified(claims, NODE, method="GET", query=other) is None


def test_the_query_of_a_post_is_not_signed():
    assert verified(signed(NODE), NODE, query=b"tag=default") == tc3.PLAIN


def test_an_unsigned_payload_verifies_with_any_body():
    claims = signed(NODE, payload=tc3.UNSIGNED_PAYLOAD)
    assert verified(claims, NODE, payload=tc3.UNSIGNED_PAYLOAD) == tc3.PLAIN
    assert verified(claims, NODE) is None


def test_of_a_header_that_came_twice_the_last_value_is_signed():
    twice = [(b"host", b"first"), (b"content-type", b"application/json"), (b"host", b"127.0.0.1:8641")]
    assert verified(signed(NODE), twice) == tc3.PLAIN


def test_a_signed_header_that_did_not_come_is_empty():
    assert verified(signed({**NODE, b"x-tc-region": b""}, names=("host", "x-tc-region")), NODE) == tc3.PLAIN


@pytest.mark.parametrize("changed", [{"date": "2023-11-15"}, {"service": "cvm"}, {"signature": HEX}])
def test_a_scope_or_a_signature_that_was_changed_does_not_verify(changed):
    assert verified(signed(NODE)._replace(**changed), NODE) is None


@pytest.mark.parametrize(
    "value",
    [GOOD.replace(", ", ","), GOOD.replace(", ", "  ,  "), f" {GOOD} ", GOOD.replace("256 ", "256   ")],
)  # fmt: skip
def test_blanks_around_the_parts_do_not_matter(value):
    assert tc3.read(value) == tc3.read(GOOD) == Tc3Claims(ID, DATE, "faceid", ("content-type", "host"), HEX)


def test_the_scope_is_read_from_its_ends():
    for service in ("localhost:8641", "/localhost:8641/", "a/b"):
        claims = tc3.read(GOOD.replace("/faceid/", f"/{service}/"))
        assert isinstance(claims, Tc3Claims)
        assert (claims.secret_id, claims.date, claims.service) == (ID, DATE, service)


BAD = {
    "": "it is empty",
    " ": "it is empty",
    "x" * 9000: "it has 9000 characters; expected at most 8192",
    GOOD + "\x7f": "other than printable ASCII",
    GOOD.replace("faceid", "面"): "other than printable ASCII",
    "SKIP": "SKIP asks for no signature",
    GOOD.replace(
        "TC3-HMAC-SHA256", "AWS4-HMAC-SHA256"
    ): "the algorithm is 'AWS4-HMAC-SHA256'; expected TC3-HMAC-SHA256",
    GOOD.partition(" ")[2]: "the algorithm is missing",
    "Bearer abc": "the algorithm is 'Bearer'",
    "g" * 120: "120 characters of Base64, as the old API has it",
    "TC3-HMAC-SHA256": "'' is no key=value",
    GOOD.replace(",", ";"): "Credential= has a blank in it",
    GOOD.replace("SignedHeaders", "signedheaders"): "'signedheaders' is none of its parts",
    GOOD + ", Signature=1": "Signature= comes twice",
    GOOD.rpartition(",")[0]: "it has no Signature=",
    "TC3-HMAC-SHA256 Signature=" + HEX: "it has no Credential= and no SignedHeaders=",
    GOOD.replace(f"{ID}/{DATE}/faceid/tc3_request", ID): "has no scope behind a SecretId",
    GOOD.replace(ID, ""): "has no scope behind a SecretId",
    GOOD.replace(DATE, "20231114"): "the date in Credential= is '20231114'",
    GOOD.replace("tc3_request", "aws4_request"): "Credential= ends in 'aws4_request'",
    GOOD.replace("/faceid", ""): "Credential= has no service",
    GOOD.replace("faceid", "f" * 300): "the service in Credential= has 300 characters",
    GOOD.replace("content-type;host", "host;"): "SignedHeaders= has '', which is no header's name",
    GOOD.replace("content-type;host", "host;Host"): "SignedHeaders= names a header twice",
    GOOD.replace("content-type;host", ";".join(f"h{n}" for n in range(65))): "SignedHeaders= names 65 headers",
    GOOD[:-1]: "Signature= has 63 characters ('00000000...'); expected 64",
}


@pytest.mark.parametrize("value", BAD, ids=range(len(BAD)))
def test_what_is_no_authorization_says_what_was_wrong_and_what_would_work(value):
    why = tc3.read(value)
    assert isinstance(why, Said)
    assert BAD[value] in why
    must_be_chinese([why], [why.zh])
    assert why.zh.endswith(tc3.WOULD_WORK.zh)
    assert " expected " in why
    assert why.startswith("Authorization: ")
    assert why.endswith(tc3.WOULD_WORK)
    assert why.isascii()
    assert len(why) < 400


texts = (
    st.text()
    | st.sampled_from(list(BAD))
    | st.lists(st.sampled_from([*GOOD.split(" "), ",", "/", "=", " "])).map("".join)
)


@given(texts)
def test_any_text_is_an_authorization_or_has_a_reason(text):
    claims = tc3.read(text)
    assert isinstance(claims, Tc3Claims | Said)
    assert claims


@given(st.text(), st.binary(), st.dictionaries(st.binary(), st.binary()), st.text(), st.text(), st.binary())
def test_any_request_verifies_or_does_not(method, query, headers, payload, timestamp, host):
    claims = tc3.read(GOOD)
    assert isinstance(claims, Tc3Claims)
    found = tc3.verify(
        claims, KEY, method=method, query=query, headers={**headers, b"host": host}, payload_hash=payload,
        timestamp=timestamp,
    )  # fmt: skip
    assert found is None


@given(st.binary())
def test_a_host_has_one_to_three_forms_and_no_two_alike(host):
    found = hosts.forms(host)
    assert found[0] == (hosts.AS_SENT, host.strip(b" \t"))
    assert len({form for _, form in found}) == len(found) <= 3
