"""What is checked of the fields of the actions that look at a video: how it was recorded, where it is, what it is."""

from __future__ import annotations

import json
import re

from mockface.checks import Rules, showing
from mockface.checks.check import check
from mockface.gateway import codes
from mockface.journal.entry import text_of
from mockface.model import Call, Refused, Video
from mockface.operations.api3.checks.shared import ASSUMED
from mockface.privacy.masking import quoted
from mockface.reasons import Reason, joined, words

VIDEO_LIMIT = 8 * 1024 * 1024
"""The longest VideoBase64, in characters. Source: page (8 M); that it is binary megabytes is assumed."""
TYPES = ("LIP", "ACTION", "SILENT")
"""The values of LivenessType: digits are read aloud, actions are done, or neither. Source: page."""
FRAMES = range(2, 11)
"""How many best frames may be asked for. Source: page."""


def kind_of(call: Call) -> str:
    """How the video of a call was recorded: one of TYPES, or what came in its place."""
    return text_of(call, "LivenessType")


_OTHER_TYPE = Reason("LivenessType is {came}; expected {wanted}", "LivenessType 为 {came}；应为 {wanted}")


@check(
    title=words("LivenessType is known", "LivenessType 取值正确"),
    evidence=words("page for the values, assumed for the code", "取值出自厂商文档，错误码为假定"),
    wanted=joined(TYPES),
    came=lambda call: showing.field(call, "LivenessType"),
)
def liveness_type_known(call: Call, rules: Rules) -> Refused | None:
    """LivenessType is one of the three, in capitals."""
    if kind_of(call) in TYPES:
        return None
    why = _OTHER_TYPE.of(came=quoted(kind_of(call), 24), wanted=joined(TYPES))
    return Refused(codes.EVERY["InvalidParameterValue"], why)


_PAIRS = (("ImageBase64", "ImageUrl"), ("VideoBase64", "VideoUrl"))
_NEITHER = Reason("neither {first} nor {second} came; expected one of them", "{first} 和 {second} 都没有；应有其中一个")


@check(
    title=words("Every file is given", "文件齐全"),
    evidence=words(
        "page that one of the two is needed, assumed for the code", "二者须有其一出自厂商文档，错误码为假定"
    ),
    wanted=words("a file in Base64 or its URL, of each kind", "每种文件的 Base64 或 URL"),
    came=lambda call: (
        joined(name for pair in _PAIRS for name in pair if name in call.fields or _came_as_file(call, name))
        or showing.NONE
    ),
)
def files_given(call: Call, rules: Rules) -> Refused | None:
    """Of the video, and of the picture where the action has one, either the Base64 or the URL came."""
    for first, second in _PAIRS:
        if call.table.knows(first) and first not in call.fields and second not in call.fields:
            return Refused(codes.EVERY["InvalidParameter"], _NEITHER.of(first=first, second=second))
    return None


def _came_as_file(call: showing.Shown, name: str) -> bool:
    return {"ImageBase64": call.picture, "VideoBase64": call.video}.get(name) is not None


_DIGITS = re.compile(r"[0-9]{4}", re.ASCII)
_NO_DIGITS = Reason(
    "ValidateData is {came}; with LIP expected four digits, as GetLiveCode gives them",
    "ValidateData 为 {came}；LIP 模式应为四位数字，由 GetLiveCode 得到",
)
_ACTIONS = ("1,2", "2,1")
_NO_ACTIONS = Reason(
    "ValidateData is {came}; with ACTION expected 1,2 or 2,1, as GetActionSequence gives it",
    "ValidateData 为 {came}；ACTION 模式应为 1,2 或 2,1，由 GetActionSequence 得到",
)
_NOT_SILENT = Reason("ValidateData is {came}; with SILENT expected none", "ValidateData 为 {came}；SILENT 模式应为空")


