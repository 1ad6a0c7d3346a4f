"""The fields of a scenario: for each a reader, a schema, and how they fit together.

A reader takes a YAML node and gives the value, or complains and gives None. A new field is a new line in STEP_FIELDS or
SCENARIO_FIELDS; the JSON Schema for editors is made of the same lines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from mockface import codes
from mockface.faults import FAULTS, IMPOSSIBLE_FAULTS, SLOW_BYTES_PER_SECOND
from mockface.model import THEN, Delay, Fault, Scenario, Step
from mockface.values import DURATION_PATTERN, read_data, read_duration, read_number, read_text_of, read_word_of, said
from mockface.yamltext import Document, Mapping, Node, Scalar, Sequence, kind, nearest


@dataclass(frozen=True, slots=True)
class Spelled:
    """A value that is read from the number: its `#` digits times a factor."""

    factor: float


class Field(NamedTuple):
    """A field of the format: what reads it, and its JSON Schema (with its description)."""

    read: Callable[[Document, Node], object]
    schema: dict[str, Any]


def _similarity(document: Document, node: Node) -> float | Spelled | None:
    if isinstance(node, Mapping):
        return _digits_times(
            document, node, "similarity", lambda document, value: read_number(document, value, "it", 0, 100)
        )
    return read_number(document, node, "similarity", 0, 100)


def _digits_times(
    document: Document, node: Node, what: str, read: Callable[[Document, Node], float | None]
) -> Spelled | None:
    factor: float | None = None
    for key, value in document.pairs(node, what):
        if key.value == "digits_times":
            factor = read(document, value)
        else:
            document.complain(key, f"{what} has no {key.value}; did you mean digits_times?")
    return None if factor is None else Spelled(factor)


def _code(document: Document, node: Node) -> codes.Code | None:
    given = str(node.value) if isinstance(node, Scalar) else ""
    by_number = {str(code.number): code for code in codes.TABLE if code is not codes.OK}
    found = by_number.get(given) or codes.BY_NAME.get(given.upper())
    if found is codes.OK or given == "0":
        document.complain(node, "code 0 is a success; write similarity: 100.0")
    elif found is None:
        document.complain(node, f"no code {given or kind(node)}; {nearest(given, [*by_number, *codes.BY_NAME])}")
    else:
        return found
    return None


def _status(document: Document, node: Node) -> int | None:
    value = read_number(document, node, "status", 200, 599)
    if value is not None and not value.is_integer():
        document.complain(node, f"status {value:g} is no whole number")
        return None
    return None if value is None else int(value)


def _delay(document: Document, node: Node) -> Delay | None:
    if not isinstance(node, Mapping):
        fixed = read_duration(document, node, "delay")
        return None if fixed is None else Delay("fixed", fixed)
    kinds = {"uniform": _uniform, "lognormal": _lognormal, "digits_times": _digits_delay}
    found: Delay | None = None
    for key, value in document.pairs(node, "delay"):
        read = kinds.get(key.value)
        if read is None:
            document.complain(key, f"delay has no {key.value}; {nearest(key.value, kinds)}")
        elif found is not None:
            document.complain(key, f"delay has one kind: {found.kind} or {key.value}")
        else:
            found = read(document, value)
    return found


def _uniform(document: Document, node: Node) -> Delay | None:
    if not isinstance(node, Sequence) or len(node.value) != 2:
        document.complain(node, f"uniform is {said(node)}; [shortest, longest] is wanted, such as [100ms, 2s]")
        return None
    low, high = (read_duration(document, item, "uniform") for item in node.value)
    if low is None or high is None:
        return None
    if low > high:
        document.complain(node, "uniform begins with the longer delay; [shortest, longest] is wanted")
    return Delay("uniform", low, high)


def _lognormal(document: Document, node: Node) -> Delay | None:
    given: dict[str, float | None] = {}
    for key, value in document.pairs(node, "lognormal"):
        if key.value in ("median", "max"):
            given[key.value] = read_duration(document, value, key.value)
        elif key.value == "sigma":
            given["sigma"] = read_number(document, value, "sigma", 0, 10)
        else:
            document.complain(key, f"lognormal has no {key.value}; {nearest(key.value, ('median', 'sigma', 'max'))}")
    missing = [name for name in ("median", "sigma", "max") if name not in given]
    if missing:
        document.complain(node, f"lognormal needs {', '.join(missing)}: {{ median: 300ms, sigma: 0.5, max: 10s }}")
    if missing or None in given.values():
        return None
    return Delay("lognormal", given["median"] or 0.0, given["max"] or 0.0, given["sigma"] or 0.0)


def _digits_delay(document: Document, node: Node) -> Delay | None:
    unit = read_duration(document, node, "digits_times")
    return None if unit is None else Delay("digits", unit)


def _fault(document: Document, node: Node) -> Fault | None:
    if isinstance(node, Mapping):
        for key, value in document.pairs(node, "fault"):
            if key.value != "slow":
                document.complain(
                    key, f"only slow has a setting: {{ slow: 20 }}, bytes a second; write fault: {key.value}"
                )
                return None
            rate = read_number(document, value, "slow", 0.1, 1_000_000)
            return None if rate is None else Fault("slow", rate)
        return None
    name = str(node.value) if isinstance(node, Scalar) else ""
    if name in FAULTS:
        return Fault(name, SLOW_BYTES_PER_SECOND if name == "slow" else 0.0)
    if name in IMPOSSIBLE_FAULTS:
        hint = f"an ASGI application cannot make it; the nearest is {IMPOSSIBLE_FAULTS[name]}"
    else:
        hint = nearest(name, FAULTS)
    document.complain(node, f"no fault {name or kind(node)}; {hint}")
    return None


def _rate(document: Document, node: Node) -> float | None:
    return read_number(document, node, "rate", 0, 1)


def _otherwise(document: Document, node: Node) -> Step | None:
    return read_step(document, node, node, "otherwise")


def _steps(document: Document, node: Node) -> tuple[Step, ...] | None:
    if not isinstance(node, Sequence) or not node.value:
        document.complain(node, f"sequence is {said(node)}; a list of steps is wanted: [{{ code: TOO_FREQUENT }}]")
        return None
    steps = [read_step(document, item, item, "a step") for item in node.value]
    return tuple(step for step in steps if step is not None)


_CODE_NAMES = [code.name for code in codes.TABLE[1:]]
_CODE_NUMBERS = [code.number for code in codes.TABLE[1:]]
_DURATION = {"type": "string", "pattern": DURATION_PATTERN, "examples": ["300ms", "3s"]}
_OBJECT = {"type": "object", "additionalProperties": False}

STEP_FIELDS: dict[str, Field] = {
    "similarity": Field(_similarity, {
        "description": "A success with this similarity, or the number's # digits times a factor.",
        "oneOf": [
            {"type": "number", "minimum": 0, "maximum": 100},
            {**_OBJECT, "required": ["digits_times"], "properties": {"digits_times": {"type": "number"}}},
        ],
    }),
    "code": Field(_code, {
        "description": "A refusal, by number or name.",
        "oneOf": [{"enum": _CODE_NUMBERS}, {"enum": _CODE_NAMES}],
    }),
    "message": Field(read_text_of("message"), {"type": "string", "description": "Replaces the code's wire message."}),
    "status": Field(_status, {
        "type": "integer", "minimum": 200, "maximum": 599, "description": "Replaces the code's HTTP status.",
    }),
    "data": Field(read_data, {"description": "Replaces the answer's data, as given."}),
    "delay": Field(_delay, {
        "description": "Waits before the first byte.",
        "oneOf": [
            _DURATION,
            {**_OBJECT, "required": ["uniform"], "properties": {
                "uniform": {"type": "array", "items": _DURATION, "minItems": 2, "maxItems": 2}}},
            {**_OBJECT, "required": ["lognormal"], "properties": {"lognormal": {
                **_OBJECT, "required": ["median", "sigma", "max"],
                "properties": {"median": _DURATION, "sigma": {"type": "number", "minimum": 0}, "max": _DURATION}}}},
            {**_OBJECT, "required": ["digits_times"], "properties": {"digits_times": _DURATION}},
        ],
    }),
    "fault": Field(_fault, {
        "description": "Breaks the answer: " + "; ".join(f"{name}: {what}" for name, what in FAULTS.items()),
        "oneOf": [
            {"enum": list(FAULTS)},
            {**_OBJECT, "required": ["slow"], "properties": {"slow": {"type": "number", "minimum": 0.1}}},
        ],
    }),
    "rate": Field(_rate, {
        "type": "number", "minimum": 0, "maximum": 1, "description": "The share of calls that get this step.",
    }),
    "otherwise": Field(_otherwise, {"$ref": "#/$defs/step", "description": "What the other calls get."}),
}  # fmt: skip
"""The fields of one step: what one call gets."""

SCENARIO_FIELDS: dict[str, Field] = {
    **STEP_FIELDS,
    "sequence": Field(_steps, {
        "type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}, "description": "One step a call, in order.",
    }),
    "then": Field(read_word_of("then", THEN), {
        "enum": list(THEN), "description": "What follows the last step: it again, the first, or the default.",
    }),
    "name": Field(read_text_of("name"), {"type": "string", "description": "The registered name; another gets -5803."}),
    "note": Field(read_text_of("note"), {"type": "string", "description": "For readers."}),
}  # fmt: skip
"""The fields of a scenario: those of its only step, or a sequence, and what goes for all calls."""


def read_fields(document: Document, node: Node, what: str, known: dict[str, Field]) -> dict[str, Any] | None:
    """The values of a mapping's fields, or None after complaints."""
    before = document.mistakes()
    values: dict[str, Any] = {}
    for name, value in document.pairs(node, what):
        if name.value in known:
            so_far = document.mistakes()
            values[name.value] = read = known[name.value].read(document, value)
            if read is None and document.mistakes() == so_far and kind(value) != "nothing":
                document.complain(value, f"{name.value} is an empty mapping; leave it out, or say what it is")
        else:
            document.complain(name, f"{what} has no field {name.value}; {nearest(name.value, known)}")
    return None if document.mistakes() > before else values


