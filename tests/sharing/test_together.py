"""Two servers with one store behave as one."""

import json
import subprocess
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from mockface.errors import ApiError, Unreachable
from mockface.network.client import Client
from mockface.signature import making
from mockface.signature.accounts import TEST_ACCOUNT
from tests.conftest import CLEAN_ENVIRONMENT, start
from tests.stores import free_port, store  # noqa: F401 - a fixture

pytestmark = pytest.mark.long

NOBODYS = "440301199001011234"
"""A number with the form of a person's; its check digit is wrong."""


@pytest.fixture(scope="module")
def two(store):  # noqa: F811
    url = store.url(uuid4().hex)
    servers = [start("--store", url, "--journal", "200") for _ in range(2)]
    yield servers
    for server in servers:
        assert server.stop() == 0
        assert not any("Traceback" in line for line in server.lines), server.lines


@pytest.fixture
def pair(two):
    clients = [Client(server.url) for server in two]
    clients[0].post("/_mockface/reset", {})
    return clients


def code(client, number, name="张三", **more):
    reply = client.call("json-url", number, name, making.value(TEST_ACCOUNT, time.time(), uuid4().int % 10**10))
    return json.loads(reply.body)["code"]


def test_a_number_is_counted_by_both(pair):
    a, b = pair
    number = a.post("/_mockface/scenarios", {"sequence": [{"code": 15}, {"code": 213}, {"similarity": 90}]})[
        "idcard_number"
    ]
    assert [code(one, number) for one in (a, b, a, b)] == [15, 213, 0, 0]
    b.post("/_mockface/reset", {"numbers": [number]})
    assert code(a, number) == 0  # its scenario is gone as well
    assert b.get(f"/_mockface/scenarios/{number}")["by_default"]


def test_numbers_that_are_issued_at_the_same_time_are_all_different(pair):
    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(lambda at: pair[at % 2].post("/_mockface/scenarios", {"code": 15}), range(40)))
    assert len({one["idcard_number"] for one in added}) == 40
    for one in added:
        assert [code(client, one["idcard_number"]) for client in pair] == [15, 15]


def test_a_scenario_is_seen_by_both_before_the_call_that_adds_or_removes_it_returns(pair):
    a, b = pair
    for _ in range(20):
        number = a.post("/_mockface/scenarios", {"code": -5803})["idcard_number"]
        assert code(b, number) == -5803
        b.delete(f"/_mockface/scenarios/{number}")
        assert code(a, number) == 0
    with pytest.raises(ApiError, match="no added scenario has number"):
        a.delete(f"/_mockface/scenarios/{number}")


def test_clock_and_switches_are_moved_for_both_and_reset_for_both(pair):
    a, b = pair
    a.post("/_mockface/clock/advance", {"by": "1h"})
    b.post("/_mockface/clock/advance", {"by": 60})
    assert a.get("/_mockface/clock")["offset_s"] == b.get("/_mockface/clock")["offset_s"] == 3660
    a.put("/_mockface/switches/signature", {"signature": "verify"})
    b.put(f"/_mockface/switches/accounts/{TEST_ACCOUNT.appid}", {"state": "arrears"})
    for client in pair:
        told = client.get("/_mockface/switches")
        assert (told["signature"], told["accounts"][0]["state"], told["clock_offset_s"]) == ("verify", "arrears", 3660)
    now = 1_600_000_000
    b.put("/_mockface/clock", {"now": now})
    assert a.get("/_mockface/clock")["now"] == pytest.approx(now, abs=30)
    b.post("/_mockface/reset", {"clock": True})
    assert a.get("/_mockface/clock")["offset_s"] == 0
    a.post("/_mockface/reset", {"switches": True})
    assert b.get("/_mockface/switches")["at_default"]


def test_moves_of_the_clock_at_the_same_time_are_all_made(pair):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda at: pair[at % 2].post("/_mockface/clock/advance", {"by": 10}), range(20)))
    assert [one.get("/_mockface/clock")["offset_s"] for one in pair] == [200, 200]


def test_a_single_use_signature_is_used_once_on_both(pair):
    a, b = pair
    replayed = b.post("/_mockface/sign", {"broken": "replayed"})
    said = json.loads(a.call("json-url", "110110199909090909", "张三", replayed["authorization"]).body)
    assert said["code"] == replayed["code"] != 0


