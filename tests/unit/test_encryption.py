"""Encrypted fields of API 3.0: what the vendor's demos make is decrypted, and everything else is refused in words."""

import builtins
import json
import re
import sys
import time

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as some

from mockface.gateway.encryption import KeyPair, NotDecrypted, decrypt
from mockface.reasons import Said
from tests.encrypting import IV, KEY, aes, base64_of, blob_of, encrypted, padded

ENCRYPTABLE = ("IdCard", "Name")
NUMBER, NAME = "110110199909090909", "张三"
REAL = "440524198001010013"
"""A number that is not reserved, as a client may put it where a name belongs."""
FIELDS = {"IdCard": NUMBER, "Name": NAME, "ImageBase64": "/9j/"}
PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEYS = KeyPair(PRIVATE)


def public_of(private):
    return private.public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1)


PUBLIC = public_of(PRIVATE)
OTHERS = public_of(rsa.generate_private_key(public_exponent=65537, key_size=2048))
SECRETS = (NUMBER, NAME, REAL, KEY.decode(), KEY.hex(), base64_of(KEY), PRIVATE.private_numbers().d.to_bytes(256).hex())


def sent(*names, **more):
    return encrypted(FIELDS, names or ENCRYPTABLE, PUBLIC, **more)


def told(fields, keys: KeyPair | None = KEYS):
    return decrypt(fields["Encryption"], fields, keys, ENCRYPTABLE)


def refused(fields, keys: KeyPair | None = KEYS):
    answer = told(fields, keys)
    assert isinstance(answer, NotDecrypted), answer
    speaks(answer)
    return answer.kind, answer.name, answer.why


def speaks(answer):
    """It is said in both languages, and without a secret."""
    assert isinstance(answer.why, Said)
    assert re.search("[一-鿿]", answer.why.zh)
    for secret in SECRETS:
        assert secret not in f"{answer!r} {answer.why.zh} {answer.why.values}"


def with_encryption(**members):
    """A call whose Encryption has these members; None leaves one out."""
    fields = sent()
    whole = {**fields["Encryption"], **members}
    return {**fields, "Encryption": {name: value for name, value in whole.items() if value is not None}}


# Good ones


@pytest.mark.parametrize("iv", [None, "abcdefghijklmnop", "0123456789abcdef", "AAAAAAAAAAAAAA=="])
def test_both_forms_of_the_iv_are_taken(iv):
    assert told(sent(iv=iv)) == {"IdCard": NUMBER, "Name": NAME}


@pytest.mark.parametrize("names", [("IdCard",), ("Name",), ("Name", "IdCard")])
def test_only_what_the_list_names_is_decrypted(names):
    assert told(sent(*names)) == {name: FIELDS[name] for name in names}


def test_the_algorithm_and_the_tags_may_be_left_out_or_null():
    assert told(with_encryption(Algorithm=None, TagList=None)) == {"IdCard": NUMBER, "Name": NAME}
    fields = sent()
    fields["Encryption"] |= {"Algorithm": None, "TagList": None}
    assert told(fields) == {"IdCard": NUMBER, "Name": NAME}


def test_the_key_may_be_any_32_bytes_and_the_rsa_key_that_of_the_demos_length():
    assert told(sent(key=bytes(32))) == told(sent(key=bytes(range(224, 256)))) == {"IdCard": NUMBER, "Name": NAME}
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    fields = encrypted(FIELDS, ENCRYPTABLE, public_of(small))
    assert told(fields, KeyPair(small)) == {"IdCard": NUMBER, "Name": NAME}


def test_a_name_that_stands_twice_is_decrypted_once():
    assert told(with_encryption(EncryptList=["Name", "Name"])) == {"Name": NAME}


@pytest.mark.parametrize("text", ["", "x" * 15, "x" * 16, "x" * 17, "爱新觉罗·永琪", "\x01\x01", "\0"])
def test_every_text_comes_out_as_it_went_in(text):
    assert told({**sent(), "Name": aes(padded(text.encode()))}) == {"IdCard": NUMBER, "Name": text}


def test_a_large_value_is_decrypted_in_time():
    text = "/9j/" * 1_000_000
    began = time.monotonic()
    assert told({**sent(), "Name": aes(padded(text.encode()))}) == {"IdCard": NUMBER, "Name": text}
    assert time.monotonic() - began < 5


# Parameters


