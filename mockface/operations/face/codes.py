"""Codes of the sisters that the page of idcardcompare does not have, and each sister's list.

Source of the numbers and their meanings: the pages of the operations; the messages are assumed, in the style of those
that were seen. The pages also paste codes of persons and groups, which none of the operations here can give: those are
left out.
"""

from __future__ import annotations

from mockface import codes
from mockface.codes import NO_DATA, SCENARIO, Code, CodeTable, Group


def _code(
    number: int, name: str, zh: str, en: str, message: str, group: Group, raised_by: tuple[str, ...] = ()
) -> Code:  # fmt: skip
    return Code(number, name, zh, en, message, "assumed", 200, "assumed", group, NO_DATA, (*raised_by, SCENARIO))


FACE_NOT_DETECTED = _code(
    -1101, "FACE_NOT_DETECTED", "人脸检测失败", "face detection failed", "SDK_FACE_DETECT_FAILED", "photo"
)
FACE_IMAGE_UNDECODABLE = _code(
    -1102, "FACE_IMAGE_UNDECODABLE", "图片解码失败", "the picture cannot be decoded", "SDK_FACE_IMAGE_DECODE_FAILED",
    "photo", ("photos_decodable", "photo_decodable"),
)  # fmt: skip
FACE_FEATURE = _code(
    -1103, "FACE_FEATURE", "特征处理失败", "feature extraction failed", "SDK_FACE_FEATURE_FAILED", "photo"
)
FACE_IMAGE_EMPTY = _code(
    -1300, "FACE_IMAGE_EMPTY", "图片为空", "the picture is empty", "SDK_FACE_IMAGE_EMPTY", "photo", ("photos_given",)
)  # fmt: skip
FACE_PARAMETER_EMPTY = _code(
    -1301, "FACE_PARAMETER_EMPTY", "参数为空", "a parameter is empty", "SDK_FACE_PARAM_EMPTY", "request"
)  # fmt: skip
FACE_PARAMETER_LONG = _code(
    -1304, "FACE_PARAMETER_LONG", "参数过长", "a parameter is too long", "SDK_FACE_PARAM_TOO_LONG", "request"
)  # fmt: skip
FACE_URL_FAILED = _code(
    -1308, "FACE_URL_FAILED", "url 图片下载失败", "the picture could not be downloaded", "SDK_FACE_URL_DOWNLOAD_FAILED",
    "photo", ("photo_urls_http",),
)  # fmt: skip
FACE_FORMAT_ILLEGAL = _code(
    -1400, "FACE_FORMAT_ILLEGAL", "非法的图片格式", "the format of the picture is illegal",
    "SDK_FACE_IMAGE_FORMAT_ILLEGAL", "photo",
)  # fmt: skip
FACE_DOWNLOAD_FAILED = _code(
    -1403, "FACE_DOWNLOAD_FAILED", "图片下载失败", "downloading the picture failed", "SDK_FACE_IMAGE_DOWNLOAD_FAILED",
    "photo",
)  # fmt: skip
IDENTITY_FORMAT = _code(
    -5806, "IDENTITY_FORMAT", "身份证号码或者身份证姓名格式错误", "the ID number or the name is malformed",
    "ERROR_IDCARD_FORMAT_INVALID", "identity",
)  # fmt: skip
IDENTITY_QUERY = _code(
    -5807, "IDENTITY_QUERY", "查询身份证信息错误", "the query of the register failed", "ERROR_IDCARD_QUERY_FAILED",
    "identity",
)  # fmt: skip

GATEWAY: tuple[Code, ...] = tuple(code for code in codes.TABLE if isinstance(code.number, int) and code.number > 0)
"""What the gateway answers for every operation: 3 to 213."""


def _page(*, without: tuple[Code, ...] = (), more: tuple[Code, ...] = ()) -> CodeTable:
    return CodeTable([*(code for code in codes.TABLE if code not in without), *more])


_REGISTER_PHOTO = (codes.REGISTER_PHOTO_INVALID, codes.REGISTER_PHOTO_POOR)
OF_DIGITS = _page(without=_REGISTER_PHOTO)
"""livegetfour and livedetectfour: 46 codes besides 0."""
OF_IDENTITY_VIDEO = codes.PAGE
"""idcardlivedetectfour: the 48 of idcardcompare, code for code."""
OF_PICTURE = _page(
    without=(*_REGISTER_PHOTO, codes.PHOTO_UNDECODABLE, codes.PHOTO_NO_FACE, codes.VIDEO_NOT_LIVE),
    more=(IDENTITY_FORMAT, IDENTITY_QUERY, FACE_NOT_DETECTED, FACE_IMAGE_UNDECODABLE),
)
"""livedetectpicture: the 45 of its page, -1102 of a neighbour's page, and -1101, which a program got."""
OF_COMPARE = CodeTable((
    codes.OK, *GATEWAY, FACE_NOT_DETECTED, FACE_IMAGE_UNDECODABLE, FACE_FEATURE, FACE_IMAGE_EMPTY, FACE_PARAMETER_EMPTY,
    FACE_PARAMETER_LONG, FACE_URL_FAILED, FACE_FORMAT_ILLEGAL, FACE_DOWNLOAD_FAILED,
))  # fmt: skip
"""compare: those of its page that two photos can earn."""
OF_IDENTITY = CodeTable((
    codes.OK, *GATEWAY, codes.IDENTITY_MISSING, codes.IDENTITY_DOWN, codes.NAME_MISMATCH, codes.NUMBER_INVALID,
    IDENTITY_FORMAT, IDENTITY_QUERY,
))  # fmt: skip
"""auth/idcard: no page of it is known; those of its neighbours that speak of a name and a number. Assumed."""