@check(
    title=words("ValidateData fits LivenessType", "ValidateData 与 LivenessType 相符"),
    evidence=words("page for the forms, assumed for the code", "形式出自厂商文档，错误码为假定"),
    wanted=words("LIP: four digits; ACTION: 1,2 or 2,1; SILENT: none", "LIP：四位数字；ACTION：1,2 或 2,1；SILENT：空"),
    came=lambda call: showing.field(call, "ValidateData"),
)
def validate_data_fits(call: Call, rules: Rules) -> Refused | None:
    """ValidateData is what the kind of the video wants."""
    came, kind = text_of(call, "ValidateData"), kind_of(call)
    if kind == "LIP":
        why = None if _DIGITS.fullmatch(came) else _NO_DIGITS
    elif kind == "ACTION":
        why = None if came in _ACTIONS else _NO_ACTIONS
    else:
        why = _NOT_SILENT if came else None
    return None if why is None else Refused(codes.EVERY["InvalidParameterValue"], why.of(came=quoted(came, 24)))


_NO_OPTIONS = Reason(
    "Optional is {came}; expected a JSON object, such as {example}",
    "Optional 为 {came}；应为 JSON 对象，例如 {example}",
)
_EXAMPLE = '{"BestFrameNum": 2}'
_NO_COUNT = Reason(
    "BestFrameNum of Optional is {came}; expected a whole number from {low} to {high}",
    "Optional 中的 BestFrameNum 为 {came}；应为 {low} 到 {high} 的整数",
)


def _count_of(call: Call) -> object:
    """The BestFrameNum of Optional as it came, None where none is asked for. Raises ValueError for no JSON object."""
    given = text_of(call, "Optional")
    if not given:
        return None
    try:
        options = json.loads(given)
    except RecursionError as fault:
        raise ValueError("nested too deeply") from fault
    if not isinstance(options, dict):
        raise ValueError("no object")
    return options.get("BestFrameNum")


def _is_count(count: object) -> bool:
    return type(count) is int and count in FRAMES


def frames_wanted(call: Call) -> int | None:
    """How many best frames are asked for, None where none are or Optional is wrong."""
    try:
        count = _count_of(call)
    except ValueError:
        return None
    return count if isinstance(count, int) and _is_count(count) else None


@check(
    title=words("Optional can be read", "Optional 可解析"),
    evidence=words("page for the form, assumed for the code", "形式出自厂商文档，错误码为假定"),
    wanted=words(
        "a JSON object with BestFrameNum from 2 to 10, if given", "JSON 对象，BestFrameNum 为 2 到 10（若有）"
    ),
    came=lambda call: showing.field(call, "Optional"),
)
def optional_readable(call: Call, rules: Rules) -> Refused | None:
    """Optional, if it is not empty, is a JSON object whose BestFrameNum is a whole number from 2 to 10."""
    try:
        count = _count_of(call)
    except ValueError:
        why = _NO_OPTIONS.of(came=quoted(text_of(call, "Optional"), 40), example=_EXAMPLE)
        return Refused(codes.EVERY["InvalidParameterValue"], why)
    if count is None or _is_count(count):
        return None
    why = _NO_COUNT.of(came=quoted(str(count), 24), low=FRAMES[0], high=FRAMES[-1])
    return Refused(codes.EVERY["InvalidParameterValue"], why)


_IS_WEB = re.compile(r"https?://[^/]", re.IGNORECASE | re.ASCII)
_NO_WEB = Reason(
    "{name} is {came}; expected http:// or https:// (mockface never fetches it)",
    "{name} 为 {came}；应为 http:// 或 https://（mockface 不会下载）",
)


@check(
    title=words("A file's URL is of the web", "文件的 URL 是网址"),
    evidence=ASSUMED,
    wanted=words("http:// or https://, where no Base64 came", "http:// 或 https://（没有 Base64 时）"),
    came=lambda call: joined(one for one in (call.fields.get(second) for _, second in _PAIRS) if one) or showing.NONE,
)
def urls_are_web(call: Call, rules: Rules) -> Refused | None:
    """A URL that counts, as no Base64 came beside it, begins as one of the web."""
    for first, second in _PAIRS:
        came = call.fields.get(second)
        if not isinstance(came, str) or call.fields.get(first) or _IS_WEB.match(came):
            continue
        return Refused(codes.EVERY["FailedOperation.DownLoadError"], _NO_WEB.of(name=second, came=quoted(came, 40)))
    return None


def _video_came(call: showing.Shown) -> str:
    return call.fields.get("VideoUrl") or showing.NONE if call.video is None else showing.video(call)


_EMPTY = words("VideoBase64 is empty, and no VideoUrl came", "VideoBase64 为空，也没有 VideoUrl")
_LONG = Reason(
    "VideoBase64 has {size} characters; expected at most {limit}", "VideoBase64 有 {size} 个字符；最多 {limit} 个"
)


