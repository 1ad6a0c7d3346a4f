"""Encrypted fields of API 3.0: what `Encryption` says, decrypted with mockface's own private key, or why it cannot be.

The parameter `Encryption`, parsed, and the fields as sent come in; the decrypted fields go out, or a NotDecrypted. The
vendor's rule: the fields are encrypted with AES-256-CBC under a key of 32 bytes, which comes along in CiphertextBlob,
encrypted with the server's public RSA key (docs, and the vendor's encryption demos). What is said of a mistake names
lengths and forms; no key and no decrypted value stands in it.

SM4-GCM is refused: its key comes encrypted with SM2, which the library `cryptography` does not have. The library is
imported when something is decrypted, and not before. It reads no file: `network/keys.py` makes and loads the keys.
"""

from __future__ import annotations

import binascii
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from mockface.privacy.masking import quoted
from mockface.reasons import Reason, Said, joined, words

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

PARAMETER = "Encryption"
_LISTS = ("EncryptList", "TagList")
AES, SM4 = "AES-256-CBC", "SM4-GCM"
ALGORITHMS = (AES, SM4)
"""What Algorithm may say; AES-256-CBC where it says nothing. Source: page."""
KEY_BYTES = 32
_BLOCK = 16
_SHORTEST_RANDOM = 8
"""How many random bytes PKCS#1 v1.5 puts before a message, at least."""

Kind = Literal["missing", "type", "value", "field", "decryption"]
"""What is wrong: a parameter is missing or of a wrong type, its value is not allowed, EncryptList names what may not be
encrypted or did not come, or everything is in its place and cannot be decrypted."""


@dataclass(frozen=True, slots=True, eq=False)
class KeyPair:
    """The server's key pair; it does not show itself. `network/keys.py` loads one from a folder."""

    private: RSAPrivateKey = field(repr=False)


class NotDecrypted(NamedTuple):
    """Why nothing was decrypted. `name` is the parameter, as the gateway spells it: `Encryption.Iv`, `IdCard`."""

    kind: Kind
    name: str
    why: Said


_MISSING = Reason("{name} is missing; expected {wanted}", "缺少 {name}；应为 {wanted}")
_TYPE = Reason("{name} is {came}; expected {wanted}", "{name} 是 {came}；应为 {wanted}")
_TYPES: Mapping[type, Said] = {
    bool: words("a boolean", "布尔值"),
    int: words("a number", "数字"),
    float: words("a number", "数字"),
    str: words("a string", "字符串"),
    list: words("an array", "数组"),
    dict: words("an object", "对象"),
    type(None): words("null", "null"),
}
_STRING, _ARRAY = _TYPES[str], words("an array of strings", "字符串数组")
_OBJECT = words("an object with EncryptList, CiphertextBlob and Iv", "含 EncryptList、CiphertextBlob 和 Iv 的对象")
_OTHER_TYPE = words("of another type", "其他类型")

_ALGORITHM = Reason("Algorithm is {came}; expected {wanted}", "Algorithm 为 {came}；应为 {wanted}")
_EMPTY_LIST = words(
    "EncryptList is empty; expected the names of the encrypted fields", "EncryptList 为空；应为被加密字段的名称"
)
_IV = Reason(
    "Iv is {came} characters long; expected 16 characters, or the Base64 of 16 bytes",
    "Iv 长度为 {came} 个字符；应为 16 个字符，或 16 字节的 Base64",
)
_IV_NOT_ASCII = words(
    "the 16 characters of Iv are not all ASCII, and so more than 16 bytes; expected ASCII, or the Base64 of 16 bytes",
    "Iv 的 16 个字符不全是 ASCII，因而超过 16 字节；应为 ASCII 字符，或 16 字节的 Base64",
)
_TAGS = Reason(
    "TagList has {came} items and EncryptList {wanted}; SM4-GCM has a tag for each field, in the same order",
    "TagList 有 {came} 项，EncryptList 有 {wanted} 项；SM4-GCM 的每个字段各有一个 tag，顺序相同",
)

_NOT_ENCRYPTABLE = Reason(
    "EncryptList names {came}; what may be encrypted here: {wanted}",
    "EncryptList 中有 {came}；此处可加密的字段：{wanted}",
)
_NOT_SENT = Reason(
    "EncryptList names {name}, which did not come; leave it out, or send the field encrypted",
    "EncryptList 中有 {name}，但没有传该字段；请去掉它，或传入加密后的字段",
)
_NO_FIELD = words("no field", "无")

