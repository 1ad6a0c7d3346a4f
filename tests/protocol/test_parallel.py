"""Eight workers on one server, each with minted numbers and stories: no test ever sees another's state."""

import multiprocessing

import pytest

from mockface.cli.offline import signed
from mockface.network import client
from tests.making import SHIPPED

WORKERS, ROUNDS = 8, 50


def work(url):
    """A worker's fifty tests; what went wrong, as texts."""
    api, wrong = client.Client(url), []
    story = {"sequence": [{"code": 15}, {"code": 213}, {"similarity": 92.5}]}
    for index in range(ROUNDS):
        person = api.post("/_mockface/scenarios", story)
        number, name = person["idcard_number"], person["idcard_name"]
        came = [api.call("json-url", number, name, signed(60)).body for _ in range(4)]
        codes = [int(body[8 : body.index(b",")]) for body in came]
        if codes != [15, 213, 0, 0]:
            wrong.append(f"round {index}: {number} got {codes}")
        verified = api.post("/_mockface/calls/verify", {"number": number, "times": 4})
        if not verified["verified"]:
            wrong.append(f"round {index}: {verified['why']}")
        api.delete(f"/_mockface/scenarios/{number}")
        if index % 10 == 0 and b'"code":0' not in api.call("json-url", number, name, signed(60)).body:
            wrong.append(f"round {index}: {number} still has its scenario")
    return wrong


@pytest.mark.long
@pytest.mark.timeout(300)
def test_no_worker_of_eight_ever_sees_anothers_state(launch):
    server = launch("--journal", "5000")
    with multiprocessing.get_context("spawn").Pool(WORKERS) as pool:
        results = pool.map(work, [server.url] * WORKERS)
    assert [wrong for worker in results for wrong in worker] == []
    assert client.Client(server.url).get("/_mockface/health")["scenarios"] == SHIPPED
