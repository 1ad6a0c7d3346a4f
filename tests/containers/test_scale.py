"""compose.scale.yaml: two servers behind nginx answer as one, and go on when one of them dies."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator

import pytest

from mockface.errors import Unreachable
from mockface.network.client import Client, Reply
from tests.containers.engine import TOP, podman
from tests.containers.project import Project
from tests.making import sign_now

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
SERVERS = ("mockface-1", "mockface-2")
PLAIN = "110110199909090909"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, image: str) -> Iterator[Project]:
    made = Project(TOP / "compose.scale.yaml", tmp_path_factory.mktemp("project"), image)
    try:
        made.up("store", "nginx", *SERVERS)
        for name in SERVERS:
            made.container(name).wait()
        yield made
    finally:
        made.end()


@pytest.fixture(scope="module")
def address(project: Project) -> str:
    """Where nginx is reached from here."""
    (told,) = json.loads(podman("inspect", project.container("nginx").name).stdout)
    (network,) = told["NetworkSettings"]["Networks"].values()
    return str(network["IPAddress"])


@pytest.fixture
def client(address: str) -> Client:
    return Client(f"http://{address}:8641")


def asked(client: Client, number: str = PLAIN) -> Reply:
    return client.call("json-url", number, "张三", sign_now())


def code(client: Client, number: str) -> int:
    return int(json.loads(asked(client, number).body)["code"])


def runs(client: Client, calls: int = 10) -> set[str]:
    """The servers that answer so many calls, by how the ids of their calls begin."""
    replies = [asked(client) for _ in range(calls)]
    assert [reply.status for reply in replies] == [200] * calls
    return {reply.headers["x-mockface-request-id"].partition("-")[0] for reply in replies}


def added(client: Client, *codes: int) -> str:
    """A number whose calls get these codes in turn."""
    return str(client.post("/_mockface/scenarios", {"sequence": [{"code": one} for one in codes]})["idcard_number"])


def test_calls_reach_both_servers(client):
    assert len(runs(client)) == 2


def test_a_sequence_is_counted_across_both_servers(client):
    number = added(client, 15, 213, 21, 15)
    assert [code(client, number) for _ in range(4)] == [15, 213, 21, 15]
    assert len(client.get(f"/_mockface/calls?number={number}")) == 4


def test_an_event_arrives_through_nginx_before_the_stream_ends(client, address):
    number = added(client, 15)
    stream = http.client.HTTPConnection(address, 8641, timeout=20)
    stream.request("GET", f"/_mockface/events?number={number}")
    events = stream.getresponse()
    assert events.status == 200
    for _ in SERVERS:
        code(client, number)
    while not (line := events.readline()).startswith(b"data:"):
        assert line
    assert number.encode() in line
    stream.close()


def test_an_answer_that_a_scenario_cuts_off_is_cut_off_behind_nginx_and_leaves_no_server_out(client):
    number = client.post("/_mockface/scenarios", {"fault": "truncate"})["idcard_number"]
    for _ in range(4):
        with pytest.raises(Unreachable, match="IncompleteRead"):
            asked(client, number)
    assert len(runs(client)) == 2


def test_an_upload_over_the_limit_gets_the_services_code_and_not_nginxs(client):
    headers = {"Content-Type": "application/json", "Authorization": sign_now()}
    reply = client.send("POST", "/face/idcardcompare", b" " * (7 * 1024 * 1024), headers, 60)
    assert json.loads(reply.body)["code"] == 23


def test_calls_go_on_when_a_server_is_killed_and_its_replacement_joins(project, client):
    number = added(client, 15, 213, 21, 15)
    assert [code(client, number) for _ in range(2)] == [15, 213]
    before = runs(client)
    podman("rm", "--force", "--time", "0", project.container("mockface-2").name)
    assert len(runs(client) & before) == 1
    assert code(client, number) == 21
    project.up("mockface-2")
    project.container("mockface-2").wait()
    assert len(runs(client)) == 2
    assert code(client, number) == 15


def test_no_count_is_lost_when_the_store_is_killed(project, client):
    number = added(client, 15, 213, 21, 15)
    assert [code(client, number) for _ in range(2)] == [15, 213]
    store = project.container("store")
    killed = store.state("State.Pid")
    podman("kill", "--signal", "KILL", store.name)
    until = time.monotonic() + 30
    while store.state("State.Pid") in ("0", killed):  # some podman starts it again by itself
        assert time.monotonic() < until
        if store.state("State.Status") == "exited":
            podman("start", store.name, check=False)
    for name in SERVERS:
        project.container(name).wait()
    assert [code(client, number) for _ in range(2)] == [21, 15]
