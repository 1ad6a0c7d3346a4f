"""The strict parser: bytes in, requests out, by h11 (pure Python)."""

from __future__ import annotations

from typing import Any

import h11

from mockface.web.serving import unframed
from mockface.web.serving.protocols.connection import Connection
from mockface.web.serving.protocols.request import HEAD_LIMIT_BYTES, NotHttp, Receiver, Request, TooLong

_OUR_WORDS = {
    "Missing mandatory Host: header": unframed.HOST_MISSING,
    "Found multiple Host: headers": unframed.HOST_REPEATED,
}
"""What h11 refuses before anybody can ask, as it is said with the other parser."""


class H11Parser:
    """A `Parser` on h11: one h11.Connection a request, since what is answered is not its business here."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._connection = h11.Connection(h11.SERVER, HEAD_LIMIT_BYTES)
        self._between = True
        self._in_body = False

    @property
    def head(self) -> object | None:
        """Of a head that is not whole, what will read it."""
        return None if self._between or self._in_body else self._connection

    def feed(self, piece: bytes) -> None:
        """Read these bytes."""
        try:
            self._connection.receive_data(piece)
            while self._take(self._connection.next_event()):
                pass
        except h11.RemoteProtocolError as fault:
            # 431 is h11's hint for what is over the limit. Its texts may repeat what came: that is cut off.
            if fault.error_status_hint == 431:
                raise TooLong from None
            reason = str(fault).partition(": bytearray(")[0]
            raise NotHttp(_OUR_WORDS.get(reason, reason)) from None

    def close(self) -> None:
        """Let go of the receiver."""
        del self._receiver

    def _take(self, event: Any) -> bool:
        """Hand on what was read; False when there is nothing more to read now."""
        if isinstance(event, h11.Request):
            self._in_body = True
            method, version = event.method.decode("latin-1"), event.http_version.decode("latin-1")
            self._receiver.head_came(Request(method, event.target, version, list(event.headers)))
        elif isinstance(event, h11.Data):
            self._receiver.body_came(bytes(event.data))
        elif isinstance(event, h11.EndOfMessage):
            self._in_body = False
            left = self._connection.trailing_data[0]
            self._connection = h11.Connection(h11.SERVER, HEAD_LIMIT_BYTES)
            self._receiver.request_ended()
            if left:  # no bytes would mean the end of the connection
                self._connection.receive_data(left)
        elif event is h11.NEED_DATA:
            self._between = not self._connection.trailing_data[0]
            return False
        return True


class H11Connection(Connection):
    """A connection that is read by h11."""

    def new_parser(self) -> Any:
        """A parser for this connection."""
        return H11Parser(self)
