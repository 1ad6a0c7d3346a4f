"""The synthetic pictures and videos: a foreign decoder reads them, the server answers them as they promise."""

import io
import json
import re
import subprocess

import pytest
from click.testing import CliRunner
from PIL import Image, ImageChops, ImageStat

from mockface import codes, samples
from mockface.cli.group import main
from mockface.request.limits import BODY_LIMIT_BYTES
from mockface.request.video import VideoReader, mute, too_small, trouble
from tests.conftest import CLEAN_ENVIRONMENT, mockface_on_path, program
from tests.making import MULTIPART_TYPE, multipart_body
from tests.protocol.wire import exchange, request

PICTURES = [
    sample
    for sample in samples.SAMPLES
    if sample.operation == samples.COMPARE and not sample.name.endswith(".multipart")
]
BODIES = [sample for sample in samples.SAMPLES if sample.name.endswith(".multipart")]
VIDEOS = [sample for sample in samples.SAMPLES if sample.operation == samples.LIVE]
FORMATS = {
    "face.jpg": ("JPEG", 1), "face.png": ("PNG", 1), "face.bmp": ("BMP", 1), "face.webp": ("WEBP", 1),
    "still.gif": ("GIF", 1), "animated.gif": ("GIF", 2), "gif-named.jpg": ("GIF", 1),
}  # fmt: skip


def opened(content):
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def content_of(name):
    return next(sample for sample in samples.SAMPLES if sample.name == name).make()


@pytest.mark.parametrize("name", FORMATS)
def test_a_foreign_decoder_reads_each_picture_and_sees_the_drawing(name):
    picture = opened(content_of(name))
    assert (picture.format, getattr(picture, "n_frames", 1)) == FORMATS[name]
    assert picture.size == (samples.drawing.WIDTH, samples.drawing.HEIGHT)
    drawn = Image.new("RGB", picture.size)
    drawn.putdata([pixel for row in samples.drawing.portrait() for pixel in row])
    off = ImageChops.difference(picture.convert("RGB"), drawn)
    if name == "face.jpg":
        assert sum(off.convert("L").tobytes()) / (picture.width * picture.height) < 2
    else:
        assert off.getbbox() is None


def test_the_two_frames_of_the_animated_gif_differ():
    picture = opened(content_of("animated.gif"))
    first = picture.convert("RGB")
    picture.seek(1)
    assert ImageChops.difference(first, picture.convert("RGB")).getbbox() is not None
    assert picture.info["loop"] == 0


@pytest.mark.parametrize("kind", samples.KINDS)
def test_a_picture_of_every_kind_has_the_size_that_is_asked_for_and_decodes(kind):
    least = len(samples.picture(kind))
    for size in (least, least + 4, 200_000, 1_000_003):
        made = samples.picture(kind, size=size)
        assert len(made) == size
        assert opened(made).size == (samples.drawing.WIDTH, samples.drawing.HEIGHT)
    with pytest.raises(ValueError, match=str(least)):
        samples.picture(kind, size=least - 1)


def test_a_kind_of_picture_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(ValueError, match="expected one of jpg, png, bmp, webp, gif, animated-gif"):
        samples.picture("tiff")  # type: ignore[arg-type]


def test_no_decoder_reads_the_truncated_picture_to_its_end():
    with pytest.raises(OSError, match="truncated"):
        opened(content_of("truncated.jpg"))


@pytest.mark.parametrize("more", [0, 4, 5, 65536, 65537, 65538, 65539, 65540, 65541, 6_000_000])
def test_a_picture_can_be_made_of_a_size_and_decodes_to_the_same_pixels(more):
    size = len(samples.photo()) + more
    content = samples.photo_of(size)
    assert len(content) == size
    assert opened(content).tobytes() == opened(samples.photo()).tobytes()


@pytest.mark.parametrize("more", [-1, 1, 2, 3])
def test_a_size_that_no_picture_can_have_is_refused_with_those_that_it_can(more):
    with pytest.raises(ValueError, match="at least 4 more"):
        samples.photo_of(len(samples.photo()) + more)


def test_the_large_bodies_are_6_mib_and_one_byte_more_and_hold_a_picture_that_decodes():
    assert [len(sample.make()) for sample in BODIES] == [BODY_LIMIT_BYTES, BODY_LIMIT_BYTES + 1]
    for sample in BODIES:
        content = sample.make()
        picture = content[content.index(b"\xff\xd8") : content.rindex(b"\r\n--")]
        assert opened(picture).format == "JPEG"


@pytest.mark.parametrize("sample", PICTURES, ids=lambda sample: sample.name)
def test_a_picture_gets_the_code_that_it_promises(server, sample):
    reply = exchange(server, request(multipart_body(sample.make()), content_type=MULTIPART_TYPE))
    assert reply.code == sample.code.number


@pytest.mark.parametrize("sample", BODIES, ids=lambda sample: sample.name)
def test_a_body_gets_the_code_that_it_promises(any_server, sample):
    reply = exchange(any_server, request(sample.make(), content_type=sample.media_type.encode()))
    assert reply.code == sample.code.number


