"""What happens when the store is away, slow, full, or changes place. No acknowledged count is lost or told twice."""

import json
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import uuid4

import pytest

from mockface.network.client import Client
from tests.conftest import CLEAN_ENVIRONMENT, start
from tests.sharing.test_together import code
from tests.stores import Store, free_port

pytestmark = pytest.mark.long

PLAIN = "110110199909090909"


@pytest.fixture
def store():
    running = Store()
    yield running
    running.end()


def servers_of(store, count=2, *flags):
    prefix = uuid4().hex
    servers = [start("--store", store.url(prefix), *flags) for _ in range(count)]
    store.servers += servers
    return servers


def stop(servers):
    for server in servers:
        assert server.stop() == 0
        assert not any("Traceback" in line for line in server.lines), "\n".join(server.lines)


def asked(client, number):
    return client.call("json-url", number, "张三", client.post("/_mockface/sign", {})["authorization"])


def until(what, seconds=15):
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.05)


def health(client):
    reply = client.send("GET", "/_mockface/health", None, {})
    return reply.status, json.loads(reply.body)


@pytest.mark.parametrize("how", ["absent", "no redis"])
def test_a_store_that_cannot_be_used_ends_the_start_in_one_line(how):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1] if how == "no redis" else free_port()

        def answer():
            client, _ = listening.accept()
            client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            client.close()

        if how == "no redis":
            threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(AssertionError, match="ended with 2") as ended:
            start("--store", f"redis://user:s3cr3t@127.0.0.1:{port}/2")
    lines = str(ended.value).splitlines()[1:]
    assert len(lines) == 1, lines
    assert lines[0].startswith(f"mockface: --store redis://***@127.0.0.1:{port}/2: ")
    assert "s3cr3t" not in lines[0]


@pytest.mark.parametrize("away", ["killed", "paused"])
def test_calls_that_need_no_state_go_on_without_the_store_and_the_others_get_503(store, away):
    servers = servers_of(store)
    client = Client(servers[0].url)
    number = client.post("/_mockface/scenarios", {"sequence": [{"code": 15}, {"code": 213}, {"code": 21}]})[
        "idcard_number"
    ]
    assert code(client, number) == 15
    store.kill() if away == "killed" else store.pause()
    began = time.monotonic()
    assert code(client, PLAIN) == 0
    assert time.monotonic() - began < 1
    reply = client.call("json-url", number, "张三", "")  # refused before it is counted: no signature
    assert json.loads(reply.body)["code"] != 0
    refused = None
    while refused is None or refused.status != 503:
        refused = asked(client, number)
        assert refused.status == 503, refused.body
    told = json.loads(refused.body)
    assert set(told) == {"mockface"}
    assert "the store" in told["mockface"]
    assert refused.headers["retry-after"] == "1"
    assert "the store" in refused.headers["x-mockface-why"]
    status, now = health(client)
    assert (status, now["ready"], now["store"]["answers"]) == (503, False, False)
    assert f"127.0.0.1:{store.port}" in now["store"]["why"]
    for command, said in (("health", "calls that need it get HTTP 503"), ("doctor", "store")):
        told = subprocess.run(
            [sys.executable, "-m", "mockface", command, "--url", servers[0].url], check=False, capture_output=True,
            text=True, env=CLEAN_ENVIRONMENT,
        )  # fmt: skip
        assert told.returncode == 1
        assert said in told.stdout + told.stderr
    reply = client.send("POST", "/_mockface/scenarios", b'{"code": 15}', {"Content-Type": "application/json"}, 30)
    assert reply.status == 503
    # For longer than a call waits, it is refused at once.
    began = time.monotonic()
    assert asked(client, number).status == 503
    assert time.monotonic() - began < 1
    store.start() if away == "killed" else store.go_on()
    until(lambda: all(health(Client(one.url))[0] == 200 for one in servers))
    assert code(Client(servers[1].url), number) in (213, 21)  # a call that got 503 may have been counted
    client.post("/_mockface/scenarios", {"code": 15})
    stop(servers)
    lines = "\n".join(servers[0].lines)
    assert "the store does not answer" in lines
    assert "the store answers again" in lines


