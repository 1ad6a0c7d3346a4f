"""What a video is: by its boxes, tags and chunks, in any form, in any chunks."""

import base64
import struct
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockface.model import Video
from mockface.reasons import chinese
from mockface.request.video import ACCEPTED_CONTAINERS, VideoReader, mute, too_small, trouble
from mockface.request.video.walking import PARTS_LIMIT
from tests.making import GIF, PICTURES

told: Callable[[Video | None], Any] = trouble
ROTATIONS = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


def video_of(content, *, text_only=False, chunk=10**9) -> Any:
    reader = VideoReader(text_only=text_only)
    for start in range(0, len(content), chunk):
        piece = content[start : start + chunk]
        reader.feed(b"<" + piece + b">", 1, 1 + len(piece))
    return reader.video()


def box(kind, *content, wide=False):
    body = b"".join(content)
    if wide:
        return struct.pack(">I4sQ", 1, kind, len(body) + 16) + body
    return struct.pack(">I4s", len(body) + 8, kind) + body


def handler(kind, component=b"mhlr"):
    return box(b"hdlr", bytes(4), component, kind, bytes(12), b"name\0")


def track(kind=b"vide", *, width=270, height=480, degrees=0, codec=b"avc1", version=0, in_stsd=True):
    a, b, c, d = (value << 16 for value in ROTATIONS[degrees])
    times = bytes(32 if version else 20)
    matrix = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    tkhd = box(
        b"tkhd", bytes([version, 0, 0, 7]), times, bytes(16), matrix, struct.pack(">II", width << 16, height << 16)
    )
    coded = (width, height) if in_stsd else (0, 0)
    entry = box(codec, bytes(6), b"\0\1", bytes(16), struct.pack(">HH", *coded), bytes(50))
    stbl = box(b"stbl", box(b"stsd", bytes(4), b"\0\0\0\1", entry), box(b"stts", bytes(8)))
    minf = box(b"minf", handler(b"url ", b"dhlr"), stbl)
    return box(b"trak", tkhd, box(b"edts"), box(b"mdia", box(b"mdhd", bytes(24)), handler(kind), minf))


def mvhd(duration=4000, scale=1000, version=0):
    if version:
        return box(b"mvhd", b"\1\0\0\0", bytes(16), struct.pack(">IQ", scale, duration), bytes(80))
    return box(b"mvhd", bytes(4), bytes(8), struct.pack(">II", scale, duration & 0xFFFFFFFF), bytes(80))


FTYP = box(b"ftyp", b"isom", bytes(4), b"isomavc1")
SOUND = track(b"soun", codec=b"mp4a")
MOOV = box(b"moov", mvhd(), track(), SOUND, box(b"udta", b"x" * 40))
MDAT = box(b"mdat", bytes(range(256)) * 3)
MP4 = FTYP + MOOV + MDAT
GOOD = Video("raw", "MP4", len(MP4), MP4[:32], True, True, 270, 480, 0, 4.0, False, "avc1")


def tag(kind, content, time_ms=0):
    head = bytes([kind]) + len(content).to_bytes(3, "big") + (time_ms & 0xFFFFFF).to_bytes(3, "big")
    return head + bytes([time_ms >> 24]) + bytes(3) + content + struct.pack(">I", len(content) + 11)


def script(**values):
    said = b"".join(
        struct.pack(">H", len(name)) + name.encode() + b"\0" + struct.pack(">d", value)
        for name, value in values.items()
    )
    return tag(18, b"\2\0\x0aonMetaData\x08\0\0\0\1" + said + b"\0\0\x09")


def flv(*tags, flags=5):
    return b"FLV\1" + bytes([flags]) + b"\0\0\0\x09" + bytes(4) + b"".join(tags)


FLV = flv(
    script(duration=4.0, width=270.0, height=480.0),
    tag(9, b"\x17\0\0\0\0avcc"),
    tag(8, b"\xaf\0\x12\x10"),
    tag(9, b"\x17\1\0\0\0", 3900),
)


BEHIND_TAGS = [len(FLV) - 20 - 19, len(FLV) - 20, len(FLV)]
"""Where its media tags end, the size behind each included."""
ENDS_OF_FLV = [end for behind in BEHIND_TAGS for end in range(behind - 4, behind + 1)][:-1]


def chunk_of(name, content):
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def strl(kind, handler_name, length=100):
    return chunk_of(
        b"LIST",
        b"strl"
        + chunk_of(b"strh", kind + handler_name + bytes(12) + struct.pack("<IIII", 1, 25, 0, length) + bytes(20)),
    )