_NO_SM4 = words(
    "mockface does not decrypt SM4-GCM: its key comes encrypted with SM2, which the library cryptography does not "
    "have; AES-256-CBC works",
    "mockface 不支持解密 SM4-GCM：其密钥由 SM2 加密，而 cryptography 库没有 SM2；可使用 AES-256-CBC",
)
_NO_KEYS = words(
    "the server has no key pair; 'mockface keys init DIR' makes one, 'mockface serve --keys DIR' decrypts with it, and "
    "the client encrypts with its public-rsa.pem",
    "服务没有密钥对；'mockface keys init DIR' 生成密钥对，'mockface serve --keys DIR' 用它解密，客户端用其中的 "
    "public-rsa.pem 加密",
)
NO_LIBRARY = words(
    "encrypted fields need the library cryptography, which the extra mockface[crypto] brings: "
    "'python3 -m pip install cryptography' installs it",
    "加密字段需要 cryptography 库，即可选依赖 mockface[crypto]：运行 'python3 -m pip install cryptography' 安装",
)
_NOT_BASE64 = Reason(
    "{name} is not Base64: {why}; expected the standard alphabet, padded with =",
    "{name} 不是 Base64：{why}；应为标准字母表，以 = 补齐",
)
_URL_SAFE = words("it has - or _, which are of the URL-safe alphabet", "含有 - 或 _，属于 URL 安全字母表")
_BLANKS = words(
    "it has blanks or line breaks (in a form, + has to be sent as %2B)",
    "含有空格或换行（在表单中 + 须写作 %2B）",
)
_LENGTH = Reason(
    "its {count} characters are no multiple of 4: cut, or without its padding?",
    "其 {count} 个字符不是 4 的倍数：被截断，或缺少补齐的 =？",
)
_CHARACTERS = words("it has characters of no Base64, or = in the middle", "含有 Base64 之外的字符，或中间有 =")

_BLOB_LENGTH = Reason(
    "CiphertextBlob is {came} bytes; the server's public key makes {wanted}: cut, or encrypted with another key?",
    "CiphertextBlob 为 {came} 字节；用服务的公钥加密的结果为 {wanted} 字节：被截断，或用了另一个公钥？",
)
_OTHER_KEY = words(
    "CiphertextBlob does not open with the server's private key: it was encrypted with another public key than its "
    "public-rsa.pem, or changed on its way, or its padding is not PKCS#1 v1.5",
    "服务的私钥解不开 CiphertextBlob：加密所用的不是与它配对的 public-rsa.pem，途中被改动，或填充方式不是 PKCS#1 v1.5",
)
_OAEP = words(
    "CiphertextBlob is encrypted with the padding OAEP; expected PKCS#1 v1.5",
    "CiphertextBlob 的填充方式是 OAEP；应为 PKCS#1 v1.5",
)
_KEY_LENGTH = Reason(
    "the key in CiphertextBlob is {came} bytes; AES-256-CBC takes 32, the bytes themselves and not their hexadecimal "
    "or Base64",
    "CiphertextBlob 中的密钥为 {came} 字节；AES-256-CBC 的密钥为 32 字节，是字节本身，不是其十六进制或 Base64",
)
_BLOCKS = Reason(
    "{name} is {came} bytes; what AES-CBC makes is a multiple of 16, at least 16: cut, not encrypted, or another mode?",
    "{name} 为 {came} 字节；AES-CBC 的结果是 16 的倍数，且至少为 16：被截断、没有加密，或是其他模式？",
)
_UNPADDED = Reason(
    "{name} decrypts to text that is padded with zero bytes or not at all; expected PKCS#7",
    "{name} 解密后是文本，但以零字节填充或没有填充；应为 PKCS#7",
)
_PADDING = Reason(
    "{name} decrypts to bytes without PKCS#7 padding: was it encrypted with another key or Iv than those sent, or in "
    "another mode?",
    "{name} 解密后没有 PKCS#7 填充：加密所用的密钥或 Iv 与所传的不同，或是其他模式？",
)
_NOT_UTF8 = Reason(
    "{name} decrypts to bytes that are not UTF-8: was it encrypted with another Iv than the one sent, or is the text "
    "in another encoding, such as GBK?",
    "{name} 解密后不是 UTF-8：加密所用的 Iv 与所传的不同，或文本是其他编码，例如 GBK？",
)


