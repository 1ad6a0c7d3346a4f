"""What is checked of the common parameters: that they are there, and which action they ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mockface.checks import Rules, showing
from mockface.checks.check import check
from mockface.gateway import errors, tc3
from mockface.gateway.making import SERVICE, VERSION
from mockface.model import Call, Common, Refused
from mockface.operations.api3.checks.shared import PAGE, WIRE, common_of
from mockface.operations.api3.hearing import V1
from mockface.operations.api3.refusing import refused
from mockface.privacy.masking import quoted, shown
from mockface.reasons import Reason, joined, words

ACTIONS = frozenset({
    "BankCard2EVerification", "BankCard4EVerification", "BankCardVerification", "CheckBankCardInformation",
    "CheckEidTokenStatus", "CheckIdCardInformation", "CheckIdNameDate", "CheckPhoneAndName", "DetectAIFakeFaces",
    "DetectAuth", "EncryptedPhoneVerification", "GetActionSequence", "GetDetectInfo", "GetDetectInfoEnhanced",
    "GetEidResult", "GetEidToken", "GetFaceIdResult", "GetFaceIdRiskInfo", "GetFaceIdToken", "GetFaceidRiskInfoToken",
    "GetLiveCode", "GetNFCToken", "GetWeChatBillDetails", "GetWxNFCResult", "IdCardOCRVerification",
    "IdCardVerification", "ImageRecognition", "ImageRecognitionV2", "LivenessCompare", "LivenessRecognition",
    "MinorsVerification", "MobileNetworkTimeVerification", "MobileStatus", "ParseNfcData", "PhoneVerification",
    "PhoneVerificationCMCC", "PhoneVerificationCTCC", "PhoneVerificationCUCC",
})  # fmt: skip
"""The actions of the product faceid. Source: the vendor's command line, 2026-08."""


_NO_HEADER = Reason("no header {header} came; expected {wanted}", "没有收到请求头 {header}；应为{wanted}")
_NO_PARAMETER = Reason(
    "no Authorization header came, so the parameters of signature v1 are expected, and {name} is missing; a call of "
    "signature v3 has the header Authorization: TC3-HMAC-SHA256 ... ('mockface sign --tc3' prints one)",
    "没有 Authorization 请求头，因此按签名方法 v1 需要公共参数，缺少 {name}；v3 签名的请求带有请求头 "
    "Authorization: TC3-HMAC-SHA256 ...（'mockface sign --tc3' 可打印）",
)
_WANTED: Mapping[str, str] = {
    "Action": words("an action, such as ImageRecognitionV2", "接口名，例如 ImageRecognitionV2"),
    "Version": VERSION,
    "Timestamp": words("seconds since 1970", "1970 年以来的秒数"),
}
_OF_V1 = ("Timestamp", "Nonce", "SecretId", "Action", "Version", "Signature")
"""The order in which missing ones are told; that Timestamp comes first was seen, the rest is assumed."""
_OF_V3 = ("Action", "Timestamp", "Version")
_UNSIGNED = ("Action", "Version")


def _missing_header(common: Common, names: tuple[str, ...]) -> Refused | None:
    for name in names:
        if not getattr(common, name.lower()):
            header = f"X-TC-{name}"
            return refused(errors.MISSING_HEADER, _NO_HEADER.of(header=header, wanted=_WANTED[name]), x=header)
    return None


def _came(call: showing.Shown) -> str:
    common = common_of(call)
    told = {"Action": common.action, "Version": common.version, "Timestamp": common.timestamp}
    return ", ".join(f"{name}={value}" for name, value in told.items() if value) or showing.NONE


@check(
    title=words("The common parameters are given", "公共参数齐全"),
    evidence=words("wire for the messages, assumed for the order", "文本出自实际报文，顺序为假定"),
    wanted=words(
        "Action, Version, Timestamp; SecretId, Nonce, Signature in v1",
        "Action、Version、Timestamp；v1 还要 SecretId、Nonce、Signature",
    ),
    came=_came,
)
def common_given(call: Call, rules: Rules) -> Refused | None:
    """Headers of v3, where an Authorization header came, or parameters of v1."""
    common = common_of(call)
    if common.scheme != V1:
        return _missing_header(common, _OF_V3)
    given = {name for name, value in common.pairs if value}
    for name in _OF_V1:
        if name not in given:
            return refused(errors.MISSING_PARAMETER, _NO_PARAMETER.of(name=name), x=name)
    return None


