"""The table of what the successor can answer, as codes: `Success`, those of its actions, the gateway's errors.

Made of `results.py`, `liveness.py` and `errors.py`, which hold the texts and their evidence. A code's number and name
are its text on the wire; its message is a Said, which knows both languages.
"""

from __future__ import annotations

from mockface.codes import PAGE, SCENARIO, Code, CodeTable, Evidence, Group
from mockface.gateway import errors, liveness, results
from mockface.gateway.results import ResultCode
from mockface.reasons import words

RESULT = "result"
"""The answer has the code in `Result`, with Description and Sim."""
ERROR = "error"
"""The answer has the code in `Error`."""

_OF_VIDEOS = ("Action", "CompressVideo", "DownLoad", "FileSave", "Lip", "Livess", "Silent")
"""How the failures begin that only an action can have that looks at a video."""
_GROUPS: dict[str, Group] = {
    "Success": "success",
    "FailedOperation.CompareLowSimilarity": "photo",
    "FailedOperation.LifePhoto": "photo",
    "FailedOperation.Id": "identity",
    "FailedOperation.NameFormatError": "identity",
    "FailedOperation.DecryptSystemError": "request",
    "FailedOperation.StsUnAuthErrError": "account",
    "FailedOperation.IdPhotoSystemNoanswer": "service",
    "FailedOperation.IdentityAuthLimitExceeded": "identity",
    "FailedOperation.RequestLimitExceeded": "account",
    **dict.fromkeys((f"FailedOperation.{start}" for start in _OF_VIDEOS), "video"),
    "FailedOperation": "service",
    "AuthFailure": "signature",
    "UnauthorizedOperation": "account",
    "RequestLimitExceeded": "account",
    "LimitExceeded": "account",
    "Ip": "account",
    "Internal": "service",
    "Service": "service",
    "Resource": "service",
    "Response": "service",
}
"""Whom a code concerns, by the longest beginning; all others are of the request."""

MESSAGES_RAISED_BY: dict[str, tuple[str, ...]] = {
    "SIGNATURE_FAILURE": ("signature_right",),
    "SIGNATURE_OF_LARGE_REQUEST": ("request_within_limit",),
    "SIGNATURE_EXPIRE": ("timestamp_fresh",),
    "SECRET_ID_NOT_FOUND": ("key_known",),
    "TOKEN_FAILURE": ("token_right",),
    "INVALID_AUTHORIZATION": ("authorization_readable",),
    "MISSING_PARAMETER": ("common_given", "fields_given", "fields_decrypted"),
    "MISSING_HEADER": ("common_given", "action_given"),
    "PARAMETER_TYPE_ERROR": ("common_types_right",),
    "PARAMETER_TYPE": ("field_types_right", "fields_decrypted"),
    "BODY_NO_JSON": ("request_readable",),
    "PAIR_WITHOUT_EQUALS": ("request_readable",),
    "PARAMETER_WITHOUT_NAME": ("request_readable",),
    "CONTENT_SHA256_VALUE": ("content_sha256_allowed",),
    "UNKNOWN_PARAMETER": ("fields_known",),
    "INVALID_ACTION": ("action_known",),
    "NO_SUCH_VERSION": ("version_known",),
    "NO_SUCH_PRODUCT": ("product_host_known",),
    "UNSUPPORTED_CONTENT_TYPE": ("content_type_supported",),
    "UNSUPPORTED_METHOD": ("method_supported",),
    "REQUEST_LIMIT_EXCEEDED": ("rate_kept",),
    "REQUEST_LIMIT_EXCEEDED_UNCOUNTED": ("rate_kept",),
    "REQUEST_SIZE_LIMIT_EXCEEDED": ("request_within_limit",),
    "INTERNAL_ERROR": ("account_active",),
    "SERVICE_UNAVAILABLE": ("account_active",),
}
"""The checks (see `operations/api3/checks`) that answer a message of the gateway, by its name in `errors.TABLE`."""

