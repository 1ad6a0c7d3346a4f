"""The JDK's own HttpClient, which sends `Upgrade: h2c` with its body."""

import json
import subprocess

import pytest

from tests.conftest import HERE, program
from tests.making import sign_now

pytestmark = pytest.mark.thorough


def test_the_jdks_httpclient_gets_every_answer_and_reads_23(any_server, photo, large_photo, every_code):
    program("javac")
    done = subprocess.run(
        [program("java"), "-Dfile.encoding=UTF-8", str(HERE / "clients" / "Calls.java"), any_server.url, sign_now(),
         str(photo), str(large_photo), *every_code],
        capture_output=True, encoding="utf-8", check=False, timeout=90,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    by_url, by_file, too_large, *rest = [json.loads(line) for line in done.stdout.splitlines()]
    success = {"code": 0, "message": "OK", "data": {"session_id": "", "similarity": 100.0}}
    assert by_url == by_file == success
    assert too_large["code"] == 23
    assert [answer["code"] for answer in rest] == list(every_code.values())
