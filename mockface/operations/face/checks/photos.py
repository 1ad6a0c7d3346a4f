"""Checks of the operations on photos: two of them to compare, or one to judge."""

from __future__ import annotations

from mockface import codes
from mockface.checks import Rules, showing
from mockface.checks.check import check
from mockface.model import Call, Picture, Refused, WrongType, kind_in_words
from mockface.operations.face.bodies import SIDES
from mockface.operations.face.codes import FACE_IMAGE_EMPTY, FACE_IMAGE_UNDECODABLE, FACE_URL_FAILED
from mockface.privacy.masking import quoted
from mockface.reasons import Reason, Said, joined, words
from mockface.request.picture import ACCEPTED_FORMATS, likeness

_ASSUMED = words("page for the fields, assumed for the code", "字段出自厂商文档，错误码为假定")
_FORMATS = joined(ACCEPTED_FORMATS)
_HTTP = words("http:// or https://", "http:// 或 https://")

_NO_TEXT = Reason("{name} is a JSON {kind}; expected a string", "{name} 是 JSON 的{kind}；应为字符串")
_STRINGS = words("strings", "字符串")
_KIND_OF = Reason("{name}: {kind}", "{name}：{kind}")


@check(
    title=words("The fields are text", "字段为字符串"),
    evidence=words("page for the types, assumed for the code", "类型出自厂商文档，错误码为假定"),
    wanted=_STRINGS,
    came=lambda call: (
        joined(_KIND_OF.of(name=name, kind=kind_in_words(kind)) for name, kind in call.wrong_types.items()) or _STRINGS
    ),
)
def texts_are_text(call: Call, rules: Rules) -> Refused | None:
    """Every known field is a string."""
    for name, value in call.fields.items():
        if isinstance(value, WrongType):
            return Refused(codes.INVALID_PARAMETER, _NO_TEXT.of(name=name, kind=kind_in_words(value.kind)))
    return None


_NO_SIDE = Reason(
    "neither {url} nor {image}, or both empty; expected one of them",
    "没有 {url} 也没有 {image}，或都为空；需要其中之一",
)


@check(
    title=words("Two pictures are given", "给出了两张图片"),
    evidence=_ASSUMED,
    wanted=words("imageA or urlA, and imageB or urlB", "imageA 或 urlA，以及 imageB 或 urlB"),
    came=lambda call: call.form,
)
def photos_given(call: Call, rules: Rules) -> Refused | None:
    """Each of the two pictures came, as a file or by its URL."""
    for image, url in SIDES:
        if image not in call.fields and url not in call.fields:
            return Refused(FACE_IMAGE_EMPTY, _NO_SIDE.of(image=image, url=url))
    return None


_OTHER_SCHEME = Reason(
    "{name} begins {begins}; expected http:// or https:// (it is not fetched)",
    "{name} 以 {begins} 开头；应为 http:// 或 https://（不会下载）",
)


def _not_http(call: Call, name: str) -> Said | None:
    url = call.fields.get(name)
    if not isinstance(url, str) or url.lower().startswith(("http://", "https://")):
        return None
    return _OTHER_SCHEME.of(name=name, begins=quoted(url, 8))


@check(
    title=words("The URLs are http or https", "URL 为 http 或 https"),
    evidence=_ASSUMED,
    wanted=_HTTP,
    came=lambda call: joined(showing.field(call, url) for _, url in SIDES),
)
def photo_urls_http(call: Call, rules: Rules) -> Refused | None:
    """The URLs of the pictures are http or https; they are never fetched."""
    for _, url in SIDES:
        why = _not_http(call, url)
        if why is not None:
            return Refused(FACE_URL_FAILED, why)
    return None


_GIF = Reason("{name} is a GIF; expected {wanted}", "{name} 是 GIF；接受 {wanted}")
_NO_BASE64 = Reason("{name} is not base64: {fault}; expected {wanted}", "{name} 不是 base64：{fault}；接受 {wanted}")
_UNLIKE = Reason(
    "{name} ({form}, {size} bytes) {likeness} by its first bytes; expected {wanted}, or anything with --pictures any",
    "{name}（{form}，{size} 字节）从开头字节{likeness}；接受 {wanted}，用 --pictures any 则接受任何内容",
)


def _undecodable(call: Call, name: str, rules: Rules) -> Said | None:
    picture = call.fields.get(name)
    if not isinstance(picture, Picture):
        return None
    if picture.format == "GIF":
        return _GIF.of(name=name, wanted=_FORMATS)
    if rules.any_picture or (picture.format and not picture.fault):
        return None
    if picture.fault:
        return _NO_BASE64.of(name=name, fault=picture.fault, wanted=_FORMATS)
    told = {"form": picture.form, "size": picture.size_bytes, "likeness": likeness(picture.head)}
    return _UNLIKE.of(name=name, **told, wanted=_FORMATS)


@check(
    title=words("The pictures are of a known format", "图片格式可识别"),
    evidence=_ASSUMED,
    wanted=joined(ACCEPTED_FORMATS),
    came=showing.picture,
)
def photos_decodable(call: Call, rules: Rules) -> Refused | None:
    """The pictures are JPEG, PNG, BMP or WEBP by their bytes; a URL makes one unseen."""
    for image, url in SIDES:
        why = None if url in call.fields else _undecodable(call, image, rules)
        if why is not None:
            return Refused(FACE_IMAGE_UNDECODABLE, why)
    return None


@check(
    title=words("The picture is of a known format", "图片格式可识别"),
    evidence=_ASSUMED,
    wanted=joined(ACCEPTED_FORMATS),
    came=showing.picture,
)
def photo_decodable(call: Call, rules: Rules) -> Refused | None:
    """The image is JPEG, PNG, BMP or WEBP by its bytes; a url makes it unseen."""
    why = None if "url" in call.fields else _undecodable(call, "image", rules)
    return None if why is None else Refused(FACE_IMAGE_UNDECODABLE, why)
