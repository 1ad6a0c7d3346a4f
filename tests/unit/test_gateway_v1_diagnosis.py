"""A request of signature v1 that does not verify says what its maker did wrong."""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockface.gateway import v1
from mockface.gateway.diagnosis import explain_v1, is_v1
from mockface.reasons import Said
from tests.unit.test_languages import must_be_chinese

VECTORS = json.loads((Path(__file__).parent / "successor_vectors.json").read_text(encoding="utf-8"))
V1 = VECTORS["v1_official"] + VECTORS["v1_own"]
KEY = "mock-secret-key-0123456789abcdef"
NOW = 1700000000
OWN = VECTORS["v1_own"][0]["params"] | {"Token": "T", "Extra": ""}
HOST = "127.0.0.1:8641"


def headers_of(host=HOST, kind="application/x-www-form-urlencoded"):
    return ((b"host", host.encode()), (b"content-type", kind.encode()))


def told(parameters, *, method="POST", path="/", host=HOST, key=KEY, now=NOW, headers=None, encode=urlencode):
    encoded = encode(parameters).encode()
    return explain_v1(
        method=method, path=path, query=encoded if method == "GET" else b"", headers=headers or headers_of(host),
        body=b"" if method == "GET" else encoded, secret_key=key, now=now,
    )  # fmt: skip


def signed(signing=None, *, sent=None, key=KEY, **options):
    """Parameters with a signature over `signing`, in the place of those that are sent."""
    given = {"method": "POST", "host": HOST, **options}
    return {**OWN, **(sent or {}), "Signature": v1.sign(key, signing or {**OWN, **(sent or {})}, **given)}


def by_hand(text, algorithm=hashlib.sha1, key=KEY):
    return {**OWN, "Signature": base64.b64encode(hmac.digest(key.encode(), text.encode(), algorithm)).decode()}


def text_of(pairs, head=f"POST{HOST}/?"):
    return head + "&".join(f"{name}={value}" for name, value in pairs)


IN_ORDER = sorted(OWN.items())


@pytest.mark.parametrize("vector", V1, ids=range(len(V1)))
def test_every_published_request_is_explained_without_a_mistake(vector):
    method, sent = vector["method"], vector["body_or_query"].encode()
    found = explain_v1(
        method=method, path=vector["path"], query=sent if method == "GET" else b"", headers=headers_of(vector["host"]),
        body=sent if method == "POST" else None, secret_key=vector["secret_key"],
        now=int(vector["params"]["Timestamp"]),
    )  # fmt: skip
    assert found.signed == vector["string_to_sign"]
    assert found.expected == found.came == vector["signature"]
    assert (found.mistakes, found.notes) == ((), ())


def test_without_the_key_the_text_is_rebuilt_and_nothing_is_expected():
    found = told(signed(), key=None)
    assert (found.expected, found.variant, found.mistakes) == (None, None, ())
    assert found.signed == told(signed()).signed


def without(name):
    return {one: value for one, value in OWN.items() if one != name}


