"""What mockface is measured against: an ASGI app that reads the body and sends fixed bytes, on the same uvicorn.

Run as `python bare.py BYTES`: serves on a free port of 127.0.0.1, prints its address, answers with BYTES bytes.
No routing, no checks, no journal, and of uvicorn's settings those that mockface has: httptools, uvloop, no access log.
With `--keep-memory` it has mockface's settings of the C library too, which uploads feel (mockface/web/malloc.py).
"""

from __future__ import annotations

import socket
import sys
from typing import Any

import uvicorn

KEPT = {-1: 16 * 1024 * 1024, -3: 1024 * 1024}
"""What mockface tells glibc's mallopt: M_TRIM_THRESHOLD and M_MMAP_THRESHOLD."""


def app_of(size_bytes: int) -> Any:
    """The app; its answer has the length of the one that it stands beside."""
    body = (b'{"code":0,"message":"OK","data":"' + b"x" * size_bytes)[: size_bytes - 2] + b'"}'
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", b"%d" % len(body))]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        more = True
        while more:
            message = await receive()
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


def serve(app: Any, *, keep_memory: bool) -> None:
    """Serve an app until stopped."""
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    bound.listen(2048)
    if keep_memory:
        import ctypes

        for which, size_bytes in KEPT.items():
            ctypes.CDLL(None).mallopt(which, size_bytes)
    config = uvicorn.Config(
        app, http="httptools", loop="uvloop", ws="none", lifespan="off", access_log=False, log_config=None,
        timeout_keep_alive=75,
    )  # fmt: skip
    print(f"serves http://127.0.0.1:{bound.getsockname()[1]}", flush=True)
    uvicorn.Server(config).run([bound])


if __name__ == "__main__":
    serve(app_of(int(sys.argv[1])), keep_memory="--keep-memory" in sys.argv)
