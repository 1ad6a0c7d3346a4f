"""Chooses how HTTP is served: by mockface's own connection, or by stock uvicorn.

uvicorn gets mockface's connection as a protocol class, and some methods of its server are extended. With an untested
version of uvicorn the app is served like any ASGI app; docs/reliability.md lists what is missing then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import uvicorn

from mockface.web.serving.protocols.request import HEAD_LIMIT_BYTES

TESTED_UVICORN = ((0, 35), (0, 54))
"""The lowest and the highest minor version of uvicorn that the tests run on."""


OURS: Mapping[str, Any] = {
    "interface": "asgi3", "ws": "none", "log_config": None, "server_header": False, "date_header": False,
    "proxy_headers": False, "h11_max_incomplete_event_size": HEAD_LIMIT_BYTES,
}  # fmt: skip
"""uvicorn's settings in both cases: no headers of its own, no other protocols, logging unchanged."""


class Door(NamedTuple):
    """`http` is "httptools", "h11" or "plain"; `why` gives the reason if plain was not requested."""

    http: str
    why: str = ""


def door(http: str, version: str = "") -> Door:
    """The choice for the setting `http` with a version of uvicorn, by default the installed one."""
    if http == "plain":
        return Door("plain")
    version = version or uvicorn.__version__
    found = re.match(r"(\d+)\.(\d+)", version)
    lowest, newest = TESTED_UVICORN
    if found is not None and lowest <= (int(found[1]), int(found[2])) <= newest:
        return Door(http)
    tested = " to ".join(".".join(map(str, one)) for one in TESTED_UVICORN)
    return Door(
        "plain",
        f"mockface's own connection is tested with uvicorn {tested}; this is {version}, so calls use uvicorn's "
        "HTTP and ASGI, as with --http plain",
    )