AVIH = chunk_of(b"avih", struct.pack("<I12xI12xII", 40_000, 100, 270, 480) + bytes(16))
HDRL = chunk_of(b"LIST", b"hdrl" + AVIH + strl(b"vids", b"FMP4") + strl(b"auds", bytes(4)))
MOVI = chunk_of(b"LIST", b"movi" + bytes(301))
AVI = chunk_of(b"RIFF", b"AVI " + HDRL + MOVI + chunk_of(b"idx1", bytes(16)))
FILES = {"MP4": MP4, "MOV": box(b"wide") + MDAT + MOOV, "FLV": FLV, "AVI": AVI}


def test_an_mp4_is_known_by_its_boxes():
    assert video_of(MP4) == GOOD
    assert told(GOOD) is None
    assert not too_small(GOOD)
    assert not mute(GOOD)


@pytest.mark.parametrize("name", FILES)
def test_every_container_tells_its_tracks_size_duration_and_codec(name):
    video = video_of(FILES[name])
    assert (video.container, video.has_video, video.has_audio) == (name, True, True)
    assert (video.width, video.height, video.duration_s, video.truncated) == (270, 480, 4.0, False)
    assert video.codec in ("avc1", "FMP4")
    assert told(video) is None


@pytest.mark.parametrize("name", FILES)
def test_a_video_is_the_same_wherever_it_is_cut(name):
    content = FILES[name]
    whole = video_of(content)
    assert video_of(content, chunk=1) == whole
    for at in range(1, len(content)):
        reader = VideoReader()
        reader.feed(content, 0, at)
        reader.feed(content, at, len(content))
        assert reader.video() == whole


@pytest.mark.parametrize("chunk", [1, 3, 64, 10**9])
@pytest.mark.parametrize("name", FILES)
def test_a_video_is_the_same_in_every_form(name, chunk):
    content = FILES[name]
    expected = video_of(content)
    text = base64.b64encode(content)
    for form, sent in {
        "base64": text, "data-url": b"data:video/mp4;base64," + text, "base64 ": base64.encodebytes(content), "base64  ": text.rstrip(b"="),
    }.items():  # fmt: skip
        for text_only in (True, False):
            assert video_of(sent, text_only=text_only, chunk=chunk) == expected._replace(
                form=form.strip(), size_bytes=len(sent)
            )


@pytest.mark.parametrize("name", FILES)
def test_a_video_that_ends_early_is_told_so_wherever_it_ends(name):
    content = FILES[name]
    for end in range(len(content)):
        video = video_of(content[:end])
        if name == "FLV" and end in ENDS_OF_FLV:
            continue
        assert told(video), end
        assert chinese(told(video)) != told(video)


def test_nothing_in_an_flv_says_how_many_tags_follow():
    assert [end for end in range(1, len(FLV)) if told(video_of(FLV[:end])) is None] == list(ENDS_OF_FLV)


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("degrees", ROTATIONS)
def test_the_size_is_the_one_that_is_shown(degrees, version):
    sides = (480, 270) if degrees in (90, 270) else (270, 480)
    for in_stsd in (True, False):
        one = track(width=sides[0], height=sides[1], degrees=degrees, version=version, in_stsd=in_stsd)
        video = video_of(FTYP + box(b"moov", mvhd(version=version), one) + MDAT)
        assert (video.width, video.height, video.rotated, video.duration_s) == (270, 480, degrees, 4.0)


@pytest.mark.parametrize(
    ("duration", "scale", "version"), [(0, 1000, 0), (-1, 1000, 0), (2**64 - 1, 1000, 1), (5, 0, 0), (2**60, 1, 1)]
)
def test_a_duration_that_cannot_be_one_is_unknown(duration, scale, version):
    video = video_of(FTYP + box(b"moov", mvhd(duration, scale, version), track()) + MDAT)
    assert (video.duration_s, told(video)) == (None, None)


def test_the_duration_of_fragments_is_unknown():
    video = video_of(MP4 + box(b"moof", bytes(30)) + MDAT)
    assert (video.duration_s, video.truncated, told(video)) == (None, False, None)


def test_sizes_of_64_bits_and_sizes_to_the_end_are_followed():
    to_the_end = struct.pack(">I", 0) + MDAT[4:]
    wide = (
        FTYP
        + box(b"moov", mvhd(), box(b"trak", track()[8:], wide=True), SOUND, wide=True)
        + box(b"mdat", b"x" * 9, wide=True)
    )
    for content in (wide, FTYP + MOOV + to_the_end, FTYP + MDAT + struct.pack(">I", 0) + MOOV[4:]):
        assert video_of(content)._replace(size_bytes=0, head=b"") == GOOD._replace(size_bytes=0, head=b"")


def test_a_size_of_64_bits_beyond_the_end_is_truncated():
    content = FTYP + MOOV + struct.pack(">I4sQ", 1, b"mdat", 2**64 - 1) + bytes(100)
    assert video_of(content).truncated


