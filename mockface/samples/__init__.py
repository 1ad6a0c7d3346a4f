"""Synthetic test pictures and videos: small, computer-made, no real face. Takes names; returns bytes and their codes.

The code is the answer to an otherwise valid call with this file under default settings. mockface reads only the first
bytes of a picture, and of a video what describes it; it decodes none.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from mockface import codes
from mockface.request.limits import BODY_LIMIT_BYTES
from mockface.samples import drawing, jpeg, plain, webp
from mockface.samples.frames import best_frame
from mockface.samples.videos import VIDEO_KINDS, VideoKind, video
from mockface.signature.accounts import TEST_ACCOUNT

__all__ = [
    "BOUNDARY", "COMPARE", "KINDS", "LIVE", "MULTIPART_TYPE", "SAMPLES", "VIDEO_KINDS", "Kind", "Sample", "VideoKind",
    "best_frame", "body_of", "contents", "drawing", "listed", "photo", "photo_of", "picture", "video",
]  # fmt: skip

BOUNDARY = "mockface-samples"
"""The boundary of the .multipart samples."""
MULTIPART_TYPE = f"multipart/form-data; boundary={BOUNDARY}"
COMPARE, LIVE = "idcardcompare", "idcardlivedetectfour"
"""The operations that samples are for: the last part of their paths."""
_NUMBER, _NAME = "110110199909090909", "张三"
_GIF_TEXT = "a GIF by its first bytes, whatever its file name", "按开头字节是 GIF，与文件名无关"


Kind = Literal["jpg", "png", "bmp", "webp", "gif", "animated-gif"]


@dataclass(frozen=True, slots=True)
class Sample:
    """A test picture or video, or a complete body: file name, media type, code and description.

    `operation` is the last part of the path that it is for; of LIVE, `code` is the `live_status`.
    """

    name: str
    media_type: str
    code: codes.Code
    about: str
    about_zh: str
    make: Callable[[], bytes]
    operation: str = COMPARE


@cache
def photo() -> bytes:
    """The drawing as a JPEG of about 6 kB."""
    return jpeg.encode(drawing.portrait())


def photo_of(size_bytes: int) -> bytes:
    """The same JPEG padded with comments to exactly this size; still decodable. Raises ValueError if impossible."""
    return jpeg.padded(photo(), size_bytes)


def picture(kind: Kind = "jpg", *, size: int | None = None) -> bytes:
    """The drawing as a file of this kind, no real face; with a `size`, of exactly that many bytes and still decodable.

    Raises ValueError for an unknown kind and for a size below that of the drawing (for a JPEG also for 1 to 3 bytes
    above it, since a comment takes at least 4).
    """
    if kind not in KINDS:
        raise ValueError(f"picture({kind!r}): expected one of {', '.join(KINDS)}")
    if size is not None and kind == "jpg":
        return photo_of(size)
    made = KINDS[kind]()
    if size is None:
        return made
    if size < len(made):
        raise ValueError(f"picture({kind!r}, size={size}): the smallest is {len(made)} bytes")
    return made + bytes(size - len(made))  # decoders ignore bytes after the end of the picture


def body_of(size_bytes: int) -> bytes:
    """A multipart body of exactly this size: a valid call of the test account with the JPEG, padded."""
    fields = {"appid": TEST_ACCOUNT.appid, "idcard_number": _NUMBER, "idcard_name": _NAME}
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="face.jpg"\r\n'
    before = ("".join(parts) + head + "Content-Type: image/jpeg\r\n\r\n").encode()
    after = f"\r\n--{BOUNDARY}--\r\n".encode()
    return before + photo_of(size_bytes - len(before) - len(after)) + after


def _still_gif() -> bytes:
    return plain.gif([drawing.portrait()])


def _animated_gif() -> bytes:
    return plain.gif([drawing.portrait(), drawing.portrait(eyes_shut=True)])


def _png() -> bytes:
    return plain.png(drawing.portrait())


def _bmp() -> bytes:
    return plain.bmp(drawing.portrait())


def _webp() -> bytes:
    return webp.encode(drawing.portrait())


KINDS: dict[str, Callable[[], bytes]] = {
    "jpg": photo, "png": _png, "bmp": _bmp, "webp": _webp, "gif": _still_gif, "animated-gif": _animated_gif,
}  # fmt: skip
"""The kinds of pictures, each with its encoder."""


def _live(
    name: str, code: codes.Code, about: str, about_zh: str, make: Callable[[], bytes], media_type: str = "video/mp4"
) -> Sample:
    return Sample(name, media_type, code, about, about_zh, make, LIVE)


SAMPLES: tuple[Sample, ...] = (
    Sample("face.jpg", "image/jpeg", codes.OK, "baseline JPEG", "基线 JPEG", photo),
    Sample("face.png", "image/png", codes.OK, "PNG", "PNG", _png),
    Sample("face.bmp", "image/bmp", codes.OK, "BMP, 24 bits", "24 位 BMP", _bmp),
    Sample("face.webp", "image/webp", codes.OK, "lossless WEBP", "无损 WEBP", _webp),
    Sample("still.gif", "image/gif", codes.PHOTO_UNDECODABLE, "GIF of one frame", "单帧 GIF", _still_gif),
    Sample(
        "animated.gif", "image/gif", codes.PHOTO_UNDECODABLE, "GIF of two frames, a blink", "两帧 GIF，眨眼",
        _animated_gif,
    ),
    Sample("gif-named.jpg", "image/jpeg", codes.PHOTO_UNDECODABLE, *_GIF_TEXT, _still_gif),
    Sample(
        "truncated.jpg", "image/jpeg", codes.OK,
        "the first half of face.jpg: decoders fail on it, but mockface does not decode",
        "face.jpg 的前一半：解码器会失败，但 mockface 不解码",
        lambda: photo()[: len(photo()) // 2],
    ),
    Sample("empty.jpg", "image/jpeg", codes.PHOTO_MISSING, "0 bytes", "0 字节", lambda: b""),
    Sample(
        "body-6mib.multipart", MULTIPART_TYPE, codes.OK,
        "a complete body of exactly 6 MiB, the limit", "整个请求体，恰好 6 MiB，即上限",
        lambda: body_of(BODY_LIMIT_BYTES),
    ),
    Sample(
        "body-6mib-and-1.multipart", MULTIPART_TYPE, codes.BODY_TOO_LARGE,
        "a complete body one byte over the limit", "整个请求体，超过上限一个字节",
        lambda: body_of(BODY_LIMIT_BYTES + 1),
    ),
    _live("live.mp4", codes.OK, "MP4, 270 × 480, 4 s, with sound", "MP4，270 × 480，4 秒，有声音", video),
    _live("live.flv", codes.OK, "the same as FLV", "同样内容的 FLV", lambda: video("flv"), "video/x-flv"),
    _live(
        "live-rotated.mp4", codes.OK, "stored as 480 × 270 and shown upright, as phones record",
        "按 480 × 270 存储、竖屏显示，与手机录制相同", lambda: video("rotated"),
    ),
    _live("live-mute.mp4", codes.VIDEO_NO_SOUND, "no audio track", "没有音轨", lambda: video("mute")),
    _live("live-small.mp4", codes.VIDEO_TOO_SMALL, "240 × 320", "240 × 320", lambda: video("small")),
    _live(
        "live-truncated.mp4", codes.VIDEO_INVALID, "the first half of live.mp4", "live.mp4 的前一半",
        lambda: video("truncated"),
    ),
    _live("live-audio.mp4", codes.VIDEO_INVALID, "only sound", "只有声音", lambda: video("audio")),
    _live(
        "live.webm", codes.VIDEO_INVALID, "WebM, as browsers record: not accepted", "WebM，浏览器录制的格式：不接受",
        lambda: video("webm"), "video/webm",
    ),
    _live(
        "picture-named.mp4", codes.VIDEO_INVALID, "a JPEG by its first bytes, whatever its file name",
        "按开头字节是 JPEG，与文件名无关", photo,
    ),
)  # fmt: skip
"""All samples, in the order of the documentation."""


def contents() -> dict[str, bytes]:
    """All files of a samples folder, by name: the samples, README.md and manifest.json."""
    made = {sample.name: sample.make() for sample in SAMPLES}
    sizes = {name: len(content) for name, content in made.items()}
    made["README.md"] = _readme(sizes).encode()
    made["manifest.json"] = (json.dumps(listed(sizes), ensure_ascii=False, indent=2) + "\n").encode()
    return made


def listed(sizes: dict[str, int]) -> list[dict[str, object]]:
    """The samples as plain rows, with their sizes in bytes."""
    return [
        {
            "name": sample.name,
            "media_type": sample.media_type,
            "bytes": sizes[sample.name],
            "operation": sample.operation,
            "code": sample.code.number,
            "about": sample.about,
            "about_zh": sample.about_zh,
        }
        for sample in SAMPLES
    ]


def _readme(sizes: dict[str, int]) -> str:
    rows = "\n".join(
        f"| `{row['name']}` | {row['bytes']} | {row['operation']} | {row['code']} | {row['about']}；{row['about_zh']} |"
        for row in listed(sizes)
    )
    return f"""# Test pictures and videos of mockface

Made by `mockface samples`: no real face, free for any use. `code` is the answer to an otherwise valid call with it, for
a video the `live_status` of its `data`.
由 `mockface samples` 生成，不是任何人的脸，可随意使用。code 为其他参数都正确时得到的错误码，
视频则为 data 中的 live_status。

| file | bytes | operation | code | what it is |
|---|---:|---|---:|---|
{rows}

A picture:

```sh
curl http://127.0.0.1:8641/face/idcardcompare -H "Authorization: $(mockface sign)" \\
  -F appid={TEST_ACCOUNT.appid} -F idcard_number={_NUMBER} -F idcard_name={_NAME} -F image=@face.jpg
```

A complete body, to send byte for byte: clients build forms of different lengths, so these two bodies are ready-made.

```sh
curl http://127.0.0.1:8641/face/idcardcompare -H "Authorization: $(mockface sign)" \\
  -H 'Content-Type: {MULTIPART_TYPE}' --data-binary @body-6mib.multipart
```
"""
