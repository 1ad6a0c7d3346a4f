"""`IdCardVerification`: whether a number and a name belong together. Its results are numbers, written as texts."""

from __future__ import annotations

from mockface.checks import Rules
from mockface.codes import Code, CodeTable, Evidence, Group
from mockface.gateway import codes
from mockface.model import Call, FieldTable, Step
from mockface.operations.api3.answer import envelope
from mockface.operations.api3.checks import values
from mockface.operations.api3.record import action
from mockface.operations.faceid.words import words_of
from mockface.reasons import Said, words

NAME = "IdCardVerification"


def _code(number: str, name: str, group: Group, en: str, zh: str, evidence: Evidence = "assumed") -> Code:
    return Code(
        number, name, zh, en, words(en, zh), "assumed", 200, "wire", group, codes.RESULT, message_zh_evidence=evidence
    )  # fmt: skip


SAME = _code("0", "IDENTITY_SAME", "success", "The name and the number are the same", "姓名和身份证号一致", "wire")
DIFFERENT = _code(
    "-1", "IDENTITY_DIFFERENT", "identity", "The name and the number are not the same", "姓名和身份证号不一致"
)
BAD_NUMBER = _code(
    "-2", "IDENTITY_NUMBER_ILLEGAL", "identity", "The number is illegal (its length, its check digit)",
    "非法身份证号（长度、校验位等不正确）",
)  # fmt: skip
BAD_NAME = _code(
    "-3",
    "IDENTITY_NAME_ILLEGAL",
    "identity",
    "The name is illegal (its length, its form)",
    "非法姓名（长度、格式等不正确）",
)
REGISTER_FAILS = _code("-4", "IDENTITY_REGISTER_FAILS", "service", "The register of cards fails", "证件库服务异常")
NO_RECORD = _code("-5", "IDENTITY_NO_RECORD", "identity", "The register has no such card", "证件库中无此身份证记录")
UPGRADING = _code(
    "-6", "IDENTITY_UPGRADING", "service", "The comparison is being upgraded, try again later",
    "权威比对系统升级中，请稍后再试",
)  # fmt: skip
DAILY_LIMIT = _code(
    "-7", "IDENTITY_DAILY_LIMIT", "identity", "The attempts exceed the daily limit", "认证次数超过当日限制"
)
RESULTS = (SAME, DIFFERENT, BAD_NUMBER, BAD_NAME, REGISTER_FAILS, NO_RECORD, UPGRADING, DAILY_LIMIT)
"""Source of the numbers and of what they mean: page; the texts but for that of 0 are assumed."""

BY_RECOGNITION = {
    "FailedOperation.IdNameMisMatch": DIFFERENT,
    "FailedOperation.IdFormatError": BAD_NUMBER,
    "FailedOperation.NameFormatError": BAD_NAME,
    "FailedOperation.IdPhotoSystemNoanswer": REGISTER_FAILS,
    "FailedOperation.CompareSystemError": REGISTER_FAILS,
    "FailedOperation.IdNoExistSystem": NO_RECORD,
    "FailedOperation.CompareLibServiceUnavailable": UPGRADING,
    "FailedOperation.IdentityAuthLimitExceeded": DAILY_LIMIT,
}
"""The results by the codes with which ImageRecognition says the same."""

_IN_ERROR = tuple(code for code in codes.OF_ACTION if code.data == codes.ERROR)
CODES = CodeTable([*RESULTS, *_IN_ERROR, *codes.OF_GATEWAY])


def _result(step: Step, code: Code, text: str) -> dict[str, object]:
    number: object = code.number
    if step.fault is not None and step.fault.name == "wrong_type":
        number = int(str(number))
    return {"Description": text, "Result": number}


def _body(step: Step, call: Call | None) -> bytes:
    return envelope(step, call, SAME, _result)


def _settled(step: Step, call: Call, rules: Rules) -> tuple[Step, Said | None]:
    """A success says no similarity, whatever the scenario has; results are numbers, which no Error has."""
    return (step if step.code else step._replace(similarity=None)), None


ID_CARD_VERIFICATION = action(
    NAME,
    table=FieldTable(
        text=("IdCard", "Name"), number="IdCard", name="Name", objects=("Encryption",), required=("IdCard", "Name")
    ),
    codes=CODES,
    values=(values.number_form_right, values.name_form_right),
    body=_body,
    success=SAME,
    mismatch=DIFFERENT,
    settle=_settled,
    words=words_of(CODES, BY_RECOGNITION),
)
