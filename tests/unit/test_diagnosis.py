"""A signature that is none still says what its maker did wrong, and what it would have said."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockface.journal.verdict import verdict
from mockface.operations.idcardcompare import OPERATION as IDCARDCOMPARE
from mockface.signature import hmac_sha1
from mockface.signature.accounts import TEST_ACCOUNT
from mockface.signature.diagnosis import recovered
from tests.making import NOW, ask, emulator, sign, sign_text

TEXT = f"a=1250000000&b=&k={TEST_ACCOUNT.secret_id}&e={NOW + 60}&t={NOW}&r=7&f="


def signed_with(text, *, plus=False):
    """A signature over the text; with `plus`, one that has a + and a / in its Base64."""
    for nonce in range(1000):
        found = sign_text(f"{text}&x={nonce}")
        if not plus or ("+" in found and "/" in found):
            return found
    raise AssertionError


def encoded(digest, text=TEXT):
    return base64.b64encode(digest + text.encode()).decode()


DIGEST = hmac_sha1.digest_of(TEXT.encode(), TEST_ACCOUNT.secret_key)
PLUS = signed_with(TEXT, plus=True)
BAD = {
    "URL-safe": (PLUS.replace("+", "-").replace("/", "_"), "URL-safe alphabet"),
    "a line break": (f"{PLUS[:76]} {PLUS[76:]}", "it contains a space or a line break"),
    "URL-encoded": (PLUS.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D"), "it is URL-encoded (%2B"),
    "URL-encoded in small letters": (PLUS.replace("+", "%2b").replace("/", "%2f"), "it is URL-encoded"),
    "Bearer": (f"Bearer {PLUS}", "it begins with the scheme Bearer"),
    "in quotes": (f'"{PLUS}"', "it is in quotes"),
    "a hex digest": (encoded(DIGEST.hex().encode()), "the digest is 40 hexadecimal characters"),
    "a digest in Base64": (encoded(base64.b64encode(DIGEST)), "the digest is in Base64 itself"),
    "SHA-256": (encoded(bytes(range(128, 160))), "the digest has 32 bytes; HMAC-SHA1 has 20"),
    "no digest": (base64.b64encode(TEXT.encode()).decode(), "there is no digest before the text"),
    "no Base64": (TEXT, "it is the signed text itself"),
}


def told_of(**changes):
    own = emulator()
    answer = ask(of=own, **changes)
    (entry,) = own.recorder.journal.entries()
    return answer, verdict(entry, IDCARDCOMPARE.checks[own.mode], own.rules, own.scenarios)["signature"]


@pytest.mark.parametrize("case", BAD)
def test_a_malformed_signature_is_told_its_mistake_and_what_it_would_have_said(case):
    authorization, named = BAD[case]
    answer, told = told_of(authorization=authorization)
    assert answer.code == 5
    assert any(named in mistake for mistake in told["mistakes"]), told["mistakes"]
    values = {row["key"]: row["value"] for row in told["fields"]}
    assert (values["a"], values["e"]) == ("1250000000", str(NOW + 60))
    assert TEST_ACCOUNT.secret_id not in json.dumps(told)


def test_a_missing_signature_is_called_missing():
    answer, told = told_of(authorization="")
    assert answer.code == 4
    assert told["mistakes"] == ["the Authorization is missing or empty (code 4)"]
    assert told["fields"] == []


def test_what_is_beyond_help_is_told_by_its_why():
    _, told = told_of(authorization="!!!")
    assert "standard Base64" in told["mistakes"][0]
    assert told["fields"] == []


SAID = {
    "milliseconds": (f"a=1250000000&k=x&e={NOW}060&t={NOW}000", "looks like milliseconds"),
    "no t": (f"a=1250000000&k=x&e={NOW + 60}", "has no t="),
    "a time in words": (f"a=1250000000&k=x&e=tomorrow&t={NOW}", "e=tomorrow is not a time"),
    "a long r": (f"{TEXT[:-5]}&r=12345678901&f=", "r=12345678901 has 11 digits; expected at most 10"),
    "e before t": (f"a=1250000000&k=x&e={NOW - 90}&t={NOW}", "is not after t="),
}


@pytest.mark.parametrize("case", SAID)
def test_what_the_text_says_wrong_is_named(case):
    text, named = SAID[case]
    _, told = told_of(authorization=sign_text(text.replace("&&", "&")))
    assert any(named in mistake for mistake in told["mistakes"]), told["mistakes"]
    assert told["fields"][0]["key"] == "a"


def test_a_wrong_key_and_another_appid_are_mistakes():
    _, told = told_of(authorization=sign(secret_key="wrong"))
    assert told["mistakes"] == ["the digest does not match the account's SecretKey (code 14 with verify)"]
    answer, told = told_of(authorization=sign(appid="1251111111"))
    assert answer.code == 6
    assert "a=1251111111 is not the request's appid 1250000000 (code 6)" in told["mistakes"]


@pytest.mark.thorough
@given(st.text(max_size=300) | st.binary(max_size=200).map(lambda content: base64.b64encode(content).decode()))
def test_any_text_is_recovered_or_not_but_never_a_fault(text):
    found = recovered(text)
    assert found.text.isascii()
    assert found.text.isprintable()
