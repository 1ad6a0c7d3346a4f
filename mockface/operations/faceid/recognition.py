"""`ImageRecognition` and `ImageRecognitionV2`: a number, a name and a picture, compared with the register."""

from __future__ import annotations

from collections.abc import Callable

from mockface.checks import Rules
from mockface.codes import Code, CodeTable
from mockface.gateway import codes
from mockface.model import Call, FieldTable, Step
from mockface.operation import Operation
from mockface.operations.api3.answer import envelope, number
from mockface.operations.api3.checks import values
from mockface.operations.api3.record import action
from mockface.operations.faceid.words import words_of
from mockface.reasons import Reason, Said

PASS_SIMILARITY = 70.0
"""From which Sim V2 answers Success. Source: page (fixed, not adjustable)."""

LOW_SIMILARITY = codes.EVERY["FailedOperation.CompareLowSimilarity"]
CODES = CodeTable([codes.SUCCESS, *codes.OF_ACTION, *codes.OF_GATEWAY])

BELOW = Reason(
    "Sim {similarity} is below {limit}, which {operation} does not let pass",
    "Sim {similarity} 低于 {limit}，{operation} 不予通过",
)
"""Why a similarity is refused, here and by the actions that look at a video."""
_IN_ERROR = Reason(
    "{code} stands in Error, for --failed-operations is error",
    "--failed-operations 为 error，因此 {code} 出现在 Error 中",
)
_VALUES = (
    values.picture_is_base64, values.extra_within_limit, values.number_form_right, values.name_form_right,
    values.picture_within_limit, values.picture_format_known,
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
        why = BELOW.of(similarity=number(step.similarity or 0.0), limit=f"{PASS_SIMILARITY:g}", operation=name)
        return placed(step._replace(code=LOW_SIMILARITY), rules)[0], why
    return placed(step, rules)


def _settle_v1(step: Step, call: Call, rules: Rules) -> tuple[Step, Said | None]:
    return _settled("ImageRecognition", step, rules) if rules.v1_refuses_low else placed(step, rules)


def _settle_v2(step: Step, call: Call, rules: Rules) -> tuple[Step, Said | None]:
    return _settled("ImageRecognitionV2", step, rules)


def _recognition(
    name: str, body: Callable[[Step, Call | None], bytes],
    settle: Callable[[Step, Call, Rules], tuple[Step, Said | None]], *more: str,
) -> Operation:  # fmt: skip
    """The action; `more` are texts that it has besides and that its answer repeats."""
    return action(
        name,
        table=FieldTable(
            text=("IdCard", "Name", "Optional", *more),
            pictures=("ImageBase64",),
            number="IdCard",
            name="Name",
            objects=("Encryption",),
            required=("IdCard", "Name", "ImageBase64"),
            echoed=more,
        ),
        codes=CODES,
        values=_VALUES,
        body=body,
        success=codes.SUCCESS,
        mismatch=codes.EVERY["FailedOperation.IdNameMisMatch"],
        settle=settle,
        words=words_of(CODES),
    )


IMAGE_RECOGNITION = _recognition("ImageRecognition", _body, _settle_v1)
IMAGE_RECOGNITION_V2 = _recognition("ImageRecognitionV2", _body_v2, _settle_v2, "Extra")
