"""HTTP for `mockface serve` and the handle: one connection class, two parsers, and a bridge to ASGI apps.

`connection.py` is the protocol: it decides order, timing, limits and the form of answers for both parsers.
`httptools_parser.py` and `h11_parser.py` turn bytes into requests, `call.py` is a call of the emulated operation,
`bridge.py` a request for the framework. All use public interfaces of httptools, h11 and asyncio; of uvicorn only the
arguments that it passes to a protocol class given as `http=`.

A parser is imported on first use: a server with httptools needs no h11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockface.web.app import App
    from mockface.web.serving.protocols.connection import Connection


def protocol(name: str, running: App) -> type[Connection]:
    """The protocol class for uvicorn's `http=` that serves this mockface with the parser "httptools" or "h11"."""
    if name == "h11":
        from mockface.web.serving.protocols.h11_parser import H11Connection as Parsing
    else:
        from mockface.web.serving.protocols.httptools_parser import HttptoolsConnection as Parsing  # type: ignore[assignment]

    class Serving(Parsing):
        """A connection of this server."""

        app = running

    return Serving
