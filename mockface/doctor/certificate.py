"""Checks whether the target serves TLS, and which of the clients here trust its certificate."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mockface.doctor.finding import Finding, Target
from mockface.network.client import untrusting

_TRUST_VARIABLES = {
    "REQUESTS_CA_BUNDLE": "requests",
    "CURL_CA_BUNDLE": "curl",
    "NODE_EXTRA_CA_CERTS": "Node",
}
"""The variable that each client reads; SSL_CERT_FILE is read by Python's ssl, Go and httpx."""


def look_at_certificate(target: Target) -> Iterator[Finding]:
    """Whether the target serves TLS, and which of the clients here trust its certificate."""
    fault = handshake_fault(target, untrusting())
    if fault is not None:
        mend = f"serve HTTPS there (--tls auto --tls-port {target.port}), or call http://{target.host}:{target.port}"
        yield Finding("tls", "fault", f"port {target.port} does not serve TLS: {fault}", mend)
        return
    own = "SSL_CERT_FILE" if target.environment.get("SSL_CERT_FILE") else ""
    found = [_trust(target, own, "Python's ssl")]
    found += [_trust(target, name, who) for name, who in _TRUST_VARIABLES.items() if target.environment.get(name)]
    if any(one.state == "ok" for one in found):
        # It is unknown which client the user has: one that trusts the certificate is enough, the others become notes.
        found = [one if one.state == "ok" else replace(one, state="note") for one in found]
    yield from found


def _trust(target: Target, variable: str, who: str) -> Finding:
    """Whether a client that reads this variable ("" for none: the system's certificates) trusts the server."""
    file = target.environment.get(variable, "") if variable else ""
    by = f"by {variable}={file}" if variable else "by the system's certificates"
    if variable and not Path(file).exists():
        return Finding(
            "certificate", "fault", f"{variable}={file}: there is no such file", f"correct the path in {variable}"
        )
    try:
        fault = handshake_fault(target, _context(file))
    except (ssl.SSLError, OSError) as unreadable:
        says = f"{variable}={file} has no certificate: {unreadable}"
        return Finding("certificate", "fault", says, _how_to_trust())
    if fault is None:
        return Finding("certificate", "ok", f"{who} trusts it {by}")
    code = getattr(fault, "verify_code", None)
    named = (
        f"a certificate with {target.host}: mockface tls init EMPTY-DIR --name {target.host}, or "
        f"--tls-names {target.host}"
    )
    mends = {
        47: named,  # violates the CA's name constraints
        62: named,
        64: named,
        10: "a new certificate: mockface tls init DIR (the CA stays), and restart mockface",
        9: "correct the clocks: the certificate is valid from a day before its creation",
    }
    why = getattr(fault, "verify_message", str(fault))
    return Finding(
        "certificate", "fault", f"{who} does not trust it {by}: {why}", mends.get(code or 0, _how_to_trust())
    )


def _how_to_trust() -> str:
    return (
        "mockface tls trust DIR prints how clients come to trust it, DIR is that of 'mockface tls init'; with "
        "--tls auto: curl -o ca.pem http://HOST:PORT/_mockface/ca.pem, then mockface tls trust ca.pem"
    )


def _context(file: str) -> ssl.SSLContext:
    path = Path(file)
    if file and path.is_dir():
        return ssl.create_default_context(capath=file)
    return ssl.create_default_context(cafile=file or None)


def handshake_fault(target: Target, context: ssl.SSLContext) -> Exception | None:
    """The reason why the handshake fails with this context; None if it succeeds."""
    try:
        with (
            socket.create_connection((target.host, target.port), target.timeout) as plain,
            context.wrap_socket(plain, server_hostname=target.host),
        ):
            return None
    except OSError as fault:
        return fault
