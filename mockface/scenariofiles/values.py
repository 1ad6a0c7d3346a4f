"""Readers of plain values in YAML: text, numbers, durations, words of a list, any JSON.

Each takes a node and gives the value, or reports at the node and gives None.
"""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Callable, Collection

import yaml

from mockface.durations import seconds_of
from mockface.scenariofiles.diagnostic import nearest
from mockface.scenariofiles.yaml_document import Document, Mapping, Node, Scalar, Sequence, kind

_DATA_DEPTH = 20
_DATA_VALUES = 10_000
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*|(?=\.))(\.[0-9]*)?([eE][-+]?[0-9]+)?|[-+]?\.(inf|nan)", re.A | re.I)
_LEADING_ZERO = re.compile("[-+]?0[0-9_]+", re.ASCII)
_TRUTH = re.compile("true|false", re.IGNORECASE)
_PLAIN_LIMIT = 100
"""The longest number, in characters: longer ones take long to work out, and no client reads them."""


def said(node: Node) -> str:
    """What a node is, with its text if it has one."""
    if isinstance(node, Scalar):
        return f"{kind(node)} ({node.value[:40]})" if node.value else kind(node)
    return kind(node)


def misread(node: Scalar) -> str:
    """What is wrong with a value that says something else to YAML 1.1 than to its readers; "" if nothing is.

    Other than decimal: octal, hexadecimal and binary numbers, base 60, underscores; and yes, no, on and off.
    """
    text = node.value
    plain = _DECIMAL if kind(node) == "a number" else _TRUTH if kind(node) == "true or false" else None
    if plain is None or len(text) > _PLAIN_LIMIT or plain.fullmatch(text):
        return ""
    value = _constructed(node)
    if not (isinstance(value, float) and math.isnan(value)):
        said = json.dumps(value)
        return f'{text} is read as {said} by the rules of YAML 1.1; write {said}, or "{text}" in quotes for the text'
    if _LEADING_ZERO.fullmatch(text):
        return f'{text} has a leading zero; write {text.lstrip("+-0_")}, or "{text}" in quotes for the text'
    return ""


def _constructed(node: Scalar) -> object:
    """What YAML 1.1 makes of a number, a truth value or nothing; NaN where it makes nothing of it."""
    if len(node.value) <= _PLAIN_LIMIT:
        # A tag such as !!int may stand before anything, and then the constructor fails in several ways.
        with contextlib.suppress(ValueError, LookupError, yaml.YAMLError):
            value: object = yaml.constructor.SafeConstructor().construct_object(node)
            return value
    return math.nan


def read_number(
    document: Document, node: Node, what: str, low: float, high: float, example: str = "92.5"
) -> float | None:
    """A number from `low` to `high`."""
    trap = misread(node) if isinstance(node, Scalar) else ""
    if trap:
        document.report(node, f"{what}: {trap}")
        return None
    value = _number(node) if kind(node) == "a number" else math.nan
    if math.isnan(value):
        if isinstance(node, Scalar) and node.style in ("'", '"') and low <= _number(node) <= high:
            example = f"{node.value} without quotes"
        document.report(node, f"{what} is {said(node)}; expected a plain number, such as {example}")
        return None
    if not low <= value <= high:
        document.report(node, f"{what} {value:g} is out of range; expected {low:g} to {high:g}")
        return None
    return value


def _number(node: Node) -> float:
    """What a value's text says as a number; NaN if it says none."""
    try:
        return float(node.value.replace("_", "")) if isinstance(node, Scalar) else math.nan
    except ValueError:
        return math.nan


def read_duration(document: Document, node: Node, what: str) -> float | None:
    """A duration in seconds."""
    seconds = seconds_of(str(node.value)) if isinstance(node, Scalar) else None
    if seconds is None:
        document.report(node, f"{what} is {said(node)}; expected a time, such as 300ms, 3s or 2m, at most an hour")
    return seconds


def read_text_of(what: str) -> Callable[[Document, Node], str | None]:
    """A reader of strings; `what` is their name in a diagnostic."""

    def read(document: Document, node: Node) -> str | None:
        if isinstance(node, Scalar) and kind(node) == "a string":
            return str(node.value)
        document.report(node, f"{what} is {said(node)}; expected a string, in quotes if it looks like something else")
        return None

    return read


def read_word_of(what: str, words: Collection[str]) -> Callable[[Document, Node], str | None]:
    """A reader of one of these words."""

    def read(document: Document, node: Node) -> str | None:
        word = str(node.value) if isinstance(node, Scalar) else kind(node)
        if word in words:
            return word
        document.report(node, f"{what} has no {word}; {nearest(word, words)}")
        return None

    return read


def read_data(document: Document, node: Node) -> object:
    """Any JSON value, bounded in depth and size; what an alias repeats is counted each time."""
    left = _DATA_VALUES
    reported = False

    def build(node: Node, depth: int) -> object:
        nonlocal left, reported
        left -= 1
        if depth > _DATA_DEPTH or left < 0:
            if not reported:
                document.report(node, f"data is too large: {_DATA_DEPTH} levels and {_DATA_VALUES} values at most")
            reported = True
            return None
        if isinstance(node, Mapping):
            return {key.value: build(value, depth + 1) for key, value in document.pairs(node, "data")}
        if isinstance(node, Sequence):
            return [build(value, depth + 1) for value in node.value]
        return _plain(document, node)

    return build(node, 0)


def _plain(document: Document, node: Node) -> object:
    """A scalar as JSON knows it: dates stay text, and what JSON cannot say is a mistake."""
    assert isinstance(node, Scalar)
    if kind(node) not in ("a number", "true or false", "nothing"):
        return str(node.value)
    trap = misread(node)
    if trap:
        document.report(node, f"data: {trap}")
        return None
    value = _constructed(node)
    if isinstance(value, float) and not math.isfinite(value):
        document.report(node, f"data holds {node.value[:20]}, which JSON cannot say")
        return None
    return value