UNDECLARED = without("SignatureMethod")
REQUESTS = {
    "another method": (lambda: told(signed(method="GET")), "it signs the method 'GET'; expected 'POST'"),
    "the method of a GET": (lambda: told(signed(), method="GET"), "it signs the method 'POST'; expected 'GET'"),
    "another port": (lambda: told(signed(host="127.0.0.1:80")), "it signs the host '127.0.0.1:80'; expected"),
    "the vendor's host": (
        lambda: told(signed(host="faceid.tencentcloudapi.com")),
        "it signs the host 'faceid.tencentcloudapi.com'; expected '127.0.0.1:8641', as Host says",
    ),
    "another path": (lambda: told(signed(path="/v2/index.php")), "it signs the path '/v2/index.php'; expected '/'"),
    "values encoded": (
        lambda: told(by_hand(text_of((name, quote(value, safe="")) for name, value in IN_ORDER))),
        "it signs the values URL-encoded",
    ),
    "values encoded by a form": (
        lambda: told(by_hand(f"POST{HOST}/?{urlencode(IN_ORDER)}")), "it signs the values URL-encoded",
    ),
    "no SignatureMethod": (
        lambda: told({**UNDECLARED, "Signature": by_hand(text_of(sorted(UNDECLARED.items())), hashlib.sha256)["Signature"]}),
        "it is made with HmacSHA256, and no SignatureMethod came; expected SignatureMethod=HmacSHA256",
    ),
    "another HMAC": (
        lambda: told({**OWN, "SignatureMethod": "HmacSHA1", "Signature": by_hand(
            text_of(sorted((OWN | {"SignatureMethod": "HmacSHA1"}).items())), hashlib.sha256)["Signature"]}),
        "it is made with HmacSHA256; expected HmacSHA1, as SignatureMethod says",
    ),
    "an unknown HMAC": (
        lambda: told({**signed(), "SignatureMethod": "HmacMD5"}),
        "SignatureMethod is 'HmacMD5'; expected HmacSHA1 or HmacSHA256",
    ),
    "the HMAC of v3": (
        lambda: told({**signed(), "SignatureMethod": "TC3-HMAC-SHA256"}), "which signs headers; expected HmacSHA1",
    ),
    "names with underscores": (
        lambda: told({**signed({**OWN, "A_0": "x"}), "A.0": "x"}), "it signs names with _ in the place of the dots",
    ),
    "not sorted": (lambda: told(by_hand(text_of(OWN.items()))), "in the order in which they are sent"),
    "sorted without case": (
        lambda: told({**by_hand(text_of(sorted([*OWN.items(), ("a", "1")], key=lambda one: one[0].lower()))), "a": "1"}),
        "it sorts the parameters without regard to case",
    ),
    "no question mark": (lambda: told(by_hand(text_of(IN_ORDER, f"POST{HOST}/"))), "it signs '' before the parameters"),
    "without the token": (lambda: told(signed(without("Token"))), "it leaves Token out of the signed text"),
    "without what is empty": (lambda: told(signed(without("Extra"))), "it leaves empty parameters out"),
    "the common ones alone": (
        lambda: told(signed({name: OWN[name] for name in OWN if name not in ("IdCard", "Name", "ImageBase64", "Extra")})),
        "it signs the common parameters alone",
    ),
    "a + that is not encoded": (lambda: told(_with_plus(), encode=_raw), "Signature has a blank"),
    "encoded twice": (
        lambda: told({**_with_plus(), "Signature": quote(_with_plus()["Signature"], safe="")}), "Signature is URL-encoded twice",
    ),
    "URL-safe": (
        lambda: told({**_with_plus(), "Signature": _with_plus()["Signature"].replace("+", "-").replace("/", "_")}),
        "Signature has the URL-safe alphabet",
    ),
    "hexadecimal": (
        lambda: told({**OWN, "Signature": base64.b64decode(signed()["Signature"]).hex()}), "Signature is hexadecimal",
    ),
    "Base64 of hexadecimal": (
        lambda: told({**OWN, "Signature": base64.b64encode(
            base64.b64decode(signed()["Signature"]).hex().encode()).decode()}),
        "Signature is Base64 of the digest in hexadecimal",
    ),
    "TC3 before the key": (lambda: told(signed(key=f"TC3{KEY}")), "the key has 'TC3' before it"),
    "a key with a blank": (lambda: told(signed(key=f"{KEY} ")), "it is signed with the SecretKey with a blank behind"),
    "milliseconds": (
        lambda: told(signed(sent={"Timestamp": "1700000000000"})), "Timestamp 1700000000000 looks like milliseconds",
    ),
    "an old time": (lambda: told(signed(), now=NOW + 301), "Timestamp is 301 s behind this server's clock"),
    "the clock asked twice": (
        lambda: told(signed({**OWN, "Timestamp": "1700000001"})), "it signs the time 1700000001, and Timestamp is",
    ),
    "no signature": (lambda: told(OWN), "Signature did not come; expected among the parameters"),
    "brackets": (
        lambda: told(signed(sent={"Encryption[EncryptList][0]": "IdCard"})),
        "the parameter 'Encryption[EncryptList][0]' has brackets; expected dots",
    ),
    "another key": (lambda: told(signed(key="another")), "no usual mistake makes this signature"),
    "no form": (
        lambda: told(signed(), headers=headers_of(kind="application/json")), "the Content-Type is 'application/json'",
    ),
    "a large form": (
        lambda: told(signed(sent={"ImageBase64": "A" * 1024 * 1024})), "expected at most 1048576 with signature v1",
    ),
}  # fmt: skip


def _raw(parameters):
    return "&".join(f"{name}={value if name == 'Signature' else quote(value)}" for name, value in parameters.items())


def _with_plus():
    """Parameters whose signature has a + and a / in it; a Nonce makes it so."""
    for nonce in range(200):
        found = signed(sent={"Nonce": str(nonce)})
        if "+" in found["Signature"] and "/" in found["Signature"]:
            return found
    raise AssertionError


@pytest.mark.parametrize("name", REQUESTS)
def test_every_usual_mistake_is_named(name):
    ask, words = REQUESTS[name]
    found = ask()
    assert any(words in mistake for mistake in found.mistakes), found.mistakes
    assert len(found.mistakes) == 1
    for mistake in found.mistakes:
        assert isinstance(mistake, Said)
        assert mistake.isascii()
        assert KEY not in mistake + mistake.zh
    must_be_chinese(found.mistakes, [mistake.zh for mistake in found.mistakes])


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (lambda: told(signed(host="127.0.0.1")), "the host is signed without its port, as '127.0.0.1'"),
        (lambda: told(signed(), path="/api"), "the path is signed as /, and '/api' came"),
        (lambda: told(signed(sent={"A_0": "1"}, dotted=True)), "names are signed with . in the place of _"),
    ],
)
def test_what_a_real_client_does_otherwise_is_a_note_and_no_mistake(found, words):
    one = found()
    assert (one.mistakes, one.expected) == ((), one.came)
    assert [note.partition(";")[0] for note in one.notes] == [words] or words in one.notes[0]
    must_be_chinese(one.notes, [note.zh for note in one.notes])


def test_a_request_with_authorization_and_one_without_a_signature_is_not_of_v1():
    form = urlencode(signed()).encode()
    assert is_v1(method="POST", query=b"", headers=headers_of(), body=form)
    assert is_v1(method="GET", query=form, headers=(), body=None)
    assert is_v1(method="POST", query=form, headers=(), body=b"{}")
    assert is_v1(method="POST", query=b"", headers=headers_of(), body=urlencode(OWN).encode())
    assert not is_v1(method="POST", query=b"", headers=((b"authorization", b"x"),), body=form)
    assert not is_v1(method="POST", query=b"", headers=(), body=b'{"Signature=": 1}')


anything = st.binary() | st.sampled_from([urlencode(signed()).encode(), b"Signature=a%2Bb&Timestamp=1", b"&=&a[=1"])


@given(
    st.text(), st.text(), anything, st.lists(st.tuples(st.sampled_from([b"host", b"content-type"]), st.binary())),
    st.none() | anything, st.none() | st.text(), st.floats(),
)  # fmt: skip
def test_any_request_is_explained(method, path, query, headers, body, key, now):
    request = {"method": method, "query": query, "headers": tuple(headers), "body": body}
    found = explain_v1(path=path, secret_key=key, now=now, **request)
    assert found.variant or found.mistakes or key is None
    assert isinstance(is_v1(**request), bool)
