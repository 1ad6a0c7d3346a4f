"""Judges a video by what was seen of it: whether it is one, is large enough, has sound.

Takes a Video; the words are those of the codes -5001, -5015 and -5007 of the service, whose own tests are not known.
"""

from __future__ import annotations

from mockface.model import Video
from mockface.reasons import Reason, Said, joined, words
from mockface.request.picture import likeness
from mockface.request.video.containers import named

ACCEPTED_CONTAINERS = ("MP4", "MOV", "3GP", "FLV", "AVI")
MIN_SIDES = (270, 480)
"""The least pixels of the shorter and of the longer side, whichever is upright."""

_EMPTY = words("it is empty", "内容为空")
_NO_BASE64 = Reason("it is not base64: {fault}", "不是 base64：{fault}")
_NOT_ACCEPTED = Reason(
    "it is {container}, which is not accepted; expected {accepted}", "是 {container}，不接受这种容器；应为 {accepted}"
)
_IS = Reason(
    "it is {name} by its first bytes; expected a video: {accepted}", "从开头字节看，是 {name}；应为视频：{accepted}"
)
_LIKE = Reason(
    "it {likeness} by its first bytes; expected a video: {accepted}", "从开头字节{likeness}；应为视频：{accepted}"
)
_TRUNCATED = Reason(
    "the {container} ends before its parts do: it was cut off on the way", "{container} 不完整：在传输途中被截断"
)
_NO_MOOV = Reason(
    "the {container} has no moov box, which describes its tracks: the recording was not finished, or cut off",
    "{container} 没有描述轨道的 moov：录制没有正常结束，或被截断",
)
_NO_HEADER = Reason("the {container} has no header that describes its tracks", "{container} 没有描述轨道的头部")
_NO_VIDEO = Reason("the {container} has no video track", "{container} 没有视频轨道")
_ONLY_SOUND = Reason("the {container} has only sound and no video track", "{container} 只有声音，没有视频轨道")


def trouble(video: Video | None) -> Said | None:
    """Why this is no valid video, or None if it is one: the reason of code -5001. None as the video is an empty one."""
    if video is None:
        return _EMPTY
    if video.fault is not None:
        return _NO_BASE64.of(fault=video.fault)
    accepted = joined(ACCEPTED_CONTAINERS)
    if video.container is None:
        if not video.head:
            return _EMPTY
        name = named(video.head)
        if name is not None:
            return _IS.of(name=name, accepted=accepted)
        return _LIKE.of(likeness=likeness(video.head), accepted=accepted)
    if video.container not in ACCEPTED_CONTAINERS:
        return _NOT_ACCEPTED.of(container=video.container, accepted=accepted)
    return _lacking(video, video.container)


def _lacking(video: Video, container: str) -> Said | None:
    """What a video in an accepted container lacks."""
    if video.truncated:
        return _TRUNCATED.of(container=container)
    if video.has_video is None:
        return (_NO_HEADER if container in ("FLV", "AVI") else _NO_MOOV).of(container=container)
    if not video.has_video:
        return (_ONLY_SOUND if video.has_audio else _NO_VIDEO).of(container=container)
    return None


def too_small(video: Video) -> bool:
    """Whether a side is below MIN_SIDES, the shorter or the longer: code -5015. An unknown size is not too small."""
    sides = sorted((video.width, video.height))
    return all(sides) and any(side < least for side, least in zip(sides, MIN_SIDES, strict=True))


def mute(video: Video) -> bool:
    """Whether it has no sound: code -5007. Where that cannot be told, it has."""
    return video.has_audio is False
