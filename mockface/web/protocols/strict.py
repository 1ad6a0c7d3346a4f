"""uvicorn's h11 protocol, the strict parser in pure Python, as a mock needs it.

It refuses a request with both Content-Length and chunked coding, as httptools does: a second request can hide in it.
"""

from __future__ import annotations

from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from mockface.web import unframed
from mockface.web.patience import HEAD, IDLE, NEW
from mockface.web.protocols.bounded import Bounded
from mockface.web.unframed import HEAD_LIMIT_BYTES

_OUR_WORDS = {
    "Missing mandatory Host: header": unframed.HOST_MISSING,
    "Found multiple Host: headers": unframed.HOST_REPEATED,
}
"""What h11 refuses before it can be asked, said as the other parser says it."""


class _Connection(h11.Connection):
    """h11's connection, which takes no request of ambiguous length or host, and remembers why it refused one."""

    refused = ""

    def next_event(self) -> Any:
        try:
            event = super().next_event()
            if isinstance(event, h11.Request):
                names = [name for name, _ in event.headers]
                hosts = [value for name, value in event.headers if name == b"host"]
                fault = unframed.host_fault(len(hosts), b"".join(hosts), event.http_version.decode())
                if fault:
                    raise h11.RemoteProtocolError(fault)
                if b"content-length" in names and b"transfer-encoding" in names:
                    raise h11.RemoteProtocolError("Transfer-Encoding can't be present with Content-Length")
        except h11.RemoteProtocolError as fault:
            self.refused = _OUR_WORDS.get(str(fault), str(fault))
            raise
        return event


class H11(Bounded, H11Protocol):
    """The strict parser, in pure Python."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.conn: _Connection = _Connection(h11.SERVER, HEAD_LIMIT_BYTES)

    def phase(self) -> tuple[str, object]:
        """Where this connection is."""
        if self.answering():
            return self.answering(), self.cycle
        if self.conn.trailing_data[0]:
            return HEAD, self.cycle
        return NEW if self.cycle is None else IDLE, self.cycle

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        self.received += 1
        if self.received == 1 and data[:1] == unframed.HELLO:
            self.refuse(unframed.TLS_TO_HTTP)
        elif not self.deaf:
            super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, and close. What h11's text repeats of what came may hold anything: it is cut off."""
        long = self.conn.refused.startswith("Receive buffer too long")
        self.refuse(unframed.TOO_LONG if long else unframed.unframed(self.conn.refused.partition(": bytearray(")[0]))

    def _unsupported_upgrade_warning(self) -> None:
        """An upgrade that is not taken up is nothing to warn of: the request is answered as it is."""
