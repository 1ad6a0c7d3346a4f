"""Call the ASGI app directly, without a socket, a server or an event loop: the same work in the same order each time.

What comes back is time of the app alone; what uvicorn and the kernel add is measured by `python -m benchmarks`.
The guard in tests/ counts calls with the same driver.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Message = MutableMapping[str, Any]
App = Callable[[Any, Any, Any], Awaitable[None]]


@dataclass
class Exchange:
    """One request, and the messages that its answer was sent in."""

    headers: Sequence[tuple[bytes, bytes]]
    chunks: Sequence[bytes]
    path: str = "/face/idcardcompare"
    sent: list[Message] = field(default_factory=list)

    def run(self, app: App) -> None:
        """Let the app answer. Raises RuntimeError if it waits for anything that is not there already."""
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
            "server": ("127.0.0.1", 8641), "client": ("127.0.0.1", 50000), "scheme": "http", "method": "POST",
            "root_path": "", "path": self.path, "raw_path": self.path.encode(), "query_string": b"",
            "headers": list(self.headers), "state": {},
        }  # fmt: skip
        left = iter(self.chunks)
        last = len(self.chunks) - 1
        at = -1

        async def receive() -> Message:
            nonlocal at
            at += 1
            return {"type": "http.request", "body": next(left), "more_body": at < last}

        async def send(message: Message) -> None:
            self.sent.append(message)

        self.sent.clear()
        running = app(scope, receive, send)
        try:
            running.send(None)  # type: ignore[attr-defined]
        except StopIteration:
            return
        running.close()  # type: ignore[attr-defined]
        raise RuntimeError("the app waits, though the whole request was there")

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return int(self.sent[0]["status"])

    @property
    def body(self) -> bytes:
        """The body of the answer."""
        return b"".join(message.get("body", b"") for message in self.sent)


class Wire:
    """A connection on the fast parser without a socket: bytes go in, what the server writes is kept."""

    def __init__(self, app: Any) -> None:
        from uvicorn.server import ServerState

        from mockface.web.serving.protocols import protocol
        from mockface.web.serving.run import configured

        config = configured(app)
        made: Any = protocol("httptools", app)
        self._connection = made(config, ServerState(), {}, _Loop())
        self.written = b""
        self._connection.connection_made(self)

    def send(self, pieces: Sequence[bytes]) -> None:
        """The server reads these, one by one."""
        self.written = b""
        for piece in pieces:
            self._connection.data_received(piece)

    def write(self, content: bytes) -> None:
        """What a transport takes."""
        self.written += content

    def get_extra_info(self, name: str, default: object = None) -> object:
        """It has no socket to tell of."""
        return default

    def is_closing(self) -> bool:
        """It stays open."""
        return False


class _Loop:
    """The usual call asks nothing of its loop."""
