"""What goes wrong between a server and its store, and is not to be seen by anyone."""

import json
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import uuid4

import pytest

from mockface.errors import ApiError
from mockface.network.client import Client
from mockface.scenarios.mint import Mint
from mockface.signature import making
from mockface.signature.accounts import TEST_ACCOUNT
from tests.conftest import CLEAN_ENVIRONMENT, start
from tests.sharing.test_faults import PLAIN, health, servers_of, stop, until
from tests.sharing.test_together import code
from tests.stores import Store

pytestmark = pytest.mark.long


@pytest.fixture
def store():
    running = Store()
    yield running
    running.end()


def warm(server):
    """A client of a server that has its API at hand: a busy machine takes seconds to import it."""
    client = Client(server.url)
    client.get("/_mockface/switches", 60)
    return client


class Frozen:
    """A way to a store that forwards, until its open connections are frozen: they carry nothing and stay open."""

    def __init__(self, port):
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._to = port
        self._open = []
        self._sockets = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            thawed = threading.Event()
            thawed.set()
            self._open.append(thawed)
            server = socket.create_connection(("127.0.0.1", self._to))
            self._sockets += [client, server]
            for pair in ((client, server), (server, client)):
                threading.Thread(target=self._carry, args=(*pair, thawed), daemon=True).start()

    @staticmethod
    def _carry(source, to, thawed):
        while True:
            try:
                came = source.recv(65536)
                if not thawed.is_set():
                    continue
                if not came:
                    to.shutdown(socket.SHUT_RDWR)
                    return
                to.sendall(came)
            except OSError:
                return

    def freeze(self):
        for thawed in self._open:
            thawed.clear()

    def close(self):
        for one in (self._listening, *self._sockets):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def test_a_signature_for_an_unknown_account_leaves_single_use_as_it_was(store):
    servers = servers_of(store, 1)
    client = warm(servers[0])
    once = making.value(TEST_ACCOUNT, time.time(), 12345, "replayed")
    with pytest.raises(ApiError):
        client.post("/_mockface/sign", {"appid": "1", "broken": "replayed"})
    first, second = (json.loads(client.call("json-url", PLAIN, "张三", once).body)["code"] for _ in range(2))
    assert (first, second != 0) == (0, True)
    stop(servers)


def test_a_connection_that_died_silently_does_not_stop_a_server_from_following(store):
    way = Frozen(store.port)
    prefix = uuid4().hex
    servers = [
        start("--store", store.url(prefix)),
        start("--store", f"redis://127.0.0.1:{way.port}/0?prefix={prefix}"),
    ]
    clients = [warm(server) for server in servers]
    clients[0].post("/_mockface/scenarios", {"code": 15})
    way.freeze()
    time.sleep(6)
    until(lambda: health(clients[1])[0] == 200)
    began = time.monotonic()
    number = clients[0].post("/_mockface/scenarios", {"code": 15})["idcard_number"]
    assert time.monotonic() - began < 3
    assert code(clients[1], number) == 15
    stop(servers)
    way.close()


def test_keys_that_a_last_call_made_expire_as_well(store):
    for _ in range(3):
        prefix = uuid4().hex
        server = start("--store", store.url(prefix))
        client = warm(server)
        number = client.post("/_mockface/scenarios", {"sequence": [{"code": 15}, {"code": 213}]})["idcard_number"]
        time.sleep(0.6)
        client.post("/_mockface/reset", {"journal": True})
        assert code(client, number) == 15
        client.post("/_mockface/clock/advance", {"by": 60})
        stop([server])
        left = [key for key in store.client.scan_iter(f"{{{prefix}}}*") if store.client.ttl(key) < 0]
        assert left == []


def test_keys_of_a_killed_server_expire_as_well(store):
    prefix = uuid4().hex
    server = start("--store", store.url(prefix))
    client = warm(server)
    number = client.post("/_mockface/scenarios", {"sequence": [{"code": 15}, {"code": 213}]})["idcard_number"]
    client.post("/_mockface/reset", {"journal": True, "counters": True})
    assert code(client, number) == 15
    client.post("/_mockface/clock/advance", {"by": 60})
    client.get("/_mockface/calls")
    server.process.kill()
    server.process.wait()
    assert [key for key in store.client.scan_iter(f"{{{prefix}}}*") if store.client.ttl(key) < 0] == []


