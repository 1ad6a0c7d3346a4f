"""Reads from the store what all servers recorded, into what is shown of it: calls as they come, counts when asked."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from mockface.errors import StoreLost
from mockface.sharing.codec import decoded
from mockface.sharing.link import Link
from mockface.sharing.replica import All
from mockface.sharing.shipping import Shipping, read

logger = logging.getLogger("mockface")

LISTEN_SECONDS = 0.05
"""How often calls of other servers are looked for while somebody waits for calls."""
PAUSE_SECONDS = 0.5
"""Before that is tried again without the store."""
_READ_AT_ONCE = 200


class Reading:
    """What reads; `shipping` knows the epoch of the journal, and the store's clock."""

    def __init__(self, link: Link, seen: All, shipping: Shipping) -> None:
        self._link = link
        self._seen = seen
        self._shipping = shipping
        self._pulled = "-"
        self._lost = 0
        self._pulling = asyncio.Lock()

    def begin_anew(self) -> None:
        """Read from the first call on: the journal was cleared, or another was joined."""
        self._pulled, self._lost = "-", 0

    async def run(self) -> None:
        """Read the calls of all servers while somebody listens."""
        while True:
            await asyncio.sleep(LISTEN_SECONDS)
            if self._seen.journal.is_listened_to:
                try:
                    await self.pull()
                except StoreLost:
                    await asyncio.sleep(PAUSE_SECONDS)

    async def pull(self) -> None:
        """Read the calls that came since the last time. Raises StoreLost."""
        async with self._pulling:
            while await self._pull_some():
                await asyncio.sleep(0)

    async def _pull_some(self) -> bool:
        """Read the next calls; whether there may be more."""
        link, journal, epoch = self._link, self._seen.journal, self._shipping.epoch
        start = self._pulled if self._pulled == "-" else f"({self._pulled}"

        async def ask() -> Any:
            asked = link.client.pipeline(transaction=True)
            asked.xrange(link.key("calls"), start, "+", count=_READ_AT_ONCE)
            asked.get(link.key("position"))
            asked.xlen(link.key("calls"))
            asked.xrange(link.key("calls"), "-", "+", count=1)
            return await asked.execute()

        came, position, length, oldest = await link.try_(ask)
        if epoch != self._shipping.epoch:
            return True
        for change, fields in came:
            self._pulled = change.decode()
            at, place, text = read(fields)
            try:
                call = decoded(text)
            except ValueError as fault:
                logger.error("a call in the store cannot be read: %s", fault)
                continue
            call = call._replace(began=self._shipping.began_of(at, call))
            journal.take(call, at, place)
        total = int(position or 0)
        if total - length != self._lost:
            dropped = await link.try_(lambda: link.client.hgetall(link.key("dropped")))
            if epoch != self._shipping.epoch:
                return True
            first = read(oldest[0][1])[1] if oldest else total + 1
            journal.counted(total, first, total - length, {key.decode(): int(n) for key, n in dropped.items()})
            self._lost = total - length
        return len(came) == _READ_AT_ONCE

    async def pull_counts(self) -> None:
        """Read coverage and counters. Raises StoreLost."""
        link = self._link

        async def ask() -> Any:
            asked = link.client.pipeline(transaction=True)
            for name in ("coverage", "also", "tally"):
                asked.hgetall(link.key(name))
            return await asked.execute()

        kinds, also, tallies = await link.try_(ask)
        self._seen.fill(
            {kind.decode(): int(times) for kind, times in kinds.items()},
            {code.decode(): int(times) for code, times in also.items()},
            {server.decode().removesuffix(".ship"): json.loads(told) for server, told in tallies.items()},
        )
