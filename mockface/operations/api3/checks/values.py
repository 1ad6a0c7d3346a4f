"""What is checked of the values of single fields: the picture, the number, the name, Extra."""

from __future__ import annotations

from mockface.checks import Rules, showing
from mockface.checks.check import check
from mockface.gateway import codes
from mockface.model import Call, Picture, Refused
from mockface.operations.api3.checks.shared import ASSUMED
from mockface.reasons import Reason, joined, words
from mockface.request.picture import likeness

PICTURE_LIMIT = 3 * 1024 * 1024
"""The longest ImageBase64, in characters. Source: page (3 M); that it is binary megabytes is assumed."""
LONGEST_NAME = 32
"""The longest name, in characters: the limit of a sibling, assumed."""
LONGEST_EXTRA = 10


_NO_BASE64 = Reason("ImageBase64 is not Base64: {fault}", "ImageBase64 不是 Base64：{fault}")
_EMPTY = words("ImageBase64 is empty; expected a picture in Base64", "ImageBase64 为空；应为 Base64 编码的图片")
_DATA_URL = words(
    "ImageBase64 begins with data:, as a data URL does; send the Base64 alone",
    "ImageBase64 以 data: 开头（data URL）；应只发送 Base64",
)


@check(
    title=words("ImageBase64 is Base64", "ImageBase64 为 Base64"),
    evidence=words("page for Base64, assumed for the code", "Base64 出自厂商文档，错误码为假定"),
    wanted=words("Base64 of the standard alphabet", "标准字符表的 Base64"),
    came=showing.picture,
)
def picture_is_base64(call: Call, rules: Rules) -> Refused | None:
    """The picture is Base64, without the beginning of a data URL, and not empty; or a URL came in its place."""
    picture = call.fields.get("ImageBase64")
    if not picture and "ImageUrl" in call.fields:
        return None
    if not isinstance(picture, Picture):
        why = _EMPTY
    elif picture.form == "data-url":
        why = _DATA_URL
    elif picture.fault and not rules.any_picture:
        why = _NO_BASE64.of(fault=picture.fault)
    else:
        return None
    return Refused(codes.EVERY["InvalidParameterValue"], why)


_LONG = Reason(
    "ImageBase64 has {size} characters; expected at most {limit}", "ImageBase64 有 {size} 个字符；最多 {limit} 个"
)


@check(
    title=words("The picture is within the limit", "图片未超限"),
    evidence=words("page for 3 M, assumed for the code", "3 M 出自厂商文档，错误码为假定"),
    wanted=Reason("at most {limit} characters", "最多 {limit} 个字符").of(limit=PICTURE_LIMIT),
    came=showing.picture,
)
def picture_within_limit(call: Call, rules: Rules) -> Refused | None:
    """ImageBase64 has at most 3 M characters."""
    picture = call.fields.get("ImageBase64")
    if not isinstance(picture, Picture) or picture.size_bytes <= PICTURE_LIMIT:
        return None
    why = _LONG.of(size=picture.size_bytes, limit=PICTURE_LIMIT)
    return Refused(codes.EVERY["FailedOperation.LifePhotoSizeError"], why)


_FORMATS = ("JPEG", "PNG")
_UNLIKE = Reason(
    "the picture ({size} bytes) {likeness} by its first bytes; expected {wanted}, or anything with --pictures any",
    "图片（{size} 字节）从开头字节{likeness}；接受 {wanted}，用 --pictures any 则接受任何内容",
)
_OTHER_FORMAT = Reason(
    "the picture is {format}; expected {wanted}, or anything with --pictures any",
    "图片是 {format}；接受 {wanted}，用 --pictures any 则接受任何内容",
)


@check(
    title=words("The picture is JPEG or PNG", "图片为 JPEG 或 PNG"),
    evidence=words("page for the formats, assumed for the code", "格式出自厂商文档，错误码为假定"),
    wanted=joined(_FORMATS),
    came=showing.picture,
)
def picture_format_known(call: Call, rules: Rules) -> Refused | None:
    """The picture is JPEG or PNG by its bytes."""
    picture = call.fields.get("ImageBase64")
    if rules.any_picture or not isinstance(picture, Picture) or picture.format in _FORMATS:
        return None
    wanted = joined(_FORMATS)
    if picture.format:
        why = _OTHER_FORMAT.of(format=picture.format, wanted=wanted)
    else:
        why = _UNLIKE.of(size=picture.size_bytes, likeness=likeness(picture.head), wanted=wanted)
    return Refused(codes.EVERY["FailedOperation.LifePhotoPoorQuality"], why)


_EMPTY_NUMBER = words("IdCard is empty", "IdCard 为空")
_SMALL_X = words("IdCard ends in a small x; expected X", "IdCard 以小写 x 结尾；应为 X")
_FIFTEEN = words("IdCard has 15 digits; expected 18 characters", "IdCard 为 15 位；应为 18 位")


@check(
    title=words("The number is written as on the card", "号码书写正确"),
    evidence=words("assumed; a sibling's page for the small x", "假定；小写 x 出自同类接口的文档"),
    wanted=words("18 characters, X in capitals", "18 位，X 大写"),
    came=lambda call: call.number or showing.NONE,
)
def number_form_right(call: Call, rules: Rules) -> Refused | None:
    """The number is not empty, has not 15 digits, and ends in no small x. All else is its scenario's."""
    number = call.number
    why = _SMALL_X if number.endswith("x") else _FIFTEEN if len(number) == 15 else None if number else _EMPTY_NUMBER
    return None if why is None else Refused(codes.EVERY["FailedOperation.IdFormatError"], why)


_BAD_NAME = Reason(
    "the name has {count} characters; expected 1 to {limit}, without digits",
    "姓名有 {count} 个字符；应为 1 到 {limit} 个，不含数字",
)
_CHARACTERS = Reason("{count} characters", "{count} 个字符")


@check(
    title=words("The name is a name", "姓名格式正确"),
    evidence=ASSUMED,
    wanted=Reason("1 to {limit} characters without digits", "1 到 {limit} 个字符，不含数字").of(limit=LONGEST_NAME),
    came=lambda call: _CHARACTERS.of(count=len(call.name)),
)
def name_form_right(call: Call, rules: Rules) -> Refused | None:
    """The name has 1 to 32 characters and no digit."""
    name = call.name
    if name and len(name) <= LONGEST_NAME and not any(character.isdigit() for character in name):
        return None
    why = _BAD_NAME.of(count=len(name), limit=LONGEST_NAME)
    return Refused(codes.EVERY["FailedOperation.NameFormatError"], why)


_BAD_EXTRA = Reason(
    "Extra has {count} characters; expected 1 to {limit}", "Extra 有 {count} 个字符；应为 1 到 {limit} 个"
)


@check(
    title=words("Extra is within its limit", "Extra 长度正确"),
    evidence=words("page for the length, assumed for the code", "长度出自厂商文档，错误码为假定"),
    wanted=Reason("1 to {limit} characters, if given", "1 到 {limit} 个字符（若有）").of(limit=LONGEST_EXTRA),
    came=lambda call: showing.field(call, "Extra"),
)
def extra_within_limit(call: Call, rules: Rules) -> Refused | None:
    """Extra has 1 to 10 characters."""
    extra = call.fields.get("Extra")
    if not isinstance(extra, str) or 1 <= len(extra) <= LONGEST_EXTRA:
        return None
    why = _BAD_EXTRA.of(count=len(extra), limit=LONGEST_EXTRA)
    return Refused(codes.EVERY["InvalidParameterValue"], why)
