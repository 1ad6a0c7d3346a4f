"""What the doctor passes on: a target to look at, and findings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from mockface.network.certificates import VENDOR_NAMES


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `state` is "ok", "note" or "fault"; a fault, and some notes, say how to mend it."""

    look: str
    state: str
    says: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What the client calls, taken apart, and its environment; `has_port` says that the address names a port."""

    url: str
    scheme: str
    host: str
    port: int
    environment: Mapping[str, str]
    timeout: float
    has_port: bool = True

    @property
    def is_vendors(self) -> bool:
        """Whether the host is one that the vendor's SDKs have built in."""
        return self.host in VENDOR_NAMES


def target_of(url: str, environment: Mapping[str, str] | None = None, timeout: float = 10.0) -> Target:
    """Take an address apart. Raises ValueError when it is none."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url} is not an address; expected http://127.0.0.1:8641 or https://{VENDOR_NAMES[0]}")
    try:
        parts.hostname.encode("idna")
    except UnicodeError as fault:
        raise ValueError(f"{parts.hostname} is not a host name: {fault.__cause__ or fault}") from fault
    port = parts.port or (443 if parts.scheme == "https" else 80)
    variables = os.environ if environment is None else environment
    return Target(url.rstrip("/"), parts.scheme, parts.hostname, port, variables, timeout, parts.port is not None)
