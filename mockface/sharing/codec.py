"""A call of the journal as text, and back: JSON, in which each of the project's own values is an object of one member.

Nothing but the types that are listed here can come out of it, whatever stands in the store.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from mockface.checks import Check
from mockface.codes import Code
from mockface.journal.kept import Kept
from mockface.model import Answer, AnswerHead, Claims, Common, Fault, Picture, Refused, Video
from mockface.operation import Operation, every_code
from mockface.operations import OPERATIONS
from mockface.operations.api3.signature import Signed, Unsigned
from mockface.reasons import Said, words
from mockface.signature.diagnosis import Recovered

_TYPES: Mapping[str, Any] = {
    kind.__name__: kind
    for kind in (Kept, Answer, AnswerHead, Claims, Common, Fault, Picture, Recovered, Refused, Signed, Unsigned, Video)
}
_OPERATIONS = {operation.name: operation for operation in OPERATIONS}
_MODES = {id(checks): (name, mode) for name, one in _OPERATIONS.items() for mode, checks in one.checks.items()}
_CODES = every_code(OPERATIONS)
_AS_IS = frozenset((str, int, float, bool, type(None)))


def encoded(call: Kept) -> str:
    """A call as text."""
    return json.dumps(_plain(call), ensure_ascii=True, separators=(",", ":"))


def decoded(text: str | bytes) -> Kept:
    """The call. Raises ValueError for what is none, such as one of another version of mockface."""
    try:
        call = _whole(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise ValueError(f"no call of this version: {fault}") from fault
    if not isinstance(call, Kept):
        raise ValueError(f"no call: {type(call).__name__}")
    return call


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _AS_IS:
        return value
    write = _WRITERS.get(kind)
    return _of_type(value) if write is None else write(value)


def _of_tuple(value: tuple[Any, ...]) -> Any:
    if value and type(value[0]) is Check:
        # The same tuple as that of the operation: which it is says more than each check's name.
        name, mode = _MODES[id(value)]
        return {"checks": [name, mode]}
    return [one if type(one) in _AS_IS else _plain(one) for one in value]


def _of_type(value: Any) -> Any:
    name = type(value).__name__
    if name not in _TYPES:
        raise TypeError(f"{name} has no form in the store")
    return {name: [one if type(one) in _AS_IS else _plain(one) for one in value]}


_WRITERS: Mapping[type, Callable[[Any], Any]] = {
    tuple: _of_tuple,
    bytes: lambda value: {"bytes": value.decode("latin-1")},
    Said: lambda value: {"said": [str(value), value.zh]},
    dict: lambda value: {"map": {name: _plain(one) for name, one in value.items()}},
    MappingProxyType: lambda value: {"map": {name: _plain(one) for name, one in value.items()}},
    Operation: lambda value: {"operation": value.name},
    Code: lambda value: {"code": value.number},
}


def _whole(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_whole, value))
    if not isinstance(value, dict):
        return value
    ((name, given),) = value.items()
    kind = _TYPES.get(name)
    return kind(*map(_whole, given)) if kind is not None else _READERS[name](given)


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "bytes": lambda given: given.encode("latin-1"),
    "said": lambda given: words(*given),
    "map": lambda given: {name: _whole(one) for name, one in given.items()},
    "operation": lambda given: _OPERATIONS[given],
    "code": lambda given: _CODES.by_number[given],
    "checks": lambda given: _OPERATIONS[given[0]].checks[given[1]],
}
