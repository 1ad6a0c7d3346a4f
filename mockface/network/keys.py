"""The key pair for encrypted fields of API 3.0: a folder in; its keys made, kept, or loaded out, or CannotUseKeys.

What the keys are for, `gateway/encryption.py` knows. The cryptography is the library `cryptography`'s, which comes with
the extra `mockface[crypto]` and is imported only here and there. The public key has the form that the vendor's
encryption demos read, PKCS#1 (`BEGIN RSA PUBLIC KEY`): Node and Java read no other.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mockface.errors import CannotUseKeys
from mockface.gateway.encryption import NO_LIBRARY, KeyPair
from mockface.network.certificates import write_whole

PRIVATE_FILE, PUBLIC_FILE = "private-rsa.pem", "public-rsa.pem"
KEY_BITS = 2048
_FEWEST_BITS, _MOST_BITS = 1024, 4096
"""The keys of others that are taken: that of the vendor's demos has 1024, and 4096 cost some milliseconds a call."""
_MAKES = "'mockface keys init DIR' makes a key pair"


def fill(folder: Path) -> dict[str, bool]:
    """Make what the folder lacks of a key pair; True for each file that is new. Raises CannotUseKeys.

    A private key that is there stays, and so does its public key.
    """
    private, public = folder / PRIVATE_FILE, folder / PUBLIC_FILE
    serialization = _library()
    try:
        new = {file.name: not file.exists() for file in (private, public)}
        if new[PRIVATE_FILE] and not new[PUBLIC_FILE]:
            raise CannotUseKeys(f"{public} is there without {private}; put it back, or begin with an empty folder")
        if new[PRIVATE_FILE]:
            key = _new_key()
            folder.mkdir(parents=True, exist_ok=True)
            # PKCS #8, as the keys of certificates.
            form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            write_whole(private, key.private_bytes(serialization.Encoding.PEM, *form), 0o600)
        keys = load_keys(folder)
        if new[PUBLIC_FILE]:
            write_whole(public, _public_pem(keys.private), 0o644)
    except (FileExistsError, NotADirectoryError) as fault:
        raise CannotUseKeys(
            f"{fault.filename or folder} is not a folder; expected one, or a name that is free"
        ) from fault
    except OSError as fault:
        raise CannotUseKeys(f"{fault.filename or folder}: {fault.strerror or fault}") from fault
    return new


def load_keys(folder: Path) -> KeyPair:
    """The key pair in this folder. Raises CannotUseKeys.

    The public key may be missing; one that is there must be that of the private key.
    """
    serialization = _library()
    file, public_file = folder / PRIVATE_FILE, folder / PUBLIC_FILE
    private = _read(file, lambda content: serialization.load_pem_private_key(content, None))
    if private is None:
        raise CannotUseKeys(f"there is no {file}; {_MAKES}")
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    if not isinstance(private, RSAPrivateKey):
        raise CannotUseKeys(f"{file} is no RSA key; {_MAKES}")
    if not _FEWEST_BITS <= private.key_size <= _MOST_BITS:
        raise CannotUseKeys(
            f"{file} has {private.key_size} bits; expected {_FEWEST_BITS} to {_MOST_BITS}: {_MAKES} of {KEY_BITS}"
        )
    public = _read(public_file, serialization.load_pem_public_key)
    if public not in (None, private.public_key()):
        raise CannotUseKeys(
            f"{public_file} is not the public key of {file}; remove it, and 'mockface keys init' writes it anew"
        )
    return KeyPair(private)


def _read(file: Path, load: Any) -> Any:
    """The key in a file, None if there is none."""
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        return load(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as fault:
        raise CannotUseKeys(f"{file}: {fault.strerror or fault}") from fault
    except TypeError as fault:
        raise CannotUseKeys(f"{file} is encrypted with a password; expected a PEM file without one") from fault
    except (ValueError, UnsupportedAlgorithm) as fault:
        raise CannotUseKeys(f"{file} holds no key that can be read; expected PEM: {_MAKES}") from fault


def _new_key() -> Any:
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def _public_pem(private: Any) -> bytes:
    serialization = _library()
    pem: bytes = private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.PKCS1)
    return pem


def _library() -> Any:
    try:
        from cryptography.hazmat.primitives import serialization
    except ImportError as fault:
        raise CannotUseKeys(NO_LIBRARY) from fault
    return serialization
