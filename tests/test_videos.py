"""What is seen of videos is what ffprobe says of them: a corpus made by ffmpeg, in the containers that clients send."""

import json
import subprocess
from typing import Any

import pytest

from mockface.request.video import ACCEPTED_CONTAINERS, MIN_SIDES, VideoReader, mute, too_small, trouble
from tests.conftest import program

PICTURE = ("-f", "lavfi", "-i", "color=gray:size={size}:rate=5:duration={seconds}")
SOUND = ("-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-shortest")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
AAC = ("-c:a", "aac", "-b:a", "16k")
FRAGMENTED = ("-movflags", "frag_keyframe+empty_moov")


def made(container, *flags, size="270x480", seconds="1", picture=H264, sound=AAC):
    """The arguments of ffmpeg for a file; `picture` and `sound` are their encoders, None for no such track."""
    inputs = [one.format(size=size, seconds=seconds) for one in PICTURE] if picture else []
    limit = () if picture else ("-t", seconds)
    return container, [*inputs, *(SOUND if sound else ()), *(picture or ()), *(sound or ()), *limit, *flags]


CORPUS = {
    "front.mp4": made("MP4", "-movflags", "faststart"),
    "behind.mp4": made("MP4"),
    "mute.mp4": made("MP4", sound=None),
    "fragmented.mp4": made("MP4", *FRAGMENTED),
    "partly-fragmented.mp4": made("MP4", "-movflags", "frag_keyframe", "-g", "2"),
    "dash.mp4": made("MP4", "-movflags", "dash+frag_keyframe+empty_moov+default_base_moof"),
    "landscape.mp4": made("MP4", size="640x360"),
    "tiny.mp4": made("MP4", size="16x16"),
    "odd.mp4": made("MP4", "-pix_fmt", "yuv444p", size="271x481"),
    "just-too-small.mp4": made("MP4", size="268x480"),
    "long.mp4": made("MP4", seconds="90"),
    "short.mp4": made("MP4", seconds="0.2", sound=None),
    "mpeg4.mp4": made("MP4", picture=("-c:v", "mpeg4")),
    "mp3.mp4": made("MP4", sound=("-c:a", "libmp3lame", "-ar", "44100")),
    "hevc.mp4": made("MP4", picture=("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error")),
    "two-pictures.mp4": made("MP4", "-map", "0:v", "-map", "0:v", "-map", "1:a"),
    "ipod.m4v": made("MP4", "-f", "ipod"),
    "sound.m4a": made("MP4", picture=None),
    "phone.mov": made("MOV"),
    "timecode.mov": made("MOV", "-timecode", "01:00:00:00"),
    "pcm.mov": made("MOV", sound=("-c:a", "pcm_s16le")),
    "phone.3gp": made("3GP", size="176x144", picture=("-c:v", "h263"), sound=AAC),
    "avc.3gp": made("3GP"),
    "live.flv": made("FLV"),
    "mute.flv": made("FLV", sound=None),
    "sorenson.flv": made("FLV", picture=("-c:v", "flv1"), sound=("-c:a", "libmp3lame", "-ar", "44100")),
    "sound.flv": made("FLV", picture=None),
    "keyframes.flv": made("FLV", "-flvflags", "add_keyframe_index", seconds="20"),
    "camera.avi": made("AVI", picture=("-c:v", "mpeg4"), sound=("-c:a", "libmp3lame", "-ar", "44100")),
    "mute.avi": made("AVI", picture=("-c:v", "mjpeg", "-pix_fmt", "yuvj420p"), sound=None),
    "avc.avi": made("AVI"),
    "browser.webm": made("WEBM", picture=("-c:v", "libvpx", "-deadline", "realtime"), sound=("-c:a", "libopus")),
    "film.mkv": made("MATROSKA"),
    "broadcast.ts": made("MPEG-TS"),
    "camera.m2ts": made("MPEG-TS"),
    "disc.mpg": made("MPEG-PS", picture=("-c:v", "mpeg2video", "-r", "25"), sound=("-c:a", "mp2")),
    "film.wmv": made("ASF", picture=("-c:v", "wmv2"), sound=("-c:a", "wmav2")),
    "sound.mp3": made(None, picture=None, sound=("-c:a", "libmp3lame", "-ar", "44100")),
    "sound.wav": made(None, picture=None, sound=("-c:a", "pcm_s16le")),
    "sound.ogg": made(None, picture=None, sound=("-c:a", "libopus")),
    "sound.aac": made(None, picture=None),
}  # fmt: skip
"""By file: the container that is to be seen, and how ffmpeg makes it."""
TURNS = (90, 180, 270)
OF_CODECS = {"h264": {"avc1", "H264"}, "hevc": {"hev1", "hvc1"}, "mpeg4": {"mp4v", "FMP4"}, "h263": {"s263"}, "flv1": {"FLV1"}, "mjpeg": {"MJPG"}}  # fmt: skip


