"""A client that sends bytes and reads bytes, nothing more."""

from __future__ import annotations

import json
import select
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar

from mockface.testing.server.own import OwnServer
from tests.conftest import Server
from tests.making import JSON_TYPE, json_body, sign_now


@dataclass
class Reply:
    """An answer, taken apart."""

    status: int
    headers: dict[str, str]
    body: bytes
    raw: bytes
    names: list[str] = field(default_factory=list)

    @property
    def code(self) -> Any:
        return json.loads(self.body)["code"]


class Wire:
    """One connection."""

    made: ClassVar[list[Wire]] = []
    """Those of the running test; its end closes them, so that one that fails takes no other with it."""

    def __init__(self, server: Server | OwnServer, timeout: float = 10) -> None:
        self._socket = socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout)
        self._buffer = b""
        self.made.append(self)

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def send(self, content: bytes) -> None:
        self._socket.sendall(content)

    def shut(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)

    def reset_at_close(self) -> None:
        """Have the end of this client be a reset instead of a goodbye."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def shut_if_open(self) -> None:
        with suppress(OSError):
            self.shut()

    def read_until(self, mark: bytes) -> bytes:
        while mark not in self._buffer:
            came = self._socket.recv(65536)
            if not came:
                raise EOFError(self._buffer)
            self._buffer += came
        before, _, self._buffer = self._buffer.partition(mark)
        return before + mark

    def reply(self) -> Reply:
        """The next answer, by its Content-Length; a 100 Continue is left to the test."""
        head = self.read_until(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        pairs = [line.split(": ", 1) for line in lines[1:] if line]
        headers = {name.lower(): value for name, value in pairs}
        if len(headers) < len(pairs):
            raise AssertionError(f"a header is repeated: {head!r}")
        length = int(headers.get("content-length", "0"))
        while len(self._buffer) < length:
            came = self._socket.recv(65536)
            if not came:
                raise EOFError(self._buffer)
            self._buffer += came
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return Reply(int(lines[0].split()[1]), headers, body, head + body, [name.lower() for name, _ in pairs])

    def waits_for_us(self) -> bool:
        """Whether an answer is here to be read."""
        return bool(select.select([self._socket], [], [], 0)[0])

    def rest(self) -> bytes:
        """All that still comes, until the server closes or resets."""
        try:
            while came := self._socket.recv(65536):
                self._buffer += came
        except ConnectionResetError:
            pass
        return self._buffer

    def drain(self) -> None:
        """Read all that still comes, and keep nothing of it."""
        with suppress(ConnectionResetError):
            while self._socket.recv(65536):
                pass

    def at_end(self) -> bool:
        """Whether the server has closed, with nothing left unread."""
        return not self._buffer and self._socket.recv(1) == b""


def request(
    body: bytes | None = None,
    *,
    start_line: str = "POST /face/idcardcompare HTTP/1.1",
    content_type: bytes | None = JSON_TYPE,
    authorization: str | None = None,
    host: str | None = "recognition.image.myqcloud.com",
    length: int | None = -1,
    more: bytes = b"",
) -> bytes:
    """The bytes of a valid request with what is changed; `length` None leaves Content-Length out."""
    body = json_body() if body is None else body
    head = [start_line.encode()]
    if host is not None:
        head.append(b"Host: " + host.encode())
    if content_type is not None:
        head.append(b"Content-Type: " + content_type)
    authorization = sign_now() if authorization is None else authorization
    if authorization:
        head.append(b"Authorization: " + authorization.encode())
    if length is not None:
        head.append(b"Content-Length: %d" % (len(body) if length < 0 else length))
    return b"\r\n".join(head) + b"\r\n" + more + b"\r\n" + body


def exchange(server: Server, content: bytes) -> Reply:
    """Send these bytes on a fresh connection and read one answer."""
    with Wire(server) as wire:
        wire.send(content)
        return wire.reply()
