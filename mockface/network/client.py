"""A small client of a running mockface, for the command line and for tests. Standard library only."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockface.errors import ApiError, Unreachable
from mockface.signature.accounts import TEST_ACCOUNT

PHOTO = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010800000000") + bytes.fromhex(
    "3a7e9b550000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)
"""A PNG of one grey pixel."""
_BOUNDARY = "mockface-form-boundary"
FORMS = (
    "json-url", "json-base64", "json-data-url", "multipart", "multipart-url", "multipart-base64", "multipart-data-url"
)  # fmt: skip
"""The ways to send a picture; "multipart" alone sends it as a file."""


_NO_ANSWER = (OSError, ValueError, http.client.HTTPException)
"""What urllib raises for a missing server, an invalid host or port, or a reply that is not HTTP."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as received; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def url_of(host: str, port: int, scheme: str = "http") -> str:
    """The URL under which a server that listens on this host and port is reached from the same machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def untrusting() -> ssl.SSLContext:
    """A context that accepts any certificate: to test whether a server is up, not whether it is trusted."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def quoted(text: str) -> str:
    """A text as one part of a URL path."""
    return urllib.parse.quote(text, safe="")


def query(**given: object) -> str:
    """A query string of the arguments that are not None."""
    pairs = {name: value for name, value in given.items() if value is not None}
    return f"?{urllib.parse.urlencode(pairs)}" if pairs else ""


class Client:
    """A client of one server. Ignores the proxy settings of the environment: the server is local or nearby.

    `context` is for https; without it the system or SSL_CERT_FILE must trust the certificate.
    """

    def __init__(self, url: str, token: str = "", context: ssl.SSLContext | None = None) -> None:
        self.url = url.rstrip("/")
        self._headers = {"X-Mockface-Token": token} if token else {}
        secure = urllib.request.HTTPSHandler(context=context)
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), secure)

    def get(self, path: str, timeout: float = 10) -> Any:
        """GET a path of the API; the JSON of the reply. Raises Unreachable, ApiError."""
        return self._api("GET", path, None, timeout)

    def post(self, path: str, body: object, timeout: float = 10) -> Any:
        """POST JSON to the API; the JSON of the reply. Raises Unreachable, ApiError."""
        return self._api("POST", path, body, timeout)

    def put(self, path: str, body: object) -> Any:
        """PUT JSON to the API; the JSON of the reply. Raises Unreachable, ApiError."""
        return self._api("PUT", path, body, 10)

    def delete(self, path: str) -> None:
        """DELETE a path of the API. Raises Unreachable, ApiError."""
        self._api("DELETE", path, None, 10)

    def _api(self, method: str, path: str, body: object, timeout: float) -> Any:
        content = None if body is None else json.dumps(body).encode()
        reply = self.send(method, path, content, {"Content-Type": "application/json"} if content else {}, timeout)
        try:
            answer = json.loads(reply.body) if reply.body else None
        except ValueError as fault:
            raise ApiError(reply.status, f"{self.url}{path} did not answer with JSON; is that mockface?") from fault
        if reply.status >= 400:
            said = answer if isinstance(answer, dict) else {}
            raise ApiError(reply.status, str(said.get("error", answer)), said.get("reasons", ()))
        return answer

    def send(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], timeout: float = 10
    ) -> Reply:
        """Send one request; the reply with any status. Raises Unreachable."""
        try:
            request = urllib.request.Request(  # noqa: S310 - the URL is given by the user
                self.url + path, data=body, method=method, headers={**self._headers, **headers}
            )
            with self._opener.open(request, timeout=timeout) as answer:
                return Reply(answer.status, _lower(answer.headers), answer.read())
        except urllib.error.HTTPError as fault:
            with fault:
                return Reply(fault.code, _lower(fault.headers), fault.read())
        except _NO_ANSWER as fault:
            raise self._unreachable(fault) from fault

    def call(self, form: str, number: str, name: str, authorization: str) -> Reply:
        """Call the emulated operation with the picture in one of FORMS. Raises Unreachable."""
        kind, _, how = form.partition("-")
        text = base64.b64encode(PHOTO).decode()
        fields = {"appid": TEST_ACCOUNT.appid, "idcard_number": number, "idcard_name": name}
        fields |= {
            "": {},
            "url": {"url": "http://example.com/face.jpg"},
            "base64": {"image": text},
            "data-url": {"image": f"data:image/png;base64,{text}"},
        }[how]
        headers = {"Authorization": authorization, "Content-Type": "application/json"}
        body = json.dumps(fields).encode()
        if kind == "multipart":
            headers["Content-Type"] = f"multipart/form-data; boundary={_BOUNDARY}"
            body = _multipart(fields, photo=not how)
        return self.send("POST", "/face/idcardcompare", body, headers)

    def events(self, query: str = "", opened: Callable[[], None] = lambda: None) -> Iterator[dict[str, Any]]:
        """Yield the calls as they arrive, until the server stops. Raises Unreachable, ApiError.

        `opened` is called once the stream is open: a call that the journal holds then may be yielded again, but none is
        missed.
        """
        try:
            with self._event_stream(query) as stream:
                stream.readline()
                opened()
                for line in stream:
                    if line.startswith(b"data: "):
                        yield json.loads(line[6:])
        except OSError as fault:
            raise self._unreachable(fault) from fault

    def _event_stream(self, query: str) -> Any:
        try:
            return self._opener.open(
                urllib.request.Request(f"{self.url}/_mockface/events{query}", headers=self._headers)  # noqa: S310
            )
        except urllib.error.HTTPError as fault:
            with fault:
                raise ApiError(fault.code, fault.read(1000).decode("utf-8", "replace")) from fault
        except _NO_ANSWER as fault:
            raise self._unreachable(fault) from fault

    def _unreachable(self, fault: Exception) -> Unreachable:
        if isinstance(fault, Unreachable):
            return fault
        return Unreachable(f"{self.url} cannot be reached: {getattr(fault, 'reason', fault)}")


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _multipart(fields: Mapping[str, str], *, photo: bool) -> bytes:
    """These fields as text parts, with the photo as a file part."""
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if photo:
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="face.png"\r\n'
        parts.append(head.encode() + b"Content-Type: image/png\r\n\r\n" + PHOTO + b"\r\n")
    return b"".join([*parts, f"--{_BOUNDARY}--\r\n".encode()])
