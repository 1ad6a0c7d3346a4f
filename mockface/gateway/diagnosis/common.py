"""Mistakes that both signatures know: other keys and other hosts than expected. Each comes with its words."""

from __future__ import annotations

from collections.abc import Iterator

from mockface.gateway import hosts, tc3
from mockface.gateway.making import SERVICE
from mockface.privacy.masking import quoted
from mockface.reasons import Reason, Said, words
from mockface.texts import hostnames

_OTHER_KEY = Reason(
    "it is signed with the SecretKey {how}; expected the key alone", "签名用的 SecretKey {how}；应只用密钥本身"
)
_HOWS = (
    (words("with a blank behind it", "末尾多一个空格"), "{} "),
    (words("with a blank before it", "开头多一个空格"), " {}"),
    (words("with blanks around it", "首尾各多一个空格"), " {} "),
    (words("with a line break behind it", "末尾多一个换行"), "{}\n"),
    (words("with a line break (CR LF) behind it", "末尾多一个换行（CR LF）"), "{}\r\n"),
    (words("in quotes", "带引号"), '"{}"'),
)
_BARE = words(
    "it is signed with the SecretKey without the blanks that the server's has; expected the same key on both sides",
    "签名用的 SecretKey 没有服务端密钥首尾的空白；两端密钥应一致",
)
_ID_FOR_KEY = words(
    "it is signed with the SecretId in the place of the SecretKey; expected the SecretKey",
    "签名误用 SecretId 代替 SecretKey；应使用 SecretKey",
)
_HOST = Reason(
    "it signs the host {signed}; expected {came}, as Host says", "签名用的主机为 {signed}；应为 Host 的值 {came}"
)

HOST_SIGNED = {
    hosts.WITHOUT_PORT: Reason(
        "the host is signed without its port, as {form}; this is accepted", "签名用的主机不带端口，为 {form}；可以接受"
    ),
    hosts.OF_URL: Reason(
        "the host is signed without the scheme of its URL, as {form}; this is accepted",
        "签名用的主机不带 URL 的协议头，为 {form}；可以接受",
    ),
    hosts.OF_URL_WITHOUT_PORT: Reason(
        "the host is signed without the scheme and the port of its URL, as {form}; this is accepted",
        "签名用的主机不带 URL 的协议头和端口，为 {form}；可以接受",
    ),
}
"""How the host is signed otherwise than it is sent, by the name of its form."""


def other_keys(secret_key: str, secret_id: str) -> Iterator[tuple[Said, str]]:
    """Keys that clients sign with in the place of this one."""
    bare = secret_key.strip()
    yield _BARE, bare
    for how, shape in _HOWS:
        yield _OTHER_KEY.of(how=how), shape.format(bare)
    yield _ID_FOR_KEY, secret_id


def other_hosts(sent: bytes, service: str) -> Iterator[tuple[Said, bytes]]:
    """Hosts that clients sign in the place of the one that they send."""
    came = sent.strip(b" \t")
    bare = hosts.without_port(came)
    vendor = hosts.VENDOR.encode()
    guesses = [service.encode() + b"." + vendor, SERVICE.encode() + b"." + vendor, vendor, SERVICE.encode(), b""]
    guesses += [bare + port for port in (b":80", b":443", b":8641")] + [
        scheme + came for scheme in (b"http://", b"https://")
    ]
    guesses += [came.replace(*pair) for pair in ((b"localhost", b"127.0.0.1"), (b"127.0.0.1", b"localhost"))]
    for host in dict.fromkeys(guesses):
        yield _HOST.of(signed=quoted(host), came=quoted(came)), host


def host_name(headers: tc3.Headers) -> str:
    """The name in Host, also of one that is a URL."""
    forms = hosts.forms(tc3.header(headers, b"host") or b"")
    return hostnames.host_name(forms[-1][1].decode("latin-1"))
