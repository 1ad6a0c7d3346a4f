"""The data types of the doctor: a target to examine, and findings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from mockface.network.certificates import VENDOR_NAMES


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one step. `state` is "ok", "note" or "fault"; a fault, and some notes, have a fix in `mend`."""

    look: str
    state: str
    says: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """The address that the client calls, in parts, and its environment; `has_port` says that it names a port."""

    url: str
    scheme: str
    host: str
    port: int
    environment: Mapping[str, str]
    timeout: float
    has_port: bool = True

    @property
    def is_vendors(self) -> bool:
        """Whether the host is one of those in the vendor's SDKs."""
        return self.host in VENDOR_NAMES


def target_of(url: str, environment: Mapping[str, str] | None = None, timeout: float = 10.0) -> Target:
    """Parse an address. Raises ValueError."""
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
