"""Signature v1: the published vectors, what each SDK signs, and what verifies with no key."""

import json
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockface.gateway import hosts, v1

VECTORS = json.loads((Path(__file__).parent / "successor_vectors.json").read_text(encoding="utf-8"))
V1 = VECTORS["v1_official"] + VECTORS["v1_own"]
KEY = "mock-secret-key-0123456789abcdef"
OWN = VECTORS["v1_own"][0]["params"]
every_vector = pytest.mark.parametrize("vector", V1, ids=range(len(V1)))


@every_vector
def test_every_published_signature_is_reproduced(vector):
    request = {"method": vector["method"], "host": vector["host"], "path": vector["path"]}
    text = v1.text_to_sign(vector["method"], vector["host"], vector["path"], vector["params"])
    assert text.decode() == vector["string_to_sign"]
    assert v1.sign(vector["secret_key"], vector["params"], **request) == vector["signature"]


@every_vector
def test_every_published_form_verifies_with_its_own_key_alone(vector):
    pairs = parse_qsl(vector["body_or_query"], keep_blank_values=True)
    request = {"method": vector["method"], "host": vector["host"].encode(), "path": vector["path"]}
    assert v1.verify(vector["secret_key"], pairs, **request) == v1.Variant(hosts.AS_SENT, "/", dotted=False)
    assert v1.verify(vector["secret_key"], dict(pairs), **request) is not None
    assert v1.verify(vector["secret_key"] + "x", pairs, **request) is None


@pytest.mark.parametrize(
    ("changed", "method", "host", "signature"),
    [
        ({"SignatureMethod": "HmacSHA1"}, "GET", "faceid.tencentcloudapi.com", "ECYVVxsdOIUd9+f9GjiVLqN1n3Q="),
        ({"SignatureMethod": None}, "POST", "faceid.tencentcloudapi.com", "F0QF35CXStSJZS7UoGomIy6gjOw="),
        ({"SignatureMethod": "HmacSHA256"}, "POST", "127.0.0.1:8641", "jLuOGlzes2FtqClut+JAU2P3okVIP8D580K7T6Gxvo0="),
    ],
)
def test_every_signature_that_the_facts_list_is_reproduced(changed, method, host, signature):
    parameters = {name: value for name, value in {**OWN, **changed}.items() if value is not None}
    assert v1.sign(KEY, parameters, method=method, host=host) == signature


def signed(parameters, host="127.0.0.1:8641", **options):
    return {**parameters, "Signature": v1.sign(KEY, parameters, method="POST", host=host, **options)}


def verified(parameters, host=b"127.0.0.1:8641", **options):
    return v1.verify(KEY, parameters, method="POST", host=host, **options)


def test_the_host_may_be_signed_without_its_port():
    assert verified(signed(OWN, "127.0.0.1")) == v1.Variant(hosts.WITHOUT_PORT, "/", dotted=False)


def test_names_may_be_signed_with_dots_for_underscores_and_are_then_sorted_so():
    parameters = {**OWN, "A_Z": "1", "A.Y": "2", "AA": "3"}
    assert b"?A.Y=2&A.Z=1&AA=3&" in v1.text_to_sign("POST", "h", "/", parameters, dotted=True)
    assert verified(signed(parameters, dotted=True)) == v1.Variant(hosts.AS_SENT, "/", dotted=True)
    assert verified(signed(parameters)) == v1.Variant(hosts.AS_SENT, "/", dotted=False)


def test_the_path_may_be_signed_as_sent_or_as_a_slash():
    assert verified(signed(OWN, path="/api"), path="/api") == v1.Variant(hosts.AS_SENT, "/api", dotted=False)
    assert verified(signed(OWN), path="/api") == v1.Variant(hosts.AS_SENT, "/", dotted=False)


def test_names_are_sorted_with_capitals_first():
    assert v1.text_to_sign("GET", "h", "/", {"b": "1", "B": "2", "a": "3"}) == b"GETh/?B=2&a=3&b=1"


def test_no_signature_and_an_unknown_method_and_too_many_parameters_verify_with_no_key():
    assert verified(OWN) is None
    assert verified({**OWN, "Signature": ""}) is None
    assert verified({**signed(OWN), "SignatureMethod": "HmacMD5"}) is None
    assert verified([(str(n), "") for n in range(v1.MOST_PARAMETERS)] + [("Signature", "x")]) is None
    with pytest.raises(ValueError, match="'HmacMD5' is not known; expected HmacSHA1 or HmacSHA256"):
        v1.sign(KEY, {"SignatureMethod": "HmacMD5"}, method="GET", host="h")


def test_bytes_that_are_no_utf_8_are_signed_as_they_came():
    pairs = parse_qsl("Name=%FF", errors="surrogateescape")
    assert v1.text_to_sign("GET", "h", "/", pairs) == b"GETh/?Name=\xff"


anything = st.text(st.characters())


@pytest.mark.thorough
@given(st.lists(st.tuples(anything | st.just("Signature"), anything)), anything, st.binary(), anything)
def test_any_parameters_verify_or_do_not(pairs, method, host, path):
    assert v1.verify(KEY, pairs, method=method, host=host, path=path) is None
