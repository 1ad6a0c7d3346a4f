"""The table of what `ImageRecognition` and `ImageRecognitionV2` say of a comparison: success and 28 codes.

Failures of the comparison are `Result` and `Description` of an answer without `Error`; failures of parameters and of
the account are `Error` (docs, the field Result; samples of V2 and of four siblings). Knows no request.

Evidence, for each text and for the place apart: `wire`, `page` (documentation), `sdk` (the SDKs' comments) and
`assumed`, as in `codes.py`.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from mockface.codes import Evidence

Where = Literal["result", "error", "either"]
"""Whether a code is a value of `Result`, or the `Code` of an `Error`."""


class ResultCode(NamedTuple):
    """One code of the action, its texts with their full stops, and where it stands.

    `billed` says whether the vendor charges a call that ends so (its page of today).
    """

    code: str
    chinese: str
    english: str
    where: Where
    chinese_evidence: Evidence = "page"
    english_evidence: Evidence = "sdk"
    where_evidence: Evidence = "page"
    billed: bool = False


def _failed(
    name: str, chinese: str, english: str, where: Where = "result", where_evidence: Evidence = "page", *,
    billed: bool = False,
) -> ResultCode:  # fmt: skip
    return ResultCode(
        f"FailedOperation.{name}", chinese, english, where, where_evidence=where_evidence, billed=billed
    )  # fmt: skip


SUCCESS = ResultCode("Success", "成功", "Success", "result", "page", "page", billed=True)

COMPARE_FAIL = _failed("CompareFail", "比对失败。", "Comparison failed.")
COMPARE_LIB_SERVICE_UNAVAILABLE = _failed(
    "CompareLibServiceUnavailable", "比对库源维护中，暂时不可用",
    "Comparison library source maintaining, temporarily unavailable",
)  # fmt: skip
COMPARE_LOW_SIMILARITY = _failed(
    "CompareLowSimilarity", "比对相似度未达到通过标准。",
    "The comparison similarity did not reach the passing standard.", billed=True,
)  # fmt: skip
COMPARE_SYSTEM_ERROR = _failed(
    "CompareSystemError", "调用比对引擎接口出错。", "Error calling the comparison engine API."
)  # fmt: skip
DECRYPT_SYSTEM_ERROR = _failed("DecryptSystemError", "解密失败。", "Decryption failed.", "error")
ID_FORMAT_ERROR = _failed("IdFormatError", "输入的身份证号有误。", "Input identity card number error.")
ID_NAME_MISMATCH = _failed(
    "IdNameMisMatch", "姓名和身份证号不一致，请核实后重试。",
    "Name and ID card number mismatch. Please verify and try again after.", billed=True,
)  # fmt: skip
ID_NO_EXIST_SYSTEM = _failed(
    "IdNoExistSystem", "库中无此号，请到户籍所在地进行核实。",
    "The number is not found in the database. Please go to the place of household registration to verify.",
)  # fmt: skip
ID_PHOTO_NO_EXIST = _failed(
    "IdPhotoNoExist", "库中无此号照片，请到户籍所在地进行核实。",
    "The photo of this number is not found in the database. Please go to the place of household registration to "
    "verify.",
)  # fmt: skip
ID_PHOTO_POOR_QUALITY = _failed(
    "IdPhotoPoorQuality", "证件图片质量差，请更新后重试。",
    "Document image is of poor quality. Please update and try again.",
)  # fmt: skip
"""An earlier text: 证件图片分辨率太低，请重新上传。"""
ID_PHOTO_SYSTEM_NO_ANSWER = _failed(
    "IdPhotoSystemNoanswer", "客户库自建库或认证中心返照失败，请稍后再试。",
    "The customer database, self-built database, or authentication center failed to return the photo. Try again "
    "later.",
)  # fmt: skip
IDENTITY_AUTH_LIMIT_EXCEEDED = _failed(
    "IdentityAuthLimitExceeded", "姓名/身份证号认证次数超过当日限制，请次日重试",
    "Name/ID card number authentication attempts exceed the daily limit. Please retry the next day.",
)  # fmt: skip
LIFE_PHOTO_DETECT_FACES = _failed("LifePhotoDetectFaces", "检测到多张人脸。", "Multiple faces are detected.")
LIFE_PHOTO_DETECT_FAKE = _failed("LifePhotoDetectFake", "实人比对没通过。", "Real person comparison failed.")
LIFE_PHOTO_DETECT_NO_FACES = _failed(
    "LifePhotoDetectNoFaces", "未能检测到完整人脸。", "Failed to detect a full face."
)  # fmt: skip
LIFE_PHOTO_POOR_QUALITY = _failed(
    "LifePhotoPoorQuality", "传入图片分辨率太低，请重新上传。",
    "The resolution of the image passed in is too low. Please upload a new one.",
)  # fmt: skip
LIFE_PHOTO_SIZE_ERROR = _failed(
    "LifePhotoSizeError", "传入图片过大或过小。", "The image passed in is too large or too small."
)  # fmt: skip
NAME_FORMAT_ERROR = _failed("NameFormatError", "输入的姓名有误。", "Input name error.")
STS_UNAUTH_ERROR = _failed("StsUnAuthErrError", "STS未授权。", "STS unauthorized.", "error")
UNKNOWN = _failed("UnKnown", "内部未知错误。", "Unknown internal error.", "either", "assumed")
INVALID_PARAMETER = ResultCode("InvalidParameter", "参数错误。", "Invalid parameter.", "error")
UNSUPPORTED_ENCRYPT_FIELD = ResultCode(
    "InvalidParameter.UnsupportEncryptField", "存在不加密的字段，请参考文档修改。",
    "Unencrypted fields exist. Refer to the documentation to modify.", "error",
)  # fmt: skip
INVALID_PARAMETER_VALUE = ResultCode(
    "InvalidParameterValue", "参数取值错误。", "Incorrect parameter value.", "error"
)  # fmt: skip
UNAUTHORIZED_OPERATION = ResultCode("UnauthorizedOperation", "未授权操作。", "Unauthorized operation.", "error")
ARREARS = ResultCode("UnauthorizedOperation.Arrears", "账号已欠费。", "The account is in arrears.", "error")
NON_AUTHORIZE = ResultCode(
    "UnauthorizedOperation.NonAuthorize", "账号未实名。",
    "Identity verification has not been completed for the account.", "error",
)  # fmt: skip
NONACTIVATED = ResultCode(
    "UnauthorizedOperation.Nonactivated", "未开通服务。", "The service has not been activated.", "error",
    "wire", "sdk", "wire",
)  # fmt: skip
UNSUPPORTED_OPERATION = ResultCode("UnsupportedOperation", "操作不支持。", "Unsupported operation.", "error")

TABLE: tuple[ResultCode, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, ResultCode) and value is not SUCCESS
)
"""The 28 codes in the order of the documentation; SUCCESS is none of them."""

BY_CODE: dict[str, ResultCode] = {one.code: one for one in (SUCCESS, *TABLE)}
"""Success and the 28, by what goes on the wire."""


def description(result: ResultCode, language: Literal["en", "zh"] = "zh") -> str:
    """The `Description` of an answer: without the final 。, as in six samples of the documentation."""
    return result.english if language == "en" else result.chinese.removesuffix("。")


def message(result: ResultCode, language: Literal["en", "zh"] = "zh") -> str:
    """The `Message` of an `Error`: with its full stop, as in ten samples of the documentation."""
    return result.english if language == "en" else result.chinese
