"""Host names and page origins in the form in which clients send them.

Input is a setting as a person wrote it, output is the value of a Host or Origin header. Raises ValueError with an
example. Makes no DNS look-up.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

_NAME = re.compile(r"(?!.{254})(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_ADDRESS = re.compile(r"\[[0-9a-f:.]+(?:%[\w.-]+)?\]")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ORIGINS_WITHOUT_HOST = ("null", "file://")
"""Origins of pages from a file or a sandboxed frame."""


def host_name(host: str) -> str:
    """The name in a Host header: lower case, without the port."""
    name = host.strip().lower()
    return name.partition("]")[0] + "]" if name.startswith("[") else name.partition(":")[0]


def host_as_sent(given: str) -> str:
    """The name or address as `host_name` returns it, an IDN in ASCII form. Raises ValueError."""
    text = given.strip().lower().rstrip(".")
    name = f"[{text}]" if text.count(":") > 1 and not text.startswith("[") else text
    if not re.search(r"[/@?#*,\s]", name):
        sent = host_name(_in_ascii(name))
        if _NAME.fullmatch(sent) or _ADDRESS.fullmatch(sent):
            return sent
    raise ValueError(f"{given!r} is not a host name; expected one such as api.test, without scheme, path or pattern")


def origin_as_sent(given: str) -> str:
    """The origin as a browser sends it: no path, no default port, an IDN in ASCII form. Raises ValueError."""
    text = given.strip().lower()
    if text in _ORIGINS_WITHOUT_HOST:
        return text
    try:
        parts = urlsplit(text)
        if _SCHEME.fullmatch(parts.scheme) and parts.netloc and parts.path in ("", "/") and not _has_more(parts):
            return f"{parts.scheme}://{_authority(parts)}"
    except ValueError:
        pass  # the ValueError below gives an example
    raise ValueError(
        f"{given!r} is not an origin; expected scheme, host and port, such as http://localhost:5173 or "
        "capacitor://localhost (leave the setting out for any origin)"
    )


def _has_more(parts: SplitResult) -> bool:
    return bool(parts.query or parts.fragment or "@" in parts.netloc or re.search(r"[*,\s]", parts.netloc))


def _authority(parts: SplitResult) -> str:
    """Host and port; the hosts of app schemes, such as capacitor://, are kept unchanged."""
    if parts.scheme not in _DEFAULT_PORTS:
        return parts.netloc
    name = host_as_sent(parts.netloc)
    return name if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{name}:{parts.port}"


def _in_ascii(name: str) -> str:
    """The name with each non-ASCII label in ASCII form."""
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name
