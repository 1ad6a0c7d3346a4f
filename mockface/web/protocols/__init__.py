"""uvicorn's two HTTP protocols, as a mock needs them: `bounded.py` has what they share.

One is imported when it is asked for: a server on httptools needs h11 only for clients that ask for another protocol.
"""

from __future__ import annotations

import asyncio


def protocol(name: str) -> type[asyncio.Protocol]:
    """The protocol of a parser: "httptools" or "h11"."""
    if name == "h11":
        from mockface.web.protocols.strict import H11

        return H11
    from mockface.web.protocols.fast import HttpTools

    return HttpTools
