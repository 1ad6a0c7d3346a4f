"""Targets for the readers of a request: body, picture, signature, ID number."""

from __future__ import annotations

import base64
import email
import gc
import re
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from fuzz.fed import Fed, chunks_of
from mockface import codes, idcard, samples
from mockface.model import Claims, Picture, ReadBody, Refused
from mockface.operations.idcardcompare import OPERATION as IDCARDCOMPARE
from mockface.privacy.masking import WHY_LIMIT, one_line
from mockface.request.body import BodyReader, reader_for
from mockface.request.limits import BODY_LIMIT_BYTES, FIELD_LIMIT_BYTES
from mockface.request.multipart import HEADER_LIMIT_BYTES, MultipartScan
from mockface.request.picture import PictureReader
from mockface.request.video import ACCEPTED_CONTAINERS, VideoReader, mute, too_small, trouble
from mockface.scenarios import family
from mockface.signature import explain, hmac_sha1
from mockface.signature.diagnosis import recovered

NOW = 1_700_000_000
VIDEO_KINDS: tuple[samples.VideoKind, ...] = ("good", "mute", "small", "rotated", "truncated", "audio", "webm", "flv")
BOUNDARIES = (b"b", b"----WebKitFormBoundary7MA4YWxkTrZu0gW", b"a b", b"--", b"x" * 70, b"y" * 256, b"'()+_,-./:=?")
KINDS = ("json", "multipart", "fed")

_CONTENT_TYPES = (
    b"application/json; charset=utf-8", b"text/plain", b"multipart/form-data", b"multipart/form-data; boundary=",
    b'multipart/form-data; boundary="', b'multipart/form-data; boundary="\\"', b"multipart/form-data;boundary=b;c=d",
)  # fmt: skip


def _words(boundary: bytes) -> tuple[bytes, ...]:
    """Pieces of which bodies are made, good ones and bad ones."""
    return (
        b"\r\n", b"\r\n--" + boundary, b"--" + boundary, b"--" + boundary + b"--", b"--", b"\r", b"\n", b" ", b"\t", b"\0",
        b'Content-Disposition: form-data; name="idcard_number"', b'Content-Disposition: form-data; name="idcard_name"',
        b'Content-Disposition: form-data; name="image"; filename="x"', b"Content-Disposition: form-data; name=appid",
        b'Content-Disposition: form-data; name="session_id"; filename*=UTF-8\'\'%e2%82%ac',
        b'content-disposition:x;NAME = "url";', b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: 8bit",
        b"Content-Type: multipart/mixed; boundary=inner", b"\r\n\r\n", b"\r\n--" + boundary[:-1], b":", b"\xff\xd8\xff",
        b"data:image/png;base64,", b"iVBORw0KGgo", b"=", b"A", b"\xef\xbb\xbf", b"\xe5\xbc\xa0\xe4\xb8\x89", b"\xff",
    )  # fmt: skip


def _body(fed: Fed, boundary: bytes) -> bytes:
    """A body of words, each given once or many times, and of fed bytes between them."""
    words = _words(boundary)
    made = b""
    while fed and len(made) < 400_000:
        kind = fed.number(256)
        if kind < 200:
            made += words[kind % len(words)]
        elif kind < 240:
            made += fed.short(40)
        else:
            made += fed.choice(words) * fed.choice((2, 5, 300, 1100, 17_000))
    return made


def _content_types(fed: Fed, boundary: bytes) -> list[bytes]:
    kind = fed.choice(KINDS)
    if kind == "json":
        return [b"application/json"]
    if kind == "multipart":
        quoted = b'"' + boundary + b'"' if b" " in boundary or fed.number(2) else boundary
        return [b"multipart/form-data; boundary=" + quoted]
    return [fed.choice(_CONTENT_TYPES) + fed.short() for _ in range(fed.number(3))]


