"""Parses an `application/json` body: takes bytes, returns the operation's fields.

A body in one piece goes to the JSON parser unchanged; for a body in several pieces the long strings are not stored, see
`jsonstream.py`. Invalid JSON is a fault in the result, never an exception.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from mockface.model import FieldTable, Refused, Value, WrongType, kind_in_words
from mockface.reasons import Reason, words
from mockface.request.jsonstream import PLACEHOLDER, BadJson, LongString, Shortened, TooMuch, parser_says, video_reader
from mockface.request.limits import FIELD_LIMIT_BYTES, TOO_LONG, unreadable
from mockface.request.picture import PictureReader

_BYTE_ORDER_MARK = words(
    "the JSON starts with a UTF-8 byte order mark (EF BB BF); send it without one",
    "JSON 以 UTF-8 字节顺序标记（EF BB BF）开头；发送时应去掉",
)
_NO_OBJECT = Reason("the JSON is {kind}; expected an object", "JSON 是 {kind}；应为对象")
_NOT_UTF8 = Reason("the JSON is not UTF-8: byte {at} is {found}", "JSON 不是 UTF-8：第 {at} 个字节为 {found}")
_UNPARSED_AT = Reason(
    "the JSON does not parse: {why} at character {at} of {of}", "JSON 无法解析：{why}，在第 {at} 个字符（共 {of} 个）"
)
_UNPARSED = Reason("the JSON does not parse: {why}", "JSON 无法解析：{why}")
_TWICE = Reason("the JSON has {name} twice", "JSON 中 {name} 出现两次")
_TOO_DEEP = words("the JSON is nested too deeply; expected one flat object", "JSON 嵌套过深；应为一个扁平的对象")
_TOO_MUCH = Reason("the JSON is too large: {why}", "JSON 过大：{why}")
_NO_JSON = Reason("{word} is not JSON", "JSON 中没有 {word}")


class JsonReader:
    """One object in UTF-8. Unknown fields are ignored; an empty body has no fields."""

    __slots__ = ("_fault", "_shortened", "_table", "_whole")

    kind = "json"
    as_files = ()
    unclosed = False
    unknown: tuple[str, ...] = ()
    whole = b""

    def __init__(self, table: FieldTable) -> None:
        self._table = table
        self._whole = b""
        self._shortened: Shortened | None = None
        self._fault: Refused | None = None

    def feed(self, chunk: bytes) -> None:
        """Store the chunk without its long strings; after a fault the rest is discarded."""
        if not self._whole and self._shortened is None:
            self._whole = chunk
        elif self._fault is None:
            self._shorten(chunk)

    def _shorten(self, chunk: bytes) -> None:
        try:
            if self._shortened is None:
                self._shortened = Shortened(videos=bool(self._table.videos))
                self._shortened.feed(self._whole)
                self._whole = b""
            self._shortened.feed(chunk)
        except ValueError as fault:
            self._fault = _fault_of(fault)

    def fields(self) -> dict[str, Value] | Refused:
        """The operation's fields. `null` and "" mean that a field was not given (docs/wire.md)."""
        table = self._table
        if self._fault is not None:
            return self._fault
        if self._shortened is None:
            return _fields_of(json_object(self._whole, table), {}, table) if self._whole else {}
        document = json_object(self._shortened.finish(), table, self._shortened)
        return _fields_of(document, self._shortened.strings, table)


def _fields_of(
    document: dict[str, object] | Refused, strings: dict[str, LongString], table: FieldTable
) -> dict[str, Value] | Refused:
    if isinstance(document, Refused):
        return document
    fields: dict[str, Value] = {}
    for name in table.text:
        given = document.get(name)
        if type(given) is str and given and not strings and len(given) <= FIELD_LIMIT_BYTES:
            fields[name] = given
        elif given is not None and given != "":
            fields[name] = text_value(given, strings)
    for name in table.pictures:
        given = document.get(name)
        if given is not None and given != "":
            value = picture_value(given, strings)
            if value != "":
                fields[name] = value
    return fields


def _long(given: str, strings: Mapping[str, LongString]) -> LongString | None:
    return strings.get(given) if strings and given.startswith(PLACEHOLDER) else None


