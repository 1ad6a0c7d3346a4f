"""Fields encrypted as the vendor's demos do it: values and a public key in, the fields as sent and `Encryption` out."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import load_pem_public_key

KEY = b"0123456789abcdefghijklmnopqrstuv"
IV = bytes(range(240, 256))


def base64_of(content: bytes) -> str:
    return base64.b64encode(content).decode()


def padded(content: bytes) -> bytes:
    padder = PKCS7(128).padder()
    return padder.update(content) + padder.finalize()


def aes(content: bytes, key: bytes = KEY, iv: bytes = IV) -> str:
    """Content of whole blocks, encrypted with AES-CBC, as Base64."""
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return base64_of(encryptor.update(content) + encryptor.finalize())


def blob_of(public: bytes, key: bytes = KEY, how: Any = None) -> str:
    """The key, encrypted with a public key (PEM), as Base64."""
    loaded = load_pem_public_key(public)
    assert isinstance(loaded, rsa.RSAPublicKey)
    return base64_of(loaded.encrypt(key, how or padding.PKCS1v15()))


def encrypted(
    fields: Mapping[str, str], names: Iterable[str], public: bytes, *, iv: str | None = None, key: bytes = KEY
) -> dict[str, Any]:
    """The fields, those of these names encrypted, and `Encryption` among them.

    Without `iv` the Iv is sent as the demos send it, Base64 of 16 bytes; with it, it is these 16 characters.
    """
    names = list(names)
    start = IV if iv is None else iv.encode()
    return {
        **fields,
        **{name: aes(padded(fields[name].encode()), key, start) for name in names},
        "Encryption": {
            "EncryptList": names,
            "CiphertextBlob": blob_of(public, key),
            "Iv": base64_of(start) if iv is None else iv,
            "Algorithm": "AES-256-CBC",
            "TagList": [],
        },
    }