@pytest.mark.parametrize("name", ["EncryptList", "CiphertextBlob", "Iv"])
@pytest.mark.parametrize("null", [False, True])
def test_a_parameter_that_is_missing_is_named(name, null):
    fields = with_encryption(**{name: None})
    fields["Encryption"] |= {name: None} if null else {}
    kind, parameter, why = refused(fields)
    assert (kind, parameter) == ("missing", f"Encryption.{name}")
    assert why.startswith(f"{name} is missing; expected a")


@pytest.mark.parametrize(
    ("members", "name", "text"),
    [
        ({"EncryptList": "Name"}, "EncryptList", "is a string; expected an array of strings"),
        ({"EncryptList": {"0": "Name"}}, "EncryptList", "is an object"),
        ({"EncryptList": ["Name", 3]}, "EncryptList.1", "is a number; expected a string"),
        ({"EncryptList": [None]}, "EncryptList.0", "is null"), ({"EncryptList": [["Name"]]}, "EncryptList.0", "is an array"),
        ({"CiphertextBlob": 5}, "CiphertextBlob", "is a number"), ({"Iv": True}, "Iv", "is a boolean; expected a string"),
        ({"Iv": ["a"]}, "Iv", "is an array"), ({"Algorithm": ["SM4-GCM"]}, "Algorithm", "is an array"),
        ({"Algorithm": 1.5}, "Algorithm", "is a number"), ({"TagList": "x"}, "TagList", "is a string"),
        ({"TagList": [1]}, "TagList.0", "is a number"), ({"Iv": b"bytes"}, "Iv", "is of another type"),
    ],
)  # fmt: skip
def test_a_parameter_of_a_wrong_type_is_named(members, name, text):
    kind, parameter, why = refused(with_encryption(**members))
    assert (kind, parameter) == ("type", f"Encryption.{name}")
    assert text in why


@pytest.mark.parametrize("encryption", [None, "x", [], 3, True])
def test_what_is_no_object_is_of_a_wrong_type(encryption):
    assert refused({"Encryption": encryption})[:2] == ("type", "Encryption")


def test_a_field_of_a_wrong_type_is_named():
    assert refused({**sent(), "Name": 5}) == ("type", "Name", "Name is a number; expected a string")