SHOWN = {
    "live.mp4": (270, 480, True), "live.flv": (270, 480, True), "live-rotated.mp4": (480, 270, True),
    "live-mute.mp4": (270, 480, False), "live-small.mp4": (240, 320, True), "live.webm": (270, 480, True),
    "live-audio.mp4": (0, 0, True),
}  # fmt: skip
"""The videos that a decoder reads: the pixels that are stored, and whether there is sound."""


@pytest.mark.thorough
@pytest.mark.parametrize("name", SHOWN)
def test_ffmpeg_decodes_each_video_to_its_end_without_an_error(name, tmp_path):
    file = tmp_path / name
    file.write_bytes(content_of(name))
    decoded = [program("ffmpeg"), "-v", "error", "-xerror", "-i", file, "-f", "null", "-"]
    assert subprocess.run(decoded, capture_output=True, check=True, text=True).stderr == ""
    asked = "stream=codec_name,width,height,nb_read_frames:format=duration"
    probe = [program("ffprobe"), "-v", "error", "-count_frames", "-show_entries", asked, "-of", "json", file]
    told = json.loads(subprocess.run(probe, capture_output=True, check=True, text=True).stdout)
    streams = {stream["codec_name"]: stream for stream in told["streams"]}
    width, height, sound = SHOWN[name]
    assert set(streams) == ({"h264"} if width else set()) | ({"aac"} if sound else set())
    assert float(told["format"]["duration"]) == 4
    if width:
        stored = streams["h264"]
        assert (stored["width"], stored["height"], stored["nb_read_frames"]) == (width, height, "40")


@pytest.mark.parametrize("sample", VIDEOS, ids=lambda sample: sample.name)
def test_what_is_seen_of_a_video_earns_the_code_that_it_promises(sample):
    reader = VideoReader()
    content = sample.make()
    reader.feed(content, 0, len(content))
    seen = reader.video()
    assert seen
    invalid, small, silent = trouble(seen) is not None, too_small(seen), mute(seen)
    earned = codes.VIDEO_INVALID if invalid else codes.VIDEO_TOO_SMALL if small else codes.VIDEO_NO_SOUND
    assert (earned if invalid or small or silent else codes.OK) is sample.code
    assert len(content) < 10_000


def test_a_kind_of_video_that_is_not_there_is_told_with_those_that_are():
    assert samples.video() is samples.video("good")
    with pytest.raises(ValueError, match="expected one of good, mute, small, rotated"):
        samples.video("gif")  # type: ignore[arg-type]


@pytest.mark.thorough
def test_the_command_writes_the_same_files_each_time_with_a_list_of_their_codes(tmp_path):
    for folder in ("one", "two"):
        done = CliRunner().invoke(main, ["samples", str(tmp_path / folder)])
        assert done.exit_code == 0, done.output
    names = {file.name for file in (tmp_path / "one").iterdir()}
    assert names == {sample.name for sample in samples.SAMPLES} | {"README.md", "manifest.json"}
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
        assert name in done.output
    for row in json.loads((tmp_path / "one" / "manifest.json").read_text(encoding="utf-8")):
        assert (tmp_path / "one" / row["name"]).stat().st_size == row["bytes"]


@pytest.mark.parametrize("name", ["face.jpg", "README.md"])
def test_the_command_leaves_a_file_of_the_users_alone(tmp_path, name):
    (tmp_path / name).write_bytes(b"mine")
    done = CliRunner().invoke(main, ["samples", str(tmp_path)])
    assert done.exit_code == 2
    assert f"{name} already exists" in done.output
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"mine"]


def test_the_command_says_what_it_cannot_write(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    done = CliRunner().invoke(main, ["samples", str(tmp_path / "file" / "folder")])
    assert done.exit_code == 2
    assert "cannot be written" in done.output


@pytest.mark.thorough
def test_the_lines_of_its_readme_work_as_written(server, tmp_path):
    program("curl")
    assert CliRunner().invoke(main, ["samples", str(tmp_path)]).exit_code == 0
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    environment = {**CLEAN_ENVIRONMENT, "PATH": mockface_on_path(), "no_proxy": "*"}
    for line in lines:
        command = line.replace("http://127.0.0.1:8641", server.url)
        done = subprocess.run(["sh", "-ec", command], cwd=tmp_path, env=environment, capture_output=True, check=True)
        assert json.loads(done.stdout)["code"] == 0
    assert len(lines) == 2


def test_the_best_frame_is_a_jpeg_of_the_drawing_and_another_one_for_another_person():
    first, again, other = (
        samples.best_frame(person) for person in ("110110199909090909", "110110199909090909", "李四")
    )
    assert (first == again, first == other) == (True, False)
    assert len(first) == len(other) < 8_000
    for frame in (first, other):
        assert opened(frame).format == "JPEG"
        assert opened(frame).size == (48, 64)
        drawn = opened(samples.photo()).resize((48, 64))
        assert ImageStat.Stat(ImageChops.difference(opened(frame).convert("L"), drawn.convert("L"))).mean[0] < 12
    assert opened(first).info["comment"].startswith(b"mockface ")
    assert b"110110" not in first, "the digest of 24 bits does not say whose it is"
