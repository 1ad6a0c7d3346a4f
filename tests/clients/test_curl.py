"""curl, with the line that the server prints and with uploads."""

import json
import shlex
import subprocess

import pytest

from mockface.signature.accounts import TEST_ACCOUNT
from tests.conftest import program
from tests.making import NAME, NUMBER, URL, json_body, sign_now


def curl(server, *arguments):
    command = [program("curl"), "-sS", "--noproxy", "*", f"{server.url}/face/idcardcompare"]
    done = subprocess.run(
        [*command, "-H", f"Authorization: {sign_now()}", *arguments], capture_output=True, check=False, timeout=30
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


FORM = [f"-Fappid={TEST_ACCOUNT.appid}", f"-Fidcard_number={NUMBER}", f"-Fidcard_name={NAME}"]


def test_json_by_url(server):
    body = json_body(url=URL).decode()
    assert curl(server, "-H", "Content-Type: application/json", "-d", body)["code"] == 0


def test_multipart_by_file(server, photo):
    assert curl(server, *FORM, f"-Fimage=@{photo}")["code"] == 0


@pytest.mark.parametrize("expect", ["Expect: 100-continue", "Expect:"])
def test_a_7_mb_upload_reads_23_with_and_without_expect(server, large_photo, expect):
    for _ in range(3):
        assert curl(server, *FORM, f"-Fimage=@{large_photo}", "-H", expect)["code"] == 23


def test_a_7_mb_upload_of_undeclared_length_reads_23(server, large_photo):
    chunked = ["-H", "Transfer-Encoding: chunked", "-H", "Content-Type: application/json"]
    assert curl(server, *chunked, "--data-binary", f"@{large_photo}")["code"] == 23


@pytest.mark.parametrize("flags", ["", "--no-shipped", "--hosts recognition.image.myqcloud.com", "--deny-real-ids"])
def test_the_line_that_the_server_prints_works_as_printed(launch, flags):
    program("curl")
    server = launch(*flags.split())
    at = next(index for index, line in enumerate(server.lines) if line.startswith("mockface serves"))
    while not any(line.endswith("}'") for line in server.lines):
        server.process.poll()
    printed = "\n".join(server.lines[at:])
    line = printed[printed.index("curl ") : printed.index("}'") + 2]
    assert shlex.split(line)[0] == "curl"
    done = subprocess.run(["sh", "-c", line + " --noproxy '*'"], capture_output=True, check=False, timeout=10)
    assert done.stdout.endswith(b'{"code":0,"message":"OK","data":{"session_id":"","similarity":100.0}}'), done
