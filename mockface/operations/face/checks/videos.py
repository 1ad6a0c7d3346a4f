"""Checks of a video operation's fields: the form of its body, the video, the card, the flag, the person."""

from __future__ import annotations

from mockface import codes
from mockface.checks import Rules, showing
from mockface.checks.check import check
from mockface.model import Call, Picture, Refused, Video
from mockface.privacy.masking import quoted
from mockface.reasons import Reason, joined, words
from mockface.request.limits import unreadable
from mockface.request.picture import ACCEPTED_FORMATS, likeness
from mockface.request.video import ACCEPTED_CONTAINERS, MIN_SIDES, mute, too_small, trouble

_MEANING = words("page for the code's meaning, assumed for its test", "错误码含义出自厂商文档，判断方法为假定")
_PAGE = words("page", "厂商文档")
_ASSUMED = words("page for the field, assumed for the code", "字段出自厂商文档，错误码为假定")
_FORMATS = joined(ACCEPTED_FORMATS)

_NO_MULTIPART = Reason(
    "the body is {kind}; this operation takes multipart/form-data alone",
    "请求体为 {kind}；该接口只接受 multipart/form-data",
)
_KINDS = {"json": words("JSON", "JSON"), "": words("empty", "空")}


@check(
    title=words("The body is multipart", "请求体为 multipart"),
    evidence=words("page for the form, assumed for the code", "形式出自厂商文档，错误码为假定"),
    wanted=words("multipart/form-data", "multipart/form-data"),
    came=lambda call: call.kind or showing.NONE,
)
def body_is_multipart(call: Call, rules: Rules) -> Refused | None:
    """The body is multipart/form-data."""
    kind = call.raw.body.kind
    return None if kind == "multipart" else unreadable(_NO_MULTIPART.of(kind=_KINDS.get(kind, kind)))


_FLAG = Reason("compare_flag is {came}; expected true or false", "compare_flag 为 {came}；应为 true 或 false")
_NO_FLAG = words("absent", "缺失")


@check(
    title=words("compare_flag is true or false", "compare_flag 为 true 或 false"),
    evidence=_ASSUMED,
    wanted=words("true or false", "true 或 false"),
    came=lambda call: showing.field(call, "compare_flag"),
)
def flag_given(call: Call, rules: Rules) -> Refused | None:
    """compare_flag is true or false, in any case of letters."""
    flag = call.fields.get("compare_flag")
    if isinstance(flag, str) and flag.lower() in ("true", "false"):
        return None
    came = quoted(flag, 20) if isinstance(flag, str) else _NO_FLAG
    return Refused(codes.INVALID_PARAMETER, _FLAG.of(came=came))


def compares(call: Call) -> bool:
    """Whether a call asks for the comparison with the card: its compare_flag is true."""
    flag = call.fields.get("compare_flag")
    return isinstance(flag, str) and flag.lower() == "true"


_NO_VIDEO = words(
    "no video came, or an empty one; expected a part named video", "没有收到 video，或为空；应有名为 video 的部分"
)


@check(
    title=words("A video is given", "给出了视频"),
    evidence=_ASSUMED,
    wanted=words("a part named video", "名为 video 的部分"),
    came=showing.video,
)
def video_given(call: Call, rules: Rules) -> Refused | None:
    """There is a video."""
    return None if "video" in call.fields else Refused(codes.INVALID_PARAMETER, _NO_VIDEO)


_ANY = Reason("{why}, or anything with --videos any", "{why}；用 --videos any 则接受任何内容")
_SMALL = Reason(
    "the video is {width}x{height}; expected {short} by {long} pixels at least, upright or not, or --videos any",
    "视频为 {width}x{height}；至少应为 {short}x{long} 像素，横竖均可；或用 --videos any",
)
_MUTE = words(
    "the video has no sound track; expected one, or --videos any", "视频没有音轨；应有音轨，或用 --videos any"
)


@check(
    title=words("The video is valid", "视频有效"),
    evidence=_MEANING,
    wanted=joined(ACCEPTED_CONTAINERS),
    came=showing.video,
)
def video_valid(call: Call, rules: Rules) -> Refused | None:
    """The video is a whole file of a known container with a video track; it is not decoded."""
    video = call.fields.get("video")
    if rules.any_video or not isinstance(video, Video):
        return None
    why = trouble(video)
    return None if why is None else Refused(codes.VIDEO_INVALID, _ANY.of(why=why))


@check(
    title=words("The video is large enough", "视频尺寸足够"),
    evidence=_PAGE,
    wanted=Reason("{short} by {long} pixels", "{short}x{long} 像素").of(short=MIN_SIDES[0], long=MIN_SIDES[1]),
    came=showing.video,
)
def video_large_enough(call: Call, rules: Rules) -> Refused | None:
    """The sides, as they are shown, are 270 and 480 pixels at least."""
    video = call.fields.get("video")
    if rules.any_video or not isinstance(video, Video) or not too_small(video):
        return None
    sides = {"width": video.width, "height": video.height, "short": MIN_SIDES[0], "long": MIN_SIDES[1]}
    return Refused(codes.VIDEO_TOO_SMALL, _SMALL.of(**sides))


@check(
    title=words("The video has sound", "视频有声音"),
    evidence=_MEANING,
    wanted=words("a sound track", "音轨"),
    came=showing.video,
)
def video_has_sound(call: Call, rules: Rules) -> Refused | None:
    """The video has a sound track."""
    video = call.fields.get("video")
    if rules.any_video or not isinstance(video, Video) or not mute(video):
        return None
    return Refused(codes.VIDEO_NO_SOUND, _MUTE)


_NO_CARD = words(
    "compare_flag is true and no card came; expected a part named card",
    "compare_flag 为 true，但没有 card；应有名为 card 的部分",
)


@check(
    title=words("A card is given to compare with", "给出了用于比对的证件照"),
    evidence=_ASSUMED,
    wanted=words("a part named card, where compare_flag is true", "compare_flag 为 true 时，名为 card 的部分"),
    came=showing.picture,
)
def card_given(call: Call, rules: Rules) -> Refused | None:
    """There is a card where compare_flag is true."""
    return Refused(codes.INVALID_PARAMETER, _NO_CARD) if compares(call) and "card" not in call.fields else None


_BAD_CARD = Reason(
    "the card ({form}, {size} bytes) {likeness} by its first bytes; expected {wanted}",
    "card（{form}，{size} 字节）从开头字节{likeness}；接受 {wanted}",
)
_GIF_CARD = Reason("the card is a GIF; expected {wanted}", "card 是 GIF；接受 {wanted}")


@check(
    title=words("The card is of a known format", "证件照格式可识别"),
    evidence=_MEANING,
    wanted=joined(ACCEPTED_FORMATS),
    came=showing.picture,
)
def card_decodable(call: Call, rules: Rules) -> Refused | None:
    """The card is JPEG, PNG, BMP or WEBP by its bytes, where it is compared."""
    card = call.fields.get("card")
    if not compares(call) or not isinstance(card, Picture):
        return None
    if card.format == "GIF":
        return Refused(codes.CARD_UNDECODABLE, _GIF_CARD.of(wanted=_FORMATS))
    if rules.any_picture or (card.format and not card.fault):
        return None
    came = {"form": card.form, "size": card.size_bytes, "likeness": likeness(card.head)}
    return Refused(codes.CARD_UNDECODABLE, _BAD_CARD.of(**came, wanted=_FORMATS))