def test_a_slow_store_delays_the_calls_that_need_it_and_no_others(store):
    servers = servers_of(store, 1)
    client = Client(servers[0].url)
    number = client.post("/_mockface/scenarios", {"sequence": [{"code": 15}, {"code": 213}]})["idcard_number"]
    store.pause()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(code, client, number)
        time.sleep(0.2)
        began = time.monotonic()
        assert [code(client, PLAIN) for _ in range(20)] == [0] * 20
        assert time.monotonic() - began < 1
        assert not waiting.done()
        store.go_on()
        assert waiting.result(10) == 15
    assert code(client, number) == 213
    stop(servers)


def test_a_full_store_refuses_what_it_cannot_count_and_says_so(store):
    servers = servers_of(store, 1)
    client = Client(servers[0].url)
    number = client.post("/_mockface/scenarios", {"sequence": [{"code": 15}, {"code": 213}]})["idcard_number"]
    store.client.config_set("maxmemory-policy", "noeviction")
    store.client.config_set("maxmemory", "1")
    refused = asked(client, number)
    assert refused.status == 503
    assert "maxmemory" in json.loads(refused.body)["mockface"]
    assert code(client, PLAIN) == 0
    until(lambda: health(client)[0] == 503)
    store.client.config_set("maxmemory", "0")
    until(lambda: health(client)[0] == 200)
    assert code(client, number) == 15
    until(lambda: len(client.get("/_mockface/calls")) >= 2)
    stop(servers)


def test_clients_that_the_store_cuts_off_lose_nothing(store):
    servers = servers_of(store)
    clients = [Client(server.url) for server in servers]
    number = clients[0].post("/_mockface/scenarios", {"sequence": _steps(300)})["idcard_number"]
    over = threading.Event()

    def cut():
        while not over.wait(0.1):
            for kind in ("normal", "pubsub"):
                store.client.client_kill_filter(_type=kind, skipme=True)

    cutting = threading.Thread(target=cut)
    cutting.start()
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda at: _step(clients[at % 2], number), range(240)))
    over.set()
    cutting.join()
    acknowledged = [step for step in told if step is not None]
    assert len(set(acknowledged)) == len(acknowledged)
    assert REFUSALS == []
    assert len(acknowledged) == 240, "each call is counted once, although its connection to the store was cut"
    assert _step(clients[0], number) == 240
    stop(servers)


def _grew(told, size):
    return len(told) > size


def _steps(count):
    return [{"similarity": round(at * 0.05, 2)} for at in range(count)]


def _step(client, number):
    """Which step a call got; None where the store did not answer."""
    try:
        reply = client.call("json-url", number, "张三", AUTHORIZATIONS[client.url])
    except KeyError:
        AUTHORIZATIONS[client.url] = client.post("/_mockface/sign", {})["authorization"]
        return _step(client, number)
    if reply.status == 503:
        REFUSALS.append(reply.body)
        return None
    told = json.loads(reply.body)
    assert told["code"] == 0, told
    return round(told["data"]["similarity"] * 20)


REFUSALS: list[bytes] = []
AUTHORIZATIONS: dict[str, str] = {}


