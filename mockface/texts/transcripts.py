"""An HTTP request as a text: as it is sent, its headers alone, or what `curl -v` prints of it.

Bytes come in; a request, or what the text is instead, comes out. Where a body may be known by its Content-Length it is
taken as it was sent.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from mockface.privacy.masking import quoted
from mockface.reasons import Reason, Said, words

Pairs = tuple[tuple[bytes, bytes], ...]

_FIRST = re.compile(rb"([A-Za-z]{1,20})[ \t]+((?:/|https?://)\S*|\S+(?=[ \t]+HTTP/))(?:[ \t]+HTTP/[0-9.]+)?[ \t]*")
_CURL = re.compile(rb"^[ \t]*> (?!CONNECT )[A-Z]{1,20} \S+ HTTP/[0-9.]+[ \t]*\r?$", re.MULTILINE)
_OF_CURL = re.compile(rb"[ \t]*(?:\* |\*$|[{}] \[)")
"""Lines that curl prints between those of a request."""
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:[ \t]*(.*?)[ \t]*", re.DOTALL)
_LENGTH = re.compile(rb"[0-9]{1,12}")
_GAP = re.compile(rb"(?:\A|\n)\r?(?:\n|\Z)")
_LINE_BREAKS = b"\r\n"
_AUTHORITY = re.compile(rb"https?://[^/?#]*", re.IGNORECASE)

_NO_REQUEST = Reason(
    "it is no HTTP request, it begins with {came}; expected a request line such as POST / HTTP/1.1 and its headers, "
    "the headers alone, or what curl -v prints",
    "不是 HTTP 请求，开头为 {came}；应为请求行（如 POST / HTTP/1.1）加请求头，或只有请求头，或 curl -v 的输出",
)
_NOTHING = words(
    "it is empty; expected a request line such as POST / HTTP/1.1 and its headers, or what curl -v prints",
    "内容为空；应为请求行（如 POST / HTTP/1.1）加请求头，或 curl -v 的输出",
)
_NO_LINE = words("there is no request line; POST / is assumed", "没有请求行；按 POST / 处理")
_NO_HEADER = Reason(
    "the line {came} is no header and is left out; expected name: value",
    "{came} 这一行不是请求头，已忽略；应为 name: value",
)
_SEVERAL = Reason("there are {count} requests; the last one is explained", "共有 {count} 个请求；只解释最后一个")
_CUT = words(
    "line breaks behind the body are left out, as Content-Length says", "按 Content-Length 去掉了请求体末尾的换行"
)
_OTHER_LENGTH = Reason(
    "Content-Length is {said}, and the body has {size} bytes; expected the bytes that were sent (--body FILE)",
    "Content-Length 为 {said}，请求体却有 {size} 字节；应为实际发送的字节（--body FILE）",
)
_WITHOUT_BREAKS = words(
    "the body is taken without its line breaks, as Content-Length says: curl's -d @FILE leaves them out; "
    "--data-binary @FILE sends the file as it is",
    "按 Content-Length 去掉了请求体中的换行：curl 的 -d @FILE 会删除换行；--data-binary @FILE 才会原样发送",
)
_BARE_BREAKS = words(
    "the body is taken with LF for CR LF, as Content-Length says", "按 Content-Length 把请求体中的 CR LF 还原为 LF"
)
_CHUNKED = words(
    "the body is in chunks (Transfer-Encoding); expected its bytes without them: --body FILE",
    "请求体为分块传输（Transfer-Encoding）；应给出去掉分块格式后的字节：--body FILE",
)


class Request(NamedTuple):
    """A request: names of headers in lower case, `body` None where it did not come; `notes` say how it was read.

    `given` is the body as it stands in its file, before it was taken as Content-Length says.
    """

    method: str
    path: str
    query: bytes
    headers: Pairs
    body: bytes | None
    notes: tuple[Said, ...]
    given: bytes | None = None

    def header(self, name: bytes) -> bytes:
        """The last value of this name, b"" where none came."""
        return next((value for one, value in reversed(self.headers) if one == name), b"")

    def with_body(self, body: bytes) -> Request:
        """The same with a body that was kept apart."""
        kept, notes = _as_sent(body, self.header(b"content-length"))
        before = (note for note in self.notes if note is not _CHUNKED)
        return self._replace(body=kept, given=body, notes=(*before, *notes))


def request_in(text: bytes) -> Request | Said:
    """The request that a text is, or what it is instead. Raises nothing, whatever came."""
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # what PowerShell writes for >
        text = text.decode("utf-16", "replace").encode("utf-8", "replace")
    text = text.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
    if not text:
        return _NOTHING
    line, rest = _cut(text)
    first = _FIRST.fullmatch(line)
    if first:
        return _request(first, *_head(rest))
    spoken = list(_CURL.finditer(text))
    if spoken:
        lines = list(_of_curl(text[spoken[-1].start() :]))
        first = _FIRST.fullmatch(lines[0])
        if first:
            notes = [_SEVERAL.of(count=len(spoken))] if len(spoken) > 1 else []
            return _request(first, lines[1:], None, *notes)
    if _HEADER.fullmatch(line):
        return _request(None, *_head(text), _NO_LINE)
    return _NO_REQUEST.of(came=quoted(line, 24))


def _cut(text: bytes) -> tuple[bytes, bytes]:
    """The first line, and what is behind it."""
    line, _, rest = text.partition(b"\n")
    return line.removesuffix(b"\r"), rest


def _head(text: bytes) -> tuple[list[bytes], bytes]:
    """The lines up to an empty one, and what is behind that."""
    gap = _GAP.search(text)
    head, rest = (text[: gap.start()], text[gap.end() :]) if gap else (text, b"")
    return [line.removesuffix(b"\r") for line in head.split(b"\n")], rest


def _of_curl(text: bytes) -> Iterator[bytes]:
    """The lines of the first request in what curl prints."""
    for given in io.BytesIO(text):
        line = given.strip()
        if line.startswith(b">"):
            spoken = line[1:].strip(b" \t")
            if not spoken:
                return
            yield spoken
        elif not _OF_CURL.match(line):
            return


def _request(first: re.Match[bytes] | None, lines: list[bytes], body: bytes | None, *notes: Said) -> Request:
    method, target = (first[1].decode("ascii").upper(), first[2]) if first else ("POST", b"/")
    path, _, query = (_AUTHORITY.sub(b"", target, count=1) or b"/").partition(b"?")
    headers: list[tuple[bytes, bytes]] = []
    left: list[Said] = []
    for line in lines:
        match = _HEADER.fullmatch(line)
        if match:
            headers.append((match[1].lower(), match[2]))
        elif line[:1] in (b" ", b"\t") and headers:  # a value that goes on
            name, value = headers[-1]
            headers[-1] = (name, value + b" " + line.strip(b" \t"))
        elif line and not left:
            left.append(_NO_HEADER.of(came=quoted(line, 24)))
    request = Request(method, path.decode("latin-1"), query.partition(b"#")[0], tuple(headers), None, (*notes, *left))
    if body and b"chunked" in request.header(b"transfer-encoding").lower():
        return request._replace(notes=(*request.notes, _CHUNKED))
    # Where nothing follows the headers, the body is more often kept elsewhere than empty.
    empty = request.method == "GET" or request.header(b"content-length") == b"0"
    return request.with_body(body or b"") if body or empty else request


def _as_sent(body: bytes, length: bytes) -> tuple[bytes, list[Said]]:
    """The body as Content-Length says that it was sent, and what was changed for that."""
    said = int(length) if _LENGTH.fullmatch(length) else len(body)
    if said == len(body):
        return body, []
    if body[:said].rstrip(_LINE_BREAKS) == body.rstrip(_LINE_BREAKS) and said < len(body):
        return body[:said], [_CUT]
    for other, note in (
        (body.translate(None, _LINE_BREAKS), _WITHOUT_BREAKS),
        (body.replace(b"\r\n", b"\n"), _BARE_BREAKS),
    ):
        if len(other) == said:
            return other, [note]
    return body, [_OTHER_LENGTH.of(said=said, size=len(body))]
