"""The transport fields of a step, `delay` and `fault`, each with a reader and a schema.

A reader takes a YAML node; returns the value, or reports a mistake and returns None.
"""

from __future__ import annotations

from typing import Any

from mockface.model import Delay, Fault
from mockface.reasons import Reason, words
from mockface.scenariofiles.diagnostic import nearest
from mockface.scenariofiles.values import HAS_NO, read_duration, read_number, said
from mockface.scenariofiles.yaml.document import Document, Mapping, Node, Scalar, Sequence, kind
from mockface.scenarios.faults import FAULTS, IMPOSSIBLE_FAULTS, REFUSING, SLOW_BYTES_PER_SECOND
from mockface.texts.durations import DURATION_PATTERN

_ONE_KIND = Reason(
    "delay takes one kind, not both {first} and {second}", "delay 只能有一种，不能同时有 {first} 和 {second}"
)
_NO_RANGE = Reason(
    "uniform is {said}; expected [shortest, longest], such as [100ms, 2s]",
    "uniform 是{said}；应为 [最短, 最长]，例如 [100ms, 2s]",
)
_TURNED = words(
    "uniform starts with the longer delay; expected [shortest, longest]",
    "uniform 把较长的延迟写在前面；应为 [最短, 最长]",
)
_NEEDS = Reason(
    "lognormal needs {missing}, such as {{ median: 300ms, sigma: 0.5, max: 10s }}",
    "lognormal 缺少 {missing}，例如 {{ median: 300ms, sigma: 0.5, max: 10s }}",
)
_LOW_MAX = Reason(
    "lognormal has a max ({max} s) below its median ({median} s)",
    "lognormal 的 max（{max} 秒）小于 median（{median} 秒）",
)
_SLOW_ALONE = Reason(
    "only slow takes a value, in bytes per second: {{ slow: 20 }}; write fault: {fault}",
    "只有 slow 有参数：{{ slow: 20 }}，即每秒字节数；应写 fault: {fault}",
)
_IMPOSSIBLE = Reason(
    "an ASGI application cannot produce it; the nearest is {fault}", "ASGI 应用无法产生这种故障；最接近的是 {fault}"
)
_REFUSING = Reason(
    "no server can refuse a connection that it accepts: point the client at a port where nothing listens; "
    "the nearest fault is {fault}",
    "服务无法拒绝它已接受的连接：请让客户端指向没有服务监听的端口；最接近的故障是 {fault}",
)
_NO_FAULT = Reason("no fault {fault}; {hint}", "没有故障 {fault}；{hint}")


def read_delay(document: Document, node: Node) -> Delay | None:
    """A fixed time, or a mapping with one kind of delay."""
    if not isinstance(node, Mapping):
        fixed = read_duration(document, node, "delay")
        return None if fixed is None else Delay("fixed", fixed)
    kinds = {"uniform": _uniform, "lognormal": _lognormal, "digits_times": _digits_delay}
    found: Delay | None = None
    for key, value in document.pairs(node, "delay"):
        read = kinds.get(key.value)
        if read is None:
            document.report(key, HAS_NO.of(what="delay", word=key.value, hint=nearest(key.value, kinds)))
        elif found is not None:
            document.report(key, _ONE_KIND.of(first=found.kind, second=key.value))
        else:
            found = read(document, value)
    return found


def _uniform(document: Document, node: Node) -> Delay | None:
    if not isinstance(node, Sequence) or len(node.value) != 2:
        document.report(node, _NO_RANGE.of(said=said(node)))
        return None
    low, high = (read_duration(document, item, "uniform") for item in node.value)
    if low is None or high is None:
        return None
    if low > high:
        document.report(node, _TURNED)
    return Delay("uniform", low, high)


def _lognormal(document: Document, node: Node) -> Delay | None:
    given: dict[str, float | None] = {}
    for key, value in document.pairs(node, "lognormal"):
        if key.value in ("median", "max"):
            given[key.value] = read_duration(document, value, key.value)
        elif key.value == "sigma":
            given["sigma"] = read_number(document, value, "sigma", 0, 10, "0.5")
        else:
            hint = nearest(key.value, ("median", "sigma", "max"))
            document.report(key, HAS_NO.of(what="lognormal", word=key.value, hint=hint))
    missing = [name for name in ("median", "sigma", "max") if name not in given]
    if missing:
        document.report(node, _NEEDS.of(missing=", ".join(missing)))
    median, longest, sigma = given.get("median"), given.get("max"), given.get("sigma")
    if median is None or longest is None or sigma is None:
        return None
    if longest < median:
        document.report(node, _LOW_MAX.of(max=f"{longest:g}", median=f"{median:g}"))
    return Delay("lognormal", median, longest, sigma)


def _digits_delay(document: Document, node: Node) -> Delay | None:
    unit = read_duration(document, node, "digits_times")
    return None if unit is None else Delay("digits", unit)


def read_fault(document: Document, node: Node) -> Fault | None:
    """A fault's name, or `slow` with its bytes per second."""
    if isinstance(node, Mapping):
        for key, value in document.pairs(node, "fault"):
            if key.value != "slow":
                document.report(key, _SLOW_ALONE.of(fault=key.value))
                return None
            rate = read_number(document, value, "slow", 0.1, 1_000_000, "20")
            return None if rate is None else Fault("slow", rate)
        return None
    name = str(node.value) if isinstance(node, Scalar) else ""
    if name in FAULTS:
        return Fault(name, SLOW_BYTES_PER_SECOND if name == "slow" else 0.0)
    possible = IMPOSSIBLE_FAULTS.get(name)
    if possible is None:
        hint = nearest(name, FAULTS)
    else:
        hint = (_REFUSING if name in REFUSING else _IMPOSSIBLE).of(fault=possible)
    document.report(node, _NO_FAULT.of(fault=name or kind(node), hint=hint))
    return None


_DURATION = {"type": "string", "pattern": DURATION_PATTERN, "examples": ["300ms", "3s"]}
OBJECT = {"type": "object", "additionalProperties": False}

DELAY_SCHEMA: dict[str, Any] = {
    "description": "Delay before the first byte.",
    "oneOf": [
        _DURATION,
        {**OBJECT, "required": ["uniform"], "properties": {
            "uniform": {"type": "array", "items": _DURATION, "minItems": 2, "maxItems": 2}}},
        {**OBJECT, "required": ["lognormal"], "properties": {"lognormal": {
            **OBJECT, "required": ["median", "sigma", "max"],
            "properties": {
                "median": _DURATION, "sigma": {"type": "number", "minimum": 0, "maximum": 10}, "max": _DURATION}}}},
        {**OBJECT, "required": ["digits_times"], "properties": {"digits_times": _DURATION}},
    ],
}  # fmt: skip
"""The schema of `delay`."""

FAULT_SCHEMA: dict[str, Any] = {
    "description": "Breaks the answer: " + "; ".join(f"{name}: {what}" for name, what in FAULTS.items()),
    "oneOf": [
        {"enum": list(FAULTS)},
        {**OBJECT, "required": ["slow"], "properties": {
            "slow": {"type": "number", "minimum": 0.1, "maximum": 1_000_000}}},
    ],
}  # fmt: skip
"""The schema of `fault`."""
