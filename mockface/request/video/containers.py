"""Names the container of a video by its first bytes, and what a file is that has none."""

from __future__ import annotations

from mockface.reasons import Said, words
from mockface.request.picture import sniff

HEAD_BYTES = 576
"""How many first bytes are enough: three packets of an MPEG transport stream."""
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp")
"""With which boxes files of the MP4 family begin; those of old QuickTime have no `ftyp`."""
_PICTURE_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
"""Brands of pictures in the boxes of MP4."""
_PACKETS = ((0, 188), (4, 192))
"""Where the sync byte 0x47 of a transport stream first is, and how long its packets are."""
_BEGINNINGS = (b"RkxW", b"UklGR", b"GkXf", b"MCay", b"AAAB")
"""How base64 of an FLV, AVI, Matroska, ASF and MPEG program stream begins."""
_FTYP = b"Z0eX"
"""Base64 of "ty" and a half of its neighbours, where a `ftyp` is at its place."""
_PICTURE = words("a HEIC or AVIF picture", "HEIC 或 AVIF 图片")
_MP3 = words("an MP3", "MP3 音频")
_AUDIO = (
    (b"ID3", _MP3), (b"\xff\xfb", _MP3), (b"\xff\xf3", _MP3), (b"\xff\xf2", _MP3),
    (b"\xff\xf1", words("AAC audio", "AAC 音频")), (b"\xff\xf9", words("AAC audio", "AAC 音频")),
    (b"OggS", words("an Ogg file", "Ogg 文件")), (b"fLaC", words("a FLAC", "FLAC 音频")),
    (b"#!AMR", words("an AMR recording", "AMR 录音")),
    (b"\0\0\0\1", words("bare H.264 or H.265", "H.264 或 H.265 裸流")),
)  # fmt: skip
_WAVE = words("a WAV", "WAV 音频")
_PICTURES = {name: words(f"a {name} picture", f"{name} 图片") for name in ("JPEG", "PNG", "GIF", "BMP", "WEBP")}


def container_of(head: bytes) -> str | None:
    """The container that these first bytes (HEAD_BYTES, or all) are of, by its name in Video, or None."""
    if head[4:8] in _BOXES:
        return _family(head)
    if head.startswith(b"FLV\1"):
        return "FLV"
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return "AVI"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "WEBM" if b"webm" in head[:64] else "MATROSKA"
    if head.startswith(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"):
        return "ASF"
    if head.startswith(b"\0\0\1\xba"):
        return "MPEG-PS"
    for at, length in _PACKETS:
        places = range(at, len(head), length)
        if len(places) > 1 and all(head[place] == 0x47 for place in places):
            return "MPEG-TS"
    return None


def _family(head: bytes) -> str | None:
    if head[4:8] != b"ftyp":
        # Four letters at the same place of a text are no box: its size would be half a gigabyte.
        return "MOV" if head[:1] < b"\x20" else None
    brand = head[8:12]
    if brand in _PICTURE_BRANDS:
        return None
    if brand == b"qt  ":
        return "MOV"
    return "3GP" if brand.startswith(b"3g") else "MP4"


def begins_as_base64(head: bytes) -> bool:
    """Whether these characters are base64 of a container's first bytes."""
    return head.startswith(_BEGINNINGS) or (head.startswith(b"AAAA") and head[6:10] == _FTYP)


def named(head: bytes) -> Said | None:
    """What a file without a container is, a picture or a sound, or None; the first 12 bytes are enough."""
    picture = sniff(head)
    if picture is not None:
        return _PICTURES[picture]
    if head[4:8] == b"ftyp":
        return _PICTURE
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return _WAVE
    return next((name for mark, name in _AUDIO if head.startswith(mark)), None)