def test_zeros_and_leftovers_behind_the_last_box_are_let_pass():
    for more in (bytes(3), bytes(100), b"\0\0\0\5junk", b"\xff\xd8\xff\xe0\0\1\2\3\4"):
        assert told(video_of(MP4 + more)) is None, more


def test_a_handler_outside_of_a_track_s_media_does_not_count():
    no_media = box(b"trak", handler(b"vide"), box(b"minf", handler(b"soun")))
    video = video_of(FTYP + box(b"moov", mvhd(), handler(b"soun"), no_media) + handler(b"vide") + MDAT)
    assert (video.has_video, video.has_audio) == (False, False)


def test_the_first_of_several_video_tracks_is_shown():
    video = video_of(FTYP + box(b"moov", mvhd(), SOUND, track(), track(width=1, height=1, codec=b"jpeg")) + MDAT)
    assert (video.width, video.codec) == (270, "avc1")


@pytest.mark.parametrize(
    ("brand", "container"),
    [
        (b"isom", "MP4"),
        (b"mp42", "MP4"),
        (b"M4A ", "MP4"),
        (b"qt  ", "MOV"),
        (b"3gp4", "3GP"),
        (b"3g2a", "3GP"),
        (b"heic", None),
        (b"avif", None),
    ],
)
def test_the_brand_names_the_container(brand, container):
    assert video_of(box(b"ftyp", brand, bytes(4)) + MOOV + MDAT).container == container


OTHERS = {
    "WEBM": b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + bytes(99), "MATROSKA": b"\x1a\x45\xdf\xa3\xa3\x42\x82\x88matroska" + bytes(99),
    "ASF": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), "MPEG-PS": b"\0\0\1\xba" + bytes(99),
    "MPEG-TS": (b"\x47" + bytes(187)) * 9,
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_containers_that_are_not_accepted_are_named_with_those_that_are(name):
    for content in (OTHERS[name], base64.b64encode(OTHERS[name])):
        video = video_of(content)
        assert (video.container, video.has_video, video.has_audio) == (name, None, None)
        assert f"it is {name}, which is not accepted; expected {', '.join(ACCEPTED_CONTAINERS)}" == told(video)


def test_a_transport_stream_of_192_bytes_a_packet_is_one():
    assert video_of((bytes(4) + b"\x47" + bytes(187)) * 3).container == "MPEG-TS"


NO_VIDEOS = {
    "a JPEG picture": PICTURES["JPEG"], "a PNG picture": PICTURES["PNG"], "a GIF picture": GIF, "a WEBP picture": PICTURES["WEBP"],
    "a HEIC or AVIF picture": box(b"ftyp", b"heic", bytes(4)) + MDAT, "a WAV": b"RIFF\x24\0\0\0WAVEfmt " + bytes(99), "an MP3": b"ID3\4" + bytes(99),
    "AAC audio": b"\xff\xf1\x50\x80" + bytes(99), "an Ogg file": b"OggS\0\2" + bytes(99), "an AMR recording": b"#!AMR\n" + bytes(99),
    "bare H.264 or H.265": b"\0\0\0\1\x67\x42" + bytes(99), "a PDF": b"%PDF-1.4\n%\xe2\xe3", "JSON": b'{"a": "\xe4\xb8\x89"}', "XML or HTML": b"<html><body>",
    "looks like text": b"hello, world", "in an unknown format": b"\xfe\xdc" * 9, "it is empty": b"data:video/mp4;base64,",
}  # fmt: skip


@pytest.mark.parametrize("name", NO_VIDEOS)
def test_what_is_no_video_is_named(name):
    video = video_of(NO_VIDEOS[name])
    assert video.container is None
    assert name in told(video)
    assert told(video).isascii()
    if video.form == "raw":
        assert name in told(video_of(base64.b64encode(NO_VIDEOS[name])))


def test_nothing_is_an_empty_video():
    assert VideoReader().video() is None
    assert told(None) == "it is empty"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (FTYP + MDAT, "no moov box"),
        (FTYP + box(b"moov", mvhd()) + MDAT, "no video track"),
        (FTYP + box(b"moov", mvhd(), SOUND) + MDAT, "only sound"),
        (FTYP + MOOV, "cut off"),
        (MP4[:-1], "cut off"),
        (flv(tag(8, b"\xaf\0"), flags=4), "only sound"),
        (flv(), "cut off"),
        (chunk_of(b"RIFF", b"AVI " + MOVI), "no header"),
        (chunk_of(b"RIFF", b"AVI " + chunk_of(b"LIST", b"hdrl" + AVIH + strl(b"auds", bytes(4))) + MOVI), "only sound"),
    ],
)
def test_a_video_that_lacks_something_is_told_what(content, why):
    assert why in told(video_of(content))