def run(*command):
    return subprocess.run(command, capture_output=True, check=False, text=True, stdin=subprocess.DEVNULL)


def made_by_ffmpeg(file, arguments):
    done = run(program("ffmpeg"), "-v", "error", "-y", "-fflags", "+bitexact", *arguments, file)
    if done.returncode and "Unknown encoder" in done.stderr:
        pytest.skip(f"this ffmpeg has no such encoder: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    return file.read_bytes()


def probed(file) -> dict[str, Any]:
    shown = run(program("ffprobe"), "-v", "error", "-show_streams", "-show_format", "-of", "json", file).stdout
    told: dict[str, Any] = json.loads(shown)
    return told


def seen(content, chunk=65_536) -> Any:
    reader = VideoReader()
    for start in range(0, len(content), chunk):
        piece = content[start : start + chunk]
        reader.feed(piece, 0, len(piece))
    return reader.video()


@pytest.mark.thorough
@pytest.mark.parametrize("name", CORPUS)
def test_what_is_seen_of_a_video_is_what_ffprobe_says(name, tmp_path):
    container, arguments = CORPUS[name]
    file = tmp_path / name
    content = made_by_ffmpeg(file, arguments)
    video = seen(content)
    assert video == seen(content, chunk=1000)
    assert (video.container, video.size_bytes, video.truncated) == (container, len(content), False)
    if container not in ACCEPTED_CONTAINERS:
        assert trouble(video) is not None
        return
    told = probed(file)
    pictures = [stream for stream in told["streams"] if stream["codec_type"] == "video"]
    sounds = [stream for stream in told["streams"] if stream["codec_type"] == "audio"]
    assert (video.has_video, video.has_audio) == (bool(pictures), bool(sounds))
    assert mute(video) is not bool(sounds)
    assert (trouble(video) is None) is bool(pictures)
    if pictures:
        width, height = pictures[0]["width"], pictures[0]["height"]
        assert (video.width, video.height) == (width, height)
        assert too_small(video) is (min(width, height) < MIN_SIDES[0] or max(width, height) < MIN_SIDES[1])
        assert video.codec in OF_CODECS[pictures[0]["codec_name"]]
    if "fragmented" in name or name == "dash.mp4":
        assert video.duration_s is None
    else:
        assert video.duration_s == pytest.approx(float(told["format"]["duration"]), abs=0.25)


@pytest.mark.thorough
@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("suffix", ["mp4", "mov"])
def test_a_recording_on_its_side_is_seen_upright(turn, suffix, tmp_path):
    stored = "270x480" if turn == 180 else "480x270"
    _, arguments = made(None, size=stored)
    straight = tmp_path / f"straight.{suffix}"
    made_by_ffmpeg(straight, arguments)
    file = tmp_path / f"turned.{suffix}"
    newer = int(run(program("ffmpeg"), "-version").stdout.split()[2].lstrip("n").split(".")[0]) >= 6
    before = ("-display_rotation", str(turn)) if newer else ()
    made_by_ffmpeg(
        file, [*before, "-i", straight, "-c", "copy", *(() if newer else ("-metadata:s:v", f"rotate={turn}"))]
    )
    (stream,) = (stream for stream in probed(file)["streams"] if stream["codec_type"] == "video")
    (turned,) = (side["rotation"] for side in stream["side_data_list"] if "rotation" in side)
    video = seen(file.read_bytes())
    assert (video.width, video.height) == (270, 480)
    assert video.rotated == -turned % 360  # ffprobe counts counterclockwise
    assert video.rotated in TURNS
    assert not too_small(video)


@pytest.mark.parametrize("name", ["front.mp4", "behind.mp4", "fragmented.mp4", "phone.mov", "camera.avi"])
def test_a_video_that_is_cut_off_on_the_way_is_told_so(name, tmp_path):
    content = made_by_ffmpeg(tmp_path / name, CORPUS[name][1])
    for share in (0.1, 0.5, 0.9):
        video = seen(content[: int(len(content) * share)])
        assert trouble(video) is not None
        assert not mute(video)


def test_a_video_from_a_pipe_says_no_sizes_and_is_taken(tmp_path):
    arguments = CORPUS["camera.avi"][1]
    done = subprocess.run(
        [program("ffmpeg"), "-v", "error", *arguments, "-f", "avi", "-"], capture_output=True, check=True
    )
    assert trouble(seen(done.stdout)) is None
