"""`ImageRecognition` and `ImageRecognitionV2`: a number, a name and a picture, compared with the register."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockface.checks import Rules
from mockface.codes import Code, CodeTable
from mockface.gateway import codes
from mockface.model import Account, Call, FieldTable, Step
from mockface.operation import Example, Operation
from mockface.operations.api3 import checks
from mockface.operations.api3.answer import envelope, number
from mockface.operations.api3.dialect import API3, PATH
from mockface.operations.faceid.words import words_of
from mockface.reasons import Reason, Said

PASS_SIMILARITY = 70.0
"""From which Sim V2 answers Success. Source: page (fixed, not adjustable)."""

LOW_SIMILARITY = codes.EVERY["FailedOperation.CompareLowSimilarity"]
CODES = CodeTable([codes.SUCCESS, *codes.OF_ACTION, *codes.OF_GATEWAY])

_BELOW = Reason(
    "Sim {similarity} is below {limit}, which {operation} does not let pass",
    "Sim {similarity} 低于 {limit}，{operation} 不予通过",
)
_IN_ERROR = Reason(
    "{code} stands in Error, for --failed-operations is error",
    "--failed-operations 为 error，因此 {code} 出现在 Error 中",
)
_VALUES = (
    checks.picture_is_base64, checks.extra_within_limit, checks.number_form_right, checks.name_form_right,
    checks.picture_within_limit, checks.picture_format_known,
)  # fmt: skip


def _result(step: Step, code: Code, text: str) -> dict[str, object]:
    """Result, Description and Sim: the real one of a success and of a low similarity, else 0 (assumed)."""
    real = step.code is None or code is LOW_SIMILARITY
    similarity: object = number(float(step.similarity or 0.0)) if real else 0
    if step.fault is not None and step.fault.name == "wrong_type":
        similarity = str(similarity)
    return {"Description": text, "Result": code.number, "Sim": similarity}


def _body(step: Step, call: Call | None) -> bytes:
    return envelope(step, call, codes.SUCCESS, _result)


def _body_v2(step: Step, call: Call | None) -> bytes:
    extra = call.fields.get("Extra") if call is not None else None

    def result(step: Step, code: Code, text: str) -> dict[str, object]:
        told = _result(step, code, text)
        return {**told, "Extra": extra} if isinstance(extra, str) else told

    return envelope(step, call, codes.SUCCESS, result)


def placed(step: Step, rules: Rules) -> tuple[Step, Said | None]:
    """The step with its code in `Error`, where `--failed-operations` says so and the step says nothing else."""
    code = step.code
    if code is None or step.place or code.data != codes.RESULT or not rules.failures_as_errors:
        return step, None
    return step._replace(place=codes.ERROR), _IN_ERROR.of(code=code.number)


def _settled(name: str, step: Step, rules: Rules) -> tuple[Step, Said | None]:
    if step.code is None and (step.similarity or 0.0) < PASS_SIMILARITY and step.fault is None:
        why = _BELOW.of(similarity=number(step.similarity or 0.0), limit=f"{PASS_SIMILARITY:g}", operation=name)
        return placed(step._replace(code=LOW_SIMILARITY), rules)[0], why
    return placed(step, rules)


def _settle_v1(step: Step, rules: Rules) -> tuple[Step, Said | None]:
    return _settled("ImageRecognition", step, rules) if rules.v1_refuses_low else placed(step, rules)


def _settle_v2(step: Step, rules: Rules) -> tuple[Step, Said | None]:
    return _settled("ImageRecognitionV2", step, rules)


def _operation(name: str, *more: str) -> Operation:
    def description() -> dict[str, Any]:
        # Asked for by /docs alone: a start needs none of it.
        from mockface.operations.api3.openapi import describe

        return describe(OPERATIONS[name])

    def example(fields: Mapping[str, str], account: Account, now: float, nonce: int, host: str) -> Example:
        # Asked for by who tries a call: a start needs none of it.
        from mockface.operations.api3.example import example

        return example(name, OPERATIONS[name].table, fields, account, now, host)

    is_v2 = "Extra" in more
    return Operation(
        name=name,
        path=PATH,
        action=name,
        dialect=API3,
        table=FieldTable(
            text=("IdCard", "Name", "Optional", *more),
            pictures=("ImageBase64",),
            number="IdCard",
            name="Name",
            objects=("Encryption",),
            required=("IdCard", "Name", "ImageBase64"),
            echoed=("Extra",) if is_v2 else (),
        ),
        codes=CODES,
        checks={mode: checks.checklist(mode, _VALUES) for mode in ("shape", "verify", "off")},
        body=_body_v2 if is_v2 else _body,
        echoes=None,
        success=codes.SUCCESS,
        mismatch=codes.EVERY["FailedOperation.IdNameMisMatch"],
        unknown=codes.EVERY["InternalError"],
        settle=_settle_v2 if is_v2 else _settle_v1,
        words=words_of(CODES),
        describe=description,
        example=example,
        hard_to_get=lambda code: code.raised_by == ("scenario",) and code in codes.OF_GATEWAY,
    )


IMAGE_RECOGNITION = _operation("ImageRecognition")
IMAGE_RECOGNITION_V2 = _operation("ImageRecognitionV2", "Extra")
OPERATIONS = {one.name: one for one in (IMAGE_RECOGNITION, IMAGE_RECOGNITION_V2)}