@check(
    title=words("The video is within the limit", "视频未超限"),
    evidence=words("page for 8 M, assumed for the code", "8 M 出自厂商文档，错误码为假定"),
    wanted=Reason("1 to {limit} characters", "1 到 {limit} 个字符").of(limit=VIDEO_LIMIT),
    came=_video_came,
)
def video_within_limit(call: Call, rules: Rules) -> Refused | None:
    """VideoBase64 has at most 8 M characters, and some where no VideoUrl came."""
    video = call.fields.get("VideoBase64")
    if isinstance(video, Video):
        why = None if video.size_bytes <= VIDEO_LIMIT else _LONG.of(size=video.size_bytes, limit=VIDEO_LIMIT)
    else:
        why = None if "VideoUrl" in call.fields else _EMPTY
    return None if why is None else Refused(codes.EVERY["FailedOperation.LipSizeError"], why)


_OR_ANY = Reason("{why}; --videos any takes anything", "{why}；用 --videos any 则接受任何内容")
_DATA_URL = words(
    "VideoBase64 begins with data:, as a data URL does; send the Base64 alone",
    "VideoBase64 以 data: 开头（data URL）；应只发送 Base64",
)
_TROUBLE = Reason("VideoBase64: {why}", "VideoBase64：{why}")


@check(
    title=words("The video is one", "视频有效"),
    evidence=words("page for the formats, assumed for the tests", "格式出自厂商文档，判断方法为假定"),
    wanted=words("a whole MP4, MOV, 3GP, FLV or AVI", "完整的 MP4、MOV、3GP、FLV 或 AVI"),
    came=_video_came,
)
def video_is_one(call: Call, rules: Rules) -> Refused | None:
    """The video is one by its bytes, whole, in a container that is accepted; `--videos any` takes anything."""
    video = call.fields.get("VideoBase64")
    if rules.any_video or not isinstance(video, Video):
        return None
    # Few calls have a video: a start needs nothing that judges one.
    from mockface.request.video import trouble

    wrong = _DATA_URL if video.form == "data-url" else trouble(video)
    if wrong is None:
        return None
    why = wrong if wrong is _DATA_URL else _TROUBLE.of(why=wrong)
    return Refused(codes.EVERY["FailedOperation.LipVideoInvalid"], _OR_ANY.of(why=why))


_SMALL = Reason(
    "the video has {width} * {height} pixels; expected at least {least}",
    "视频为 {width} * {height} 像素；至少应为 {least}",
)


@check(
    title=words("The video is large enough", "视频尺寸足够"),
    evidence=words("page of the old API for the size, assumed here", "尺寸出自旧接口文档，此处为假定"),
    wanted=words("at least 270 * 480 pixels, either side up", "至少 270 * 480 像素，横竖均可"),
    came=_video_came,
)
def video_large_enough(call: Call, rules: Rules) -> Refused | None:
    """The video has at least 270 * 480 pixels; one whose size cannot be told is let pass."""
    video = call.fields.get("VideoBase64")
    if rules.any_video or not isinstance(video, Video):
        return None
    # As above.
    from mockface.request.video import MIN_SIDES, too_small

    if not too_small(video):
        return None
    why = _SMALL.of(width=video.width, height=video.height, least=" * ".join(map(str, MIN_SIDES)))
    return Refused(codes.EVERY["FailedOperation.LipVideoQuaility"], _OR_ANY.of(why=why))


_MUTE = words(
    "the video has no sound, and LIP is for digits that are read aloud", "视频没有声音，而 LIP 模式需要读出数字"
)


@check(
    title=words("The video has sound", "视频有声音"),
    evidence=ASSUMED,
    wanted=words("sound, with LIP", "LIP 模式有声音"),
    came=_video_came,
)
def video_has_sound(call: Call, rules: Rules) -> Refused | None:
    """A video in which digits are read aloud has sound."""
    video = call.fields.get("VideoBase64")
    if rules.any_video or not isinstance(video, Video) or kind_of(call) != "LIP":
        return None
    # As above.
    from mockface.request.video import mute

    return Refused(codes.EVERY["FailedOperation.LipVoiceDetect"], _OR_ANY.of(why=_MUTE)) if mute(video) else None