_TEXTS_RAISED_BY = {
    "InvalidParameterValue": (
        "picture_is_base64", "extra_within_limit", "number_is_nobodys_here", "fields_decrypted",
        "liveness_type_known", "validate_data_fits", "optional_readable",
    ),
    "InvalidParameter": ("files_given",),
    "UnauthorizedOperation.Arrears": ("account_active",),
    "UnauthorizedOperation.Nonactivated": ("account_active",),
    "FailedOperation.DecryptSystemError": ("fields_decrypted",),
    "InvalidParameter.UnsupportEncryptField": ("fields_decrypted",),
    "FailedOperation.LifePhotoSizeError": ("picture_within_limit",),
    "FailedOperation.LifePhotoPoorQuality": ("picture_format_known",),
    "FailedOperation.IdFormatError": ("number_form_right",),
    "FailedOperation.DownLoadError": ("urls_are_web",),
    "FailedOperation.LipSizeError": ("video_within_limit",),
    "FailedOperation.LipVideoInvalid": ("video_is_one",),
    "FailedOperation.LipVideoQuaility": ("video_large_enough",),
    "FailedOperation.LipVoiceDetect": ("video_has_sound",),
    "FailedOperation.NameFormatError": ("name_form_right",),
}  # fmt: skip
"""The checks that answer a code of the action in the product's own text."""


def _raised_by(code: str) -> tuple[str, ...]:
    """The checks that answer a code, in whichever text, and SCENARIO."""
    messages = [name for name, row in errors.TABLE.items() if row.code == code]
    by_messages = [check for name in messages for check in MESSAGES_RAISED_BY.get(name, ())]
    return tuple(dict.fromkeys([*by_messages, *_TEXTS_RAISED_BY.get(code, ()), SCENARIO]))


def _group(code: str) -> Group:
    beginnings = [start for start in _GROUPS if code.startswith(start)]
    return _GROUPS[max(beginnings, key=len)] if beginnings else "request"


def _code(
    number: str, en: str, en_evidence: Evidence, zh: str, zh_evidence: Evidence, meaning: tuple[str, str], place: str
) -> Code:
    return Code(
        number, number, meaning[1], meaning[0], words(en, zh), en_evidence, 200, "wire", _group(number), place,
        raised_by=_raised_by(number), message_zh_evidence=zh_evidence,
    )  # fmt: skip


def _of_result(row: ResultCode) -> Code:
    place = ERROR if row.where in ("error", "either") else RESULT
    meaning = row.english.rstrip("."), row.chinese.rstrip("。")
    return _code(row.code, row.english, row.english_evidence, row.chinese, row.chinese_evidence, meaning, place)


SUCCESS = _of_result(results.SUCCESS)
OF_ACTION: tuple[Code, ...] = tuple(_of_result(row) for row in results.TABLE)
"""The 28 codes of ImageRecognition, in the order of its documentation."""
OF_LIVENESS: tuple[Code, ...] = tuple(_of_result(row) for row in liveness.TABLE)
"""The codes that only the actions have that look at a video."""
OF_PRODUCT: frozenset[str] = frozenset(str(code.number) for code in (SUCCESS, *OF_ACTION, *OF_LIVENESS))
"""The codes whose texts are the product's, not the gateway's."""

_SAMPLES: dict[str, dict[str, object]] = {
    "MissingParameter": {"x": "ImageBase64"},
    "UnknownParameter": {"x": "Bucket"},
    "NoSuchVersion": {"x": "2017-03-12", "y": "faceid"},
    "UnsupportedProtocol": {"x": "multipart/form-data"},
    "RequestLimitExceeded": {"x": 21, "y": 20},
}
"""What fills the holes of a message that a scenario answers; a check fills them with what came."""


def _of_gateway(code: str) -> Code:
    row = errors.BY_CODE[code][0]
    meaning = row.meaning_en, row.meaning_zh
    en, zh = (errors.render(row, language, **_SAMPLES.get(code, {})) for language in ("en", "zh"))
    return _code(code, en, row.english_evidence, zh, row.chinese_evidence, meaning, ERROR)


OF_GATEWAY: tuple[Code, ...] = tuple(
    _of_gateway(code) for code in errors.BY_CODE if code not in {one.number for one in OF_ACTION}
)
"""The gateway's errors that are not also documented for the action."""

WITH_PAGE = CodeTable([*PAGE, SUCCESS, *OF_ACTION, *OF_LIVENESS, *OF_GATEWAY])
"""The codes of the image API and these: what scenario files may name where no operations are given."""

EVERY: dict[str, Code] = {str(code.number): code for code in (SUCCESS, *OF_ACTION, *OF_LIVENESS, *OF_GATEWAY)}
"""Every code by its text."""
