"""What is kept and told of calls of API 3.0 shows no person, no key and no token."""

import json

import pytest

from mockface.network.client import Client
from mockface.signature.accounts import TEST_ACCOUNT
from mockface.testing import Mockface
from tests.successor import PICTURE, ask, ask_v1, fields_for

# Well formed, of a district in use, and nobody's: the birthday is 1900-01-01.
NUMBER = "110101190001011009"
NAME = "欧阳锋锋"
TOKEN = "token-of-temporary-keys-0123456789"


@pytest.fixture(scope="module")
def server():
    with Mockface() as m:
        yield m


def told_of(m):
    """Everything that can be asked of the last call, the why of its answer apart."""
    api = Client(m.url)
    call = api.get("/_mockface/calls")[0]
    return json.dumps([call, api.get(f"/_mockface/calls/{call['id']}")], ensure_ascii=False)


CALLS = {
    "in their fields": lambda url: ask(url, fields=fields_for("ImageRecognition", IdCard=NUMBER, Name=NAME)),
    "in extra": lambda url: ask(
        url, "ImageRecognitionV2", fields_for("ImageRecognitionV2", IdCard=NUMBER, Name=NAME, Extra=NAME)
    ),
    "in optional": lambda url: ask(
        url, fields=fields_for("ImageRecognition", IdCard=NUMBER, Name=NAME, Optional=f"{NAME}{NUMBER}")
    ),
    "as names of fields": lambda url: ask(
        url, fields=fields_for("ImageRecognition", IdCard=NUMBER, Name=NAME, **{NAME: "x", NUMBER: "y"})
    ),
    "as the action": lambda url: ask(url, fields=fields_for("x", IdCard=NUMBER, Name=NAME), replaced={"X-TC-Action": NUMBER}),
    "as the version": lambda url: ask(
        url, fields=fields_for("x", IdCard=NUMBER, Name=NAME), replaced={"X-TC-Version": NUMBER}
    ),
    "as the region": lambda url: ask(
        url, fields=fields_for("x", IdCard=NUMBER, Name=NAME), replaced={"X-TC-Region": NUMBER}
    ),
    "as the timestamp": lambda url: ask(
        url, fields=fields_for("x", IdCard=NUMBER, Name=NAME), replaced={"X-TC-Timestamp": NUMBER}
    ),
    "in the signature": lambda url: ask(
        url, fields=fields_for("x", IdCard=NUMBER, Name=NAME),
        replaced={"Authorization": f"TC3-HMAC-SHA256 Credential={NUMBER}/2026-11-28/{NUMBER}/tc3_request, x={NUMBER}"},
    ),
    "in the service": lambda url: ask(
        url, fields=fields_for("x", IdCard=NUMBER, Name=NAME),
        replaced={"Authorization": f"TC3-HMAC-SHA256 Credential=AKID/2026-11-28/{NUMBER}/tc3_request, "
                                   f"SignedHeaders=content-type;host, Signature={'0' * 64}"},
    ),
    "in a query": lambda url: ask_v1(url, "IdCardVerification", {"IdCard": NUMBER, "Name": NAME}, method="GET"),
    "in a form": lambda url: ask_v1(url, "ImageRecognition", {"IdCard": NUMBER, "Name": NAME, "ImageBase64": PICTURE}),
    "as a nonce": lambda url: ask_v1(url, "IdCardVerification", {"IdCard": NUMBER, "Name": NAME}, nonce=NUMBER + "x"),
    "in encryption": lambda url: ask(
        url, fields=fields_for("x", IdCard=NUMBER, Name=NAME, Encryption={"EncryptList": [NAME], "CiphertextBlob": NUMBER,
                                                                          "Iv": NUMBER, NAME: NUMBER}),
    ),
    "in the wrong fields": lambda url: ask(url, fields=fields_for("x", IdCard=NAME, Name=NUMBER)),
    "in language": lambda url: ask(url, fields=fields_for("x", IdCard=NUMBER, Name=NAME), language=NUMBER),
}  # fmt: skip


@pytest.mark.parametrize("place", CALLS)
def test_a_person_is_shown_nowhere_wherever_a_client_puts_them(server, caplog, place):
    caplog.set_level("DEBUG", logger="mockface")
    answer = CALLS[place](server.url)
    seen = told_of(server) + (answer.why or "") + caplog.text
    assert NUMBER not in seen
    assert NAME not in seen
    assert NAME.encode("unicode_escape").decode() not in seen


def test_keys_and_tokens_are_shown_nowhere(server):
    answer = ask(server.url, token=TOKEN)
    seen = told_of(server) + (answer.why or "")
    assert TOKEN not in seen
    assert TEST_ACCOUNT.secret_key not in seen
    assert TEST_ACCOUNT.secret_id not in seen
    ask_v1(server.url, "IdCardVerification", {"IdCard": NUMBER, "Name": NAME}, Token=TOKEN)
    seen = told_of(server)
    assert TOKEN not in seen
    assert TEST_ACCOUNT.secret_id not in seen