@pytest.mark.parametrize("chunk", [1, 50, 10**9])
def test_a_video_that_is_no_base64_is_told_why(chunk):
    text = base64.b64encode(MP4)
    for spoilt, why in (
        (text[:700] + b"-" + text[701:], "'-'"),
        (text[:400] + b"=" + text[400:], "after its '='"),
        (b"A", "not complete"),
    ):
        video = video_of(spoilt, text_only=True, chunk=chunk)
        assert why in video.fault
        assert told(video) == f"it is not base64: {video.fault}"
        assert video == video_of(spoilt, text_only=True)


@pytest.mark.parametrize(
    ("width", "height", "small"),
    [
        (270, 480, False),
        (480, 270, False),
        (269, 480, True),
        (480, 269, True),
        (270, 479, True),
        (400, 400, True),
        (0, 480, False),
        (0, 0, False),
    ],
)
def test_a_video_is_too_small_by_its_shorter_and_its_longer_side(width, height, small):
    assert too_small(GOOD._replace(width=width, height=height)) is small


def test_a_video_is_mute_only_if_that_is_sure():
    for content in (FTYP + box(b"moov", mvhd(), track()) + MDAT, flv(tag(9, b"\x17\0"), flags=5)):
        assert mute(video_of(content))
    assert not mute(video_of(OTHERS["WEBM"]))


def test_the_tags_of_an_flv_count_more_than_its_flags_and_its_last_time_where_no_duration_is_told():
    video = video_of(flv(tag(9, b"\x22"), tag(8, b"\x2f", 2500), flags=0))
    assert (video.has_video, video.has_audio, video.duration_s, video.codec) == (True, True, 2.5, "FLV1")
    extended = video_of(flv(script(duration=float("nan"), width=-1.0, height=1e300), tag(9, b"\x90hvc1")))
    assert (extended.codec, extended.width, extended.duration_s) == ("hvc1", 0, None)


def test_more_parts_than_a_video_has_are_not_looked_at():
    many = FTYP + box(b"free") * (PARTS_LIMIT + 10) + MOOV + MDAT
    assert video_of(many).has_video is None
    assert "no moov" in told(video_of(many))
    tags = tag(8, b"") * (PARTS_LIMIT + 10)
    assert (video_of(flv(tags)).has_video, video_of(flv(tags)).truncated) == (True, False)


def test_parts_that_lie_within_each_other_without_end_are_not_followed():
    avi, mp4 = b"", b""
    for _ in range(3000):
        avi = chunk_of(b"LIST", b"hdrl" + avi)
        mp4 = box(b"trak", mp4)
    assert video_of(chunk_of(b"RIFF", b"AVI " + avi)).container == "AVI"
    assert video_of(FTYP + box(b"moov", mp4)).has_video is None


def test_a_long_video_is_never_held():
    head, piece = FTYP + struct.pack(">I4s", 6_000_008, b"mdat"), bytes(range(256)) * 256
    text = base64.b64encode(piece[:49_152])
    for reader, start, more, end in (
        (VideoReader(), head, piece, MOOV),
        (VideoReader(text_only=True), base64.b64encode(head), text, b""),
        (VideoReader(), flv(script(**{"x" * 200: 1.0})) + b"\x09\xff\xff\xff" + bytes(7), piece, b""),
    ):
        reader.feed(start, 0, len(start))
        tracemalloc.start()
        for at in range(0, 6_000_000, len(more)):
            taken = min(len(more), 6_000_000 - at)
            reader.feed(more, 0, taken)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        reader.feed(end, 0, len(end))
        assert most < 256 * 1024
        video = reader.video()
        assert video
        assert video.size_bytes > 6_000_000 - 1
        assert video.truncated is not bool(end)


@given(st.data())
def test_any_bytes_are_some_video_whatever_the_cuts(data):
    start = data.draw(st.sampled_from([b"", *FILES.values(), *OTHERS.values()]))
    content = bytearray(start[: data.draw(st.integers(0, len(start)))] + data.draw(st.binary(max_size=400)))
    for at in data.draw(st.lists(st.integers(0, max(len(content) - 1, 0)), max_size=8)) if content else []:
        content[at] = data.draw(st.integers(0, 255))
    sent = base64.b64encode(content) if data.draw(st.booleans()) else bytes(content)
    text_only = data.draw(st.booleans())
    video = video_of(sent, text_only=text_only)
    assert video == video_of(sent, text_only=text_only, chunk=data.draw(st.integers(1, 700)))
    assert (video is None) is (not sent)
    if video is not None:
        assert told(video) is None or chinese(told(video))
        assert too_small(video) in (True, False)
