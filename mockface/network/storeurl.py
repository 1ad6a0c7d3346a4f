"""The URL of a store that several servers share, read and checked. What is shown of it has no user and no password."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

SCHEMES = {"redis": "redis", "rediss": "rediss", "valkey": "redis", "valkeys": "rediss"}
"""What stands for plain TCP and for TLS; Valkey speaks Redis' protocol."""
PREFIX = "mockface"
"""How the names of all keys begin, unless the URL says another prefix."""
_WORKS = "expected redis://host:6379/0, rediss:// for TLS, with ?prefix=NAME for servers that share nothing else"
_PREFIX = re.compile(r"[A-Za-z0-9._-]{1,40}", re.ASCII)


class StoreAddress(NamedTuple):
    """Where a store is: the URL for its client, the prefix of all keys, the URL as it may be shown, and the user."""

    url: str
    prefix: str
    shown: str
    user: str = ""


def store_address(given: str) -> StoreAddress:
    """Read a store's URL. Raises ValueError, which repeats neither user nor password."""
    try:
        parts = urlsplit(given)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise ValueError(
            f"its host or port cannot be read; in a password, / ? # [ ] are written %2F %3F %23 %5B %5D; {_WORKS}"
        ) from None
    if parts.scheme not in SCHEMES or "://" not in given:
        raise ValueError(f"it does not begin with {'://, '.join(SCHEMES)}://; {_WORKS}")
    if not host:
        raise ValueError(f"it names no host; {_WORKS}")
    database = unquote(parts.path.strip("/"))
    if database and not (database.isascii() and database.isdigit()):
        raise ValueError(f"the database is {database[:20]!r}, which is not a number; {_WORKS}")
    if parts.fragment:
        raise ValueError(f"it has a #; a # in a password is written %23; {_WORKS}")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    prefix = options.pop("prefix", PREFIX)
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"the prefix is {prefix[:40]!r}, which is not 1 to 40 letters, digits and . _ -; {_WORKS}")
    _must_be_known(options, tls=SCHEMES[parts.scheme] == "rediss")
    place = f"[{host}]" if ":" in host else host
    place += "" if port is None else f":{port}"
    path = f"/{database}" if database else ""
    secret = ""
    if parts.username or parts.password:
        user, password = (quote(unquote(text or ""), safe="") for text in (parts.username, parts.password))
        secret = f"{user}:{password}@"
    query = f"?{urlencode(options)}" if options else ""
    shown = f"{parts.scheme}://{'***@' if secret else ''}{place}{path}"
    return StoreAddress(
        f"{SCHEMES[parts.scheme]}://{secret}{place}{path}{query}",
        prefix,
        shown + (f"?prefix={prefix}" if prefix != PREFIX else ""),
        unquote(parts.username or ""),
    )


_OPTIONS = ("ssl_ca_certs", "ssl_cert_reqs", "ssl_check_hostname", "ssl_certfile", "ssl_keyfile")
"""What else the URL may say, each a parameter of the client library: whom to trust, and the client's certificate."""


def _must_be_known(options: dict[str, str], *, tls: bool) -> None:
    for name in options:
        if name not in _OPTIONS or not tls:
            known = ", ".join(["prefix", *_OPTIONS] if tls else ["prefix"])
            raise ValueError(f"it has the parameter {name[:40]!r}; it may have {known}; {_WORKS}")
