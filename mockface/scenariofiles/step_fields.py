"""The fields of a scenario: for each a reader, a schema, and how they fit together.

A reader takes a YAML node and gives the value, or reports and gives None. A new field is a new line in STEP_FIELDS or
SCENARIO_FIELDS; the JSON Schema for editors is made of the same lines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from mockface import codes
from mockface.codes import Code, CodeTable
from mockface.gateway.codes import ERROR, RESULT, WITH_PAGE
from mockface.model import THEN, Scenario, Step
from mockface.reasons import Reason, Said, words
from mockface.scenariofiles.diagnostic import nearest
from mockface.scenariofiles.transport_fields import DELAY_SCHEMA, FAULT_SCHEMA, OBJECT, read_delay, read_fault
from mockface.scenariofiles.values import HAS_NO, read_data, read_number, read_text_of, read_word_of, said
from mockface.scenariofiles.yaml.document import Document, Mapping, Node, Scalar, Sequence, kind

_IT = words("it", "其值")
_MEAN_DIGITS_TIMES = words("did you mean digits_times?", "是否应为 digits_times？")
_A_SUCCESS = Reason(
    "code {code} is a success; write similarity: 100.0", "错误码 {code} 表示成功；应写 similarity: 100.0"
)
_QUOTED_CODE = Reason("code is {said}; write {code} without quotes", "code 是{said}；应写 {code}，不加引号")
_LISTED = words("'mockface codes' lists them", "'mockface codes' 可列出全部")
_OTHER_PLACE = Reason(
    "{code} does not stand in {field} of an answer; write {other}: {code}",
    "{code} 不会出现在响应的 {field} 中；应写 {other}: {code}",
)
_RESULT_AND_ERROR = words(
    "both result and error; an answer of API 3.0 has one of them", "同时有 result 和 error；API 3.0 的响应只有其一"
)
_NO_CODE = Reason("no code {code}; {hint}", "没有错误码 {code}；{hint}")
_NO_LIVE = Reason("live: no code of videos {code}; {hint}", "live：没有视频错误码 {code}；{hint}")
_NOT_OF_VIDEOS = Reason("{code} is not about a video; write code: {code}", "{code} 与视频无关；应写 code: {code}")
_QUOTED_LIVE = Reason("live is {said}; write {code} without quotes", "live 是{said}；应写 {code}，不加引号")
_NOT_WHOLE = Reason("status {status} is not a whole number", "status {status} 不是整数")
_NO_BODY = Reason(
    "an answer with status {status} has no body, so no client could read a code",
    "状态码为 {status} 的响应没有响应体，客户端读不到错误码",
)
_NO_STEPS = Reason(
    "sequence is {said}; expected a list of steps: [{{ code: TOO_FREQUENT }}]",
    "sequence 是{said}；应为步骤列表：[{{ code: TOO_FREQUENT }}]",
)
_EMPTY_LIST = words("an empty list", "空列表")
_A_STEP = words("a step", "步骤")
_A_SCENARIO = words("a scenario", "场景")
_NO_NAME = words("name is empty; leave it out, and any name will do", "name 为空；去掉它则接受任何姓名")
_EMPTY_MAPPING = Reason(
    "{name} is an empty mapping; leave it out, or say what it is", "{name} 是空映射；应去掉，或写出内容"
)
_COMMA = Reason("{before},{name} has a comma; write {before}.{name}", "{before},{name} 用了逗号；应写 {before}.{name}")
_NO_FIELD = Reason("{what} has no field {name}; {hint}", "{what}没有字段 {name}；{hint}")
_NO_MAPPING = Reason("{what} is {said}; expected a mapping: {example}", "{what}是{said}；应为映射：{example}")
_BOTH = words(
    "both similarity and code; a step is a success (similarity: 92.5) or a refusal (code: -5803)",
    "同时有 similarity 和 code；一个步骤要么成功（similarity: 92.5），要么失败（code: -5803）",
)
_NEITHER = words(
    "neither similarity nor code; a step is a success (similarity: 92.5), or a refusal (code: -5803, or result: or "
    "error: with a code of API 3.0)",
    "既没有 similarity 也没有 code；一个步骤要么成功（similarity: 92.5），"
    "要么失败（code: -5803，或用 result:、error: 写 API 3.0 的错误码）",
)
_TOGETHER = words(
    "rate and otherwise belong together: { code: 213, rate: 0.2, otherwise: { similarity: 95 } }",
    "rate 和 otherwise 必须同时给出：{ code: 213, rate: 0.2, otherwise: { similarity: 95 } }",
)
_BESIDE = Reason(
    "sequence is given beside {fields}; write these inside its steps", "sequence 不能与 {fields} 并列；应写在各步骤内"
)
_THEN_ALONE = words("then needs a sequence: what follows its last step", "then 需要 sequence：它表示最后一步之后的行为")
_EXAMPLE = '"110110199912??###?": { similarity: { digits_times: 0.1 } }'
_UNREAD = Reason(
    "the number has # but nothing reads its digits; for example {example}",
    "号码中有 #，但没有字段读取其数字；例如 {example}",
)
_NO_DIGITS = Reason(
    "digits_times needs # in the number; for example {example}", "digits_times 要求号码中有 #；例如 {example}"
)


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
            document, node, "similarity", lambda document, value: read_number(document, value, _IT, 0, 100)
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
            document.report(key, HAS_NO.of(what=what, word=key.value, hint=_MEAN_DIGITS_TIMES))
    return None if factor is None else Spelled(factor)


def _code(document: Document, node: Node) -> codes.Code | None:
    given = str(node.value) if isinstance(node, Scalar) else ""
    by_number = {str(code.number): code for code in document.codes}
    found = by_number.get(given) or document.codes.by_name.get(given)
    quoted = (
        isinstance(node, Scalar)
        and bool(node.style)
        and given in by_number
        and isinstance(by_number[given].number, int)
    )
    if found is not None and found.group == "success":
        document.report(node, _A_SUCCESS.of(code=found.number))
    elif quoted:
        document.report(node, _QUOTED_CODE.of(said=said(node), code=given))
    elif found is None:
        hint = nearest(given, [*by_number, *document.codes.by_name], _LISTED)
        document.report(node, _NO_CODE.of(code=given or kind(node), hint=hint))
    else:
        return found
    return None


def _live(document: Document, node: Node) -> Code | None:
    """Why a person fails in a video: a code of videos of either API, by number or name."""
    given = str(node.value) if isinstance(node, Scalar) else ""
    every = {str(code.number): code for code in document.codes if is_of_videos(code)}
    found = every.get(given) or next((code for code in every.values() if code.name == given), None)
    if (
        found is not None
        and isinstance(node, Scalar)
        and node.style
        and isinstance(found.number, int)
        and given in every
    ):
        document.report(node, _QUOTED_LIVE.of(said=said(node), code=given))
        return None
    if found is None:
        known = document.codes.by_name.get(given) or {str(code.number): code for code in document.codes}.get(given)
        hint = (
            _NOT_OF_VIDEOS.of(code=given)
            if known
            else nearest(given, [*every, *(one.name for one in every.values())], _LISTED)
        )
        document.report(node, _NO_LIVE.of(code=given or kind(node), hint=hint))
    return found


def is_of_videos(code: Code) -> bool:
    """Whether a code says why a person fails in a video."""
    return code.group == "video" and code.number != 0


def _of_successor(document: Document) -> dict[str, Code]:
    """The codes of API 3.0, by their texts: those whose answer says where it has them."""
    return {str(code.number): code for code in document.codes if code.data in (RESULT, ERROR)}


def _result(document: Document, node: Node) -> Code | None:
    return _own(document, node, RESULT)


def _error(document: Document, node: Node) -> Code | None:
    return _own(document, node, ERROR)


def _own(document: Document, node: Node, field: str) -> Code | None:
    """A code of API 3.0 that can stand where the field says."""
    given = str(node.value) if isinstance(node, Scalar) else ""
    every = _of_successor(document)
    fitting = [name for name, code in every.items() if _fits(field, code)]
    found = every.get(given)
    if found is not None and found.group == "success":
        document.report(node, _A_SUCCESS.of(code=given))
    elif found is not None and given in fitting:
        return found
    elif found is not None:
        other = RESULT if field == ERROR else ERROR
        document.report(node, _OTHER_PLACE.of(field=field, code=given, other=other))
    else:
        document.report(node, _NO_CODE.of(code=given or kind(node), hint=nearest(given, fitting, _LISTED)))
    return None


def _status(document: Document, node: Node) -> int | None:
    value = read_number(document, node, "status", 200, 599, "429")
    if value is not None and not value.is_integer():
        document.report(node, _NOT_WHOLE.of(status=f"{value:g}"))
        return None
    if value in _BODILESS:
        document.report(node, _NO_BODY.of(status=f"{value:g}"))
        return None
    return None if value is None else int(value)


_BODILESS = (204, 205, 304)


def _rate(document: Document, node: Node) -> float | None:
    return read_number(document, node, "rate", 0, 1, "0.2")


def _otherwise(document: Document, node: Node) -> Step | None:
    return read_step(document, node, node, "otherwise")


def _steps(document: Document, node: Node) -> tuple[Step, ...] | None:
    if not isinstance(node, Sequence) or not node.value:
        came = _EMPTY_LIST if isinstance(node, Sequence) else said(node)
        document.report(node, _NO_STEPS.of(said=came))
        return None
    steps = [read_step(document, item, item, _A_STEP) for item in node.value]
    return tuple(step for step in steps if step is not None)


def _name(document: Document, node: Node) -> str | None:
    name = read_text_of("name")(document, node)
    if name == "":
        document.report(node, _NO_NAME)
    return name or None


def code_schema(table: CodeTable) -> dict[str, Any]:
    """The JSON Schema of `code`, with the refusals of a table."""
    refusals = [code for code in table if code.group != "success" and code.data not in (RESULT, ERROR)]
    return {
        "description": "A refusal, by number or name.",
        "oneOf": [{"enum": [code.number for code in refusals]}, {"enum": [code.name for code in refusals]}],
    }


def live_schema(table: CodeTable) -> dict[str, Any]:
    """The JSON Schema of `live`, with the codes of videos of a table."""
    of_videos = [code for code in table if is_of_videos(code)]
    named = dict.fromkeys(code.name for code in of_videos)
    return {
        "description": "Why the person fails in a video, by number or name; other operations do not look at it.",
        "oneOf": [{"enum": [code.number for code in of_videos if isinstance(code.number, int)]}, {"enum": list(named)}],
    }


def own_schema(field: str, table: CodeTable) -> dict[str, Any]:
    """The JSON Schema of `result` or `error`, with the codes of a table that can stand there."""
    fitting = [str(code.number) for code in table if _fits(field, code) and code.group != "success"]
    return {
        "description": f"What API 3.0 says in {field.title()}; beside similarity or code it is API 3.0's own.",
        "enum": fitting,
    }


def _fits(field: str, code: Code) -> bool:
    """Whether an answer of API 3.0 can have the code there: failures of an operation were seen in both places."""
    either = isinstance(code.number, str) and code.number.startswith("FailedOperation")
    return code.data == field or (either and code.data in (RESULT, ERROR))


STEP_FIELDS: dict[str, Field] = {
    "similarity": Field(_similarity, {
        "description": "A success with this similarity, or the number's # digits times a factor.",
        "oneOf": [
            {"type": "number", "minimum": 0, "maximum": 100},
            {**OBJECT, "required": ["digits_times"], "properties": {
                "digits_times": {"type": "number", "minimum": 0, "maximum": 100}}},
        ],
    }),
    "code": Field(_code, code_schema(codes.PAGE)),
    "result": Field(_result, own_schema(RESULT, WITH_PAGE)),
    "error": Field(_error, own_schema(ERROR, WITH_PAGE)),
    "live": Field(_live, live_schema(WITH_PAGE)),
    "message": Field(read_text_of("message"), {"type": "string", "description": "Replaces the code's wire message."}),
    "status": Field(_status, {
        "type": "integer", "minimum": 200, "maximum": 599, "not": {"enum": list(_BODILESS)},
        "description": "Replaces the code's HTTP status.",
    }),
    "data": Field(read_data, {"description": "Replaces the answer's data, as given."}),
    "delay": Field(read_delay, DELAY_SCHEMA),
    "fault": Field(read_fault, FAULT_SCHEMA),
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
    "name": Field(_name, {"type": "string", "minLength": 1, "description": "The registered name; another gets -5803."}),
    "note": Field(read_text_of("note"), {"type": "string", "description": "For readers."}),
}  # fmt: skip
"""The fields of a scenario: those of its only step, or a sequence, and what goes for all calls."""


def read_fields(document: Document, node: Node, what: str, known: dict[str, Field]) -> dict[str, Any] | None:
    """The values of a mapping's fields, or None after it reported why."""
    before = document.mistakes()
    values: dict[str, Any] = {}
    before_it: Node | None = None
    for name, value in document.pairs(node, what):
        if name.value in known:
            so_far = document.mistakes()
            values[name.value] = read = known[name.value].read(document, value)
            if read is None and document.mistakes() == so_far and kind(value) != "nothing":
                document.report(value, _EMPTY_MAPPING.of(name=name.value))
        else:
            document.report(name, _no_field(name.value, what, known, before_it))
        before_it = value
    return None if document.mistakes() > before else values


