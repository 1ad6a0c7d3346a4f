"""Synthetic test videos: grey pictures that stand still, and silence. Takes a kind; returns a file that players play.

They are made by the program, a few kB each: no real person is in them. What of them the liveness operations refuse is
what their bytes show; mockface decodes no video.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Literal

from mockface.samples.flv import flv
from mockface.samples.matroska import webm
from mockface.samples.mp4 import mp4
from mockface.samples.videostream import Stream

VideoKind = Literal["good", "mute", "small", "rotated", "truncated", "audio", "webm", "flv"]


def _good() -> bytes:
    return mp4(Stream())


VIDEO_KINDS: dict[str, Callable[[], bytes]] = {
    "good": _good,
    "mute": lambda: mp4(Stream(sound=False)),
    "small": lambda: mp4(Stream(width=240, height=320)),
    "rotated": lambda: mp4(Stream(width=480, height=270), turned=True),
    "truncated": lambda: _good()[: len(_good()) // 2],
    "audio": lambda: mp4(Stream(picture=False)),
    "webm": lambda: webm(Stream()),
    "flv": lambda: flv(Stream()),
}
"""The kinds of videos, each with what makes it."""


def video(kind: VideoKind = "good") -> bytes:
    """A video of 4 seconds for the field `video` of the liveness operations, with no real person in it.

    "good" is an MP4 of 270 × 480 pixels with sound, "flv" the same as FLV, "rotated" one that is stored as 480 × 270,
    as phones do; these are accepted. "mute" earns -5007, "small" (240 × 320) -5015, "truncated", "audio" (no picture)
    and "webm" -5001. Raises ValueError for an unknown kind.
    """
    if kind not in VIDEO_KINDS:
        raise ValueError(f"video({kind!r}): expected one of {', '.join(VIDEO_KINDS)}")
    return _made(kind)


@cache
def _made(kind: str) -> bytes:
    return VIDEO_KINDS[kind]()