def test_calls_of_both_are_listed_verified_and_explained_by_either(pair):
    a, _b = pair
    number = a.post("/_mockface/scenarios", {"sequence": [{"code": 15}, {"similarity": 90}], "then": "loop"})[
        "idcard_number"
    ]
    for at in range(10):
        code(pair[at % 2], number)
    for one in pair:
        listed = one.get(f"/_mockface/calls?number={number}")
        assert [call["call_of_number"] for call in listed] == list(range(10, 0, -1))
        assert [call["code"] for call in listed] == [0, 15] * 5
        told = one.post("/_mockface/calls/verify", {"number": number, "code": 15, "times": 5})
        assert (told["verified"], told["dropped"]) == (True, 0)
        for call in listed[:2]:
            whole = one.get(f"/_mockface/calls/{call['id']}")
            assert whole["verdict"]["checks"]
            assert whole["request"]["fields"]["idcard_number"] == number
            assert whole["why"] == call["why"]
            assert whole["why_zh"] == call["why_zh"]


def test_calls_after_one_are_found_whichever_answered_it(pair):
    a, b = pair
    for at in range(6):
        code(pair[at % 2], "110110199909090909")
    last = b.get("/_mockface/calls?limit=1")[0]["id"]
    assert a.post("/_mockface/calls/find", {"after": last})["calls"] == []
    code(b, "110110199909090909")
    code(a, "110110199909090909")
    found = b.post("/_mockface/calls/find", {"after": last})
    assert len(found["calls"]) == 2
    assert found["newest"] == found["calls"][-1]["id"]


def test_a_call_that_is_waited_for_may_come_to_the_other(pair):
    a, b = pair
    number = a.post("/_mockface/scenarios", {"code": 15})["idcard_number"]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(a.post, "/_mockface/calls/verify", {"number": number, "within": "20s", "at_least": 3}, 30)
        for _ in range(3):
            code(b, number)
        began = time.monotonic()
        assert waiting.result(25)["count"] == 3
        assert time.monotonic() - began < 5


def test_events_tell_of_the_calls_of_both(two, pair):
    came: list[str] = []
    with urllib.request.urlopen(two[0].url + "/_mockface/events", timeout=20) as events:
        assert events.readline() == b": mockface\n"
        threading.Timer(0.1, lambda: [code(one, "110110199909090909") for one in pair]).start()
        while len(came) < 2:
            line = events.readline()
            if line.startswith(b"data: "):
                came.append(json.loads(line[6:])["id"])
    assert len({one.partition("-")[0] for one in came}) == 2


def test_coverage_and_metrics_are_the_sum_and_metrics_name_the_servers(two, pair):
    a, b = pair
    before = _metrics(two[0])
    number = a.post("/_mockface/scenarios", {"code": -5803})["idcard_number"]
    for one in (a, b, b):
        code(one, number)
    for one in pair:
        report = one.get("/_mockface/coverage")
        assert report["calls"] == 3
        assert next(row["times"] for row in report["codes"] if row["code"] == -5803) == 3
    for server in two:
        told = _metrics(server)
        name = 'mockface_calls_total{code="-5803",operation="idcardcompare"}'
        assert told[name] - before.get(name, 0) == 3
        by_server = {key: value for key, value in told.items() if key.startswith("mockface_server_calls_total")}
        assert sum(by_server.values()) == sum(v for k, v in told.items() if k.startswith("mockface_calls_total"))
        assert len(by_server) == 2
    a.post("/_mockface/reset", {"journal": True})
    assert b.get("/_mockface/coverage")["calls"] == 0


def _metrics(server):
    text = urllib.request.urlopen(server.url + "/_mockface/metrics").read().decode()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")}


def test_a_journal_that_is_full_says_how_much_it_dropped(pair):
    a, b = pair
    number = a.post("/_mockface/scenarios", {"code": 15})["idcard_number"]
    after = b.get("/_mockface/calls?limit=1")
    code(a, number)
    first = a.get("/_mockface/calls?limit=1")[0]["id"]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda at: code(pair[at % 2], number), range(300)))
    for one in pair:
        told = one.post("/_mockface/calls/verify", {"number": number, "at_least": 1})
        assert told["count"] + told["dropped"] == 301
        assert told["count"] <= 200
        assert one.post("/_mockface/calls/find", {"after": first})["dropped"] >= 100
    assert after == []


def test_a_reset_of_the_journal_leaves_nothing_of_before(pair):
    a, b = pair
    for _ in range(5):
        for one in pair:
            code(one, "110110199909090909")
        a.post("/_mockface/reset", {"journal": True})
        assert b.get("/_mockface/calls") == a.get("/_mockface/calls") == []
        assert b.get("/_mockface/coverage")["calls"] == 0


