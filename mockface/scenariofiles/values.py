"""Readers of plain YAML values: text, numbers, durations, words of a list, any JSON.

Each takes a node; returns the value, or reports a mistake at the node and returns None.
"""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Callable, Collection

import yaml

from mockface.reasons import Reason, Said
from mockface.scenariofiles.diagnostic import nearest
from mockface.scenariofiles.yaml.document import Document, Mapping, Node, Scalar, Sequence, kind
from mockface.texts.durations import seconds_of

_DATA_DEPTH = 20
_DATA_VALUES = 10_000
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*|(?=\.))(\.[0-9]*)?([eE][-+]?[0-9]+)?|[-+]?\.(inf|nan)", re.A | re.I)
_LEADING_ZERO = re.compile("[-+]?0[0-9_]+", re.ASCII)
_TRUTH = re.compile("true|false", re.IGNORECASE)
_PLAIN_LIMIT = 100
"""The longest number, in characters: longer ones are slow to convert, and no client reads them."""


_WITH_TEXT = Reason("{kind} ({text})", "{kind}（{text}）")
_READ_AS = Reason(
    '{text} is read as {said} by the rules of YAML 1.1; write {said}, or "{text}" in quotes for a string',
    '{text} 按 YAML 1.1 的规则读作 {said}；应写 {said}，若要字符串则写 "{text}" 并加引号',
)
_LEADING = Reason(
    '{text} has a leading zero; write {plain}, or "{text}" in quotes for a string',
    '{text} 以零开头；应写 {plain}，若要字符串则写 "{text}" 并加引号',
)
_OF = Reason("{what}: {trap}", "{what}：{trap}")
_UNQUOTED = Reason("{text} (not quoted)", "{text}（未加引号）")
_NO_NUMBER = Reason(
    "{what} is {said}; expected a plain number, such as {example}", "{what} 是{said}；应为普通数字，例如 {example}"
)
_OUT_OF_RANGE = Reason(
    "{what} {value} is out of range; expected {low} to {high}", "{what} {value} 超出范围；应为 {low} 到 {high}"
)
_NO_DURATION = Reason(
    "{what} is {said}; expected a time, such as 300ms, 3s or 2m, at most 1h",
    "{what} 是{said}；应为时长，例如 300ms、3s 或 2m，最长 1h",
)
_NO_STRING = Reason(
    "{what} is {said}; expected a string, in quotes if it looks like another type",
    "{what} 是{said}；应为字符串，看似其他类型时要加引号",
)
HAS_NO = Reason("{what} has no {word}; {hint}", "{what} 没有 {word}；{hint}")
_LARGE_DATA = Reason(
    "data is too large; expected at most {levels} levels and {values} values",
    "data 过大；应不超过 {levels} 层、{values} 个值",
)
_NO_JSON = Reason("data holds {value}, which JSON cannot represent", "data 含有 {value}，JSON 无法表示")


def said(node: Node) -> Said:
    """The type of a node, with its text if it has one."""
    if isinstance(node, Scalar):
        return _WITH_TEXT.of(kind=kind(node), text=node.value[:40]) if node.value else kind(node)
    return kind(node)


def misread(node: Scalar) -> Said | None:
    """What is wrong with a value that YAML 1.1 reads differently from most people; None if nothing is.

    Such as octal, hexadecimal, binary and base 60 numbers, underscores, and yes, no, on and off.
    """
    text = node.value
    plain = _DECIMAL if kind(node) == "a number" else _TRUTH if kind(node) == "true or false" else None
    if plain is None or len(text) > _PLAIN_LIMIT or plain.fullmatch(text):
        return None
    value = _constructed(node)
    if not (isinstance(value, float) and math.isnan(value)):
        return _READ_AS.of(text=text, said=json.dumps(value))
    if _LEADING_ZERO.fullmatch(text):
        return _LEADING.of(text=text, plain=text.lstrip("+-0_"))
    return None