def decrypt(
    encryption: object, fields: Mapping[str, object], keys: KeyPair | None, encryptable: Collection[str]
) -> dict[str, str] | NotDecrypted:
    """The fields that EncryptList names, decrypted, and no other; or why not. Raises nothing, whatever came.

    `fields` are all of the call by name, as sent; `encryptable` are the names that the action allows in EncryptList.
    A null counts as missing. A name that stands twice in EncryptList is decrypted once; members of `Encryption` that
    are not defined are left to whoever checks parameters.
    """
    try:
        given = _checked(encryption)
        of_sm4 = given["Algorithm"] == SM4
        iv = b"" if of_sm4 else _iv(given["Iv"])
        values = {name: _value(name, fields, encryptable) for name in dict.fromkeys(given["EncryptList"])}
        if of_sm4:
            raise _Refusal("decryption", f"{PARAMETER}.Algorithm", _NO_SM4)
        if keys is None:
            raise _Refusal("decryption", f"{PARAMETER}.CiphertextBlob", _NO_KEYS)
        return _decrypted(values, given["CiphertextBlob"], iv, keys)
    except _Refusal as refusal:
        return refusal.told
    except ImportError:
        return NotDecrypted("decryption", PARAMETER, NO_LIBRARY)


class _Refusal(Exception):
    """What ends the decryption; `told` is for the caller."""

    def __init__(self, kind: Kind, name: str, why: Said) -> None:
        super().__init__(name)
        self.told = NotDecrypted(kind, name, why)


# The object and the fields


def _checked(encryption: object) -> Mapping[str, Any]:
    """Its members, Algorithm among them: none is missing or of a wrong type, and each has an allowed value."""
    if not isinstance(encryption, Mapping):
        raise _of_type(PARAMETER, encryption, _OBJECT)
    given = {"Algorithm": AES, **{name: value for name, value in encryption.items() if value is not None}}
    needed = ("EncryptList", "CiphertextBlob", "Iv", "TagList")
    for name in needed if given["Algorithm"] == SM4 else needed[:-1]:
        if name not in given:
            wanted = _ARRAY if name in _LISTS else _STRING
            raise _Refusal("missing", f"{PARAMETER}.{name}", _MISSING.of(name=name, wanted=wanted))
    _must_have_types(given)
    _must_have_values(given)
    return given


def _must_have_types(given: Mapping[str, Any]) -> None:
    for name in _LISTS:
        items = given.get(name, [])
        if not isinstance(items, list):
            raise _of_type(f"{PARAMETER}.{name}", items, _ARRAY)
        for at, item in enumerate(items):
            if not isinstance(item, str):
                raise _of_type(f"{PARAMETER}.{name}.{at}", item, _STRING)
    for name in ("CiphertextBlob", "Iv", "Algorithm"):
        if not isinstance(given[name], str):
            raise _of_type(f"{PARAMETER}.{name}", given[name], _STRING)


def _of_type(name: str, value: object, wanted: Said) -> _Refusal:
    came = _TYPES.get(type(value), _OTHER_TYPE)
    return _Refusal("type", name, _TYPE.of(name=name, came=came, wanted=wanted))


def _must_have_values(given: Mapping[str, Any]) -> None:
    algorithm, names, tags = given["Algorithm"], len(given["EncryptList"]), len(given.get("TagList", ()))
    if algorithm not in ALGORITHMS:
        why = _ALGORITHM.of(came=quoted(algorithm), wanted=joined(ALGORITHMS, " or ", " 或 "))
        raise _Refusal("value", f"{PARAMETER}.Algorithm", why)
    if not names:
        raise _Refusal("value", f"{PARAMETER}.EncryptList", _EMPTY_LIST)
    if algorithm == SM4 and names != tags:
        raise _Refusal("value", f"{PARAMETER}.TagList", _TAGS.of(came=tags, wanted=names))


def _value(name: str, fields: Mapping[str, object], encryptable: Collection[str]) -> str:
    """The field of this name, as sent."""
    if name not in encryptable:
        wanted = joined(encryptable) if encryptable else _NO_FIELD
        why = _NOT_ENCRYPTABLE.of(came=quoted(name), wanted=wanted)
        raise _Refusal("field", f"{PARAMETER}.EncryptList", why)
    value = fields.get(name)
    if value is None:
        raise _Refusal("field", name, _NOT_SENT.of(name=name))
    if not isinstance(value, str):
        raise _of_type(name, value, _STRING)
    return value


def _iv(text: str) -> bytes:
    """The 16 bytes: characters as they are (docs), or Base64 as in the vendor's demos, which makes 24 characters."""
    if len(text) == _BLOCK:
        if text.isascii():
            return text.encode()
        raise _Refusal("value", f"{PARAMETER}.Iv", _IV_NOT_ASCII)
    iv = _base64(text)
    if iv is None or len(iv) != _BLOCK:
        raise _Refusal("value", f"{PARAMETER}.Iv", _IV.of(came=len(text)))
    return iv


