"""What mockface is measured against: an ASGI app that reads the body and sends fixed bytes, on the same uvicorn.

Run as `python bare.py BYTES`: serves on a free port of 127.0.0.1, prints its address, answers with BYTES bytes.
No routing, no checks, no journal, and of uvicorn's settings those that mockface has: httptools, uvloop, no access log.
With `--keep-memory` it has mockface's settings of the C library too, which uploads feel (mockface/web/malloc.py).
With `--hash` it takes the SHA-256 of each body, as a signature of API 3.0 wants.
"""

from __future__ import annotations

import socket
import sys
from hashlib import sha256
from typing import Any

import uvicorn

KEPT = {-1: 16 * 1024 * 1024, -3: 1024 * 1024}
"""What mockface tells glibc's mallopt: M_TRIM_THRESHOLD and M_MMAP_THRESHOLD."""


def app_of(size_bytes: int, *, hashes: bool = False) -> Any:
    """The app; its answer has the length of the one that it stands beside. It may take the SHA-256 of bodies."""
    body = (b'{"code":0,"message":"OK","data":"' + b"x" * size_bytes)[: size_bytes - 2] + b'"}'
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", b"%d" % len(body))]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        more = True
        taken = sha256() if hashes else None
        while more:
            message = await receive()
            if taken is not None:
                taken.update(message.get("body", b""))
            more = message.get("more_body", False)
        if taken is not None:
            taken.hexdigest()
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
    serve(app_of(int(sys.argv[1]), hashes="--hash" in sys.argv), keep_memory="--keep-memory" in sys.argv)