@pytest.mark.parametrize(
    ("members", "name", "text"),
    [
        ({"Algorithm": "aes-256-cbc"}, "Algorithm", "Algorithm is 'aes-256-cbc'; expected AES-256-CBC or SM4-GCM"),
        ({"Algorithm": ""}, "Algorithm", "Algorithm is ''"), ({"Algorithm": "\ud800"}, "Algorithm", "expected AES-256-CBC"),
        ({"Algorithm": "A" * 10**6}, "Algorithm", "expected AES-256-CBC"),
        ({"EncryptList": []}, "EncryptList", "EncryptList is empty"), ({"Iv": ""}, "Iv", "Iv is 0 characters long"),
        ({"Iv": "short"}, "Iv", "Iv is 5 characters long; expected 16 characters, or the Base64 of 16 bytes"),
        ({"Iv": IV.hex()}, "Iv", "32 characters"), ({"Iv": base64_of(bytes(15))}, "Iv", "20 characters"),
        ({"Iv": base64_of(IV).replace("+", "-").replace("/", "_")}, "Iv", "24 characters"),
        ({"Iv": "a" * 10**6}, "Iv", "1000000 characters"), ({"Iv": "一二三四五六七八九十abcdef"}, "Iv", "not all ASCII"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_allowed_is_named(members, name, text):
    kind, parameter, why = refused(with_encryption(**members))
    assert (kind, parameter) == ("value", f"Encryption.{name}")
    assert text in why
    assert len(why) < 400


# Fields


@pytest.mark.parametrize("name", ["ImageBase64", "Nobody", "name", "", "Encryption", "\ud800", "x" * 10**6, REAL])
def test_what_may_not_be_encrypted_or_is_no_field_is_refused(name):
    kind, parameter, why = refused(with_encryption(EncryptList=["Name", name]))
    assert (kind, parameter) == ("field", "Encryption.EncryptList")
    assert why.endswith("what may be encrypted here: IdCard, Name")
    assert len(why) < 400


def test_an_action_without_encryptable_fields_says_so():
    answer = decrypt(sent()["Encryption"], sent(), KEYS, ())
    assert isinstance(answer, NotDecrypted)
    assert (answer.kind, answer.why.zh) == ("field", "EncryptList 中有 'IdCard'；此处可加密的字段：无")


@pytest.mark.parametrize("more", [{}, {"Name": None}])
def test_a_field_of_the_list_that_did_not_come_is_named(more):
    fields = sent()
    del fields["Name"]
    assert refused({**fields, **more})[:2] == ("field", "Name")


def test_a_list_of_a_million_names_is_read_in_time():
    began = time.monotonic()
    assert told(with_encryption(EncryptList=["Name"] * 10**6)) == {"Name": NAME}
    assert time.monotonic() - began < 5


# Decryption


BLOB = "Encryption.CiphertextBlob"


@pytest.mark.parametrize(
    ("blob", "text"),
    [
        (blob_of(OTHERS), "does not open with the server's private key"), (base64_of(bytes(256)), "does not open"),
        (base64_of(b"\xff" * 256), "does not open"), (base64_of(b"\1" * 256), "does not open"),
        (blob_of(PUBLIC, KEY[:16]), "the key in CiphertextBlob is 16 bytes; AES-256-CBC takes 32"),
        (blob_of(PUBLIC, KEY.hex().encode()), "is 64 bytes"), (blob_of(PUBLIC, base64_of(KEY).encode()), "is 44 bytes"),
        (blob_of(PUBLIC, b""), "is 0 bytes"),
        (blob_of(PUBLIC, KEY, padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)), "the padding OAEP"),
        (blob_of(PUBLIC, KEY, padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)), "the padding OAEP"),
        (base64_of(KEY), "CiphertextBlob is 32 bytes; the server's public key makes 256"), ("", "CiphertextBlob is 0 bytes"),
        (blob_of(PUBLIC)[:340], "is 255 bytes"), (blob_of(PUBLIC) * 2, "Base64"), (blob_of(PUBLIC)[:-1], "343 characters"),
        (base64_of(bytes(3 * 10**6)), "is 3000000 bytes"), ("-" * 344, "URL-safe alphabet"), ("A B=" * 86, "blanks"),
        ("A" * 76 + "\r\n" + "A" * 76, "line breaks"), ("!" * 344, "characters of no Base64"), ("\ud800" * 344, "no Base64"),
        ("键" * 10**6, "no Base64"), ("=" * 344, "no Base64"),
        ("08okx7UOUmOFDxERN6zEBV==-k-fKVP3WIlGpg8m9LMW4jEkQ==", "URL-safe"),
    ],
)  # fmt: skip
def test_a_blob_that_gives_no_key_is_refused_with_why(blob, text):
    kind, parameter, why = refused(with_encryption(CiphertextBlob=blob))
    assert (kind, parameter) == ("decryption", BLOB)
    assert text in why
    assert len(why) < 400


@pytest.mark.long
def test_every_wrong_key_pair_is_told_as_such_whatever_openssl_makes_of_it():
    """Some of the keys that it makes up have 32 bytes; 3,000 keys of chance have a dozen of these among them."""
    private = PRIVATE.private_numbers()
    modulus = private.public_numbers.n
    lengths = set()
    for chance in range(2, 3002):
        blob = pow(chance, 3, modulus).to_bytes(256)
        made = PRIVATE.decrypt(blob, padding.PKCS1v15())
        lengths.add(len(made))
        if len(made) == 32:
            kind, parameter, why = refused(with_encryption(CiphertextBlob=base64_of(blob)))
            assert (kind, parameter, "does not open" in why) == ("decryption", BLOB, True)
    assert 32 in lengths


BLOCK = b"x" * 16


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (NAME * 2, "Name is not Base64: it has characters"), ("zhang san", "Name is not Base64: it has blanks"),
        ("", "Name is 0 bytes"), (base64_of(b"x" * 24), "Name is 24 bytes"), (base64_of(KEY[:17]), "multiple of 16"),
        (aes(padded(b"x" * 40))[:-4], "multiple of 16"), (aes(padded(b"x"))[:-1], "23 characters are no multiple of 4"),
        (aes(padded(b"x"), key=bytes(32)), "without PKCS#7 padding"), (aes(padded(b"x"), iv=bytes(16)), "without PKCS#7"),
        (aes(BLOCK), "padded with zero bytes or not at all"), (aes("张三".encode().ljust(16, b"\0")), "padded with zero"),
        (aes(b"x" * 15 + b"\x11"), "not at all"), (aes(b"x" * 14 + b"\1\2"), "not at all"),
        (aes(padded("张三".encode("gbk"))), "not UTF-8"), (aes(padded(BLOCK * 2), iv=bytes(16)), "not UTF-8"),
    ],
)  # fmt: skip
def test_a_field_that_does_not_decrypt_is_refused_with_why(value, text):
    kind, parameter, why = refused({**sent(), "Name": value})
    assert (kind, parameter) == ("decryption", "Name")
    assert text in why


