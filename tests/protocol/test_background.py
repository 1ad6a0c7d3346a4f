"""What fails beside the calls shows in the health and in the log, and the calls go on."""

import json
import subprocess
import sys
import time

import pytest

from mockface.errors import ApiError
from mockface.network import client
from tests.conftest import CLEAN_ENVIRONMENT
from tests.protocol.wire import exchange, request

MOCKFACE = (sys.executable, "-m", "mockface")


def until(so):
    deadline = time.monotonic() + 10
    while not (found := so()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def health(server):
    return client.Client(server.url).get("/_mockface/health")


def command(*args):
    return subprocess.run(
        [*MOCKFACE, *args], env=CLEAN_ENVIRONMENT, capture_output=True, encoding="utf-8", timeout=60, check=False
    )


@pytest.mark.long
def test_a_server_whose_parts_run_says_that_it_is_ok(launch):
    told = health(launch())
    assert (told["status"], told["background"]) == ("ok", [])


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_log_that_cannot_be_written_is_in_health_and_doctor_and_calls_go_on(launch):
    server = launch(command=("sh", "-c", 'exec "$@" 2>/dev/full', "sh", *MOCKFACE))
    assert exchange(server, request()).code == 0
    (part,) = until(lambda: health(server)["background"])
    assert (part["part"], part["state"]) == ("log", "failing")
    assert part["why"] == "log lines are lost: standard error cannot be written: No space left on device"
    assert health(server)["status"] == "failing"
    asked = command("health", "--url", server.url)
    assert asked.returncode == 0
    assert f"not well: {server.url}: log is failing: log lines are lost" in asked.stderr
    examined = command("doctor", "--url", server.url)
    assert "fault  background   log: failing after" in examined.stdout
    assert examined.returncode == 1


@pytest.mark.long
def test_an_api_that_cannot_be_built_is_told_by_the_health_all_the_same(launch, tmp_path):
    broken = tmp_path / "fastapi" / "__init__.py"
    broken.parent.mkdir()
    broken.write_text("raise ImportError('no 张三')", encoding="utf-8")
    server = launch(command=("env", f"PYTHONPATH={tmp_path}", *MOCKFACE))
    assert exchange(server, request()).code == 0
    told = health(server)
    assert told["status"] == "failing"
    (part,) = told["background"]
    assert (part["part"], part["state"], part["why"]) == ("API", "restarting", "ImportError: no 张三")
    with pytest.raises(ApiError, match="HTTP 500: the API cannot be built: ImportError: no 张三"):
        client.Client(server.url).get("/_mockface/calls")
    until(lambda: any("cannot be built" in line and "Traceback" in line for line in server.lines))
    broken.write_text(f"import sys; sys.path.remove({str(tmp_path)!r}); del sys.modules['fastapi']; import fastapi",
                      encoding="utf-8")  # fmt: skip
    (part,) = health(server)["background"]
    assert part["state"] == "running"
    assert len(client.Client(server.url).get("/_mockface/calls")) == 1


@pytest.mark.long
def test_log_and_api_show_chinese_as_it_is_and_escape_what_cannot_be_seen(launch):
    server = launch("--show-pii")
    exchange(server, request())
    line = until(lambda: [line for line in server.lines if line.startswith("{")])[0]
    assert json.loads(line)["name"] == "张三"
    assert '"name":"张三"' in line
    for path in ("/_mockface/calls", "/_mockface/codes", "/_mockface/numbers", "/openapi.json"):
        body = client.Client(server.url).send("GET", path, None, {}).body
        assert b"\\u" not in body
        json.loads(body)
    assert '"name":"张三"'.encode() in client.Client(server.url).send("GET", "/_mockface/calls", None, {}).body
    content = {"Content-Type": "application/json"}
    refused = client.Client(server.url).send("POST", "/_mockface/scenarios", b'{"\\u5f20\\u4e09\\u001b": 1}', content)
    assert "张三".encode() in refused.body
    assert b"\x1b" not in refused.body
