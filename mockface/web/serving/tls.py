"""HTTPS beside HTTP: an SSL context from settings, a second listener, and certificate renewal.

Knows nothing of requests: after the handshake the app gets the same bytes.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING, Any

from mockface.errors import CannotIssue, CannotServeTls
from mockface.network import certificates
from mockface.settings import Settings
from mockface.web.serving.handshake import Handshake
from mockface.web.serving.timeouts import ACCEPTED_AT_ONCE

if TYPE_CHECKING:
    from mockface.web.app import App

logger = logging.getLogger("mockface")


LOOK_SECONDS = 1.0
"""How often the certificate files are checked. A change is read when two checks agree."""
_CERTIFICATES = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\r?\n?", re.DOTALL)


@dataclass(slots=True)
class Tls:
    """The TLS settings in use; `ca` is the certificate (PEM) that a client must trust, None if unknown.

    `files` are the files of certificate and key, if any, and `read` their state when they were read.
    """

    context: ssl.SSLContext
    ca: bytes | None
    files: tuple[Path, ...] = ()
    read: tuple[object, ...] = ()

    def look(self) -> tuple[object, ...]:
        """A value that changes when the files change."""
        return tuple(_stamp(file) for file in self.files)

    def renew(self) -> None:
        """Read the files again, for new connections. Raises CannotServeTls; then the certificate in use stays."""
        if not self.files:
            return
        self.read = self.look()
        renewed = _given(*self.files)
        self.context, self.ca = renewed.context, renewed.ca


def _stamp(file: Path) -> object:
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino


def prepare(settings: Settings, now: float) -> Tls | None:
    """The TLS settings, None for HTTP only. Raises CannotServeTls."""
    if settings.tls == "auto":
        return _made(settings, now)
    return _given(Path(settings.tls_cert), Path(settings.tls_key)) if settings.tls_cert else None


def _made(settings: Settings, now: float) -> Tls:
    try:
        names = certificates.all_names(settings.tls_names)
        ca = certificates.new_authority(names, now)
        pair = certificates.issue(ca, names, now)
        if settings.tls_ca_out:
            Path(settings.tls_ca_out).write_bytes(ca.certificate)
    except CannotIssue as fault:
        raise CannotServeTls(str(fault)) from fault
    except OSError as fault:
        raise CannotServeTls(f"--tls-ca-out {settings.tls_ca_out}: {fault.strerror or fault}") from fault
    with _as_file(pair.certificate + pair.key) as file:
        return Tls(_context(file, file), ca.certificate)


def _given(certificate: Path, key: Path) -> Tls:
    # Taken before the files are read: a change meanwhile then differs from it and is read again.
    before = _stamp(certificate), _stamp(key)
    for name, file in (("--tls-cert", certificate), ("--tls-key", key)):
        try:
            content = file.read_bytes()
        except OSError as fault:
            raise CannotServeTls(f"{name} {file}: {fault.strerror or fault}{_whose(file)}") from fault
        if b"-----BEGIN " not in content:
            raise CannotServeTls(f"{name} {file} is not a PEM file: it has no line -----BEGIN …-----")
    try:
        context = _context(str(certificate), str(key))
    except ssl.SSLError as fault:
        cause = "the key is not the certificate's" if fault.reason == "KEY_VALUES_MISMATCH" else fault.reason or fault
        raise CannotServeTls(f"--tls-cert {certificate} with --tls-key {key}: {cause}") from fault
    chain = _CERTIFICATES.findall(certificate.read_bytes())
    ca = next((one for one in reversed(chain) if _is_root(one)), None)
    return Tls(context, ca, (certificate, key), before)


def _is_root(certificate: bytes) -> bool:
    """Whether this is a self-signed CA: the one in a chain that a client must trust."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata=certificate.decode("ascii"))
    except (ssl.SSLError, ValueError):
        return False
    return any(one["subject"] == one["issuer"] for one in context.get_ca_certs())


def _whose(file: Path) -> str:
    """The file's owner, if another user: keys have mode 0600, and containers run as their own user."""
    try:
        owner = file.stat().st_uid
    except OSError:
        return ""
    if not hasattr(os, "geteuid"):  # Windows has other permissions
        return ""
    return f" (it belongs to user {owner}, this is user {os.geteuid()})" if owner != os.geteuid() else ""


def _context(certificate: str, key: str) -> ssl.SSLContext:
    """TLS 1.3 if possible, down to 1.0 for clients of 2017 as far as OpenSSL allows: no secrets are transferred."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.set_alpn_protocols(["http/1.1"])
    # An encrypted key must not prompt for its password: there may be no terminal.
    context.load_cert_chain(certificate, key, password="")
    return context


@contextmanager
def _as_file(content: bytes) -> Iterator[str]:
    """The name of a file with this content, for OpenSSL; in memory if the system supports that."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("mockface")
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            yield f"/proc/self/fd/{descriptor}"
    else:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "pair.pem"
            file.touch(0o600)
            file.write_bytes(content)
            yield str(file)


async def listen(
    make: Callable[[], asyncio.Protocol], bound: socket, tls: Tls, connections: set[Any], app: App
) -> asyncio.Server:
    """Listen for HTTPS on a bound socket, with a protocol for each connection after its handshake.

    `connections` are those of the server, including those during the handshake.
    """

    def handshake() -> Handshake:
        return Handshake(tls, make, connections, app)

    return await asyncio.get_running_loop().create_server(handshake, sock=bound, backlog=ACCEPTED_AT_ONCE)


async def watch(tls: Tls, renewed: Callable[[], None]) -> None:
    """Renew the certificate when its files change, until cancelled. Polls: that works on container volumes too."""
    seen = tls.read
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        now = await asyncio.to_thread(tls.look)
        if now == seen and now != tls.read:
            await renew(tls, renewed)
        seen = now


async def renew(tls: Tls, renewed: Callable[[], None]) -> None:
    """Renew the certificate if it is readable, else log the reason and keep the last good one."""
    try:
        await asyncio.to_thread(tls.renew)
    except CannotServeTls as fault:
        logger.error("certificate not renewed, the last good one stays in use: %s", fault)
    else:
        renewed()
        logger.warning("certificate renewed")
