"""A certificate authority for tests: takes host names; returns a CA and a certificate for these names, as PEM.

The CA has name constraints (RFC 5280, 4.2.1.10): it can sign for these names only, so a stolen CA key cannot be
used to impersonate other sites to the clients that trust this CA.

Uses the library `cryptography` of the extra `mockface[tls]`, imported only here. Keys are RSA: clients from 2017
support them. `now` is seconds since 1970; nothing here reads the clock.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockface.errors import CannotIssue

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

VENDOR_NAMES = ("recognition.image.myqcloud.com", "service.image.myqcloud.com", "faceid.tencentcloudapi.com")
"""The host names in the vendor's SDKs and on its page."""
OWN_NAMES = ("localhost", "mockface", "127.0.0.1", "::1")
CA_DAYS = 3650
CERTIFICATE_DAYS = 820
"""Apple's clients refuse a certificate that is valid for more than 825 days, whoever issued it."""
_KEY_BITS = 2048
_BACKDATED = timedelta(days=1)
"""A client whose clock is slow must accept a new certificate."""

CA_FILE, CA_KEY_FILE, CERTIFICATE_FILE, KEY_FILE = "ca.pem", "ca-key.pem", "cert.pem", "key.pem"


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its key, both in PEM."""

    certificate: bytes
    key: bytes


def new_authority(names: Iterable[str], now: float) -> Pair:
    """A CA that may sign for these names and their subdomains, valid for CA_DAYS. Raises CannotIssue."""
    x509, hashes = _library()
    permitted = [_subtree(_subject(name)) for name in dict.fromkeys(names)]
    key = _new_key()
    name = _name(f"mockface test CA {_when(now):%Y-%m-%d}")
    builder = _begun(name, name, key, now, CA_DAYS).add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
    builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    builder = builder.add_extension(x509.NameConstraints(permitted, excluded_subtrees=None), critical=True)
    return Pair(_pem(builder.sign(key, hashes.SHA256())), _key_pem(key))


def issue(authority: Pair, names: Iterable[str], now: float) -> Pair:
    """A certificate for these names and addresses, followed by the CA's. Raises CannotIssue."""
    x509, hashes = _library()
    ca, ca_key = _read(authority)
    if _when(now) > ca.not_valid_after_utc:
        raise CannotIssue(f"the CA expired on {ca.not_valid_after_utc:%Y-%m-%d}; start with an empty folder")
    subjects = [_subject(name) for name in dict.fromkeys(names)]
    _must_permit(ca, subjects)
    key = _new_key()
    from cryptography.x509.oid import ExtendedKeyUsageOID

    builder = _begun(_name(VENDOR_NAMES[0]), ca.subject, key, now, CERTIFICATE_DAYS)
    for extension, critical in (
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage(digital_signature=True, key_encipherment=True), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.SubjectAlternativeName(subjects), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), False),
    ):
        builder = builder.add_extension(extension, critical)
    return Pair(_pem(builder.sign(ca_key, hashes.SHA256())) + authority.certificate, _key_pem(key))


def all_names(more: Iterable[str]) -> tuple[str, ...]:
    """The built-in names and these, without duplicates."""
    return tuple(dict.fromkeys([*VENDOR_NAMES, *OWN_NAMES, *more]))


def fill(folder: Path, names: Iterable[str], now: float) -> bool:
    """Write a certificate into a folder, and a CA unless it has one; True if the CA is new. Raises CannotIssue.

    An existing CA can sign only for the names that it was created for.
    """
    ca_file, ca_key_file = folder / CA_FILE, folder / CA_KEY_FILE
    if ca_file.exists() != ca_key_file.exists():
        there, missing = (ca_file, ca_key_file) if ca_file.exists() else (ca_key_file, ca_file)
        raise CannotIssue(f"{there} exists without {missing}; put it back, or start with an empty folder")
    names = tuple(names)
    try:
        fresh = not ca_file.exists()
        authority = new_authority(names, now) if fresh else Pair(ca_file.read_bytes(), ca_key_file.read_bytes())
        pair = issue(authority, names, now)
        folder.mkdir(parents=True, exist_ok=True)
        if fresh:
            write_whole(ca_key_file, authority.key, 0o600)
            write_whole(ca_file, authority.certificate, 0o644)
        write_whole(folder / KEY_FILE, pair.key, 0o600)
        write_whole(folder / CERTIFICATE_FILE, pair.certificate, 0o644)
    except OSError as fault:
        raise CannotIssue(f"{fault.filename or folder}: {fault.strerror or fault}") from fault
    return fresh


