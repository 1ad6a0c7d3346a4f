"""The door of the emulated operation: reads a request within bounds, has it answered, sends the answer.

It decides nothing. It stands before the framework's middleware and routing, which would answer malformed requests in
their own words (see the design: text fields sent as file parts, a picture without a filename, a missing boundary).

As an ASGI app it works on any server. `protocols/call.py` uses the same parts without ASGI's tasks and messages.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from mockface.control import passing
from mockface.emulator import Emulator
from mockface.errors import StoreLost
from mockface.model import Answer, Head, RawRequest, ReadBody
from mockface.request.body import BodyReader
from mockface.request.headers import head_of
from mockface.state import Asks
from mockface.web import effects
from mockface.web.cors import Cors
from mockface.web.effects import Receive, Scope, Send

logger = logging.getLogger("mockface")


class Answering(Protocol):
    """What has a store asked: its verbs for the core, and what carries them."""

    @property
    def store(self) -> Told:
        """Where results are told."""

    @property
    def batches(self) -> Carrying:
        """What carries verbs to the store."""


class Told(Protocol):
    """See sharing.asking.AskingStore."""

    def tell(self, told: Sequence[tuple[str, Any]]) -> None:
        """The results for the next call."""


class Carrying(Protocol):
    """See sharing.batches.Batches."""

    def ask(self, verb: tuple[Any, ...], done: Callable[[Any], None]) -> None:
        """Have the store asked; `done` gets the result, or a StoreLost."""


class Endpoint:
    """Answers every request that reaches it, with the emulator's answer or with mockface's own fault.

    `reading` are the bodies on their way in, for metrics; `waits` the answers that wait.
    """

    def __init__(
        self, emulator: Emulator, *, hints: bool, drain_limit_bytes: int, drain_seconds: float, cors: Cors | None = None
    ) -> None:
        self._emulator = emulator
        self.cors = cors
        self.hints = hints
        self.reading: set[BodyReader] = set()
        self.waits = effects.Waits()
        self.drain_limit_bytes = drain_limit_bytes
        self.drain_seconds = drain_seconds
        self.asking: Answering | None = None
        """What has a store asked, where servers share one."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One exchange over ASGI. A fault of mockface itself is HTTP 500 with X-Mockface-Bug, and no `code`."""
        began = passing.perf_counter()
        headers = scope["headers"]
        head = head_of(headers)
        more: effects.Headers = []
        if head.origin and self.cors is not None:
            more = self.cors.told(head.origin)
            preflight = self.cors.preflight(scope["method"], headers, head.origin)
            if preflight is not None:
                await effects.play_preflight(preflight, send)
                return
        body, whole = await self._read(scope["path"], receive, head)
        if body is None:
            return
        raw = RawRequest(
            scope["method"], scope["path"], scope["query_string"], headers, body, head, began, scope["http_version"]
        )
        try:
            answer = self.answer(raw)
        except Asks as asks:
            answer = await self._asked(raw, asks)
        close = head.close or body.over_limit or scope["http_version"] != "1.1"
        told = effects.with_more(effects.head(answer, hints=self.hints, close=close), more)
        if body.over_limit:
            await effects.play(answer, told, send, more=True)
            await effects.drain(receive, send, 0 if whole else self.drain_limit_bytes, self.drain_seconds)
        elif answer.delay_s or answer.fault:
            await effects.play_late(answer, told, receive, send, self.waits)
        else:
            await effects.play(answer, told, send)

    def begin(self, path: str, head: Head) -> BodyReader | None:
        """A reader for the body that comes now for this path; `done` with it whatever becomes of it.

        None for a body that is announced to be longer than is read.
        """
        operation = self._emulator.operation_of(path, head)
        dialect = operation.dialect
        limit = dialect.limit_bytes
        limit_bytes = self._emulator.rules.body_limit_bytes if limit is None else limit(head)
        if head.declared_bytes is not None and head.declared_bytes > limit_bytes:
            return None
        reader = BodyReader(dialect.reader(head, operation.table), limit_bytes, hashed=dialect.hashed)
        self.reading.add(reader)
        return reader

    def done(self, reader: BodyReader) -> None:
        """The body has come, or will not come."""
        self.reading.discard(reader)

    def answer(self, raw: RawRequest) -> Answer:
        """The answer to a request; mockface's own fault if that fails.

        Raises Asks where a store has to be asked first: `ask` gives the answer then.
        """
        try:
            return self._emulator.answer(raw)
        except Asks:
            raise
        except Exception:
            return self._own_fault()

    def _own_fault(self) -> Answer:
        logger.exception("mockface failed to answer; this is a bug in mockface, please report it")
        return effects.OWN_FAULT

    async def _asked(self, raw: RawRequest, asks: Asks) -> Answer:
        coming: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.ask(raw, asks, lambda late: None if coming.done() else coming.set_result(late))
        return await coming

    def ask(self, raw: RawRequest, asks: Asks, later: Callable[[Answer], None]) -> None:
        """Have the store asked, and answer the request once more with what it says: `later` gets that answer."""
        self._ask(raw, asks, [], later)

    def _ask(self, raw: RawRequest, asks: Asks, told: list[tuple[str, Any]], later: Callable[[Answer], None]) -> None:
        asking = self.asking
        if asking is None:
            later(effects.without_store("this app has not joined it, since its server did not run its lifespan"))
            return

        def go_on(result: Any) -> None:
            if isinstance(result, StoreLost):
                later(effects.without_store(str(result)))
                return
            told.append((asks.verb[0], result))
            asking.store.tell(told)
            try:
                answer = self._emulator.answer(raw)
            except Asks as more:
                self._ask(raw, more, told, later)
                return
            except Exception:
                answer = self._own_fault()
            finally:
                asking.store.tell(())
            later(answer)

        asking.batches.ask(asks.verb, go_on)

    async def _read(self, path: str, receive: Receive, head: Head) -> tuple[ReadBody | None, bool]:
        """The body up to the limit, and whether it has come to its end; None if the client has gone.

        One that is announced to be longer is not read at all.
        """
        reader = self.begin(path, head)
        if reader is None:
            return ReadBody(0, over_limit=True), False
        try:
            more = within = True
            while more and within:
                message = await receive()
                if message["type"] != "http.request":
                    return None, True
                more = message.get("more_body", False)
                within = reader.feed(message["body"])
            return reader.finish(), not more
        finally:
            self.done(reader)
