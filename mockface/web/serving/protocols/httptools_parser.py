"""The fast parser: bytes in, requests out, by httptools (llhttp, in C)."""

from __future__ import annotations

from typing import Any

import httptools

from mockface.web.serving.protocols.connection import Connection
from mockface.web.serving.protocols.request import HEAD_LIMIT_BYTES, NotHttp, Receiver, Request, TooLong

_NO_HEAD: list[tuple[bytes, bytes]] = []
_FRAMING = frozenset((b"content-length", b"transfer-encoding"))


class HttptoolsParser:
    """A `Parser` on httptools.

    httptools takes the body of a request with `Upgrade` or `CONNECT` for another protocol's bytes. No other protocol is
    spoken here: such a body is read by a second parser, which is given a head that says nothing but its length.
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
        """The headers that came, of a head that is not whole."""
        return self._headers if self._in_head else None

    def feed(self, piece: bytes) -> None:
        """Read these bytes."""
        self._framing_bytes += len(piece)
        try:
            self._parser.feed_data(piece)
        except httptools.HttpParserUpgrade as stop:
            self._read_body_all_the_same(piece[stop.args[0] :])
        except httptools.HttpParserCallbackError as fault:
            # A fault of our own, in what was called back.
            raise fault.__context__ or fault from None
        except httptools.HttpParserError as fault:
            raise NotHttp(str(fault)) from None
        if self._framing_bytes > HEAD_LIMIT_BYTES:
            raise TooLong

    def close(self) -> None:
        """Let go of what is called back: both sides name each other."""
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
        """A piece of the target came."""
        if not self._repeats_head:
            self._target += piece

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header is whole; one behind a chunked body is left out."""
        if self._in_head:
            self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._framing_bytes = 0
        if self._repeats_head:
            self._repeats_head = False
            return
        self._in_head = False
        parser = self._parser
        method, version = parser.get_method().decode("ascii"), parser.get_http_version()
        self._receiver.head_came(Request(method, self._target, version, self._headers))

    def on_body(self, piece: bytes) -> None:
        """A piece of the body came."""
        self._framing_bytes = 0
        self._receiver.body_came(piece)

    def on_message_complete(self) -> None:
        """The request is whole, unless its body is still to be read by a second parser."""
        self._framing_bytes = 0
        if not self._parser.should_upgrade():
            self._receiver.request_ended()


class HttptoolsConnection(Connection):
    """A connection that is read by httptools."""

    def new_parser(self) -> Any:
        """A parser for this connection."""
        return HttptoolsParser(self)