def write_whole(file: Path, content: bytes, mode: int) -> None:
    """Write a file whole or not at all; a key is never readable by others, not even for a moment."""
    half = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
    half.replace(file)


def _library() -> tuple[Any, Any]:
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes
    except ImportError as fault:
        raise CannotIssue(
            "making certificates needs the library cryptography: 'python3 -m pip install cryptography' installs it "
            "(--tls-cert and --tls-key serve your own certificate and do not need it)"
        ) from fault
    return x509, hashes


def _when(now: float) -> datetime:
    return datetime.fromtimestamp(now, UTC)


def _new_key() -> RSAPrivateKey:
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)


def _name(common_name: str) -> x509.Name:
    from cryptography import x509

    return x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "mockface"),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name),
        ]
    )


def _begun(subject: Any, issuer: Any, key: RSAPrivateKey, now: float, days: int) -> x509.CertificateBuilder:
    from cryptography import x509

    start = _when(now) - _BACKDATED
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


_USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


def _usage(**used: bool) -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(**{name: used.get(name, False) for name in _USAGES})


def _subject(name: str) -> x509.GeneralName:
    """A name or an address as a certificate field."""
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        pass
    name = name.removesuffix(".")
    if not all(name.removeprefix("*.").split(".")) or set(name.removeprefix("*.")) & set("/:@ *"):
        raise CannotIssue(f"{name!r} is not a host name; expected a bare name such as api.test, or an address")
    try:
        return x509.DNSName(name.encode("idna").decode() if not name.isascii() else name.lower())
    except ValueError as fault:
        raise CannotIssue(f"{name!r} is not a host name: {fault}") from fault


def _subtree(subject: x509.GeneralName) -> x509.GeneralName:
    """What a CA must permit for this subject: the address itself, or the name with its subdomains."""
    from cryptography import x509

    if isinstance(subject, x509.IPAddress):
        return x509.IPAddress(ipaddress.ip_network(subject.value))
    return x509.DNSName(str(subject.value).removeprefix("*."))


def permitted(certificate: x509.Certificate) -> list[x509.GeneralName] | None:
    """The names that a CA may sign for; None if it has no name constraints and may sign for every host."""
    from cryptography import x509

    try:
        return certificate.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees
    except x509.ExtensionNotFound:
        return None


def _must_permit(ca: x509.Certificate, subjects: Iterable[x509.GeneralName]) -> None:
    """Raises CannotIssue for a subject outside the CA's name constraints: clients would refuse it."""
    limits = permitted(ca)
    refused = [str(one.value) for one in subjects if limits is not None and not any(_covers(by, one) for by in limits)]
    if refused:
        raise CannotIssue(
            f"the CA signs only for {', '.join(str(one.value) for one in limits or [])}, not for {', '.join(refused)}; "
            "start with an empty folder and name all hosts; clients must then trust the new CA"
        )


def _covers(limit: x509.GeneralName, subject: x509.GeneralName) -> bool:
    needed = _subtree(subject)
    if type(limit) is not type(needed):
        return False
    if isinstance(needed.value, str):
        return f".{needed.value}".endswith(f".{limit.value.lstrip('.')}")
    return bool(limit.value.version == needed.value.version and needed.value.subnet_of(limit.value))


def can_sign_for_any_host(certificate: bytes) -> bool:
    """Whether a CA (PEM) has no name constraints; earlier versions created such CAs."""
    from cryptography import x509

    return permitted(x509.load_pem_x509_certificate(certificate)) is None


def _read(authority: Pair) -> tuple[x509.Certificate, RSAPrivateKey]:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        certificate = x509.load_pem_x509_certificate(authority.certificate)
        key = load_pem_private_key(authority.key, None)
    except (ValueError, TypeError) as fault:
        raise CannotIssue(f"{CA_FILE} or {CA_KEY_FILE} cannot be read: {fault}") from fault
    if not isinstance(key, RSAPrivateKey) or key.public_key() != certificate.public_key():
        raise CannotIssue(f"{CA_KEY_FILE} is not the key of {CA_FILE}; start with an empty folder")
    return certificate, key


def _pem(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)


def _key_pem(key: RSAPrivateKey) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    # All TLS libraries read PKCS #8.
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
