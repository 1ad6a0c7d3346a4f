"""requests, httpx and the vendor's own Python SDK, unmodified."""

import io
import json
import os
import subprocess
import sys

import httpx
import pytest
import requests

from mockface.signature.accounts import TEST_ACCOUNT
from tests.making import JPEG, NAME, NUMBER, URL, sign_now

FIELDS = {"appid": TEST_ACCOUNT.appid, "idcard_number": NUMBER, "idcard_name": NAME}


def headers():
    return {"Authorization": sign_now()}


def endpoint(server):
    return f"{server.url}/face/idcardcompare"


@pytest.mark.parametrize("library", [requests, httpx])
def test_json_by_url(server, library):
    reply = library.post(endpoint(server), json={**FIELDS, "url": URL}, headers=headers(), timeout=10)
    assert reply.json() == {"code": 0, "message": "OK", "data": {"session_id": "", "similarity": 100.0}}


@pytest.mark.parametrize("library", [requests, httpx])
def test_multipart_by_file_and_by_buffer(server, library, photo):
    with photo.open("rb") as file:
        by_file = library.post(endpoint(server), data=FIELDS, files={"image": file}, headers=headers(), timeout=10)
    by_buffer = library.post(endpoint(server), data=FIELDS, files={"image": JPEG}, headers=headers(), timeout=10)
    assert (by_file.json()["code"], by_buffer.json()["code"]) == (0, 0)


@pytest.mark.parametrize("library", [requests, httpx])
def test_a_7_mb_upload_reads_23(server, library, large_photo):
    for _ in range(5):
        with large_photo.open("rb") as file:
            reply = library.post(endpoint(server), data=FIELDS, files={"image": file}, headers=headers(), timeout=10)
        assert (reply.status_code, reply.json()["code"]) == (413, 23)


@pytest.mark.parametrize("library", [requests, httpx])
def test_a_7_mb_upload_of_undeclared_length_reads_23(server, library):
    content = (b"\0" * 65536 for _ in range(110))
    reply = library.post(
        endpoint(server),
        **{"data" if library is requests else "content": content},
        headers={**headers(), "Content-Type": "application/json"},
        timeout=10,
    )
    assert (reply.status_code, reply.json()["code"]) == (413, 23)


SDK = """
import json, sys
from qcloud_image import CIBuffer, CIFile, CIUrl, Client
appid, secret_id, secret_key, bucket, file = sys.argv[1:6]
numbers = json.loads(sys.stdin.read())
client = Client(appid, secret_id, secret_key, bucket)
client.use_http()
call = client.face_idcardcompare
sample = "110110199909090909", "\\u5f20\\u4e09"
results = {
    "url": call(*sample, CIUrl("http://example.com/x.jpg")),
    "file": call(*sample, CIFile(file)),
    "buffer": call(*sample, CIBuffer(open(file, "rb").read())),
    "codes": {n: call(n, sample[1], CIUrl("http://example.com/x.jpg"))["code"] for n in numbers},
    "codes by file": {n: call(n, sample[1], CIFile(file))["code"] for n in numbers},
}
print(json.dumps(results))
"""


@pytest.mark.parametrize("mode", ["shape", "verify"])
def test_the_vendors_python_sdk_gets_every_answer_by_url_file_and_buffer(launch, mode, photo, every_code):
    server = launch("--signature", mode)
    environment = {**os.environ, "http_proxy": server.url, "PYTHONIOENCODING": "utf-8"}
    environment.pop("no_proxy", None)
    account = [TEST_ACCOUNT.appid, TEST_ACCOUNT.secret_id, TEST_ACCOUNT.secret_key, TEST_ACCOUNT.buckets[0]]
    done = subprocess.run(
        [sys.executable, "-c", SDK, *account, str(photo)],
        input=json.dumps(list(every_code)), env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    for way in ("url", "file", "buffer"):
        assert results[way] == {
            "httpcode": 200, "code": 0, "message": "OK", "data": {"session_id": "", "similarity": 100.0},
        }  # fmt: skip
    assert results["codes"] == every_code
    assert results["codes by file"] == every_code


def test_a_streamed_picture_from_httpx_is_read(server):
    reply = httpx.post(
        endpoint(server),
        data=FIELDS,
        files={"image": ("a.jpg", io.BytesIO(JPEG * 9000))},
        headers=headers(),
        timeout=10,
    )
    assert reply.json()["code"] == 0