def kept_bytes(reader: object) -> int:
    """How many bytes of text and of bytes an object holds on to, whatever its attributes are called."""
    seen: set[int] = set()
    left: list[Any] = [reader]
    total = 0
    while left:
        one = left.pop()
        if id(one) in seen or isinstance(one, type | ModuleType | BuiltinFunctionType | FunctionType | re.Pattern):
            continue
        seen.add(id(one))
        if isinstance(one, str | bytes | bytearray):
            total += len(one)
        else:
            left += gc.get_referents(one)
    return total


def _keeps_at_most(kind: str, content_type: bytes, fed_bytes: int, chunk: bytes) -> int:
    slack = 4096 + 2 * len(content_type)
    if kind == "json":
        return fed_bytes + slack
    return len(IDCARDCOMPARE.table.text) * FIELD_LIMIT_BYTES + 2 * HEADER_LIMIT_BYTES + 2 * len(chunk) + slack


def body(content: bytes) -> None:
    """Reading a body never raises, does not depend on the chunks that it comes in, and keeps little."""
    fed = Fed(content)
    boundary = fed.choice(BOUNDARIES)
    content_types = _content_types(fed, boundary)
    limit = fed.choice((BODY_LIMIT_BYTES, 1000))
    sizes = Fed(fed.short(8))
    made = _body(fed, boundary) if fed.number(2) else fed.rest()
    whole = BodyReader(reader_for(content_types, IDCARDCOMPARE.table), limit)
    whole.feed(made)
    expected = whole.finish()
    reader = BodyReader(reader_for(content_types, IDCARDCOMPARE.table), limit)
    fed_bytes = 0
    for count, chunk in enumerate(chunks_of(made, sizes)):
        fed_bytes += len(chunk)
        if not reader.feed(chunk):
            break
        if count % 16 == 0:
            kept, most = kept_bytes(reader), _keeps_at_most(expected.kind, b"".join(content_types), fed_bytes, chunk)
            assert kept <= most, f"{kept} bytes are kept of {fed_bytes}, at most {most} are wanted"
    came = reader.finish()
    if expected.over_limit:
        assert came.over_limit
        return
    assert came == expected, f"in chunks: {came}\nwhole: {expected}"
    _is_sound(came)


class _Kept:
    def __init__(self, found: list[tuple[str, bytes]], name: str) -> None:
        self._found, self._name, self._content = found, name, b""
        found.append((name, b""))
        self._at = len(found) - 1

    def feed(self, chunk: bytes, start: int, end: int) -> None:
        self._content += chunk[start:end]
        self._found[self._at] = (self._name, self._content)


def parts(content: bytes) -> None:
    """The parts of a well-formed multipart body are those that the standard library's `email` parser finds."""
    fed = Fed(content)
    boundary = fed.choice(BOUNDARIES)
    sizes = Fed(fed.short(8))
    line = b"--" + boundary
    made = [(fed.choice(("appid", "a;b", "image")), fed.short()) for _ in range(1 + fed.number(5))]
    made = [(name, value) for name, value in made if line not in value + line[:-1]] or [("x", b"")]
    whole = b"".join(
        line + b'\r\nContent-Disposition: form-data; name="' + name.encode() + b'"\r\n\r\n' + value + b"\r\n"
        for name, value in made
    )
    whole += line + b"--\r\n" + fed.short()
    found: list[tuple[str, bytes]] = []
    scan = MultipartScan(boundary, lambda name, encoding, is_file: _Kept(found, name))
    for chunk in chunks_of(whole, sizes):
        scan.feed(chunk)
    scan.finish()
    head = b'Content-Type: multipart/form-data; boundary="' + boundary + b'"\r\n\r\n'
    read: Any = email.message_from_bytes(head + whole).get_payload()
    theirs = [(one.get_param("name", header="content-disposition"), one.get_payload(decode=True)) for one in read]
    assert found == theirs == made, f"{found}\n{theirs}\n{made}"