# Decryption


def _decrypted(values: Mapping[str, str], blob_sent: str, iv: bytes, keys: KeyPair) -> dict[str, str]:
    """The values, decrypted. Raises ImportError without the library."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    blob = _bytes_of("CiphertextBlob", f"{PARAMETER}.CiphertextBlob", blob_sent)
    cipher = Cipher(algorithms.AES256(_key_in(blob, keys)), modes.CBC(iv))
    told = {}
    for name, value in values.items():
        encrypted = _bytes_of(name, name, value)
        if not encrypted or len(encrypted) % _BLOCK:
            raise _Refusal("decryption", name, _BLOCKS.of(name=name, came=len(encrypted)))
        decryptor = cipher.decryptor()
        why, told[name] = _text_in(decryptor.update(encrypted) + decryptor.finalize())
        if why:
            # Out of a blob for another key OpenSSL makes a key by chance, which may have the right length.
            if _raw_key(blob, keys) is None:
                raise _not_opened(blob, keys)
            raise _Refusal("decryption", name, why.of(name=name))
    return told


def _text_in(padded: bytes) -> tuple[Reason | None, str]:
    """What is wrong with a decrypted value, and its text without the padding."""
    count = padded[-1]
    text = _utf8(padded)
    if not 1 <= count <= _BLOCK or not padded.endswith(bytes([count]) * count):
        return (_PADDING if text is None else _UNPADDED), ""
    text = _utf8(padded[:-count])
    return (_NOT_UTF8, "") if text is None else (None, text)


def _utf8(text: bytes) -> str | None:
    try:
        return text.decode()
    except UnicodeDecodeError:
        return None


def _base64(text: str) -> bytes | None:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        return None


def _bytes_of(name: str, parameter: str, text: str) -> bytes:
    """The bytes that this Base64 stands for."""
    decoded = _base64(text)
    if decoded is not None:
        return decoded
    if "-" in text or "_" in text:
        why = _URL_SAFE
    elif len(text.split(maxsplit=1)) > 1 or text != text.strip():
        why = _BLANKS
    else:
        why = _LENGTH.of(count=len(text)) if len(text) % 4 else _CHARACTERS
    raise _Refusal("decryption", parameter, _NOT_BASE64.of(name=name, why=why))


def _key_in(blob: bytes, keys: KeyPair) -> bytes:
    """The key of the fields."""
    from cryptography.hazmat.primitives.asymmetric import padding

    size = (keys.private.key_size + 7) // 8
    if len(blob) != size:
        why = _BLOB_LENGTH.of(came=len(blob), wanted=size)
        raise _Refusal("decryption", f"{PARAMETER}.CiphertextBlob", why)
    try:
        key = keys.private.decrypt(blob, padding.PKCS1v15())
    except ValueError:
        raise _not_opened(blob, keys) from None
    if len(key) != KEY_BYTES:
        raise _not_opened(blob, keys)
    return key


def _raw_key(blob: bytes, keys: KeyPair) -> bytes | None:
    """The message of the blob, None where its padding is not PKCS#1 v1.5.

    The library does not tell: since OpenSSL 3.2 it makes something up there, against attacks on secrets. A test's key
    is no secret, and whoever took the wrong one wants to know.
    """
    private = keys.private.private_numbers()
    came, modulus = int.from_bytes(blob), private.public_numbers.n
    if came >= modulus:
        return None
    of_p, of_q = pow(came, private.dmp1, private.p), pow(came, private.dmq1, private.q)
    opened = of_q + private.iqmp * (of_p - of_q) % private.p * private.q
    message = opened.to_bytes(len(blob))
    end = message.find(0, 2)
    return message[end + 1 :] if message.startswith(b"\0\2") and end >= 2 + _SHORTEST_RANDOM else None


def _not_opened(blob: bytes, keys: KeyPair) -> _Refusal:
    """Why no key for AES-256 came out of the blob."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    key = _raw_key(blob, keys)
    why = _OTHER_KEY if key is None else _KEY_LENGTH.of(came=len(key))
    for made in (hashes.SHA1, hashes.SHA256) if key is None else ():
        try:
            keys.private.decrypt(blob, padding.OAEP(padding.MGF1(made()), made(), None))
            why = _OAEP
        except ValueError:
            continue
    return _Refusal("decryption", f"{PARAMETER}.CiphertextBlob", why)
