"""Several workers on one port start, answer, reload, tell and stop as one server."""

import json
import os
import re
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from mockface.network.client import Client
from tests.conftest import CLEAN_ENVIRONMENT, start
from tests.sharing.test_faults import until
from tests.sharing.test_together import code
from tests.stores import store  # noqa: F401 - a fixture

pytestmark = [pytest.mark.long, pytest.mark.skipif(not hasattr(os, "fork"), reason="workers need a system that forks")]


@pytest.fixture
def serve(store):  # noqa: F811
    running = []

    def with_flags(*flags, workers=2):
        running.append(start("--store", store.url(uuid4().hex), "--workers", str(workers), *flags))
        return running[-1]

    yield with_flags
    for server in running:
        if server.process.poll() is None:
            server.stop()
        assert not any("Traceback" in line for line in server.lines), server.lines


def stat_of(pid):
    """State and parent of a process; None where there is none."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return None
    return state, int(parent)


def processes_of(server):
    """The workers: the processes whose parent the server is."""
    stats = {int(entry.name): stat_of(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    return sorted(pid for pid, stat in stats.items() if stat and stat[1] == server.process.pid)


def is_there(pid):
    """Whether it runs; one that ended may not have been waited for."""
    stat = stat_of(pid)
    return stat is not None and stat[0] != "Z"


def test_more_than_one_worker_without_a_store_is_refused_with_the_reason():
    told = subprocess.run(
        [sys.executable, "-m", "mockface", "serve", "--workers", "2"], check=False, capture_output=True, text=True,
        env=CLEAN_ENVIRONMENT,
    )  # fmt: skip
    assert told.returncode == 2
    assert "--workers 2 needs --store: processes share no counters" in told.stderr


def test_workers_answer_in_turns_and_count_as_one(serve):
    server = serve(workers=3)
    client = Client(server.url)
    assert len(processes_of(server)) == 3
    number = client.post("/_mockface/scenarios", {"sequence": [{"similarity": at} for at in range(60)]})[
        "idcard_number"
    ]

    def similarity(_):
        reply = client.call("json-url", number, "张三", authorization)
        return json.loads(reply.body)["data"]["similarity"]

    authorization = client.post("/_mockface/sign", {})["authorization"]
    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(similarity, range(60))) == list(map(float, range(60)))
    runs = {call["id"].partition("-")[0] for call in client.get("/_mockface/calls")}
    assert len(runs) > 1, "a new connection each: more than one worker got some"
    assert len(client.get("/_mockface/health")["store"]["servers"]) == 3


def test_the_ready_file_appears_when_all_listen_and_is_gone_behind_the_stop(serve, tmp_path):
    ready = tmp_path / "ready.json"
    server = serve("--ready-file", str(ready))
    until(ready.exists)
    assert json.loads(ready.read_text())["pid"] == server.process.pid
    assert server.stop() == 0
    assert not ready.exists()
    assert processes_of(server) == []


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_all_and_calls_in_flight_are_finished(serve, how):
    server = serve()
    client = Client(server.url)
    number = client.post("/_mockface/scenarios", {"similarity": 50, "delay": "1s"})["idcard_number"]
    workers = processes_of(server)
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(code, client, number) for _ in range(4)]
        time.sleep(0.4)
        server.process.send_signal(how)
        assert [call.result(10) for call in calls] == [0] * 4
    assert server.process.wait(10) == 0
    assert not any(map(is_there, workers))


def test_the_log_is_one_stream_that_names_the_worker(serve):
    server = serve("--log-format", "json")
    client = Client(server.url)
    for _ in range(12):
        code(client, "110110199909090909")
    assert server.stop() == 0
    told = [json.loads(line) for line in server.lines if line.startswith("{")]
    calls = [line for line in told if line["message"] == "call"]
    assert len(calls) == 12
    assert {line["worker"] for line in calls} <= {1, 2}
    text = serve("--log-format", "text")
    code(Client(text.url), "110110199909090909")
    assert text.stop() == 0
    assert any(re.match(r"\[[12]\] \d\d:\d\d:\d\d", line) for line in text.lines)


def test_a_worker_that_is_killed_is_started_again_and_no_client_is_refused(serve):
    server = serve()
    client = Client(server.url)
    number = client.post("/_mockface/scenarios", {"code": 15})["idcard_number"]
    first = processes_of(server)
    os.kill(first[0], signal.SIGKILL)
    for _ in range(10):
        assert code(client, number) == 15
    until(lambda: len(processes_of(server)) == 2)
    assert processes_of(server) != first
    until(lambda: len(client.get("/_mockface/health")["store"]["servers"]) == 2)
    assert any("ended by signal 9 and is started again" in line for line in server.lines)


def test_workers_end_when_their_parent_is_killed(serve):
    server = serve()
    workers = processes_of(server)
    assert len(workers) == 2
    server.process.kill()
    server.process.wait()
    until(lambda: not any(map(is_there, workers)))


def test_hangup_reloads_the_files_in_all(serve, tmp_path):
    file = tmp_path / "team.yaml"
    text = "scenarios:\n  '110110199907010018':\n    code: {code}\n"
    file.write_text(text.format(code=15))
    server = serve("--scenarios", str(file), workers=2)
    client = Client(server.url)
    assert code(client, "110110199907010018") == 15
    file.write_text(text.format(code=213))
    server.process.send_signal(signal.SIGHUP)
    until(lambda: sum("scenario files reloaded" in line for line in server.lines) >= 2)
    assert [code(client, "110110199907010018") for _ in range(8)] == [213] * 8


def test_a_mistake_in_a_file_is_told_once_and_ends_the_start(store, tmp_path):  # noqa: F811
    file = tmp_path / "team.yaml"
    file.write_text("scenarios:\n  '110110199907010018':\n    code: 99999\n")
    with pytest.raises(AssertionError, match="ended with 2") as ended:
        start("--store", store.url(uuid4().hex), "--workers", "2", "--scenarios", str(file))
    assert str(ended.value).count("no code 99999") == 1


def test_a_taken_port_ends_the_start(serve, store):  # noqa: F811
    server = serve()
    with pytest.raises(AssertionError, match="cannot listen on"):
        start("--store", store.url(uuid4().hex), "--workers", "2", "--port", str(server.port))


def test_all_workers_serve_https_with_one_certificate(serve):
    server = serve("--tls", "auto", "--tls-port", "0")
    trust = ssl.create_default_context(cadata=urllib.request.urlopen(server.url + "/_mockface/ca.pem").read().decode())
    for _ in range(8):
        with urllib.request.urlopen(server.https_url + "/_mockface/health", context=trust) as answer:
            assert json.loads(answer.read())["ready"]


def test_stock_uvicorn_shares_a_store_as_well(serve):
    server = serve("--http", "plain")
    client = Client(server.url)
    number = client.post("/_mockface/scenarios", {"sequence": [{"code": 15}, {"code": 213}, {"code": 21}]})[
        "idcard_number"
    ]
    assert [code(client, number) for _ in range(3)] == [15, 213, 21]