def _is_sound(read: ReadBody) -> None:
    """What a read body must be."""
    assert read.kind in ("", "json", "multipart")
    assert set(read.fields) <= {*IDCARDCOMPARE.table.text, "image"}
    assert set(read.as_files) <= set(IDCARDCOMPARE.table.text)
    if read.fault is not None:
        assert read.fault.code is codes.BAD_REQUEST
        assert not read.fields
        is_a_why(read.fault.why)
    for name, value in read.fields.items():
        assert value != ""
        assert isinstance(value, Picture) <= (name == "image")
        assert not isinstance(value, str) or len(value) <= FIELD_LIMIT_BYTES


def is_a_why(why: str) -> None:
    """A why is short ASCII without control characters even before it is made safe as a header."""
    assert why
    assert why.isascii(), ascii(why)
    assert why.isprintable(), ascii(why)
    assert one_line(why) == why or len(why) > WHY_LIMIT


def picture(content: bytes) -> None:
    """What a picture is does not depend on the chunks that it comes in; base64 is judged as a strict decoder would."""
    fed = Fed(content)
    text_only = bool(fed.number(2))
    sizes = Fed(fed.short(8))
    prefix = fed.choice((b"", b"data:image/png;base64,", b"DATA:;a=b;base64,", b"data:image/jpeg;name=" + b"n" * 300))
    made = prefix[: fed.number(400)] + fed.choice((b"", b"A" * 255, b"iVBO" * 200)) + fed.rest()
    whole = PictureReader(text_only=text_only)
    whole.feed(made, 0, len(made))
    reader = PictureReader(text_only=text_only)
    for count, chunk in enumerate(chunks_of(made, sizes)):
        reader.feed(b"<" + chunk + b">", 1, 1 + len(chunk))
        assert count % 64 or kept_bytes(reader) < 2000
    came = reader.picture()
    assert came == whole.picture(), f"in chunks: {came}\nwhole: {whole.picture()}"
    if came is None:
        assert not made
        return
    assert came.size_bytes == len(made)
    assert len(came.head) <= 32
    if came.form == "base64":
        _is_judged_rightly(came, made)


def _is_judged_rightly(came: Picture, made: bytes) -> None:
    text = made.translate(None, b" \t\r\n")
    bare = text.rstrip(b"=")
    fits = len(text) - len(bare) <= 2 and len(bare) % 4 != 1 and re.fullmatch(rb"[A-Za-z0-9+/]*", bare)
    assert bool(fits) == (came.fault is None), came
    if fits:
        decoded = base64.b64decode(bare + b"=" * (-len(bare) % 4), validate=True)
        assert came.head == decoded[: len(came.head)]


def _bent(content: bytes, fed: Fed) -> bytes:
    """A video with some of its bytes replaced, and some of its first or last ones left out."""
    bent = bytearray(content)
    for _ in range(fed.number(12)):
        at = fed.number(max(len(bent), 1))
        bent[at : at + 1] = fed.choice((b"\0", b"\1", b"\xff", fed.some(1), fed.short(8)))
    return bytes(bent[fed.choice((0, 0, 0, fed.number(40))) : len(bent) - fed.choice((0, 0, 0, fed.number(400)))])


