"""The connection with the store: scripts that run once although they are sent again, and whether the store answers.

redis is imported here alone. Its client would send a command again by itself, which counts a call twice: here nothing
is sent again but scripts that know what they have done.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import redis
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from mockface.control import passing
from mockface.errors import CannotShare, StoreLost
from mockface.network.storeurl import StoreAddress
from mockface.privacy.masking import one_line

logger = logging.getLogger("mockface")

ANSWER_SECONDS = 2.0
"""How long a call waits for the store, and a command for its answer."""
FOLLOW_SECONDS = 1.0
"""How long a server waits in the store for a change, before it asks anew."""
PAUSE_SECONDS = 0.05
"""Between two attempts."""
OLDEST = (6, 2)
"""The oldest Redis with all commands of the scripts; every Valkey has them."""
TRANSIENT = (
    redis.ConnectionError,
    redis.TimeoutError,
    redis.ReadOnlyError,
    OSError,
    asyncio.TimeoutError,
    RuntimeError,
)
"""What may be over in a moment: the store starts, restarts, or another takes its place.

RuntimeError is uvloop's word for a connection that was closed before something is written to it.
"""
Result = TypeVar("Result")


def in_words(fault: BaseException, address: StoreAddress) -> str:
    """A failure in one line, without the URL's secret: where the store is, and what is wrong."""
    # "User … has no permissions to run …": the store names who asked.
    why = one_line(str(fault).replace(f"User {address.user} ", "User *** ")) or type(fault).__name__
    return f"{address.shown}: {why}"[:300]


class Link:
    """The client of one server. `lost_since` is when the store was last seen to be lost, None while it answers."""

    def __init__(self, address: StoreAddress, name: str) -> None:
        self.address = address
        self.base = f"{{{address.prefix}}}"
        self.name = name
        self.lost_since: float | None = None
        self.why = ""
        self.client = client_of(address, name, ANSWER_SECONDS)
        self._waiting = client_of(address, name, FOLLOW_SECONDS + ANSWER_SECONDS)

    def key(self, name: str) -> str:
        """The name of a key, see `scripts`."""
        return f"{self.base}:{name}"

    @property
    def waiting(self) -> Any:
        """The client for commands that wait in the store, for FOLLOW_SECONDS at most."""
        return self._waiting

    def is_lost_for_long(self) -> bool:
        """Whether the store has been away for so long that no call should wait for it."""
        return self.lost_since is not None and passing.monotonic() - self.lost_since > ANSWER_SECONDS

    def lost(self, fault: BaseException) -> StoreLost:
        """Note that the store does not answer; gives what to raise."""
        self.why = in_words(fault, self.address)
        if self.lost_since is None:
            self.lost_since = passing.monotonic()
            logger.error("the store does not answer, calls that need it get HTTP 503: %s", self.why)
        return StoreLost(self.why)

    def found(self) -> None:
        """Note that the store answers."""
        if self.lost_since is not None:
            logger.warning("the store answers again, after %.1f s", passing.monotonic() - self.lost_since)
        self.lost_since = None
        self.why = ""

    async def try_(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """What the store answers. Raises StoreLost for every failure."""
        try:
            result = await work()
        except (*TRANSIENT, redis.RedisError) as fault:
            raise self.lost(fault) from fault
        self.found()
        return result

    def script(self, text: str) -> Callable[..., Awaitable[Any]]:
        """A script that may be run with other arguments each time; it may be run twice."""
        registered = self.client.register_script(text)

        async def run(*args: Any) -> Any:
            return await self.try_(lambda: registered(keys=[self.base], args=list(args)))

        return run

    async def close(self) -> None:
        """End its connections."""
        for client in (self.client, self._waiting):
            await client.aclose()


class Once:
    """A script that takes effect once, although it is sent again where its answer was lost."""

    def __init__(self, link: Link, text: str, what: str) -> None:
        self._link = link
        self._script = link.client.register_script(text)
        self._name = f"{link.name}.{what}"
        self._turn = 0
        self._one = asyncio.Lock()

    async def run(self, *args: Any, until: float | None = None, again: bool = False) -> Any:
        """What it gives. Sent again until this time of `passing.monotonic`, then raises StoreLost.

        It may have taken effect then, or may yet: `again` with the same arguments makes sure that it does, once.
        """
        until = passing.monotonic() + ANSWER_SECONDS if until is None else until
        async with self._one:
            if self._link.is_lost_for_long():
                raise StoreLost(self._link.why)
            self._turn += not again
            sent = [self._name, str(self._turn), *args]
            while True:
                try:
                    result = await self._sent(sent, until)
                except TRANSIENT as fault:
                    lost = self._link.lost(fault)
                    if passing.monotonic() >= until:
                        raise lost from fault
                    await asyncio.sleep(PAUSE_SECONDS)
                except redis.RedisError as fault:
                    raise self._link.lost(fault) from fault
                else:
                    self._link.found()
                    return result

    async def _sent(self, sent: list[Any], until: float) -> Any:
        """Where the store did not answer the last time, nobody waits for it longer than until then."""
        coming = self._script(keys=[self._link.base], args=sent)
        if self._link.lost_since is None:
            return await coming
        try:
            async with asyncio.timeout(max(until - passing.monotonic(), PAUSE_SECONDS)):
                return await coming
        except TimeoutError as fault:
            raise TimeoutError(f"no answer within {ANSWER_SECONDS:g} s") from fault


def client_of(address: StoreAddress, name: str, seconds: float) -> Any:
    """A client that sends nothing twice; an answer may take so many seconds.

    Any: its types say bytes or text, by a setting.
    """
    return Redis.from_url(
        address.url, socket_timeout=seconds, socket_connect_timeout=ANSWER_SECONDS, socket_keepalive=True,
        retry=Retry(NoBackoff(), 0), client_name=name, health_check_interval=0, protocol=2,
    )  # fmt: skip


def must_answer(address: StoreAddress) -> None:
    """Look whether there is a store that can be used. Raises CannotShare, in one line."""
    client = redis.Redis.from_url(
        address.url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS, protocol=2
    )
    try:
        told = client.info("server")
        version = str(told.get("redis_version", "0.0"))
        if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
            raise CannotShare(f"--store {address.shown}: it is Redis {version}; expected 6.2 or newer, or Valkey")
    except (redis.RedisError, OSError) as fault:
        raise CannotShare(f"--store {in_words(fault, address)}; expected a Redis or Valkey that runs there") from fault
    finally:
        client.close()
