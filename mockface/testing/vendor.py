"""Resolves the vendor's host names to a local server, in this process: for clients with a hard-coded host. No DNS.

Python's clients (requests, urllib3, httpx, aiohttp, http.client) look names up by `socket.getaddrinfo` and connect by
`socket.socket`. While a redirect is entered, the vendor's names resolve to an unused address, and a connection to it
goes to the handle's server. The address is a special one, since some clients keep only the address of a look-up, not
the port. The client's request is unchanged, its Host header included.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

from mockface.network.certificates import VENDOR_NAMES

_NOBODYS = {socket.AF_INET: "127.109.102.1", socket.AF_INET6: "fd6d:6f63:6b66::1"}
"""Addresses of the vendor's names: one in the loopback network, one in a private network."""
_HTTPS = 443


@contextmanager
def redirected(url: str, https_url: Callable[[], str]) -> Iterator[None]:
    """While entered, the vendor's names resolve to the server at `url`, port 443 to `https_url`, which may raise.

    Proxy settings of the environment are ignored for these names.
    """
    address = _NOBODYS[socket.AF_INET6 if ":" in (urlsplit(url).hostname or "") else socket.AF_INET]
    look_up, connect, connect_ex = socket.getaddrinfo, socket.socket.connect, socket.socket.connect_ex

    def look_up_here(host: Any, *more: Any, **named: Any) -> list[Any]:
        return look_up(address if _is_vendors(host) else host, *more, **named)

    def target(asked: Any) -> Any:
        if not isinstance(asked, tuple) or asked[0] != address:
            return asked
        parts = urlsplit(https_url() if asked[1] == _HTTPS else url)
        return (parts.hostname, parts.port or 80)

    with ExitStack() as undone:
        undone.enter_context(mock.patch.object(socket, "getaddrinfo", look_up_here))
        undone.enter_context(
            mock.patch.object(socket.socket, "connect", lambda own, asked: connect(own, target(asked)))
        )
        undone.enter_context(
            mock.patch.object(socket.socket, "connect_ex", lambda own, asked: connect_ex(own, target(asked)))
        )
        for name in ("no_proxy", "NO_PROXY"):
            passed = ",".join([*filter(None, [os.environ.get(name)]), *VENDOR_NAMES])
            undone.enter_context(mock.patch.dict(os.environ, {name: passed}))
        yield


def _is_vendors(host: object) -> bool:
    """Whether it is one of the vendor's names; case and a final dot do not matter."""
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    return isinstance(text, str) and text.rstrip(".").lower() in VENDOR_NAMES
