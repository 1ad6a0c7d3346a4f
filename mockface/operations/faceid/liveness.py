"""`LivenessRecognition` and `LivenessCompare`: whether the person in a video is live, and whom the video shows.

The first compares with the register's photo of a number and a name, the second with a picture that comes along, and
names nobody: its scenario is found by its name. Liveness comes first, then the comparison.
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache

from mockface.checks import Check, Rules
from mockface.codes import Code, CodeTable
from mockface.gateway import codes, liveness
from mockface.journal.entry import text_of
from mockface.model import Call, FieldTable, Step
from mockface.operation import Operation
from mockface.operations.api3.answer import envelope, number
from mockface.operations.api3.checks import liveness as checks
from mockface.operations.api3.checks import values
from mockface.operations.api3.record import action
from mockface.operations.digits import spelled
from mockface.operations.faceid.recognition import BELOW, LOW_SIMILARITY, PASS_SIMILARITY, placed
from mockface.operations.faceid.words import words_of
from mockface.reasons import Reason, Said, joined

_LIVE = Reason("live: {live} of the scenario comes before the comparison", "场景中的 live: {live} 先于比对")
_SPELLED = Reason(
    "the digits {digits} of ValidateData spell {code}, which a scenario without a failure lets happen",
    "ValidateData 中的数字 {digits} 表示 {code}，而场景没有指定失败",
)


def _codes_of(listed: frozenset[str]) -> CodeTable:
    of_product = [code for code in (*codes.OF_ACTION, *codes.OF_LIVENESS) if code.number in listed]
    return CodeTable([codes.SUCCESS, *of_product, *codes.OF_GATEWAY])


RECOGNITION_CODES = _codes_of(liveness.RECOGNITION)
COMPARE_CODES = _codes_of(liveness.COMPARE)
_BY_RECOGNITION = {
    "FailedOperation.CompareLibServiceUnavailable": codes.EVERY["FailedOperation.CompareSystemError"],
    "FailedOperation.IdentityAuthLimitExceeded": codes.EVERY["FailedOperation.RequestLimitExceeded"],
}
"""What is said for codes that ImageRecognition alone has, where a code says nearly the same."""


@lru_cache(maxsize=64)
def _frame(person: str) -> str:
    # What draws is needed for a success alone: a start must not draw.
    from mockface.samples import best_frame

    return b64encode(best_frame(person)).decode()


def _body(step: Step, call: Call | None) -> bytes:
    person = call.number if call is not None else ""
    count = checks.frames_wanted(call) if call is not None else None

    def result(step: Step, code: Code, text: str) -> dict[str, object]:
        """The real Sim of a success and of a low similarity, else 0; frames of a success alone, else null (assumed)."""
        passed = step.code is None
        similarity: object = number(float(step.similarity or 0.0)) if passed or code is LOW_SIMILARITY else 0
        if step.fault is not None and step.fault.name == "wrong_type":
            similarity = str(similarity)
        told: dict[str, object] = {
            "BestFrameBase64": _frame(person) if passed else None,
            "Description": text,
            "Result": code.number,
            "Sim": similarity,
        }
        if count is not None:
            # The first is the best of them, the others are other frames of the same person.
            frames = [_frame(f"{person} {at}" if at else person) for at in range(count)]
            told["BestFrameList"] = frames if passed else None
        return told

    return envelope(step, call, codes.SUCCESS, result)


def _settled(operation: Operation, step: Step, call: Call, rules: Rules) -> tuple[Step, Said | None]:
    """The step with the failure of liveness if there is one, of the scenario or of the digits, else of a low Sim."""
    failure, why = step.live, None
    if failure is not None:
        why = _LIVE.of(live=failure.shown)
    elif step.code is None and step.fault is None and checks.kind_of(call) == "LIP":
        digits = text_of(call, "ValidateData")
        failure = spelled(digits)
        why = None if failure is None else _SPELLED.of(digits=digits, code=failure.shown)
    if failure is not None and why is not None:
        if not operation.owns(failure):
            failure, word = operation.said_for(failure)
            why = joined([why, word], "; ", "；")
        step, moved = placed(step._replace(code=failure, live=None, place=""), rules)
        return step, why if moved is None else joined([why, moved], "; ", "；")
    if step.code is None and step.fault is None and (step.similarity or 0.0) < PASS_SIMILARITY:
        below = number(step.similarity or 0.0)
        why = BELOW.of(similarity=below, limit=f"{PASS_SIMILARITY:g}", operation=operation.name)
        return placed(step._replace(code=LOW_SIMILARITY), rules)[0], why
    return placed(step, rules)


def _settle_recognition(step: Step, call: Call, rules: Rules) -> tuple[Step, Said | None]:
    return _settled(LIVENESS_RECOGNITION, step, call, rules)


def _settle_compare(step: Step, call: Call, rules: Rules) -> tuple[Step, Said | None]:
    return _settled(LIVENESS_COMPARE, step, call, rules)


_OF_FIELDS: tuple[Check, ...] = (
    checks.liveness_type_known, checks.files_given, checks.validate_data_fits, checks.optional_readable,
)  # fmt: skip
_OF_VIDEO: tuple[Check, ...] = (
    checks.urls_are_web, checks.video_within_limit, checks.video_is_one, checks.video_large_enough,
    checks.video_has_sound,
)  # fmt: skip

LIVENESS_RECOGNITION = action(
    "LivenessRecognition",
    table=FieldTable(
        text=("IdCard", "Name", "LivenessType", "VideoUrl", "ValidateData", "Optional"),
        videos=("VideoBase64",),
        number="IdCard",
        name="Name",
        objects=("Encryption",),
        required=("IdCard", "Name", "LivenessType"),
    ),
    codes=RECOGNITION_CODES,
    values=(*_OF_FIELDS, values.number_form_right, values.name_form_right, *_OF_VIDEO),
    body=_body,
    success=codes.SUCCESS,
    mismatch=codes.EVERY["FailedOperation.IdNameMisMatch"],
    settle=_settle_recognition,
    words=words_of(RECOGNITION_CODES, _BY_RECOGNITION),
    live=True,
)
LIVENESS_COMPARE = action(
    "LivenessCompare",
    table=FieldTable(
        text=("LivenessType", "ImageUrl", "ValidateData", "Optional", "VideoUrl"),
        pictures=("ImageBase64",),
        videos=("VideoBase64",),
        required=("LivenessType",),
    ),
    codes=COMPARE_CODES,
    values=(
        *_OF_FIELDS, values.picture_is_base64, values.picture_within_limit, values.picture_format_known, *_OF_VIDEO,
    ),
    body=_body,
    success=codes.SUCCESS,
    mismatch=codes.EVERY["FailedOperation.CompareFail"],
    settle=_settle_compare,
    words=words_of(COMPARE_CODES),
    live=True,
)  # fmt: skip
