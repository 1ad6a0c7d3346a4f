"""Node's own fetch, and the vendor's Node SDK, unmodified."""

import json
import os
import subprocess

import pytest

from mockface.signature.accounts import TEST_ACCOUNT
from tests.conftest import HERE, program
from tests.making import sign_now

pytestmark = pytest.mark.thorough

FOLDER = HERE / "clients" / "node"
SUCCESS = {"code": 0, "message": "OK", "data": {"session_id": "", "similarity": 100.0}}


def calls(server, client, photo, large_photo, every_code):
    task = {
        "client": client,
        "url": server.url,
        "host": f"127.0.0.1:{server.port}",
        "account": {
            "AppId": TEST_ACCOUNT.appid, "SecretId": TEST_ACCOUNT.secret_id, "SecretKey": TEST_ACCOUNT.secret_key,
        },
        "authorization": sign_now(),
        "photo": str(photo),
        "large": str(large_photo),
        "numbers": list(every_code),
    }  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        [program("node"), "calls.js"], cwd=FOLDER, input=json.dumps(task), env=environment, capture_output=True,
        encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_fetch_gets_every_answer_by_url_and_by_file_and_reads_23(server, photo, large_photo, every_code):
    results = calls(server, "fetch", photo, large_photo, every_code)
    assert results["url"] == results["file"] == SUCCESS
    assert results["large"]["code"] == 23
    assert results["codes"] == every_code


@pytest.mark.parametrize("mode", ["shape", "verify"])
def test_the_vendors_node_sdk_gets_every_answer_by_url_file_and_buffer(launch, mode, photo, large_photo, every_code):
    if not (FOLDER / "node_modules" / "image-node-sdk").is_dir():
        program("npm")
        pytest.fail(f"the SDK is not installed; 'make test-all' does it (npm ci in {FOLDER.name})")
    results = calls(launch("--signature", mode), "sdk", photo, large_photo, every_code)
    assert results["url"] == results["file"] == results["buffer"] == SUCCESS
    assert results["codes"] == every_code