def _constructed(node: Scalar) -> object:
    """The Python value of a number, a boolean or null by YAML 1.1; NaN if it has none."""
    if len(node.value) <= _PLAIN_LIMIT:
        # A tag such as !!int may precede any text; then the constructor fails in several ways.
        with contextlib.suppress(ValueError, LookupError, yaml.YAMLError):
            value: object = yaml.constructor.SafeConstructor().construct_object(node)
            return value
    return math.nan


def read_number(
    document: Document, node: Node, what: str, low: float, high: float, example: str = "92.5"
) -> float | None:
    """A number from `low` to `high`."""
    trap = misread(node) if isinstance(node, Scalar) else None
    if trap:
        document.report(node, _OF.of(what=what, trap=trap))
        return None
    value = _number(node) if kind(node) == "a number" else math.nan
    if math.isnan(value):
        if isinstance(node, Scalar) and node.style in ("'", '"') and low <= _number(node) <= high:
            example = _UNQUOTED.of(text=node.value)
        document.report(node, _NO_NUMBER.of(what=what, said=said(node), example=example))
        return None
    if not low <= value <= high:
        given = {"value": f"{value:g}", "low": f"{low:g}", "high": f"{high:g}"}
        document.report(node, _OUT_OF_RANGE.of(what=what, **given))
        return None
    return value


def _number(node: Node) -> float:
    """The numeric value of a node; NaN if it is not a number."""
    try:
        return float(node.value.replace("_", "")) if isinstance(node, Scalar) else math.nan
    except ValueError:
        return math.nan


def read_duration(document: Document, node: Node, what: str) -> float | None:
    """A duration in seconds."""
    seconds = seconds_of(str(node.value)) if isinstance(node, Scalar) else None
    if seconds is None:
        document.report(node, _NO_DURATION.of(what=what, said=said(node)))
    return seconds


def read_text_of(what: str) -> Callable[[Document, Node], str | None]:
    """A reader of strings; `what` names them in diagnostics."""

    def read(document: Document, node: Node) -> str | None:
        if isinstance(node, Scalar) and kind(node) == "a string":
            return str(node.value)
        document.report(node, _NO_STRING.of(what=what, said=said(node)))
        return None

    return read


def read_word_of(what: str, words: Collection[str]) -> Callable[[Document, Node], str | None]:
    """A reader of one of these words."""

    def read(document: Document, node: Node) -> str | None:
        word = str(node.value) if isinstance(node, Scalar) else kind(node)
        if word in words:
            return word
        document.report(node, HAS_NO.of(what=what, word=word, hint=nearest(word, words)))
        return None

    return read


def read_data(document: Document, node: Node) -> object:
    """Any JSON value of limited depth and size; aliases count as often as they are used."""
    left = _DATA_VALUES
    reported = False

    def build(node: Node, depth: int) -> object:
        nonlocal left, reported
        left -= 1
        if depth > _DATA_DEPTH or left < 0:
            if not reported:
                document.report(node, _LARGE_DATA.of(levels=_DATA_DEPTH, values=_DATA_VALUES))
            reported = True
            return None
        if isinstance(node, Mapping):
            return {key.value: build(value, depth + 1) for key, value in document.pairs(node, "data")}
        if isinstance(node, Sequence):
            return [build(value, depth + 1) for value in node.value]
        return _plain(document, node)

    return build(node, 0)


def _plain(document: Document, node: Node) -> object:
    """A scalar as JSON has it: a date stays text, and a value that JSON cannot represent is a mistake."""
    assert isinstance(node, Scalar)
    if kind(node) not in ("a number", "true or false", "nothing"):
        return str(node.value)
    trap = misread(node)
    if trap:
        document.report(node, _OF.of(what="data", trap=trap))
        return None
    value = _constructed(node)
    if isinstance(value, float) and not math.isfinite(value):
        document.report(node, _NO_JSON.of(value=node.value[:20]))
        return None
    return value
