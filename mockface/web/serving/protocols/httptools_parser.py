"""The fast parser: turns bytes into requests with httptools (llhttp, in C)."""

from __future__ import annotations

from typing import Any

import httptools

from mockface.web.serving.protocols.connection import Connection
from mockface.web.serving.protocols.request import HEAD_LIMIT_BYTES, NotHttp, Receiver, Request, TooLong

_NO_HEAD: list[tuple[bytes, bytes]] = []
_FRAMING = frozenset((b"content-length", b"transfer-encoding"))


class HttptoolsParser:
    """A `Parser` with httptools.

    httptools treats the body of a request with `Upgrade` or `CONNECT` as another protocol's bytes. mockface supports no
    other protocol: such a body is read by a second parser, which gets a head that contains only its length.
    """

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._parser = httptools.HttpRequestParser(self)
        self._framing_bytes = 0
        self._in_head = False
        self._repeats_head = False
        self._target = b""
        self._headers = _NO_HEAD

    @property
    def head(self) -> object | None:
        """The headers so far of an incomplete head."""
        return self._headers if self._in_head else None

    def feed(self, piece: bytes) -> None:
        """Parse these bytes."""
        self._framing_bytes += len(piece)
        try:
            self._parser.feed_data(piece)
        except httptools.HttpParserUpgrade as stop:
            self._read_body_all_the_same(piece[stop.args[0] :])
        except httptools.HttpParserCallbackError as fault:
            # An error of mockface's own callbacks.
            raise fault.__context__ or fault from None
        except httptools.HttpParserError as fault:
            raise NotHttp(str(fault)) from None
        if self._framing_bytes > HEAD_LIMIT_BYTES:
            raise TooLong

    def close(self) -> None:
        """Release the callbacks: parser and callbacks reference each other."""
        del self._receiver, self._parser

    def _read_body_all_the_same(self, rest: bytes) -> None:
        framing = [name + b": " + value + b"\r\n" for name, value in self._headers if name in _FRAMING]
        self._parser = httptools.HttpRequestParser(self)
        self._repeats_head = True
        self.feed(b"".join([b"POST / HTTP/1.1\r\n", *framing, b"\r\n", rest]))

    def on_message_begin(self) -> None:
        """A request begins."""
        if not self._repeats_head:
            self._target = b""
            self._headers = []
            self._in_head = True

    def on_url(self, piece: bytes) -> None:
        """A piece of the target has arrived."""
        if not self._repeats_head:
            self._target += piece

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header is complete; trailers of a chunked body are ignored."""
        if self._in_head:
            self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """The head is complete."""
        self._framing_bytes = 0
        if self._repeats_head:
            self._repeats_head = False
            return
        self._in_head = False
        parser = self._parser
        method, version = parser.get_method().decode("ascii"), parser.get_http_version()
        self._receiver.head_came(Request(method, self._target, version, self._headers))

    def on_body(self, piece: bytes) -> None:
        """A piece of the body has arrived."""
        self._framing_bytes = 0
        self._receiver.body_came(piece)

    def on_message_complete(self) -> None:
        """The request is complete, unless a second parser must read its body."""
        self._framing_bytes = 0
        if not self._parser.should_upgrade():
            self._receiver.request_ended()


class HttptoolsConnection(Connection):
    """A connection parsed by httptools."""

    def new_parser(self) -> Any:
        """A parser for this connection."""
        return HttptoolsParser(self)
