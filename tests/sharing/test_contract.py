"""The store, held to one contract in memory and in a real Redis (and Valkey where there is one)."""

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from mockface.errors import StoreLost
from mockface.journal.entry import Masks
from mockface.journal.recorder import Recorder
from mockface.network.storeurl import store_address
from mockface.sharing import scripts
from mockface.sharing.asking import AskingStore
from mockface.sharing.batches import Batches
from mockface.sharing.link import Link, Once
from mockface.sharing.shipping import Outbox, Shipping
from mockface.state import REMEMBERED_DEALS, Asks, MemoryStore
from tests.stores import STORES, Store


class Shared:
    """A server's way to a store, used from any thread: each verb is asked and told, as for a call."""

    def __init__(self, url):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.run(self._begin(url))

    async def _begin(self, url):
        self.link = Link(store_address(url), uuid4().hex)
        self.batches = Batches(self.link)
        self.change = Once(self.link, scripts.CHANGE, "change")
        self.carrying = asyncio.create_task(self.batches.run())

    def run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def end(self):
        async def close():
            self.carrying.cancel()
            await self.link.close()

        self.run(close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def _verb(self, name, *args):
        asking = AskingStore(lambda number: number)
        try:
            getattr(asking, name)(*args)
        except Asks as asks:
            asking.tell([(asks.verb[0], self.run(self.batches.asked(*asks.verb)))])
        return getattr(asking, name)(*args)

    def __getattr__(self, name):
        return lambda *args: self._verb(name, *args)

    def clear_counts(self, numbers=None):
        if numbers is None:
            self.run(self.change.run("reset", json.dumps({"parts": ["counters"]}), ""))
        else:
            self.run(self.change.run("forget", json.dumps({"numbers": [], "counted": list(numbers)}), ""))

    clear_signatures = clear_counts


@pytest.fixture(scope="module")
def started():
    stores = {}

    def named(name):
        if name not in stores:
            stores[name] = Store(name)
        return stores[name]

    yield named
    for store in stores.values():
        store.end()


@pytest.fixture(params=STORES)
def real(request, started):
    return started(request.param)


@pytest.fixture(params=["memory", *STORES])
def one(request, started):
    if request.param == "memory":
        yield MemoryStore()
        return
    shared = Shared(started(request.param).url(uuid4().hex))
    yield shared
    shared.end()


def test_a_token_is_new_once(one):
    assert [one.first_time(token) for token in ("a", "b", "a", "\ud800", "\ud800")] == [True, True, False, True, False]
    one.clear_signatures()
    assert one.first_time("a")


def test_a_number_is_counted_from_zero_and_apart_from_others(one):
    assert [one.count(number) for number in "aabab"] == [0, 1, 0, 2, 1]
    one.clear_counts(["a"])
    assert [one.count(number) for number in "ab"] == [0, 2]
    one.clear_counts()
    assert [one.count(number) for number in "ab"] == [0, 0]


def test_a_number_longer_than_any_is_counted_by_its_beginning(one):
    assert [one.count("9" * size) for size in (64, 65, 70_000)] == [0, 1, 2]


def test_calls_within_a_rate_are_let_through_and_the_others_are_not_counted(one):
    now = 1_790_000_000.123456
    assert [one.within_rate("k", 2, 1.0, now + at) for at in (0, 0.1, 0.2, 0.999999, 1.0, 1.05, 1.1)] == [
        True, True, False, False, True, False, True,
    ]  # fmt: skip
    assert one.within_rate("other", 1, 1.0, now)


def test_a_clock_that_is_set_back_does_not_hold_a_rate(one):
    assert one.within_rate("k", 1, 60.0, 5000.0)
    assert not one.within_rate("k", 1, 60.0, 5001.0)
    assert one.within_rate("k", 1, 60.0, 4000.0)
    one.clear_counts()
    assert one.within_rate("k", 1, 60.0, 4000.0)


def test_dealt_digits_are_spent_once_and_grow_stale(one):
    assert one.spend("1234", 0.0, 600.0) == "never"
    one.deal("1234", 100.5)
    one.deal("1234", 200.5)
    assert [one.spend("1234", 300.25, 600.0) for _ in range(3)] == ["", "", "spent"]
    one.deal("1234", 300.0)
    assert [one.spend("1234", 1000.0, 600.0) for _ in range(2)] == ["stale", "spent"]
    one.deal("1234", 1000.0)
    assert one.spend("1234", 1600.0, 600.0) == ""
    one.clear_counts()
    assert one.spend("1234", 0.0, 600.0) == "never"


def test_the_same_digits_are_remembered_a_hundred_times(one):
    for at in range(REMEMBERED_DEALS + 5):
        one.deal("7777", float(at))
    found = [one.spend("7777", 0.0, 600.0) for _ in range(REMEMBERED_DEALS + 1)]
    assert (found.count(""), found[-1]) == (REMEMBERED_DEALS, "spent")


def test_many_at_once_are_told_each_number_once(one):
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: one.count("n"), range(400)))
    assert sorted(told) == list(range(400))


