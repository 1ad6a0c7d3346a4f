"""Which of two doors a server has: mockface's own connection, or the app through stock uvicorn.

The own connection is given to uvicorn as a protocol class, and a few methods of uvicorn's server are extended. On a
version of uvicorn that this was not tested with, the app is served as any ASGI app is: what falls away then is in
docs/reliability.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import uvicorn

from mockface.web.serving.protocols.request import HEAD_LIMIT_BYTES

TESTED_UVICORN = ((0, 35), (0, 54))
"""The lowest and the newest minor version of uvicorn that the tests run on."""


OURS: Mapping[str, Any] = {
    "interface": "asgi3", "ws": "none", "log_config": None, "server_header": False, "date_header": False,
    "proxy_headers": False, "h11_max_incomplete_event_size": HEAD_LIMIT_BYTES,
}  # fmt: skip
"""What uvicorn is told behind either door: it adds no header, reads no other protocol and leaves logging alone."""


class Door(NamedTuple):
    """`http` is "httptools", "h11" or "plain"; `why` says why it is plain where it was not asked for."""

    http: str
    why: str = ""


def door(http: str, version: str = "") -> Door:
    """The door for a setting `http` on a version of uvicorn, the installed one if none is given."""
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
        f"mockface's own connection is tested with uvicorn {tested}, and this is {version}: calls go through uvicorn's "
        "HTTP and ASGI, as with --http plain",
    )
