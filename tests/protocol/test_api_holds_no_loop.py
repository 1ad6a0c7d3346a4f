"""Whatever the API is asked, of whatever is stored: the loop that answers calls goes on beside it."""

import asyncio
import gc
import json
import time

import pytest

from mockface.model import Scenario, Step
from mockface.scenarios import family
from mockface.settings import Settings
from mockface.web.app import App
from tests import loop
from tests.making import ask, json_body, sign_now

HELD_SECONDS = 0.05
SLACK = 5
"""How much slower than its promise a machine may be that does other work beside the tests."""
SCENARIOS = 60_000
MANY = [f"{at:018d}" for at in range(45_000)]
SHAPES = ["".join("?" if at >> bit & 1 else "1" for bit in range(18)) for at in range(1, 65)]


def reserved(at):
    return family.number_for(7 + at % 3, 1 + at // 3 % 28, at // 84 % 1000)


@pytest.fixture(scope="module")
def app():
    """A server with as many calls, counted numbers and scenarios as there may be."""
    full = App(Settings(journal=100_000))
    for at in range(SCENARIOS):
        full.controls.added.added.add(
            Scenario(f"{at:06d}1999{at % 10**8:08d}"[:18], (Step(similarity=50.0),) * 3, "team.yaml:1")
        )
    for at in range(100_000):
        full.emulator.rules.store.count(reserved(at)[:17] + str(at))
    for at in range(6000):
        ask(json_body(idcard_number=reserved(at)), of=full.emulator, authorization=sign_now())
    ask(json_body(idcard_number="110105198806153217"), of=full.emulator, authorization=sign_now())
    gc.freeze()  # as a start does: what is loaded is no garbage to look for
    yield full
    gc.unfreeze()


async def request(app, method, target, body=b""):
    """The status and the body of the answer of an ASGI app."""
    path, _, query = target.partition("?")
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": [(b"content-type", b"application/json")], "http_version": "1.1", "scheme": "http", "root_path": "",
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 1), "asgi": {"version": "3.0", "spec_version": "2.3"},
    }  # fmt: skip
    sent = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive():
        return waiting.pop() if waiting else await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    await app.framework(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


async def beside_a_heartbeat(work):
    """What the work returns, and the longest time in which nothing else was done, in seconds."""
    longest = 0.0

    async def beat():
        nonlocal longest
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - before)

    heart = asyncio.create_task(beat())
    await asyncio.sleep(0.01)
    done = await work
    await asyncio.sleep(0.005)
    heart.cancel()
    return done, longest