def _no_field(name: str, what: str, known: dict[str, Field], before_it: Node | None) -> Said:
    if name.isdigit() and before_it is not None and kind(before_it) == "a number":
        return _COMMA.of(before=before_it.value, name=name)
    return _NO_FIELD.of(what=what, name=name, hint=nearest(name, known))


def _is_mapping(document: Document, node: Node, what: str) -> bool:
    """Whether it is one; reports with what a value that stands alone may have been meant for."""
    if isinstance(node, Mapping):
        return True
    example = "{ similarity: 92.5 }"
    if isinstance(node, Scalar):
        table = document.codes
        code = node.value in table.by_name or (node.value.startswith("-") and node.value in map(str, table.by_number))
        meant = "code" if code else "similarity" if kind(node) == "a number" else ""
        example = f"{{ {meant}: {node.value} }}" if meant else example
    document.report(node, _NO_MAPPING.of(what=what, said=said(node), example=example))
    return False


def read_step(document: Document, node: Node, place: Node, what: str) -> Step | None:
    """The step that a mapping describes, or None after it reported why."""
    if not _is_mapping(document, node, what):
        return None
    values = read_fields(document, node, what, STEP_FIELDS)
    return None if values is None else _step(document, place, values)


def _step(document: Document, place: Node, values: dict[str, Any]) -> Step | None:
    diagnostic = _misfit(values)
    if diagnostic:
        document.report(place, diagnostic)
        return None
    own = {field: values.pop(field) for field in (RESULT, ERROR) if field in values}
    for field, code in own.items():
        values["place"] = "" if code.data == field else field
        if "similarity" in values or "code" in values:
            values["own"] = (code,)
        else:
            values["code"] = code
    similarity = values.pop("similarity", None if "code" in values else 100.0)
    if isinstance(similarity, Spelled):
        return Step(digits_times=similarity.factor, data_given="data" in values, **values)
    return Step(similarity=similarity, data_given="data" in values, **values)


def _misfit(values: dict[str, Any]) -> Said | None:
    """What is wrong with the fields of a step together."""
    if "similarity" in values and "code" in values:
        return _BOTH
    if "result" in values and "error" in values:
        return _RESULT_AND_ERROR
    if not {"similarity", "code", "fault", "result", "error", "live"} & set(values):
        return _NEITHER
    if ("rate" in values) != ("otherwise" in values):
        return _TOGETHER
    return None


def read_scenario(document: Document, number: str, key: Node, node: Node) -> Scenario | None:
    """The scenario that a mapping describes, or None after it reported why."""
    if not _is_mapping(document, node, _A_SCENARIO):
        return None
    values = read_fields(document, node, _A_SCENARIO, SCENARIO_FIELDS)
    if values is None:
        return None
    whole = {name: values.pop(name) for name in ("name", "note", "then") if name in values}
    steps: tuple[Step, ...] | None = values.pop("sequence", None)
    if steps is not None and values:
        document.report(key, _BESIDE.of(fields=", ".join(values)))
        return None
    if steps is None:
        if "then" in whole:
            document.report(key, _THEN_ALONE)
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
    document.report(key, (_UNREAD if "#" in number else _NO_DIGITS).of(example=_EXAMPLE))
    return False
