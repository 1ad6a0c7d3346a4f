"""A Host header in the forms in which clients sign it. The value comes in as sent, forms with their names go out."""

from __future__ import annotations

import re

AS_SENT = "as sent"
WITHOUT_PORT = "without its port"
OF_URL = "of the URL"
OF_URL_WITHOUT_PORT = "of the URL, without its port"

VENDOR = "tencentcloudapi.com"
"""The domain of the real service; a host's first label there is the name of the product."""

_WITH_PORT = re.compile(rb"(\[[^\]]*\]|[^:]*):[0-9]{0,5}")
_URL = re.compile(rb"https?://([^/?#]*)/?", re.IGNORECASE)


def without_port(host: bytes) -> bytes:
    """The host without `:8641` behind it; an IPv6 address keeps its brackets."""
    match = _WITH_PORT.fullmatch(host)
    return match[1] if match else host


def forms(host: bytes) -> tuple[tuple[str, bytes], ...]:
    """One to three forms, each with its name, the one as sent first.

    Node's SDK signs the host without the port that it sends; tccli sends and signs a URL, `http://127.0.0.1:8641`
    (both by a run of the SDK).
    """
    sent = host.strip(b" \t")
    url = _URL.fullmatch(sent)
    if url:
        found = [(AS_SENT, sent), (OF_URL, url[1]), (OF_URL_WITHOUT_PORT, without_port(url[1]))]
    else:
        found = [(AS_SENT, sent), (WITHOUT_PORT, without_port(sent))]
    named: dict[bytes, str] = {}
    for name, form in found:
        named.setdefault(form, name)
    return tuple((name, form) for form, name in named.items())


def is_vendors(name: str) -> bool:
    """Whether a host's name, lower case and without port, is one of the vendor's."""
    return name.endswith(f".{VENDOR}")