def test_two_servers_are_told_each_number_once(real):
    url = real.url(uuid4().hex)
    servers = [Shared(url), Shared(url)]
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda at: servers[at % 2].count("n"), range(400)))
        first = list(pool.map(lambda at: servers[at % 2].first_time(f"t{at // 2}"), range(400)))
    for server in servers:
        server.end()
    assert sorted(told) == list(range(400))
    assert sum(first) == 200


def test_a_script_that_is_sent_again_counts_once_and_says_the_same(real):
    shared = Shared(real.url(uuid4().hex))
    try:
        shared.count("n")
        script = shared.batches._script
        script._turn -= 1
        again = shared.run(script.run(json.dumps([["count", "n"]])))
        assert json.loads(again) == [0]
        assert shared.count("n") == 1
    finally:
        shared.end()


def test_what_is_remembered_is_bounded(real):
    prefix = uuid4().hex
    shared = Shared(real.url(prefix))
    small = scripts.VERBS.replace("local NUMBERS = 100000", "local NUMBERS = 3").replace(
        "local SIGNATURES = 65536", "local SIGNATURES = 3"
    )
    assert small != scripts.VERBS

    async def use():
        shared.batches._script = Once(shared.link, small, "small")

    try:
        shared.run(use())
        assert [shared.count(number) for number in "abcdbcda"] == [0, 0, 0, 0, 1, 1, 1, 0]
        assert [shared.first_time(token) for token in "abcdbcda"] == [True] * 4 + [False] * 3 + [True]
        assert real.client.hlen(f"{{{prefix}}}:counts") == real.client.zcard(f"{{{prefix}}}:seen") == 3
    finally:
        shared.end()


def test_what_may_have_arrived_takes_effect_once_although_it_is_sent_again_later(real):
    shared = Shared(real.url(uuid4().hex))
    try:
        calls = ("0", 1000, 10**7, json.dumps({"coverage": {}, "also": {}, "missed": {}}), "{}", "key", "1.0", "call")

        async def shipped():
            ship = Once(shared.link, scripts.SHIP, "ship")
            await ship.run(*calls)
            real.pause()
            with pytest.raises(StoreLost):
                await ship.run(*calls)
            real.go_on()
            await ship.run(*calls, again=True)
            await ship.run(*calls)
            return await shared.link.client.xlen(shared.link.key("calls"))

        assert shared.run(shipped()) == 3
    finally:
        real.go_on()
        shared.end()


def test_a_slow_answer_does_not_move_the_time_that_a_quick_one_gave():
    link = Link(store_address("redis://127.0.0.1:1"), uuid4().hex)
    shipping = Shipping(link, Recorder(()), Outbox(Masks(), 10), 10)
    shipping.heard(10.0, 1010.0005, 10.001)
    known = shipping.ahead_s
    shipping.heard(11.0, 1011.0005, 11.4)
    assert shipping.ahead_s == known
    shipping.heard(12.0, 2012.0, 12.4)  # the store's clock was set
    assert shipping.ahead_s == pytest.approx(1999.8)