@check(
    title=words("Action and version are given", "给出了 Action 和 Version"),
    evidence=WIRE,
    wanted=words("Action and Version", "Action 和 Version"),
    came=_came,
)
def action_given(call: Call, rules: Rules) -> Refused | None:
    """With `--signature off`, these two alone are looked for."""
    return _missing_header(common_of(call), _UNSIGNED)


_WHOLE = re.compile(r"[0-9]{1,15}", re.ASCII)
_NONCE = re.compile(r"[0-9]{1,20}", re.ASCII)
"""The Python SDK's has 19 digits: a random number of 63 bits."""
_NOT_WHOLE = Reason("{name} is {came}; expected whole seconds since 1970", "{name} 是 {came}；应为 1970 年以来的整数秒")
_NO_NUMBER = Reason("{name} is {came}; expected a positive whole number", "{name} 是 {came}；应为正整数")


@check(
    title=words("The common parameters are of their types", "公共参数类型正确"),
    evidence=words("wire (Nonce)", "实际报文（Nonce）"),
    wanted=words("whole numbers for Timestamp and Nonce", "Timestamp 和 Nonce 为整数"),
    came=_came,
)
def common_types_right(call: Call, rules: Rules) -> Refused | None:
    """Timestamp and Nonce are whole numbers."""
    common = common_of(call)
    header = "Timestamp" if common.scheme == V1 else "X-TC-Timestamp"
    if common.scheme == V1 and not _NONCE.fullmatch(common.nonce):
        return refused(errors.PARAMETER_TYPE_ERROR, _NO_NUMBER.of(name="Nonce", came=quoted(common.nonce)), x="Nonce")
    if not _WHOLE.fullmatch(common.timestamp):
        why = _NOT_WHOLE.of(name=header, came=quoted(common.timestamp, 24))
        return refused(errors.PARAMETER_TYPE_ERROR, why, x=header)
    return None


_VERSION = Reason("the version is {came}; expected {wanted}", "版本是 {came}；应为 {wanted}")


@check(
    title=words("The version is known", "版本存在"),
    evidence=WIRE,
    wanted=words(VERSION, VERSION),
    came=lambda call: common_of(call).version or showing.NONE,
)
def version_known(call: Call, rules: Rules) -> Refused | None:
    """The version is the one of faceid."""
    version = common_of(call).version
    if version == VERSION:
        return None
    why = _VERSION.of(came=quoted(version, 24), wanted=VERSION)
    return refused(errors.NO_SUCH_VERSION, why, x=shown(version, 24), y=SERVICE)


_NO_ACTION = Reason("there is no action {came}; mockface has {known}", "没有接口 {came}；mockface 有 {known}")
_NOT_YET = Reason(
    "{came} is an action of faceid that mockface does not emulate; it has {known}",
    "{came} 是 faceid 的接口，但 mockface 没有模拟；它有 {known}",
)


@check(
    title=words("The action is known", "接口存在"),
    evidence=WIRE,
    wanted=words("an action that is emulated", "已模拟的接口"),
    came=lambda call: common_of(call).action or showing.NONE,
)
def action_known(call: Call, rules: Rules) -> Refused | None:
    """The action is one of those that are emulated."""
    action = common_of(call).action
    if action in rules.actions:
        return None
    reason = _NOT_YET if action in ACTIONS else _NO_ACTION
    return refused(errors.INVALID_ACTION, reason.of(came=quoted(action, 40), known=joined(rules.actions)))


_UNSIGNED_ALONE = Reason(
    "X-TC-Content-SHA256 is {came}; its only value is UNSIGNED-PAYLOAD",
    "X-TC-Content-SHA256 是 {came}；只能是 UNSIGNED-PAYLOAD",
)


@check(
    title=words("X-TC-Content-SHA256 is allowed", "X-TC-Content-SHA256 取值正确"),
    evidence=PAGE,
    wanted=words("UNSIGNED-PAYLOAD, if given", "UNSIGNED-PAYLOAD（若有）"),
    came=lambda call: common_of(call).content_sha256 or showing.NONE,
)
def content_sha256_allowed(call: Call, rules: Rules) -> Refused | None:
    """Its only value is UNSIGNED-PAYLOAD."""
    value = common_of(call).content_sha256
    if value in ("", tc3.UNSIGNED_PAYLOAD):
        return None
    return refused(errors.CONTENT_SHA256_VALUE, _UNSIGNED_ALONE.of(came=quoted(value, 24)))
