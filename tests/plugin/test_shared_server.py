"""Eight workers of xdist on one server: for so many seconds not one wrong answer, not one test that sees another's.

TEST_SHARED_SECONDS says how long: a few seconds here, a minute before a release.
"""

import os
import re
import threading
import time
from uuid import uuid4

import pytest

from mockface.network import client
from tests.conftest import start
from tests.making import USUAL_CODES
from tests.plugin.test_plugin import suite  # noqa: F401 - a fixture
from tests.stores import balancer, free_port, store  # noqa: F401 - a fixture

pytestmark = pytest.mark.thorough

pytest_plugins = ["pytester"]

SECONDS = float(os.environ.get("TEST_SHARED_SECONDS", "3"))

ROUND = """
import itertools, time
import pytest

CODES = itertools.cycle([15, 213, -5803, -4012, 21])

def one_round(m, rounds):
    first, second = next(CODES), next(CODES)
    story = m.add(sequence=[{"code": first}, {"code": second}, {"similarity": 92.5}])
    plain = m.add(similarity=rounds % 101, name="李四")
    asked = [ask(m, story.idcard_number), ask(m, plain.idcard_number, "李四"), ask(m, story.idcard_number)]
    asked += [ask(m, story.idcard_number), ask(m, plain.idcard_number, "王五")]
    assert asked == [first, 0, second, 0, -5803]
    return story, plain, first, second
"""

LOAD = """
@pytest.mark.parametrize("worker", range(8))
def test_for_so_long(mockface_server, worker):
    ends, rounds = time.monotonic() + SECONDS, 0
    while time.monotonic() < ends:
        with mockface_server.scope() as m:
            story, plain, first, second = one_round(m, rounds)
            assert m.verify(plain, code=0, times=1).last.similarity == rounds % 101
            assert [call.code for call in m.verify(story, times=3)] == [first, second, 0]
            assert len(m.calls) == 5
        assert ask(m, story.idcard_number) == 0
        rounds += 1
    print("rounds:", rounds)
"""


def test_eight_workers_share_a_server_without_a_wrong_answer(suite, launch):  # noqa: F811
    server = launch("--journal", "20000")
    before = client.Client(server.url).get("/_mockface/health")["scenarios"]
    result = suite(
        f"SECONDS = {SECONDS}\n{ROUND}{LOAD}", "-n", "8", "-rP", "--mockface-url", server.url, "--mockface-coverage"
    )
    result.assert_outcomes(passed=8)
    rounds = [int(found) for found in re.findall(r"rounds: (\d+)", result.stdout.str())]
    assert len(rounds) == 8
    assert min(rounds) > 0
    result.stdout.fnmatch_lines([f"idcardcompare: 6 of {USUAL_CODES} codes*in {6 * sum(rounds)} calls*"])
    assert client.Client(server.url).get("/_mockface/health")["scenarios"] == before


LOSING = """
import json
from mockface.testing import ApiError, Unreachable

def lost(fault):
    return isinstance(fault, (Unreachable, json.JSONDecodeError)) or getattr(fault, "status", 0) in (502, 503, 504)

@pytest.mark.parametrize("worker", range(8))
def test_for_so_long(mockface_server, worker):
    ends, rounds, torn = time.monotonic() + SECONDS, 0, 0
    while time.monotonic() < ends:
        try:
            with mockface_server.scope() as m:
                one_round(m, rounds)
            rounds += 1
        except (ApiError, Unreachable, json.JSONDecodeError) as fault:
            # nginx had passed the call to the replica that was killed: it says so, and nobody was told anything wrong.
            assert lost(fault), fault
            torn += 1
    print("rounds:", rounds, "torn:", torn)
"""


@pytest.mark.long
def test_eight_workers_share_two_replicas_of_which_one_is_killed_and_replaced(suite, store):  # noqa: F811
    url, ports = store.url(uuid4().hex), [free_port(), free_port()]
    servers = [start("--store", url, "--port", str(port)) for port in ports]
    seconds = max(SECONDS, 6.0)

    def replace():
        servers[0].process.kill()
        servers[0].process.wait()
        time.sleep(seconds / 6)  # for so long there is one
        servers.append(start("--store", url, "--port", str(ports[0])))

    with balancer(ports) as balanced:
        killing = threading.Timer(seconds / 2, replace)
        killing.start()
        result = suite(f"SECONDS = {seconds}\n{ROUND}{LOSING}", "-n", "8", "-rP",
                       "--mockface-url", balanced)  # fmt: skip
        killing.join()
        result.assert_outcomes(passed=8)
        told = re.findall(r"rounds: (\d+) torn: (\d+)", result.stdout.str())
        rounds, torn = (sum(int(one[at]) for one in told) for at in (0, 1))
        assert rounds > 8
        assert torn <= 16, "a worker loses what is on its way, and what waits for the dead replica"
        health = client.Client(balanced).get("/_mockface/health")
        assert len(health["store"]["servers"]) == 2
        print("rounds:", rounds, "torn:", torn)
    for server in servers[1:]:
        assert server.stop() == 0
