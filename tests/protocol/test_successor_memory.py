"""Calls of API 3.0 with large pictures, many at once: what they cost the server in memory."""

import base64
import json
import time
from pathlib import Path

import pytest

from mockface.gateway.making import tc3_headers
from mockface.samples import video
from mockface.signature.accounts import TEST_ACCOUNT
from tests.protocol.wire import Wire
from tests.successor import PICTURE, SAMPLE, fields_for

CALLS = 64
SIZE = 4 * 1024 * 1024


def mib(server, name):
    """A line of the process's status, in MiB: VmRSS is what it holds, VmHWM the most that it ever held."""
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    return int(status.partition(f"{name}:")[2].split()[0]) / 1024


def call(server, body, action="ImageRecognition"):
    headers = tc3_headers(
        body, action=action, host=f"127.0.0.1:{server.port}", secret_id=TEST_ACCOUNT.secret_id,
        secret_key=TEST_ACCOUNT.secret_key, now=time.time(),
    )  # fmt: skip
    told = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"POST / HTTP/1.1\r\n{told}Content-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="memory is read from /proc")
@pytest.mark.parametrize(("field", "code"), [
    ("ImageBase64", b"FailedOperation.LifePhotoSizeError"), ("Unknown", b"UnknownParameter"),
])  # fmt: skip
def test_64_calls_of_4_mb_at_once_cost_less_than_a_mb_each(launch, field, code):
    server = launch("--signature", "verify")
    fields = {"IdCard": SAMPLE, "Name": "张三", "ImageBase64": PICTURE}
    with Wire(server) as wire:
        wire.send(call(server, json.dumps(fields).encode()))
        assert b'"Success"' in wire.reply().body
    before = mib(server, "VmRSS")
    picture = PICTURE[:400] + "A" * (SIZE - len(PICTURE) - 1000)
    content = call(server, json.dumps({**fields, field: picture}).encode().ljust(SIZE))
    wires = [Wire(server, timeout=60) for _ in range(CALLS)]
    for wire in wires:
        wire.send(content[:-1])
    for wire in wires:
        wire.send(content[-1:])
    for wire in wires:
        assert code in wire.reply().body
    assert mib(server, "VmHWM") - before < CALLS


@pytest.mark.thorough
@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="memory is read from /proc")
@pytest.mark.parametrize(("kind", "code"), [
    ("good", b'"Success"'), ("mute", b"FailedOperation.LipVoiceDetect"),
])  # fmt: skip
def test_eight_videos_of_8_mb_at_once_are_never_held(launch, kind, code):
    server = launch("--signature", "verify")
    with Wire(server) as wire:
        wire.send(call(server, json.dumps(fields_for("LivenessRecognition")).encode(), "LivenessRecognition"))
        assert b'"Success"' in wire.reply().body
    before = mib(server, "VmRSS")
    content = base64.b64encode(video(kind).ljust(6 * 1024 * 1024, b"\0")).decode()
    body = json.dumps(fields_for("LivenessRecognition", VideoBase64=content)).encode()
    sent = call(server, body, "LivenessRecognition")
    wires = [Wire(server, timeout=60) for _ in range(8)]
    for wire in wires:
        wire.send(sent[:-1])
    for wire in wires:
        wire.send(sent[-1:])
    for wire in wires:
        assert code in wire.reply().body
    assert mib(server, "VmHWM") - before < 16
