"""A body of API 3.0: JSON whose every field counts, or a form; bytes in, fields out.

A long string of the JSON is looked at and not held (see `request/jsonstream.py`). A form is held: it has at most 1 MB.
Unlike the old API's reader this one keeps an empty text, which is another thing than a missing one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import unquote_to_bytes

from mockface.model import FieldTable, Head, Refused, Structure, Value, WrongType
from mockface.reasons import Reason, Said, words
from mockface.request.body import Reader, Unreadable
from mockface.request.jsonbody import JsonReader, json_kind, json_object, picture_value, text_value, video_value
from mockface.request.jsonstream import LongString
from mockface.request.limits import unreadable

JSON_LIMIT_BYTES = 10 * 1024 * 1024
"""The largest body of JSON. Source: page (10 MB); that it is binary megabytes is assumed, here and below."""
FORM_LIMIT_BYTES = 1024 * 1024
"""The largest body of a form. Source: page (1 MB)."""
QUERY_LIMIT_BYTES = 32 * 1024
"""The longest query of a GET. Source: page (32 KB)."""
MOST_PAIRS = 10_000
"""A form or query of more is not read: mockface's own bound."""
MOST_UNKNOWN = 16
"""So many names of unknown fields are told."""
LONGEST_UNKNOWN = 64

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"

NO_JSON = words("the body is empty; expected a JSON object, {} at least", "请求体为空；应为 JSON 对象，至少是 {}")
NO_EQUALS = Reason("{pair} has no =", "{pair} 中没有 =")
NO_NAME = Reason("={value} has no name", "={value} 没有参数名")
TOO_MANY = Reason("more than {limit} parameters", "超过 {limit} 个参数")


class PairFault(ValueError):
    """A form or query that cannot be read. `kind` is "equals", "name" or "many"; `why` says what came."""

    def __init__(self, kind: str, why: Said) -> None:
        super().__init__(why)
        self.kind = kind
        self.why = why


def media_type(content_type: bytes) -> str:
    """A Content-Type without its parameters, in lower case."""
    return content_type.partition(b";")[0].strip().lower().decode("latin-1")


def is_form(head: Head) -> bool:
    """Whether a body is a form by its Content-Type."""
    return bool(head.content_types) and media_type(head.content_types[-1]) == FORM_TYPE


def limit_of(head: Head) -> int:
    """The largest body for these headers."""
    return FORM_LIMIT_BYTES if is_form(head) else JSON_LIMIT_BYTES


def reader_for(head: Head, table: FieldTable) -> Reader:
    """The reader for a request's Content-Type; one that lets the body go by where it is of another."""
    kind = media_type(head.content_types[-1]) if head.content_types else ""
    if kind == JSON_TYPE:
        return Json(table)
    return Form() if kind == FORM_TYPE else Unreadable(words("another Content-Type", "其他 Content-Type"))


class Json(JsonReader):
    """One JSON object in UTF-8: every field of the operation as it came, and the names of all others."""

    __slots__ = ("unknown",)

    def __init__(self, table: FieldTable) -> None:
        super().__init__(table)
        self.unknown: tuple[str, ...] = ()

    def fields(self) -> dict[str, Value] | Refused:
        """The operation's fields. `null` means that a field was not given (assumed), "" is a text."""
        if self._fault is not None:
            return self._fault
        table, strings = self._table, {}
        if self._shortened is None:
            document = json_object(self._whole, table) if self._whole else unreadable(NO_JSON)
        else:
            document = json_object(self._shortened.finish(), table, self._shortened)
            strings = self._shortened.strings
        if isinstance(document, Refused):
            return document
        known: dict[str, Value] = {}
        unknown = []
        for name, given in document.items():
            if not table.knows(name):
                unknown.append(name)
            elif given is not None:
                known[name] = _value(name, given, strings, table)
        self.unknown = unknown_names(unknown)
        return known


def _value(name: str, given: object, strings: Mapping[str, LongString], table: FieldTable) -> Value:
    if name in table.objects:
        return Structure(given) if isinstance(given, dict) else WrongType(_kind(given))
    # An empty text is one, not a picture or a video.
    if name in table.pictures and given:
        return picture_value(given, strings)
    return video_value(given, strings) if name in table.videos and given else text_value(given, strings)


def _kind(given: object) -> str:
    return "string" if isinstance(given, str) else json_kind(given)


def unknown_names(names: Iterable[str]) -> tuple[str, ...]:
    """The first of these names, shortened: a client may send any."""
    found = list(dict.fromkeys(name[:LONGEST_UNKNOWN] for name in names))
    return tuple(found[:MOST_UNKNOWN])


class Form:
    """An `application/x-www-form-urlencoded` body: its pairs, decoded."""

    kind = "form"
    as_files = ()
    unclosed = False
    unknown = ()

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def feed(self, chunk: bytes) -> None:
        """Keep the chunk: a form has at most FORM_LIMIT_BYTES."""
        self._pieces.append(chunk)

    def fields(self) -> dict[str, Value]:
        """None: which of the pairs are fields is known when the action is."""
        return {}

    @property
    def whole(self) -> bytes:
        """The form as it came."""
        return b"".join(self._pieces)


def pairs_of(encoded: bytes) -> Sequence[tuple[str, str]]:
    """The parameters of a form or query, decoded: `+` and `%20` are a blank. Raises PairFault.

    Bytes that are no UTF-8 stand as surrogates, so that a signature of them can be verified.
    """
    if not encoded:
        return ()
    pieces = encoded.split(b"&")
    if len(pieces) > MOST_PAIRS:
        raise PairFault("many", TOO_MANY.of(limit=MOST_PAIRS))
    pairs = []
    for piece in pieces:
        if not piece:
            continue
        name, equals, value = piece.partition(b"=")
        if not equals:
            raise PairFault("equals", NO_EQUALS.of(pair=decoded(piece)[:40]))
        if not name:
            raise PairFault("name", NO_NAME.of(value=decoded(value)[:40]))
        pairs.append((decoded(name), decoded(value)))
    return pairs


def decoded(text: bytes) -> str:
    """A name or value of a form, decoded."""
    return unquote_to_bytes(text.replace(b"+", b" ")).decode("utf-8", "surrogateescape")


def fields_of(pairs: Sequence[tuple[str, str]], table: FieldTable, common: frozenset[str]) -> tuple[
    dict[str, Value], tuple[str, ...]
]:  # fmt: skip
    """The operation's fields among parameters, and the names that are neither fields nor `common` parameters.

    Members of an object are written `Encryption.Iv`, those of a list in it `Encryption.EncryptList.0`.
    """
    known: dict[str, Value] = {}
    unknown = []
    objects: dict[str, dict[str, object]] = {}
    for name, value in pairs:
        top, dot, rest = name.partition(".")
        if top in table.objects and dot:
            _put(objects.setdefault(top, {}), rest, value)
        elif name in table.objects:
            known[name] = WrongType("string")
        elif name in table.pictures:
            known[name] = picture_value(value, {}) if value else ""
        elif name in table.videos:
            known[name] = video_value(value, {}) if value else ""
        elif name in table.text:
            known[name] = text_value(value, {})
        elif name not in common:
            unknown.append(name)
    known |= {name: Structure(members) for name, members in objects.items()}
    return known, unknown_names(unknown)


def _put(members: dict[str, object], path: str, value: str) -> None:
    name, dot, index = path.partition(".")
    if not dot:
        members[name] = value
        return
    items = members.setdefault(name, [])
    if isinstance(items, list) and index.isdigit() and int(index[:6]) == len(items):
        items.append(value)
    else:
        members[path] = value
