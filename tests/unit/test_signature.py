"""Authorization values: the published vectors, every layout in the field, and what is no signature."""

import base64

import pytest

from mockface import codes
from mockface.model import Claims, Refused
from mockface.signature import hmac_sha1
from mockface.signature.accounts import TEST_ACCOUNT
from tests.making import sign, sign_text

KEY = TEST_ACCOUNT.secret_key
VECTORS = {
    "A page, PHP, Python": (
        "12b307bbd81461e9d451e59e5f7b82bb2cba6f4b",
        "ErMHu9gUYenUUeWeX3uCuyy6b0thPTEyNTAwMDAwMDAmYj1tb2NrYnVja2V0Jms9QUtJRG1vY2swMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw"
        "MDAwJmU9MTcwMDA4NjQwMCZ0PTE3MDAwMDAwMDAmcj0xMjM0NTY3ODkwJmY9",
    ),
    "B Java, C++": (
        "8223649bda019cf47a9f074697e7a7293f2c2126",
        "giNkm9oBnPR6nwdGl+enKT8sISZhPTEyNTAwMDAwMDAmYj1tb2NrYnVja2V0Jms9QUtJRG1vY2swMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw"
        "MDAwJnQ9MTcwMDAwMDAwMCZlPTE3MDAwMDAzMDA=",
    ),
    "C Node, no b": (
        "29f3cabcac60fd1857215427c3d20ce18d7b1cfa",
        "KfPKvKxg/RhXIVQnw9IM4Y17HPphPTEyNTAwMDAwMDAmaz1BS0lEbW9jazAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAmZT0xNzAwMDAw"
        "MTAwJnQ9MTcwMDAwMDAwMCZyPTU0MzIxJnU9MCZmPQ==",
    ),
    "D empty b": (
        "6003f80105a0967d58a61d7e4ddc7471a0ec7248",
        "YAP4AQWgln1Yph1+Tdx0caDsckhhPTEyNTAwMDAwMDAmYj0maz1BS0lEbW9jazAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAmZT0xNzAw"
        "MDAwMDMwJnQ9MTcwMDAwMDAwMCZyPTcmZj0=",
    ),
    "E single-use": (
        "ac72461fa09d76bff34c033818f66a0b8606f264",
        "rHJGH6Cddr/zTAM4GPZqC4YG8mRhPTEyNTAwMDAwMDAmYj1tb2NrYnVja2V0Jms9QUtJRG1vY2swMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw"
        "MDAwJmU9MCZ0PTE3MDAwMDAwMDAmcj0xMjM0NTY3ODkwJmY9LzEyNTAwMDAwMDAvbW9ja2J1Y2tldC9mYWNlLTEuanBn",
    ),
    "F e last, b late": (
        "33514ed40d30ef277abcf1cf0eaa1fc2ad271466",
        "M1FO1A0w7yd6vPHPDqofwq0nFGZhPTEyNTAwMDAwMDAmaz1BS0lEbW9jazAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAmdD0xNzAwMDAw"
        "MDAwJnI9NTcyJnU9MCZiPW1vY2tidWNrZXQmZT0xNzAyNTkyMDAw",
    ),
}
SEED_SAMPLE = "FCHXdPTEwMDAwMzc5Jms9QUtJRGVRZDBrRU1yM2J4ZjhRckJi=="


@pytest.mark.parametrize("vector", VECTORS)
def test_every_layout_in_use_is_read_and_verifies(vector):
    digest, authorization = VECTORS[vector]
    claims = hmac_sha1.read(authorization)
    assert isinstance(claims, Claims)
    assert claims.digest.hex() == digest
    assert (claims.appid, claims.secret_id, claims.signed_at) == (
        TEST_ACCOUNT.appid,
        TEST_ACCOUNT.secret_id,
        1700000000,
    )
    assert hmac_sha1.is_signed_with(claims, KEY)
    assert not hmac_sha1.is_signed_with(claims, KEY + "x")


def test_padding_is_optional():
    _, padded = VECTORS["C Node, no b"]
    assert padded.endswith("==")
    assert hmac_sha1.read(padded.rstrip("=")) == hmac_sha1.read(padded)


def test_what_sign_makes_is_read_back_with_all_its_claims():
    claims = hmac_sha1.read(sign(bucket="bucket1", resource="/1250000000/bucket1/a.jpg", expires_at=0))
    assert isinstance(claims, Claims)
    assert (claims.bucket, claims.resource, claims.expires_at) == ("bucket1", "/1250000000/bucket1/a.jpg", 0)
    assert hmac_sha1.is_signed_with(claims, KEY)


def test_a_time_with_a_fraction_counts_by_its_whole_seconds():
    claims = hmac_sha1.read(sign_text("a=1&k=AKID&e=1549000100.75&t=1549000000.123"))
    assert isinstance(claims, Claims)
    assert (claims.expires_at, claims.signed_at) == (1549000100, 1549000000)


MALFORMED = {
    "the page's own sample, which was cut": (SEED_SAMPLE, "49 characters"),
    "a scheme word": ("Bearer " + sign(), "character 7"),
    "the URL-safe alphabet": (sign().replace("M", "-"), "'-'"),
    "a line break inside": (sign()[:40] + "\n" + sign()[40:], "character 41"),
    "a character that is no base64": ("ö" * 60, "character 1"),
    "nothing behind the digest": (base64.b64encode(b"\x01" * 20).decode(), "20 bytes"),
    "a hex digest of 40 characters": (
        base64.b64encode(b"12b307bbd81461e9d451e59e5f7b82bb2cba6f4b" + b"a=1&k=2&e=3&t=4").decode(),
        "40 hexadecimal characters",
    ),
    "bytes that are no text": (base64.b64encode(b"\x01" * 20 + b"\xff\xfe").decode(), "printable ASCII"),
    "no a": (sign_text("k=AKID&e=1700000060&t=1700000000"), "no a="),
    "no k": (sign_text("a=1&e=1700000060&t=1700000000"), "no k="),
    "no e": (sign_text("a=1&k=AKID&t=1700000000"), "no e="),
    "no t": (sign_text("a=1&k=AKID&e=1700000060"), "no t="),
    "an empty a": (sign_text("a=&k=AKID&e=1700000060&t=1700000000"), "no a="),
    "e in words": (sign_text("a=1&k=AKID&e=tomorrow&t=1700000000"), "e=tomorrow"),
    "t in words": (sign_text("a=1&k=AKID&e=1700000060&t=now"), "t=now"),
    "e below 0": (sign_text("a=1&k=AKID&e=-1&t=1700000000"), "e=-1"),
    "e of thousands of digits": (sign_text(f"a=1&k=AKID&e={'9' * 5000}&t=1700000000"), "e=9999"),
    "e given twice": (sign_text("a=1&k=AKID&e=1&t=2&e=3"), "twice"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_what_is_no_signature_is_refused_with_5_and_says_why(case):
    authorization, why = MALFORMED[case]
    refused = hmac_sha1.read(authorization)
    assert isinstance(refused, Refused)
    assert refused.code is codes.SIGNATURE_MALFORMED
    assert why in refused.why
    assert "mockface sign" in refused.why