def test_no_call_waits_for_much_more_than_two_seconds(store):
    servers = servers_of(store, 1)
    client = warm(servers[0])
    number = client.post("/_mockface/scenarios", {"sequence": [{"code": 15}, {"code": 213}], "then": "loop"})[
        "idcard_number"
    ]
    authorization = client.post("/_mockface/sign", {})["authorization"]
    store.pause()

    def took(at):
        time.sleep(at * 0.3)
        began = time.monotonic()
        reply = Client(servers[0].url).call("json-url", number, "张三", authorization)
        return reply.status, time.monotonic() - began

    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(took, range(16)))
    assert {status for status, _ in told} == {503}
    assert max(seconds for _, seconds in told) < 2.6, told
    store.go_on()
    stop(servers)


@pytest.mark.parametrize("http", ["httptools", "plain"])
def test_a_call_that_waits_for_the_store_is_answered_when_the_server_stops(store, http):
    (server,) = servers_of(store, 1, "--http", http)
    client = warm(server)
    number = client.post("/_mockface/scenarios", {"sequence": [{"code": 15}, {"code": 213}]})["idcard_number"]
    authorization = client.post("/_mockface/sign", {})["authorization"]
    store.pause()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.call, "json-url", number, "张三", authorization)
        time.sleep(0.3)
        server.process.terminate()
        time.sleep(1.0)
        store.go_on()
        reply = waiting.result(10)
    assert json.loads(reply.body)["code"] == 15
    assert server.process.wait(10) == 0


def test_of_two_patterns_that_overlap_one_is_refused_although_they_come_at_once(store):
    servers = servers_of(store)
    clients = [warm(server) for server in servers]

    def add(at):
        pattern = ["11011019990909????", "110110199909????09"][at]
        try:
            return clients[at].post("/_mockface/scenarios", {"number": pattern, "code": [15, 213][at]})
        except ApiError as fault:
            return str(fault)

    for _ in range(10):
        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(add, range(2)))
        assert sum("match a common number" in one for one in told) == 1, told
        clients[0].post("/_mockface/reset", {"scenarios": True})
    stop(servers)


def test_adding_a_pattern_again_begins_the_counts_of_its_numbers_anew(store):
    servers = servers_of(store)
    clients = [warm(server) for server in servers]
    for pattern, number in (("11011019990909????", PLAIN), ("44030119900101????", "440301199001011230")):
        fields = {"number": pattern, "sequence": [{"code": 15}, {"code": 213}]}
        clients[0].post("/_mockface/scenarios", fields)
        first = code(clients[1], number)
        assert code(clients[0], number) != first
        clients[1].post("/_mockface/scenarios", fields)
        assert code(clients[0], number) == first
        clients[1].post("/_mockface/reset", {"numbers": [pattern]})
        clients[0].post("/_mockface/scenarios", fields)
        assert code(clients[0], number) == first
    stop(servers)


def test_a_server_joins_although_thousands_of_scenarios_were_added(store):
    prefix = uuid4().hex
    told = {
        (number := Mint.number(at)): json.dumps({"number": number, "fields": {"sequence": [{"code": 15}] * 3}})
        for at in range(6000)
    }
    store.client.hset(f"{{{prefix}}}:added", mapping=told)
    server = start("--store", store.url(prefix))
    client = warm(server)
    until(lambda: health(client)[0] == 200)
    assert code(client, Mint.number(5999)) == 15
    stop([server])
    assert not any("joins again" in line for line in server.lines)


def test_without_the_library_of_the_store_the_start_ends_in_one_line():
    told = subprocess.run(
        [
            sys.executable, "-c",
            "import sys; sys.modules['redis'] = None; from mockface.cli import main; "
            "sys.argv = ['mockface', 'serve', '--port', '0', '--store', 'redis://user:s3cr3t@h']; main()",
        ],
        check=False, capture_output=True, text=True, env=CLEAN_ENVIRONMENT,
    )  # fmt: skip
    assert told.returncode == 2
    assert len(told.stderr.splitlines()) == 1, told.stderr
    assert "mockface[redis]" in told.stderr
    assert "s3cr3t" not in told.stderr