ASKED = {
    "find 10,000 numbers": ("POST", "/_mockface/calls/find", {"numbers": MANY[:10_000]}, 200),
    "find 10,001 numbers": ("POST", "/_mockface/calls/find", {"numbers": MANY[:10_001]}, 422),
    "find by 64 shapes": ("POST", "/_mockface/calls/find", {"numbers": SHAPES}, 200),
    "find by more shapes": ("POST", "/_mockface/calls/find", {"numbers": [*SHAPES, "?" * 18, "?" * 15]}, 422),
    "find 2,000 patterns": ("POST", "/_mockface/calls/find", {"numbers": [one[:17] + "?" for one in MANY[:2000]]}, 200),
    "find 45,000 patterns": ("POST", "/_mockface/calls/find", {"numbers": [one[:17] + "?" for one in MANY]}, 413),
    "find everything": ("POST", "/_mockface/calls/find", {}, 200),
    "find behind a call": ("POST", "/_mockface/calls/find", {"after": "x-1"}, 200),
    "verify by 64 shapes": ("POST", "/_mockface/calls/verify", {"numbers": SHAPES, "at_least": 0}, 200),
    "verify and wait": ("POST", "/_mockface/calls/verify", {"numbers": SHAPES, "code": 213, "within": "200ms"}, 200),
    "thousands of faults": ("POST", "/_mockface/calls/find", {f"{at}": 1 for at in range(20_000)}, 422),
    "numbers that are none": ("POST", "/_mockface/calls/find", {"numbers": [1] * 80_000}, 422),
    "list all calls": ("GET", "/_mockface/calls?limit=10000", None, 200),
    "list calls of a number": ("GET", f"/_mockface/calls?number={'1' * 3000}&code=3", None, 200),
    "a call that is not there": ("GET", "/_mockface/calls/x-1", None, 404),
    "list 1,000 scenarios": ("GET", "/_mockface/scenarios?limit=1000&offset=50000", None, 200),
    "near misses of a number": ("GET", "/_mockface/scenarios/000001299900000001", None, 200),
    "add a scenario": ("POST", "/_mockface/scenarios", {"code": 15}, 201),
    "add a scenario of 5,000 steps": ("POST", "/_mockface/scenarios", {"sequence": [{"code": 15}] * 5000}, 201),
    "add a scenario of bad steps": ("POST", "/_mockface/scenarios", {"sequence": [{"cod": 15}] * 5000}, 422),
    "add a scenario of 1 MiB": ("POST", "/_mockface/scenarios", {"code": 15, "note": "x" * 1_000_000}, 201),
    "add a pattern": ("POST", "/_mockface/scenarios", {"number": "9" * 10 + "????????", "code": 15}, 201),
    "remove a scenario": ("DELETE", "/_mockface/scenarios/000*************00", None, 404),
    "reset 10,000 numbers": ("POST", "/_mockface/reset", {"numbers": MANY[:10_000]}, 200),
    "reset by 64 shapes": ("POST", "/_mockface/reset", {"numbers": SHAPES}, 200),
    "metrics": ("GET", "/_mockface/metrics", None, 200),
    "health": ("GET", "/_mockface/health", None, 200),
    "coverage": ("GET", "/_mockface/coverage", None, 200),
    "numbers": ("GET", "/_mockface/numbers", None, 200),
    "codes": ("GET", "/_mockface/codes", None, 200),
    "schema": ("GET", "/_mockface/schema", None, 200),
    "switches": ("GET", "/_mockface/switches", None, 200),
    "sign": ("POST", "/_mockface/sign", {"appid": "9" * 50_000}, 404),
    "the description": ("GET", "/openapi.json", None, 200),
    "reset scenarios": ("POST", "/_mockface/reset", {"scenarios": True}, 200),
}


@pytest.mark.long
@pytest.mark.parametrize("what", ASKED)
def test_no_request_of_the_api_holds_the_loop(app, what):
    method, target, asked, status = ASKED[what]
    body = b"" if asked is None else json.dumps(asked).encode()

    async def measured():
        await request(app, "GET", "/_mockface/clock")  # the framework is loaded
        return await beside_a_heartbeat(request(app, method, target, body))

    app._building, app._working = asyncio.Lock(), asyncio.Lock()
    (came, answer), longest = loop.run(measured())
    assert came == status, answer[:300]
    assert longest < HELD_SECONDS * SLACK, f"{what}: the loop stood still for {longest * 1000:.0f} ms"


@pytest.mark.long
def test_the_scenarios_that_are_added_are_bounded_and_their_memory_is_given_back():
    small = App(Settings())

    async def fill():
        body = json.dumps({"code": 15, "note": "x" * 1_000_000}).encode()
        statuses = [(await request(small, "POST", "/_mockface/scenarios", body))[0] for _ in range(70)]
        refused = await request(small, "POST", "/_mockface/scenarios", body)
        await request(small, "POST", "/_mockface/reset", b'{"scenarios": true}')
        return statuses, refused, (await request(small, "POST", "/_mockface/scenarios", body))[0]

    statuses, refused, again = loop.run(fill())
    assert statuses[:60] == [201] * 60
    assert refused[0] == 409
    assert b"64 MiB" in refused[1]
    assert again == 201
    assert small.controls.added.size_bytes < 2_000_000
