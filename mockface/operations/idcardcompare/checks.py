"""Checks of the operation's own fields: who, and which picture."""

from __future__ import annotations

from mockface import codes, idcard
from mockface.checks import showing
from mockface.checks.check import check
from mockface.checks.rules import Rules
from mockface.model import Call, Picture, Refused, WrongType, kind_in_words
from mockface.privacy.masking import quoted
from mockface.reasons import Reason, joined, words
from mockface.request.picture import ACCEPTED_FORMATS, likeness

_HTTP = ("http://", "https://")
_NO_IDENTITY = Reason("{missing} absent or empty; both are needed", "{missing} 缺失或为空；两者都需要")
_NO_TEXT = Reason("{name} is a JSON {kind}; expected a string", "{name} 是 JSON 的{kind}；应为字符串")
_KIND_OF = Reason("{name}: {kind}", "{name}：{kind}")
_STRINGS = words("strings", "字符串")
_SOMEBODYS = words(
    "idcard_number looks like a real person's, and --deny-real-ids is on; 'mockface ids' prints numbers that "
    "nobody holds",
    "idcard_number 看起来属于真人，而 --deny-real-ids 已打开；'mockface ids' 可打印不属于任何人的号码",
)
_NO_PICTURE = words(
    "neither url nor image, or both empty; expected one of them", "没有 url 也没有 image，或都为空；需要其中之一"
)
_OTHER_SCHEME = Reason(
    "url begins {begins}; expected http:// or https:// (it is not fetched)",
    "url 以 {begins} 开头；应为 http:// 或 https://（不会下载）",
)
_FORMATS = joined(ACCEPTED_FORMATS)
_A_GIF = Reason("the image is a GIF by its first bytes; expected {wanted}", "按开头字节，图片是 GIF；接受 {wanted}")
_UNDECODABLE = Reason(
    "{why}; expected {wanted}, or anything with --pictures any",
    "{why}；接受 {wanted}，用 --pictures any 则接受任何内容",
)
_NO_BASE64 = Reason("the image came as {form} but is not base64: {fault}", "图片以 {form} 发送，但不是 base64：{fault}")
_UNLIKE = Reason(
    "the image ({form}, {size} bytes) {likeness} by its first bytes", "图片（{form}，{size} 字节）从开头字节{likeness}"
)


@check(
    title=words("Number and name are given", "给出了号码和姓名"),
    evidence=words("page", "厂商文档"),
    wanted=words("idcard_number and idcard_name", "idcard_number 和 idcard_name"),
    came=lambda call: joined(showing.field(call, name) for name in ("idcard_number", "idcard_name")),
)
def identity_given(call: Call, rules: Rules) -> Refused | None:
    """Number and name are there and not empty."""
    fields = call.fields
    if "idcard_number" in fields and "idcard_name" in fields:
        return None
    missing = [name for name in ("idcard_number", "idcard_name") if name not in fields]
    return Refused(codes.IDENTITY_MISSING, _NO_IDENTITY.of(missing=joined(missing, " and ", " 和 ")))


@check(
    title=words("The fields are text", "字段为字符串"),
    evidence=words("page for the types, assumed for the code", "类型出自厂商文档，错误码为假定"),
    wanted=_STRINGS,
    came=lambda call: (
        joined(_KIND_OF.of(name=name, kind=kind_in_words(kind)) for name, kind in call.wrong_types.items()) or _STRINGS
    ),
)
def fields_are_text(call: Call, rules: Rules) -> Refused | None:
    """Every known field is a string, but for an image where a url wins."""
    if WrongType not in map(type, call.fields.values()):
        return None
    for name in call.table.text if "url" in call.fields else (*call.table.text, *call.table.pictures):
        value = call.fields.get(name)
        if isinstance(value, WrongType):
            return Refused(codes.INVALID_PARAMETER, _NO_TEXT.of(name=name, kind=kind_in_words(value.kind)))
    return None


@check(
    title=words("The number is nobody's", "号码不属于真人"),
    wanted=words("a number that nobody holds, with --deny-real-ids", "不属于真人的号码（--deny-real-ids）"),
    came=lambda call: call.number or showing.NONE,
)
def number_is_nobodys(call: Call, rules: Rules) -> Refused | None:
    """With `--deny-real-ids`, no number that looks like a real person's is taken. A rule of mockface's own."""
    if not rules.deny_real_ids:
        return None
    number = call.fields.get("idcard_number")
    if not isinstance(number, str) or not idcard.looks_real(number, call.now):
        return None
    return Refused(codes.INVALID_PARAMETER, _SOMEBODYS)


@check(
    title=words("A picture is given", "给出了图片"),
    evidence=words("page", "厂商文档"),
    wanted=words("url or image", "url 或 image"),
    came=lambda call: call.form,
)
def picture_given(call: Call, rules: Rules) -> Refused | None:
    """There is a url or an image."""
    if "url" in call.fields or "image" in call.fields:
        return None
    return Refused(codes.PHOTO_MISSING, _NO_PICTURE)


@check(
    title=words("The URL is http or https", "URL 为 http 或 https"),
    evidence=words("page for the code", "厂商文档（错误码）"),
    wanted=words("http:// or https://", "http:// 或 https://"),
    came=lambda call: showing.field(call, "url"),
)
def url_is_http(call: Call, rules: Rules) -> Refused | None:
    """A url is http or https; it is never fetched, mockface is offline."""
    url = call.fields.get("url")
    if not isinstance(url, str) or url.startswith(_HTTP) or url.lower().startswith(_HTTP):
        return None
    return Refused(codes.PHOTO_MISSING, _OTHER_SCHEME.of(begins=quoted(url, 8)))


@check(
    title=words("The picture is of a known format", "图片格式可识别"),
    evidence=words("page for GIF", "厂商文档（GIF）"),
    wanted=joined(ACCEPTED_FORMATS),
    came=showing.picture,
)
def picture_decodable(call: Call, rules: Rules) -> Refused | None:
    """The image is JPEG, PNG, BMP or WEBP by its bytes; a url makes it unseen."""
    picture = call.fields.get("image")
    if "url" in call.fields or not isinstance(picture, Picture):
        return None
    if picture.format == "GIF":
        return Refused(codes.PHOTO_UNDECODABLE, _A_GIF.of(wanted=_FORMATS))
    if rules.any_picture or (picture.format and not picture.fault):
        return None
    if picture.fault:
        why = _NO_BASE64.of(form=picture.form, fault=picture.fault)
    else:
        why = _UNLIKE.of(form=picture.form, size=picture.size_bytes, likeness=likeness(picture.head))
    return Refused(codes.PHOTO_UNDECODABLE, _UNDECODABLE.of(why=why, wanted=_FORMATS))