def test_a_person_a_secret_and_a_picture_never_reach_the_store(store, pair):  # noqa: F811
    a, b = pair
    name = "欧阳无名"
    for one in pair:
        one.call("json-base64", NOBODYS, name, making.value(TEST_ACCOUNT, time.time(), 1))
        one.call("multipart", NOBODYS[:17] + "X", name, "Bearer " + TEST_ACCOUNT.secret_key)
    assert len(b.get("/_mockface/calls")) == 4
    with pytest.raises(ApiError, match="no person's number reaches the store"):
        a.post("/_mockface/scenarios", {"number": NOBODYS, "code": 15})
    with pytest.raises(ApiError, match="no person's name reaches the store"):
        a.post("/_mockface/scenarios", {"number": "44030119????????3?", "name": name, "code": 15})
    with store.raw() as client:
        kept = client.keys("*")
        whole = b"".join(client.dump(key) or b"" for key in kept) + repr(_everything(client)).encode()
    assert NOBODYS.encode() not in whole
    assert name.encode() not in whole
    assert json.dumps(name)[1:-1].encode() not in whole
    assert TEST_ACCOUNT.secret_key.encode() not in whole
    assert b"iVBORw0KGgo" not in whole
    assert all(key.startswith(b"{") for key in kept)


def _everything(client):
    reads = {
        b"hash": client.hgetall, b"string": client.get, b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1, withscores=True), b"list": lambda key: client.lrange(key, 0, -1),
        b"stream": client.xrange,
    }  # fmt: skip
    return {key: reads[client.type(key)](key) for key in client.keys("*")}


def test_every_key_expires(store, pair):  # noqa: F811
    code(pair[0], "110110199909090909")
    pair[1].get("/_mockface/calls")
    client = store.client
    prefix = pair[0].get("/_mockface/health")["store"]["prefix"]
    time.sleep(1.2)  # two beats
    keys = list(client.keys(f"{{{prefix}}}:*"))
    assert keys
    assert [key for key in keys if client.ttl(key) < 0] == []


def test_the_health_names_the_store_without_its_secret_and_the_servers(two, pair):
    for one in pair:
        told = one.get("/_mockface/health")
        assert (told["ready"], told["store"]["answers"], len(told["store"]["servers"])) == (True, True, 2)
        assert told["store"]["server"] in told["store"]["servers"]


def test_what_was_added_counted_and_moved_outlives_all_servers(store):  # noqa: F811
    url = store.url(uuid4().hex)
    first = start("--store", url)
    client = Client(first.url)
    number = client.post("/_mockface/scenarios", {"sequence": [{"code": 15}, {"code": 213}, {"code": 21}]})[
        "idcard_number"
    ]
    assert code(client, number) == 15
    client.post("/_mockface/clock/advance", {"by": "1d"})
    client.put("/_mockface/switches/signature", {"signature": "verify"})
    assert first.stop() == 0
    second = start("--store", url)
    client = Client(second.url)
    assert client.get("/_mockface/clock")["offset_s"] == 86400
    assert client.get("/_mockface/switches")["signature"] == "verify"
    client.post("/_mockface/reset", {"clock": True, "switches": True})
    assert code(client, number) == 213
    assert len(client.get(f"/_mockface/calls?number={number}")) == 2
    assert second.stop() == 0


def test_changed_files_begin_the_counts_of_their_numbers_anew_once(store, tmp_path):  # noqa: F811
    file = tmp_path / "team.yaml"
    number = "110110199907010018"
    text = "scenarios:\n  '{number}':\n    sequence:\n      - code: {first}\n      - code: 213\n      - code: 21\n"
    file.write_text(text.format(number=number, first=15))
    url = store.url(uuid4().hex)
    servers = [start("--store", url, "--scenarios", str(file)) for _ in range(2)]
    clients = [Client(server.url) for server in servers]
    assert [code(clients[0], number), code(clients[1], number)] == [15, 213]
    file.write_text(text.format(number=number, first=-5803))
    until = time.monotonic() + 20
    while not all(client.get("/_mockface/health")["reloads"] for client in clients):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert [code(client, number) for client in clients] == [-5803, 213]
    for server in servers:
        assert server.stop() == 0


def test_an_app_under_another_server_shares_the_store(store, pair):  # noqa: F811
    prefix = pair[0].get("/_mockface/health")["store"]["prefix"]
    port = free_port()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "uvicorn",
            "--factory",
            "mockface:create_app",
            "--port",
            str(port),
            "--log-level",
            "critical",
        ],
        env={**CLEAN_ENVIRONMENT, "MOCKFACE_STORE": store.url(prefix), "MOCKFACE_JOURNAL": "200"},
    )
    try:
        client = Client(f"http://127.0.0.1:{port}")
        until = time.monotonic() + 20
        while True:
            try:
                assert client.get("/_mockface/health")["ready"]
                break
            except Unreachable:
                assert time.monotonic() < until
                time.sleep(0.05)
        number = client.post("/_mockface/scenarios", {"sequence": [{"code": 15}, {"code": 213}, {"code": 21}]})[
            "idcard_number"
        ]
        assert [code(one, number) for one in (client, *pair)] == [15, 213, 21]
        assert len(pair[1].get(f"/_mockface/calls?number={number}")) == 3
    finally:
        process.terminate()
        process.wait(10)