def test_the_other_form_of_the_iv_is_another_iv():
    fields = sent(iv="abcdefghijklmnop")
    fields["Encryption"]["Iv"] = base64_of(b"ponmlkjihgfedcba")
    assert refused(fields)[0] == "decryption"


SM4 = {"Algorithm": "SM4-GCM", "Iv": base64_of(bytes(12)), "TagList": [base64_of(bytes(16))] * 2}


def test_sm4_is_refused_because_its_key_comes_by_sm2():
    kind, parameter, why = refused(with_encryption(**SM4))
    assert (kind, parameter) == ("decryption", "Encryption.Algorithm")
    assert "SM2, which the library cryptography does not have; AES-256-CBC works" in why


def test_the_parameters_of_sm4_are_checked_first():
    assert refused(with_encryption(**{**SM4, "TagList": None}))[:2] == ("missing", "Encryption.TagList")
    short = refused(with_encryption(**{**SM4, "TagList": ["x"]}))
    assert short[:2] == ("value", "Encryption.TagList")
    assert short[2].startswith("TagList has 1 items and EncryptList 2")
    assert refused(with_encryption(**SM4, EncryptList=["ImageBase64", "Name"]))[0] == "field"


def test_a_server_without_keys_says_how_to_get_them():
    kind, parameter, why = refused(sent(), None)
    assert (kind, parameter) == ("decryption", BLOB)
    assert "mockface keys init DIR" in why
    assert "mockface serve --keys DIR" in why.zh
    assert refused(with_encryption(Iv=None), None)[0] == "missing"


def test_without_the_library_the_text_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def missing(name, *more, **others):
        if name.startswith("cryptography"):
            raise ImportError(name)
        return real(name, *more, **others)

    for name in [name for name in sys.modules if name.startswith("cryptography.hazmat.primitives")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", missing)
    kind, _, why = refused(sent_before)
    assert kind == "decryption"
    assert "mockface[crypto]" in why
    assert "pip install cryptography" in why.zh


sent_before = sent()


def test_a_key_pair_does_not_show_itself():
    assert repr(KEYS) == "KeyPair()"


# Whatever comes

JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
BASE64 = some.binary(max_size=300).map(base64_of)
GOOD = sent()
ENCRYPTIONS = some.fixed_dictionaries(
    {},
    optional={
        "EncryptList": some.lists(some.sampled_from(["Name", "IdCard", "x"]) | some.text(), max_size=3) | JSON,
        "CiphertextBlob": some.just(GOOD["Encryption"]["CiphertextBlob"]) | some.binary(min_size=256, max_size=256).map(base64_of) | BASE64 | JSON,
        "Iv": some.text(min_size=16, max_size=16) | some.binary(min_size=16, max_size=16).map(base64_of) | BASE64 | JSON,
        "Algorithm": some.sampled_from(["AES-256-CBC", "SM4-GCM"]) | JSON,
        "TagList": some.lists(BASE64, max_size=3) | JSON,
    },
)  # fmt: skip
SENT = some.dictionaries(
    some.sampled_from(ENCRYPTABLE), some.sampled_from([GOOD["Name"], GOOD["IdCard"]]) | BASE64 | JSON
)


@pytest.mark.long
@settings(max_examples=300, deadline=None)
@given(ENCRYPTIONS | JSON, SENT, some.booleans())
def test_any_input_gives_a_result_or_is_refused_in_words(encryption, fields, keyed):
    answer = decrypt(encryption, fields, KEYS if keyed else None, ENCRYPTABLE)
    if isinstance(answer, NotDecrypted):
        speaks(answer)
        assert len(answer.why) < 400
    else:
        assert set(answer) == set(encryption["EncryptList"])
        json.dumps(answer)


@pytest.mark.long
@settings(max_examples=200, deadline=None)
@given(some.sampled_from(["CiphertextBlob", "Iv", "Name", "IdCard"]), some.integers(0, 343), some.characters())
def test_a_changed_character_anywhere_is_decrypted_or_refused_in_words(name, at, character):
    fields = {**GOOD, "Encryption": {**GOOD["Encryption"]}}
    holder = fields if name in fields else fields["Encryption"]
    text = holder[name]
    holder[name] = text[: at % len(text)] + character + text[at % len(text) + 1 :]
    answer = told(fields)
    if isinstance(answer, NotDecrypted):
        speaks(answer)
    else:
        assert set(answer) == set(ENCRYPTABLE)