def read_step(document: Document, node: Node, place: Node, what: str) -> Step | None:
    """The step that a mapping describes, or None after complaints."""
    values = read_fields(document, node, what, STEP_FIELDS)
    return None if values is None else _step(document, place, values)


def _step(document: Document, place: Node, values: dict[str, Any]) -> Step | None:
    complaint = _misfit(values)
    if complaint:
        document.complain(place, complaint)
        return None
    similarity = values.pop("similarity", None if "code" in values else 100.0)
    if isinstance(similarity, Spelled):
        return Step(digits_times=similarity.factor, data_given="data" in values, **values)
    return Step(similarity=similarity, data_given="data" in values, **values)


def _misfit(values: dict[str, Any]) -> str | None:
    """What is wrong with the fields of a step together."""
    if "similarity" in values and "code" in values:
        return "both similarity and code; a step is a success (similarity: 92.5) or a refusal (code: -5803)"
    if "similarity" not in values and "code" not in values and "fault" not in values:
        return "neither similarity nor code; a step is a success (similarity: 92.5) or a refusal (code: -5803)"
    if ("rate" in values) != ("otherwise" in values):
        return "rate and otherwise belong together: { code: 213, rate: 0.2, otherwise: { similarity: 95 } }"
    return None


def read_scenario(document: Document, number: str, key: Node, node: Node) -> Scenario | None:
    """The scenario that a mapping describes, or None after complaints."""
    values = read_fields(document, node, "a scenario", SCENARIO_FIELDS)
    if values is None:
        return None
    whole = {name: values.pop(name) for name in ("name", "note", "then") if name in values}
    steps: tuple[Step, ...] | None = values.pop("sequence", None)
    if steps is not None and values:
        document.complain(key, f"sequence stands beside {', '.join(values)}; write these inside its steps")
        return None
    if steps is None:
        if "then" in whole:
            document.complain(key, "then needs a sequence: what follows its last step")
            return None
        step = _step(document, key, values)
        steps = () if step is None else (step,)
    if not steps or not _digits_are_read(document, number, key, steps):
        return None
    return Scenario(number, steps, document.place(key), **whole)


def _digits_are_read(document: Document, number: str, key: Node, steps: tuple[Step, ...]) -> bool:
    """A number with # has a step that reads its digits, and only such a number."""
    reads = any(step.digits_times is not None or (step.delay and step.delay.kind == "digits") for step in steps)
    if ("#" in number) == reads:
        return True
    text = "the number has # but nothing reads its digits" if "#" in number else "digits_times needs # in the number"
    document.complain(key, f'{text}; for example "110110199912??###?": {{ similarity: {{ digits_times: 0.1 }} }}')
    return False