def test_a_thousand_steps_are_told_once_each_while_the_store_is_killed_and_started_again(store):
    servers = servers_of(store)
    clients = [Client(server.url) for server in servers]
    number = clients[0].post("/_mockface/scenarios", {"sequence": _steps(1000), "then": "default"})["idcard_number"]
    told: list[int] = []
    refused: list[None] = []
    lock = threading.Lock()

    def drive(at):
        client = clients[at % 2]
        while True:
            step = _step(client, number)
            with lock:
                if step is None:
                    refused.append(step)
                elif step == 2000:  # the default behind the last step: similarity 100
                    return
                else:
                    told.append(step)
            if step is None:
                time.sleep(0.05)

    with ThreadPoolExecutor(8) as pool:
        driving = [pool.submit(drive, at) for at in range(8)]
        for _ in range(2):
            until(lambda: len(told) > 200)
            store.kill()
            time.sleep(2.6)  # longer than calls wait for the store
            store.start()
            until(partial(_grew, told, len(told) + 50), 30)
        for one in driving:
            one.result(60)
    assert refused, "the store was away for longer than calls wait"
    assert len(set(told)) == len(told), "no step was told twice"
    lost = set(range(1000)) - set(told)
    # A call that got 503 may have taken its step: nobody can tell whether the store counted before it died.
    assert len(lost) <= len(refused), sorted(lost)
    assert len(told) + len(lost) == 1000
    stop(servers)


def test_a_reset_in_the_middle_of_calls_is_one_moment_for_all(store):
    servers = servers_of(store)
    clients = [Client(server.url) for server in servers]
    number = clients[0].post("/_mockface/scenarios", {"sequence": _steps(2000)})["idcard_number"]
    for client in clients:
        _step(client, number)
    over = threading.Event()
    told: list[list[int]] = [[] for _ in range(4)]

    def drive(at):
        while not over.is_set():
            told[at].append(_step(clients[at % 2], number))

    with ThreadPoolExecutor(4) as pool:
        driving = [pool.submit(drive, at) for at in range(4)]
        time.sleep(0.5)
        clients[1].post("/_mockface/reset", {"counters": True})
        time.sleep(0.5)
        over.set()
        for one in driving:
            one.result(20)
    for steps in told:
        falls = [at for at in range(1, len(steps)) if steps[at] < steps[at - 1]]
        assert len(falls) <= 1, steps
    every = sorted(step for steps in told for step in steps)
    assert every.count(every[0]) <= 2
    assert max(every.count(step) for step in set(every)) <= 2, "each step once before and once behind the reset"
    stop(servers)


def test_a_server_that_was_taken_for_ended_joins_again(store):
    servers = servers_of(store)
    clients = [Client(server.url) for server in servers]
    number = clients[0].post("/_mockface/scenarios", {"code": 15})["idcard_number"]
    servers[1].process.send_signal(19)  # it stands still
    time.sleep(3.5)
    began = time.monotonic()
    clients[0].delete(f"/_mockface/scenarios/{number}")
    other = clients[0].post("/_mockface/scenarios", {"code": 213})["idcard_number"]
    assert time.monotonic() - began < 3, "nobody waits for a server that is not heard of"
    servers[1].process.send_signal(18)
    until(lambda: code(clients[1], other) == 213)
    assert code(clients[1], number) == 0
    assert len(health(clients[1])[1]["store"]["servers"]) == 2
    stop(servers)


def test_a_server_that_is_killed_is_waited_for_a_few_seconds_only(store):
    servers = servers_of(store)
    client = Client(servers[0].url)
    servers[1].process.kill()
    servers[1].process.wait()
    began = time.monotonic()
    client.post("/_mockface/scenarios", {"code": 15})
    assert time.monotonic() - began < 5
    began = time.monotonic()
    client.get("/_mockface/calls")
    assert time.monotonic() - began < 1
    stop(servers[:1])


def test_servers_of_another_version_do_not_share_a_store(store):
    servers = servers_of(store, 1)
    prefix = json.loads(servers[0].url and Client(servers[0].url).send("GET", "/_mockface/health", None, {}).body)[
        "store"
    ]["prefix"]
    (name,) = store.client.hkeys(f"{{{prefix}}}:versions")
    store.client.hset(f"{{{prefix}}}:versions", name, "9.9.9")
    with pytest.raises(AssertionError, match="ended with 2") as ended:
        start("--store", store.url(prefix))
    lines = str(ended.value).splitlines()[1:]
    assert len(lines) == 1
    assert "servers of mockface 9.9.9 share it" in lines[0]
    stop(servers)