def text_value(given: object, strings: Mapping[str, LongString]) -> Value:
    """A text field: its text, or what came in its place; `strings` are the long ones, by their placeholders."""
    if not isinstance(given, str):
        return WrongType(json_kind(given))
    long = _long(given, strings)
    text = given if long is None else long.text()
    return TOO_LONG if len(text) > FIELD_LIMIT_BYTES else text


def picture_value(given: object, strings: Mapping[str, LongString]) -> Value:
    """A picture in Base64: what is known of it, or what came in its place; "" for a data URL without data."""
    if not isinstance(given, str):
        return WrongType(json_kind(given))
    long = _long(given, strings)
    if long is not None:
        return long.picture() or ""
    reader = PictureReader(text_only=True)
    text = given.encode("utf-8", "backslashreplace")
    reader.feed(text, 0, len(text))
    return reader.picture() or ""


def video_value(given: object, strings: Mapping[str, LongString]) -> Value:
    """A video in Base64: what is known of it, or what came in its place."""
    if not isinstance(given, str):
        return WrongType(json_kind(given))
    long = _long(given, strings)
    if long is not None:
        return long.video()
    reader = video_reader()
    text = given.encode("utf-8", "backslashreplace")
    reader.feed(text, 0, len(text))
    video = reader.video()
    assert video is not None
    return video


def json_kind(given: object) -> str:
    """JSON's word for the kind of a value other than a text."""
    if isinstance(given, bool):
        return "boolean"
    if isinstance(given, int | float):
        return "number"
    return "array" if isinstance(given, list) else "object"


class _Ambiguous(ValueError):
    """A known field is in the object twice."""


def _no_constant(word: str) -> object:
    raise BadJson(_NO_JSON.of(word=word))


def _whole(digits: str) -> int:
    """An integer of any length: its value is not needed, and `int` refuses thousands of digits."""
    return int(digits[:20])


@cache
def _decoder(table: FieldTable) -> json.JSONDecoder:
    """A decoder that rejects repeated fields of the operation."""

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        document = dict(pairs)
        if len(document) < len(pairs):
            names = [name for name, _ in pairs]
            for name in document:
                if table.knows(name) and names.count(name) > 1:
                    raise _Ambiguous(name)
        return document

    return json.JSONDecoder(object_pairs_hook=unique, parse_constant=_no_constant, parse_int=_whole)


def json_object(body: bytes, table: FieldTable, shortened: Shortened | None = None) -> dict[str, object] | Refused:
    """The JSON object in these bytes; every way in which they can fail to be one, with its place, is code 3."""
    if body.startswith(b"\xef\xbb\xbf"):
        return unreadable(_BYTE_ORDER_MARK)
    try:
        document = _decoder(table).decode(body.decode("utf-8"))
    except (ValueError, RecursionError) as fault:
        return _fault_of(fault, shortened)
    if not isinstance(document, dict):
        a_string = words("a string", "字符串")
        kind = "null" if document is None else a_string if isinstance(document, str) else json_kind(document)
        return unreadable(_NO_OBJECT.of(kind=kind_in_words(kind)))
    return document


def _fault_of(fault: Exception, shortened: Shortened | None = None) -> Refused:
    if isinstance(fault, UnicodeDecodeError):
        place = fault.start if shortened is None else shortened.place(fault.start, characters=False)
        return unreadable(_NOT_UTF8.of(at=place, found=f"0x{fault.object[fault.start]:02x}"))
    if isinstance(fault, json.JSONDecodeError):
        places = fault.pos, len(fault.doc)
        at, of = places if shortened is None else map(shortened.place, places)
        return unreadable(_UNPARSED_AT.of(why=parser_says(fault), at=at, of=of))
    if isinstance(fault, _Ambiguous):
        return unreadable(_TWICE.of(name=fault))
    if isinstance(fault, RecursionError):
        return unreadable(_TOO_DEEP)
    if isinstance(fault, TooMuch):
        return unreadable(_TOO_MUCH.of(why=fault.why))
    return unreadable(_UNPARSED.of(why=fault.why if isinstance(fault, BadJson) else fault))
