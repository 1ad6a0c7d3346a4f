"""A server's part in a store: it joins, follows what any server changes, and says how far it has followed.

A change is written to the store, which keeps it for servers that come later, and to a stream that all servers follow.
Whoever made it waits until each of them has: until then it has not happened. A server that is not heard of for
LEASE_SECONDS is not waited for.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Any

import redis

from mockface import __version__
from mockface.control import passing
from mockface.control.controls import Controls
from mockface.control.loading import Loading, scenario_paths
from mockface.emulator import Emulator
from mockface.errors import BadScenario, CannotShare, Exhausted, StoreLost
from mockface.network.storeurl import StoreAddress
from mockface.scenariofiles import files
from mockface.scenarios.lookup import ScenarioSet, is_pattern
from mockface.sharing import scripts
from mockface.sharing.asking import AskingStore
from mockface.sharing.batches import Batches
from mockface.sharing.link import ANSWER_SECONDS, FOLLOW_SECONDS, TRANSIENT, Link, Once
from mockface.sharing.reading import LISTEN_SECONDS, Reading
from mockface.sharing.replica import All
from mockface.sharing.shipping import Outbox, Shipping

logger = logging.getLogger("mockface")

BEAT_SECONDS = 0.5
PATIENCE_SECONDS = 10.0
"""How long a change waits for the other servers."""
_LOOK_AGAIN_SECONDS = 0.25
SIGNATURE = "signature"
ACCOUNT = "account:"

Place = tuple[int, int]
"""The id of a change, as the stream orders them."""


def _place(change: str) -> Place:
    first, _, second = change.partition("-")
    return int(first), int(second)


class Member:
    """One server among those that share a store; `controls` are set once they exist."""

    controls: Controls

    def __init__(self, address: StoreAddress, emulator: Emulator, loading: Loading, journal: int, name: str) -> None:
        self.address = address
        self.name = name
        self._emulator = emulator
        self._loading = loading
        recorder = emulator.recorder
        masks = recorder.masks
        self.store = AskingStore(lambda number: number if masks.shows(number) else "~" + masks.key(number))
        recorder.journal = self._outbox = Outbox(masks, journal)
        emulator.rules = replace(emulator.rules, store=self.store)
        self.seen = All(emulator.operations, journal, masks)
        self._journal_limit = journal
        self._reached: dict[str, Place] = {}
        self._members: list[str] = []
        self._moved = asyncio.Event()
        self._followed = self._acked = "0-0"
        self._acks = b"0-0"
        self._joined = False
        self.patterns = 0
        """How many patterns were added that this server knows."""
        self._barrier: asyncio.Task[None] | None = None
        self._next_barrier: asyncio.Task[None] | None = None
        loading.replaced = self._reloaded
        self._connect()

    def renamed(self, name: str) -> None:
        """Be another server than before: the process was forked, and nothing was sent yet."""
        self.name = name
        self._connect()

    def _connect(self) -> None:
        self.link = Link(self.address, self.name)
        self.batches = Batches(self.link)
        self._change = Once(self.link, scripts.CHANGE, "change")
        self._join_script = self.link.script(scripts.JOIN)
        self._beat_script = self.link.script(scripts.BEAT)
        self._leave_script = self.link.script(scripts.LEAVE)
        self._reloaded_script = self.link.script(scripts.RELOADED)
        self._shipping = Shipping(self.link, self._emulator.recorder, self._outbox, self._journal_limit)
        self._reading = Reading(self.link, self.seen, self._shipping)

    @property
    def is_ready(self) -> bool:
        """Whether it goes by what the others go by."""
        return self._joined and self.link.lost_since is None

    def shortcoming(self) -> str:
        """Why it is not ready."""
        if self.link.lost_since is None:
            return f"this server has not joined the others yet that share {self.address.shown}"
        return f"the store does not answer, calls that need it get HTTP 503: {self.link.why}"

    def health(self) -> dict[str, Any]:
        """The store as plain data: its URL without the secret, whether it answers, the servers that share it."""
        return {
            "url": self.address.shown,
            "prefix": self.address.prefix,
            "answers": self.link.lost_since is None,
            "why": self.link.why,
            "server": self.name,
            "servers": self._members,
        }

    async def join(self) -> None:
        """Take part: go by what the servers go by now. Raises CannotShare, StoreLost."""
        reply = await self._join_script(self.name, __version__, os.urandom(16).hex())
        if reply[0] == b"version":
            raise CannotShare(
                f"--store {self.address.shown}: servers of mockface {reply[1].decode()} share it, this is "
                f"{__version__}; stop those first, or give this one another ?prefix="
            )
        _, salt, epoch, last, self._acks, added, standing, patterns = reply
        self._emulator.recorder.masks.salted(bytes.fromhex(salt.decode()))
        if epoch.decode() != self._shipping.epoch:
            self._outbox.clear()
            self._emulator.recorder.coverage.clear()
            self._shipping.forget()
        self._shipping.epoch = epoch.decode()
        self.seen.journal.clear()
        self._reading.begin_anew()
        await self._stand_added([json.loads(told) for told in added[1::2]])
        self.patterns = int(patterns)
        self._stand(dict(zip(_names_of(standing), map(bytes.decode, standing[1::2]), strict=True)))
        self._followed = last.decode()
        self._joined = True
        await self._beat()
        await self._ack()

    async def _stand_added(self, told: list[dict[str, Any]]) -> None:
        """Go by these scenarios, and no others; of thousands that takes longer than a lease."""
        added = self.controls.added
        wanted = {one["number"]: one["fields"] for one in told}
        for number in [number for number, fields in added.given.items() if wanted.get(number) != fields]:
            added.remove(number)
        heard = passing.monotonic()
        for one in told:
            if one["number"] not in added.given:
                self._add(one)
            if passing.monotonic() - heard > BEAT_SECONDS:
                await self._beat()
                heard = passing.monotonic()

    def _stand(self, standing: dict[str, str]) -> None:
        controls = self.controls
        controls.switches.back()
        controls.clock.offset_s = float(standing.pop("offset", "0"))
        for name, value in standing.items():
            self._switch(name, value)

    def parts(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What runs beside the calls."""
        return {
            "calls to the store": self.batches.run,
            "following of the other servers": self._follow,
            "lease in the store": self._keep_beating,
            "shipping of calls": self._keep_shipping,
            "calls of the other servers": self._reading.run,
        }

    async def leave(self) -> None:
        """Ship what is left, and take part no more."""
        try:
            if self.is_ready:
                async with asyncio.timeout(ANSWER_SECONDS):
                    await self._shipping.ship()
                    await self._leave_script(self.name)
        except (StoreLost, TimeoutError):
            logger.warning("the store was not told that this server ends: %s", self.link.why or "it is slow")
        await self.link.close()

    # What the servers are told.

    async def change(self, kind: str, given: dict[str, Any], told: str = "") -> bool:
        """Make a change, and wait until every server has followed. Raises StoreLost.

        False: another server added a pattern that this one did not know, and knows now; nothing was changed.
        """
        reply = json.loads(await self._change.run(kind, json.dumps(given), told))
        if "again" in reply:
            await self._until_followed(_place(reply["again"]), {self.name})
            return False
        await self._until_followed(_place(reply["id"]), {*reply["members"], self.name})
        return True

    async def _until_followed(self, change: Place, members: set[str]) -> None:
        until = passing.monotonic() + PATIENCE_SECONDS
        while True:
            moved = self._moved
            members = {member for member in members if self._reached.get(member, (0, 0)) < change}
            if not members:
                return
            if passing.monotonic() > until:
                raise StoreLost(f"{', '.join(sorted(members))} did not follow within {PATIENCE_SECONDS:g} s")
            try:
                async with asyncio.timeout(_LOOK_AGAIN_SECONDS):
                    await moved.wait()
            except TimeoutError:
                members &= {*await self._beat(), self.name}

    async def fresh(self, *, counts: bool) -> None:
        """Have every server ship what it recorded until now, and read it. Raises StoreLost."""
        if self._next_barrier is None:
            self._next_barrier = asyncio.create_task(self._flush(self._barrier))
        await asyncio.shield(self._next_barrier)
        await self._reading.pull()
        if counts:
            await self._reading.pull_counts()

    async def _flush(self, before: asyncio.Task[None] | None) -> None:
        """One barrier for all that ask while the one before is on its way."""
        if before is not None:
            await asyncio.wait([before])
        self._barrier, self._next_barrier = asyncio.current_task(), None
        await self.change("flush", {})

    # What it follows.

    async def _follow(self) -> None:
        while True:
            try:
                if not self._joined:
                    await self.join()
                streams = {self.link.key("changes"): self._followed, self.link.key("acks"): self._acks}
                came = await self.link.waiting.xread(streams, block=round(FOLLOW_SECONDS * 1000), count=1000)
            except StoreLost:
                await asyncio.sleep(BEAT_SECONDS)
                continue
            except CannotShare as fault:
                logger.error("%s", fault)
                await asyncio.sleep(scripts.LEASE_SECONDS)
                continue
            except (*TRANSIENT, redis.RedisError) as fault:
                self.link.lost(fault)
                # What was cut off is there again at once; what stays away is not asked twenty times a second.
                await asyncio.sleep(BEAT_SECONDS if self.link.is_lost_for_long() else LISTEN_SECONDS)
                continue
            for stream, messages in came:
                if stream.endswith(b":acks"):
                    self._acks = messages[-1][0]
                    self._others_followed(fields for _, fields in messages)
                else:
                    for change, fields in messages:
                        await self._apply(fields[b"kind"].decode(), fields[b"told"])
                        self._followed = change.decode()
            if self._followed != self._acked:
                await self._try_ack()

    async def _try_ack(self) -> None:
        try:
            await self._ack()
        except StoreLost:
            await asyncio.sleep(LISTEN_SECONDS)

    async def _ack(self) -> None:
        followed = self._followed
        await self.link.try_(
            lambda: self.link.client.xadd(
                self.link.key("acks"), {"server": self.name, "until": followed},
                maxlen=scripts.CHANGES_KEPT, approximate=True,
            )
        )  # fmt: skip
        self._acked = followed
        self._others_followed([{b"server": self.name.encode(), b"until": followed.encode()}])

    def _others_followed(self, told: Iterable[dict[bytes, bytes]]) -> None:
        for fields in told:
            server, until = fields[b"server"].decode(), fields[b"until"].decode()
            if until == "left":
                self._reached[server] = (1 << 63, 0)
            else:
                self._reached[server] = max(self._reached.get(server, (0, 0)), _place(until))
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def _apply(self, kind: str, told: bytes) -> None:
        controls = self.controls
        given = json.loads(told) if told else {}
        if kind == "flush":
            try:
                await self._shipping.ship()
            except StoreLost:
                logger.warning("calls could not be shipped to the store: %s", self.link.why)
        elif kind == "add":
            self._add(given)
            self.patterns += is_pattern(given["number"])
        elif kind == "remove":
            controls.added.remove(given["number"])
        elif kind == "forget":
            controls.added.forget(given["numbers"])
        elif kind == "reset":
            if "epoch" in given:
                self._shipping.epoch = str(given["epoch"])
                self._shipping.forget()
                self._reading.begin_anew()
            controls.reset_parts(given["parts"])
        elif kind == "clock":
            controls.clock.offset_s = float(given["offset"])
        elif kind == "switch":
            self._switch(given["name"], given["value"])

    def _add(self, given: dict[str, Any]) -> None:
        added = self.controls.added
        try:
            added.put(added.prepared(given["number"], given["fields"]), given["fields"])
        except (BadScenario, Exhausted) as fault:
            # Two servers were given scenarios at the same moment for which together there is no room.
            logger.error("a scenario that another server added is not in use here: %s", fault)

    def _switch(self, name: str, value: str) -> None:
        switches = self.controls.switches
        if name == SIGNATURE:
            switches.set_mode(value)
        elif name.removeprefix(ACCOUNT) in switches.accounts:
            switches.set_state(name.removeprefix(ACCOUNT), value)

    # What runs beside.

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                await self._beat()
            except StoreLost:
                continue

    async def _beat(self) -> list[str]:
        """Say that this server is there; gives all that are."""
        began = passing.perf_counter()
        reply = await self._beat_script(self.name)
        if reply[0] == b"gone":
            if self._joined:
                logger.warning("the store knows this server no more: it joins again")
            self._joined = False
            return []
        ended = passing.perf_counter()
        self._shipping.heard(began, float(reply[0]), ended)
        members = self._members = sorted(member.decode() for member in reply[1])
        for gone in self._reached.keys() - members:
            del self._reached[gone]
        return members

    async def _keep_shipping(self) -> None:
        while True:
            try:
                await self._shipping.run()
            except StoreLost:
                await asyncio.sleep(BEAT_SECONDS)

    async def _reloaded(self, before: ScenarioSet, now: ScenarioSet) -> None:
        """Begin the counts of those numbers anew whose scenario the files have changed: the first server does."""
        try:
            link = self.link
            counted = await link.try_(lambda: link.client.hkeys(link.key("counts")))
            numbers = self.store.numbers_of(name.decode() for name in counted)
            changed = [name for name, number in numbers if before.answering(number) != now.answering(number)]
            if changed:
                digest = await asyncio.to_thread(self._digest_of_files)
                await self._reloaded_script(digest, *changed)
        except StoreLost:
            logger.warning("the store could not be told of the changed files: %s", self.link.why)

    def _digest_of_files(self) -> str:
        whole = hashlib.blake2b(digest_size=16)
        for file in files.files_in(scenario_paths(self._loading.settings))[0]:
            whole.update(file.read_bytes())
        return whole.hexdigest()


def _names_of(pairs: list[bytes]) -> list[str]:
    """The names of a hash, as a script gives it: names and values in turn."""
    return [name.decode() for name in pairs[::2]]
