"""The strict parser: turns bytes into requests with h11 (pure Python)."""

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
"""Refusals of h11 itself, in the words that the other parser's requests get."""


class H11Parser:
    """A `Parser` with h11: one h11.Connection per request, since answers are not its task."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._connection = h11.Connection(h11.SERVER, HEAD_LIMIT_BYTES)
        self._between = True
        self._in_body = False

    @property
    def head(self) -> object | None:
        """The object that reads an incomplete head."""
        return None if self._between or self._in_body else self._connection

    def feed(self, piece: bytes) -> None:
        """Parse these bytes."""
        try:
            self._connection.receive_data(piece)
            while self._take(self._connection.next_event()):
                pass
        except h11.RemoteProtocolError as fault:
            # h11 suggests 431 for input over the limit. Its messages may repeat input: that is cut off.
            if fault.error_status_hint == 431:
                raise TooLong from None
            reason = str(fault).partition(": bytearray(")[0]
            raise NotHttp(_OUR_WORDS.get(reason, reason)) from None

    def close(self) -> None:
        """Release the receiver."""
        del self._receiver

    def _take(self, event: Any) -> bool:
        """Pass on a parsed event; False if there is nothing more to parse now."""
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
    """A connection parsed by h11."""

    def new_parser(self) -> Any:
        """A parser for this connection."""
        return H11Parser(self)
