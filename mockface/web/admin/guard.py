"""Access control for mockface's own API: no pages of other sites, and only with the token from other machines.

A browser sends the origin of a page (Origin) and the name of the server (Host). A hostile page has another Origin; one
that rebinds its own name to this machine has an unknown Host. Names without a dot and literal addresses cannot be
rebound, since they are not in public DNS. Clients other than browsers send no Origin.
"""

from __future__ import annotations

import hmac
import ipaddress
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

from mockface.privacy.masking import masked_numbers
from mockface.settings import Settings
from mockface.texts.escaping import json_text
from mockface.texts.hostnames import host_as_sent, host_name
from mockface.web.effects import Scope, Send

TOKEN_HEADER = "X-Mockface-Token"  # noqa: S105 - the name of a header
_LOOPBACK_NAMES = {"localhost", "[::1]", "127.0.0.1"}


def refusal(scope: Scope, settings: Settings, *, token: bool = True) -> tuple[int, str] | None:
    """HTTP status and reason if this request may not use the API, else None.

    `token=False` skips the token: the console's files contain no secrets, and the console asks for the token itself.
    """
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    own_names = {settings.host.lower(), socket.gethostname().lower(), *map(host_as_sent, settings.admin_hosts)}
    host = host_name(headers.get("host", ""))
    if host and not _is_own(host, own_names):
        return 403, (
            f"Host {host[:60]!r} is not this server's; use localhost, an address or a name without a dot, or start the "
            "server with --admin-hosts and the name"
        )
    origin = headers.get("origin")
    if origin is not None and not _is_own_origin(origin, headers.get("host", "")):
        return 403, f"Origin {origin[:60]!r} is another site; only this server's own pages may use its API"
    return _token_refusal(scope, headers, settings.admin_token) if token else None


def _is_own(host: str, own_names: set[str]) -> bool:
    if host in _LOOPBACK_NAMES or host in own_names or host.endswith(".localhost") or "." not in host.strip("[]"):
        return True
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _is_own_origin(origin: str, host: str) -> bool:
    """Whether a page of this origin comes from this server: same name, same port."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.strip().lower()


def _token_refusal(scope: Scope, headers: Mapping[str, str], token: str) -> tuple[int, str] | None:
    if not token:
        return None
    client = scope.get("client")
    if client is not None and _is_loopback(client[0]):
        return None
    given = headers.get(TOKEN_HEADER.lower()) or headers.get("authorization", "").removeprefix("Bearer ")
    if hmac.compare_digest(given.encode("latin-1"), token.encode()):
        return None
    return 401, f"requests from other machines need the --admin-token in the header {TOKEN_HEADER}"


def _is_loopback(address: str) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    # A dual-stack socket shows IPv4 clients as IPv6 addresses.
    return (getattr(ip, "ipv4_mapped", None) or ip).is_loopback


async def refuse(send: Send, status: int, reason: str) -> None:
    """Answer with the reason."""
    await answer(send, status, {"error": masked_numbers(reason)})


async def answer(send: Send, status: int, content: object) -> None:
    """Answer in JSON, without the framework."""
    body = json_text(content).encode()
    headers = [
        (b"Content-Type", b"application/json"),
        (b"Content-Length", b"%d" % len(body)),
        (b"Connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
