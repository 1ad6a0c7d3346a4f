"""The vendor's Python and Node SDKs of the image API, unmodified, on its liveness operations."""

import base64
import json
import os
import subprocess
import sys

import pytest

from mockface import codes, samples
from mockface.scenarios import family
from mockface.signature.accounts import TEST_ACCOUNT
from tests.clients.test_node import FOLDER
from tests.conftest import program
from tests.making import JPEG

pytestmark = pytest.mark.thorough

NOT_LIVE = {
    "compare_msg": "VIDEO_FACE_GETIMAGE_FAILED", "compare_status": -5005, "live_status": -5008,
    "live_msg": "VIDEO_AUDIO_RECOG_FAILED",
}  # fmt: skip

PYTHON = """
import json, sys
from qcloud_image import CIBuffer, CIFile, CIUrl, CIUrls, Client
appid, secret_id, secret_key, bucket, video, mute, card = sys.argv[1:8]
people = json.load(sys.stdin)
client = Client(appid, secret_id, secret_key, bucket)
client.use_http()
name = "\\u5f20\\u4e09"
digits = client.face_livegetfour("seq-of-the-test")
dealt = digits["data"]["validate_data"]
def person(number, file=video):
    return client.face_idcardlivedetectfour(dealt, CIFile(file), number, name, "seq-1")
content = open(video, "rb").read()
print(json.dumps({
    "digits": digits,
    "people": {number: person(number) for number in people},
    "mute": person(people[0], mute),
    "buffer": client.face_idcardlivedetectfour(dealt, CIBuffer(content), people[0], name),
    "alone": client.face_livedetectfour(dealt, CIFile(video), False),
    "card": client.face_livedetectfour(dealt, CIFile(video), True, CIFile(card), "seq-2"),
    "card buffer": client.face_livedetectfour(dealt, CIBuffer(content), True, CIBuffer(open(card, "rb").read())),
    "misread": client.face_livedetectfour("5008", CIFile(video), True, CIFile(card)),
    "no face on the card": client.face_livedetectfour("4017", CIFile(video), True, CIFile(card)),
    "two urls": client.face_compare(CIUrl("http://e/a.jpg"), CIUrl("http://e/b.jpg")),
    "two files": client.face_compare(CIFile(card), CIFile(card)),
    "mixed": client.face_compare(CIFile(card), CIUrl("http://e/b.jpg")),
}))
"""

NUMBERS = {
    "success": "110110199909090909",
    "misread": family.number_for_code(codes.VIDEO_WRONG_DIGITS, 9),
    "other name": family.number_for_code(codes.NAME_MISMATCH, 9),
    "busy": family.number_for_code(codes.TOO_FREQUENT, 9),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A video, one without sound and a card, in a folder whose name holds Chinese."""
    folder = tmp_path_factory.mktemp("视频")
    made = {"live.mp4": samples.video(), "mute.mp4": samples.video("mute"), "card.jpg": JPEG}
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return folder


def run(command, task, server, **more):
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        command, input=task, env={**environment, "PYTHONIOENCODING": "utf-8", **more.pop("env", {})},
        capture_output=True, encoding="utf-8", check=False, timeout=60, **more,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("mode", ["shape", "verify"])
def test_the_vendors_python_sdk_meets_success_and_each_failure_at_its_level(launch, files, mode):
    server = launch("--signature", mode)
    account = [TEST_ACCOUNT.appid, TEST_ACCOUNT.secret_id, TEST_ACCOUNT.secret_key, TEST_ACCOUNT.buckets[0]]
    paths = [str(files / name) for name in ("live.mp4", "mute.mp4", "card.jpg")]
    results = run(
        [sys.executable, "-c", PYTHON, *account, *paths], json.dumps(list(NUMBERS.values())), server,
        env={"http_proxy": server.url},
    )  # fmt: skip
    dealt = results["digits"]["data"]["validate_data"]
    assert results["digits"] == {"httpcode": 200, "code": 0, "message": "OK", "data": {"validate_data": dealt}}
    people = {name: results["people"][number] for name, number in NUMBERS.items()}
    assert people["success"]["data"]["sim"] == 100
    assert base64.b64decode(people["success"]["data"]["video_photo"])[:3] == b"\xff\xd8\xff"
    assert results["buffer"] == people["success"]
    assert people["misread"]["data"] == NOT_LIVE
    other = people["other name"]["data"]
    assert (other["live_status"], other["compare_status"], "sim" in other) == (0, -5803, False)
    assert (people["busy"]["httpcode"], people["busy"]["code"], "data" in people["busy"]) == (400, 15, False)
    assert results["mute"]["data"]["live_status"] == -5007
    assert results["alone"]["data"] == {"live_status": 0, "live_msg": "OK"}
    assert results["card"]["data"]["sim"] == results["card buffer"]["data"]["sim"] == 100
    assert results["misread"]["data"] == NOT_LIVE
    assert results["no face on the card"]["data"]["compare_status"] == -4017
    for way in ("two urls", "two files", "mixed"):
        assert results[way]["data"] == {"session_id": "", "similarity": 100.0}, way


def test_the_vendors_node_sdk_meets_the_same_with_its_appid_behind_the_video(server, files):
    task = {
        "host": f"127.0.0.1:{server.port}",
        "account": {
            "AppId": TEST_ACCOUNT.appid, "SecretId": TEST_ACCOUNT.secret_id, "SecretKey": TEST_ACCOUNT.secret_key,
        },
        "video": str(files / "live.mp4"), "card": str(files / "card.jpg"), "numbers": NUMBERS,
    }  # fmt: skip
    results = run([program("node"), "liveness.js"], json.dumps(task), server, cwd=FOLDER)
    assert len(results["digits"]["data"]["validate_data"]) == 4
    assert results["stream"]["data"]["sim"] == results["buffer"]["data"]["sim"] == 100
    assert results["misread"]["data"] == NOT_LIVE
    assert results["card"]["data"]["compare_status"] == 0
    assert results["picture"]["data"] == {"session_id": "not_set_session_id", "score": 100}
    assert results["compare"]["data"] == {"session_id": "", "similarity": 100.0}
    assert results["identity"] == {"code": -5803, "message": "ERROR_IDCARD_NAME_NOT_MATCH"}


def test_a_boolean_in_nodes_form_breaks_off_its_upload_and_the_server_goes_on(server, files):
    task = {"host": f"127.0.0.1:{server.port}", "video": str(files / "live.mp4"), "broken": True, "numbers": NUMBERS,
            "account": {"AppId": TEST_ACCOUNT.appid, "SecretId": "x", "SecretKey": "y"}}  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        [program("node"), "liveness.js"], cwd=FOLDER, input=json.dumps(task), env=environment, capture_output=True,
        encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode != 0
    assert "TypeError" in done.stderr
    test_the_vendors_node_sdk_meets_the_same_with_its_appid_behind_the_video(server, files)


UNCONDITIONAL = """
import json, sys
data = json.loads(sys.argv[1])["data"]
print([data[name] for name in ("live_status", "live_msg", "compare_status", "compare_msg", "sim", "video_photo")][4])
"""


def test_a_consumer_that_reads_six_fields_unconditionally_breaks_on_each_failure_as_it_did():
    from tests.liveness import NOT_LIVE as BODY

    done = subprocess.run([sys.executable, "-c", UNCONDITIONAL, BODY], capture_output=True, text=True, check=False)
    assert "KeyError: 'sim'" in done.stderr