def video(content: bytes) -> None:
    """What a video is does not depend on the chunks that it comes in, nothing of it is held, and it can be judged."""
    fed = Fed(content)
    text_only = bool(fed.number(2))
    sizes = Fed(fed.short(8))
    made = _bent(samples.video(fed.choice(VIDEO_KINDS)), fed) if fed.number(2) else fed.rest()
    kind = fed.number(3)
    sent = (made, base64.b64encode(made), b"data:video/mp4;base64," + base64.b64encode(made))[kind] + fed.rest()
    whole = VideoReader(text_only=text_only)
    whole.feed(sent, 0, len(sent))
    expected = whole.video()
    reader = VideoReader(text_only=text_only)
    for count, chunk in enumerate(chunks_of(sent, sizes)):
        reader.feed(b"<" + chunk + b">", 1, 1 + len(chunk))
        assert count % 64 or kept_bytes(reader) < 24_000
    came = reader.video()
    assert came == expected == reader.video(), f"in chunks: {came}\nwhole: {expected}"
    if came is None:
        assert not sent
        return
    assert came.size_bytes == len(sent)
    assert len(came.head) <= 32
    assert came.rotated in (0, 90, 180, 270)
    assert 0 <= min(came.width, came.height) <= max(came.width, came.height) <= 65_535
    assert came.duration_s is None or 0 < came.duration_s < 1e9
    why = trouble(came)
    assert too_small(came) in (True, False)
    assert mute(came) is (came.has_audio is False)
    if why is None:
        assert came.container in ACCEPTED_CONTAINERS
        assert came.has_video
        assert not came.truncated
    else:
        is_a_why(why)
        assert why.zh != why


def authorization(content: bytes) -> None:
    """An Authorization value is Claims or code 5 with a why, the same each time, and can be explained."""
    fed = Fed(content)
    if fed.number(2):
        value = fed.rest().decode("latin-1")
    else:
        text = (b"a=1250000000&k=AKID&e=", b"")[fed.number(2)] + fed.rest()
        value = base64.b64encode(bytes(20) + text).decode()
        value = value.rstrip("=") if len(content) % 2 else value
    claims = hmac_sha1.read(value)
    assert claims == hmac_sha1.read.__wrapped__(value) if hasattr(hmac_sha1.read, "__wrapped__") else True
    for mistake in explain.mistakes_in(claims, NOW):
        assert mistake
    found = recovered(value)
    assert found.text.isascii()
    assert explain.mistakes_in(claims, NOW, found, verified=False, appid="x")
    if isinstance(claims, Refused):
        assert claims.code is codes.SIGNATURE_MALFORMED
        is_a_why(claims.why)
        return
    _is_what_was_signed(claims, value)


def _is_what_was_signed(claims: Claims, value: str) -> None:
    decoded = base64.b64decode(value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4), validate=True)
    assert decoded == claims.digest + claims.signed_text
    assert len(claims.digest) == hmac_sha1.DIGEST_BYTES
    pairs = dict(pair.split("=", 1) for pair in claims.signed_text.decode("ascii").split("&"))
    assert (claims.appid, claims.secret_id) == (pairs["a"], pairs["k"])
    assert (claims.bucket, claims.resource) == (pairs.get("b", ""), pairs.get("f", ""))
    assert (claims.expires_at, claims.signed_at) == (int(float(pairs["e"])), int(float(pairs["t"])))
    assert not hmac_sha1.is_signed_with(claims, "no key")
    for row in explain.claims_table(claims.signed_text.decode("ascii"), NOW):
        assert set(row) == {"key", "value", "meaning", "meaning_zh"}


def number(content: bytes) -> None:
    """Anything at all can be asked of as an ID number; only what is well formed is taken for one."""
    fed = Fed(content)
    given = fed.choice(("", "110101199003", idcard.RESERVED_PREFIX)) + fed.rest().decode("utf-8", "surrogateescape")
    well_formed = idcard.is_well_formed(given)
    if well_formed:
        assert re.fullmatch(r"[0-9]{17}[0-9Xx]|[0-9]{15}", given, re.ASCII)
    else:
        is_a_why(idcard.shortcoming(given))
        assert not idcard.looks_real(given, NOW)
    masked = idcard.masked(given)
    assert masked.isascii()
    assert masked.isprintable()
    if not idcard.is_reserved(given) and len(given) > 11 and given.isascii() and given.isalnum():
        assert given[3:-2] not in masked
    for month, lane, sequence in ((fed.number(13), 1 + fed.number(28), fed.number(1000)),):
        assert idcard.is_well_formed(family.number_for(month, lane, sequence))
