"""The fields of a scenario: one reader each, and how they fit together.

A reader takes a YAML node and gives the value, or complains and gives None. A new field is a new line in FIELDS.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import yaml

from mockface import codes
from mockface.model import Scenario, Step
from mockface.yamltext import Document, Mapping, Node, Scalar, Sequence, kind, nearest

_DATA_DEPTH = 20


def read_scenario(document: Document, number: str, key: Scalar, node: Node) -> Scenario | None:
    """The scenario that a mapping describes, or None after complaints."""
    before = len(document.complaints)
    values: dict[str, object] = {}
    for name, value in document.pairs(node, "a scenario"):
        field_ = FIELDS.get(name.value)
        if field_ is None:
            document.complain(name, f"a scenario has no field {name.value}; {nearest(name.value, FIELDS)}")
        else:
            values[name.value] = field_(document, value)
    if len(document.complaints) > before:
        return None
    return _assembled(document, number, key, values)


def _assembled(document: Document, number: str, key: Scalar, values: dict[str, object]) -> Scenario | None:
    if ("similarity" in values) == ("code" in values):
        came = "both similarity and code" if "code" in values else "neither similarity nor code"
        document.complain(key, f"{came}; a scenario is a success (similarity: 92.5) or a refusal (code: -5803)")
        return None
    similarity = values.get("similarity")
    digits_times = similarity.factor if isinstance(similarity, _DigitsTimes) else None
    if ("#" in number) != (digits_times is not None):
        text = (
            "the number has # but nothing reads its digits" if "#" in number else "digits_times needs # in the number"
        )
        document.complain(key, f'{text}; for example "110110199912??###?": {{ similarity: {{ digits_times: 0.1 }} }}')
        return None
    step = Step(
        similarity=None if isinstance(similarity, _DigitsTimes) else similarity,  # type: ignore[arg-type]
        data_given="data" in values,
        **{name: values[name] for name in ("code", "message", "status", "data") if name in values},  # type: ignore[arg-type]
    )
    return Scenario(
        number, step, document.place(key), values.get("name"), values.get("note"), digits_times  # type: ignore[arg-type]
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _DigitsTimes:
    factor: float


def _number_of(document: Document, node: Node, what: str) -> float | None:
    if isinstance(node, Scalar) and kind(node) == "a number":
        try:
            return float(node.value.replace("_", ""))
        except ValueError:
            pass
    document.complain(node, f"{what} is {_said(node)}; a plain number is wanted, such as 92.5")
    return None


def _said(node: Node) -> str:
    if isinstance(node, Scalar):
        return f"{kind(node)} ({node.value[:40]})" if node.value else kind(node)
    return kind(node)


def _similarity(document: Document, node: Node) -> float | _DigitsTimes | None:
    if isinstance(node, Mapping):
        return _digits_times(document, node)
    value = _number_of(document, node, "similarity")
    if value is not None and not 0 <= value <= 100:
        document.complain(node, f"similarity {value:g} is out of range; 0 to 100 is wanted")
    return value


def _digits_times(document: Document, node: Node) -> _DigitsTimes | None:
    factor: float | None = None
    for key, value in document.pairs(node, "similarity"):
        if key.value == "digits_times":
            factor = _number_of(document, value, "digits_times")
        else:
            document.complain(key, f"similarity has no {key.value}; did you mean digits_times?")
    if factor is not None and not 0 < factor <= 100:
        document.complain(node, f"digits_times {factor:g} is out of range; more than 0, at most 100 is wanted")
    return None if factor is None else _DigitsTimes(factor)


def _code(document: Document, node: Node) -> codes.Code | None:
    said = str(node.value) if isinstance(node, Scalar) else ""
    by_number = {str(code.number): code for code in codes.TABLE if code is not codes.OK}
    found = by_number.get(said) or codes.BY_NAME.get(said.upper())
    if found is codes.OK or said == "0":
        document.complain(node, "code 0 is a success; write similarity: 100.0")
    elif found is None:
        document.complain(node, f"no code {said or kind(node)}; {nearest(said, [*by_number, *codes.BY_NAME])}")
    else:
        return found
    return None


def _status(document: Document, node: Node) -> int | None:
    value = _number_of(document, node, "status")
    if value is not None and not (value.is_integer() and 200 <= value <= 599):
        document.complain(node, f"status {value:g} is out of range; an HTTP status from 200 to 599 is wanted")
    return None if value is None else int(value)


def read_text_of(what: str) -> Callable[[Document, Node], str | None]:
    """A reader of strings; `what` is their name in a complaint."""

    def read(document: Document, node: Node) -> str | None:
        if isinstance(node, Scalar) and kind(node) == "a string":
            return str(node.value)
        document.complain(
            node, f"{what} is {_said(node)}; a string is wanted, in quotes if it looks like something else"
        )
        return None

    return read


def _data(document: Document, node: Node) -> object:
    """Any JSON value, bounded in depth; what an alias repeats is counted each time."""
    budget = [10_000]

    def build(node: Node, depth: int) -> object:
        budget[0] -= 1
        if depth > _DATA_DEPTH or budget[0] < 0:
            if budget[0] >= -1:
                document.complain(node, f"data is too large: {_DATA_DEPTH} levels and 10000 values at most")
                budget[0] = -2
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
    try:
        value = yaml.safe_load(node.value)
    except ValueError:
        value = math.nan
    if isinstance(value, float) and not math.isfinite(value):
        document.complain(node, f"data holds {node.value[:20]}, which JSON cannot say")
        return None
    return value


FIELDS: dict[str, Callable[[Document, Node], object]] = {
    "similarity": _similarity,
    "code": _code,
    "message": read_text_of("message"),
    "status": _status,
    "data": _data,
    "name": read_text_of("name"),
    "note": read_text_of("note"),
}
"""The fields of a scenario and what reads each."""
