"""Routes about calls: list, explanation, verification that can wait, and a stream of events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, Field
from starlette.responses import Response, StreamingResponse

from mockface.control.acting import Acting, Beside
from mockface.control.amount import Amount, within_s
from mockface.control.controls import Controls
from mockface.control.counting import SUBSCRIBER_LIMIT, Verified
from mockface.control.wanted import Wanted, code_number
from mockface.journal.entry import Entry
from mockface.journal.queries import with_request
from mockface.journal.summary import call_summary
from mockface.privacy.masking import shown
from mockface.texts.escaping import json_text
from mockface.web.admin.asked import Asked
from mockface.web.admin.control import NUMBERS_LIMIT
from mockface.web.admin.heads import answer_head, request_head
from mockface.web.admin.pieces import in_pieces

FOLLOWERS_LIMIT = 100
WAITING_LIMIT = 1000
"""The most requests that wait for calls with `within`."""
_QUIET_SECONDS = 15
"""After this time without an event a comment is sent, so that proxies keep the stream open."""


Times = Annotated[int, Field(json_schema_extra={"minimum": 0})]
"""A number of calls. The minimum is for the API description; `Amount` checks it with its own message."""


class VerifyRequest(Asked):
    __doc__ = "What to verify: the number of calls of an ID number, with a code, within a time that the server waits."

    number: str | None = Field(default=None, description="ID number of the calls; any by default.")
    numbers: list[str] | None = Field(
        default=None, max_length=NUMBERS_LIMIT, description="ID numbers or patterns of the calls."
    )
    code: Annotated[int | str, Field(union_mode="left_to_right")] | None = Field(
        default=None, description="Code of the answers, by number or name; any by default."
    )
    times: Times | None = Field(default=None, description="Exact number of calls.")
    at_least: Times | None = None
    at_most: Times | None = None
    since: float | None = Field(default=None, description="Only calls since this time, seconds since 1970.")
    after: str | None = Field(default=None, description="Only calls after the one with this id.")
    within: str | float | None = Field(
        default=None,
        description="How long to wait until enough calls came, such as 2s, or seconds; with at_most or times 0, the "
        "whole time.",
    )

    def amount(self) -> Amount:
        """The expected number of calls. Raises BadValue for contradictions."""
        return Amount.of(self.times, self.at_least, self.at_most)

    def wanted(self) -> Wanted:
        """The selection of calls. Raises BadValue."""
        numbers = self.numbers if self.number is None else [self.number, *(self.numbers or ())]
        code = None if self.code is None else code_number(self.code)
        return Wanted(numbers, code, self.since, self.after or "")


class VerifyResult(BaseModel):
    __doc__ = "Whether the calls are as expected, their number, and an explanation."

    verified: bool
    count: int
    why: str
    dropped: int = Field(description="Matching calls that the journal has dropped; if any, count is a lower bound.")


class FindRequest(Asked):
    __doc__ = "Which calls to find."

    numbers: list[str] | None = Field(
        default=None, max_length=NUMBERS_LIMIT, description="ID numbers or patterns; any by default."
    )
    after: str = Field(default="", description="Only calls after the one with this id.")


class FindResult(BaseModel):
    __doc__ = "Calls with request and answer, oldest first."

    calls: list[dict[str, Any]]
    dropped: int = Field(description="Matching calls that the journal has dropped.")
    newest: str = Field(description="The id of the newest call of all; empty if there is none.")


def whole(entry: Entry, *, hints: bool) -> dict[str, Any]:
    """A call with its request and its answer."""
    return {
        **call_summary(entry),
        "request": {
            "method": entry.method, "path": entry.path, "headers": entry.headers, "fields": entry.fields,
            "head": request_head(entry),
        },
        "answer": entry.answer.decode("utf-8", "replace"),
        "answer_bytes": entry.answer_bytes,
        "answer_head": answer_head(entry, hints=hints),
    }  # fmt: skip


class Places:
    """A limited number of waiting requests, since each call notifies all of them."""

    def __init__(self, limit: int, what: str) -> None:
        self._limit = limit
        self._what = what
        self._taken = 0

    def must_be_one(self) -> None:
        """Refuse if all places are taken."""
        if self._taken >= self._limit:
            raise HTTPException(503, f"{self._limit} clients already {self._what}, which is the limit")

    @contextmanager
    def one(self) -> Iterator[None]:
        """Occupy a place."""
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1


def routes(controls: Controls, acting: Acting, beside: Beside, *, hints: bool) -> APIRouter:
    """The routes of this part of the API; `hints` says whether answers have mockface's own headers."""
    router = APIRouter(prefix="/_mockface", tags=["calls"])
    waiting = Places(WAITING_LIMIT, "wait for calls")
    followers = Places(FOLLOWERS_LIMIT, "follow the events")

    @router.get("/calls", response_model=list[dict[str, Any]], description="The latest calls, newest first.")
    async def list_calls(
        number: str | None = None, code: str | None = None, since: float | None = None,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 100,
        seq: Annotated[str | None, Query(description="The seq or the session_id of the request.")] = None,
    ) -> Response:  # fmt: skip
        asked = None if code is None else code_number(code)

        def listed() -> Response:
            return in_pieces("[", map(call_summary, controls.calls(number, asked, since, limit, seq)), "]")

        await acting.fresh()
        return await beside(listed)

    @router.get(
        "/calls/{call_id}",
        description="One call explained: every check, the signature field by field, the picture, the scenario.",
    )
    async def show_call(call_id: str) -> dict[str, Any]:
        await acting.fresh()
        told = await beside(partial(controls.verdict, call_id))
        return {**whole(told.entry, hints=hints), "verdict": told.verdict}

    @router.post(
        "/calls/verify",
        description="Whether the expected number of calls came; with `within`, the server waits for them.",
    )
    async def verify_calls(asked: VerifyRequest) -> VerifyResult:
        wanted, amount, seconds = asked.wanted(), asked.amount(), within_s(asked.within)
        if seconds:
            waiting.must_be_one()
            with waiting.one():
                await _until(controls, acting, beside, wanted, amount, seconds)
        await acting.fresh()
        number = None if asked.number is None else controls.as_shown(asked.number)
        return _judged(wanted, number, amount, await beside(partial(controls.verify, wanted, amount)))

    @router.post(
        "/calls/find",
        response_model=FindResult,
        description="The calls of some numbers after a call: for a test that shares the server with others.",
    )
    async def find_calls(which: FindRequest) -> Response:
        def found() -> Response:
            calls, dropped, newest = controls.find(Wanted(which.numbers, after=which.after))
            behind = f'],"dropped":{dropped},"newest":{json_text(newest)}}}'
            return in_pieces('{"calls":[', map(with_request, calls), behind)

        await acting.fresh()
        return await beside(found)

    @router.get(
        "/events",
        response_class=StreamingResponse,
        description="A stream of server-sent events, one per call; filtered by number, code and seq.",
    )
    async def events(
        number: str | None = None, code: str | None = None, seq: str | None = None
    ) -> StreamingResponse:  # fmt: skip
        asked = None if code is None else code_number(code)
        followers.must_be_one()
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        stream = _stream(followers, controls.of(number, asked, seq), controls)
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    return router


async def _until(
    controls: Controls, acting: Acting, beside: Beside, wanted: Wanted, amount: Amount, seconds: float
) -> None:
    """Wait until the result is settled, the time is over, or the server ends."""
    over = asyncio.Event()
    counting = await beside(partial(controls.count, wanted, amount, over.set))
    with controls.subscribed(counting.tell, over.set), suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await acting.fresh()
            await beside(counting.look)
            if not counting.is_settled:
                await over.wait()


def _judged(wanted: Wanted, number: str | None, amount: Amount, told: Verified) -> VerifyResult:
    """The result in words; `number` is that of the request, masked if necessary."""
    what = "call" if amount.is_one else "calls"
    what += "" if number is None else f" of {shown(number)}"
    what += "" if wanted.code is None else f" with code {wanted.code}"
    why = f"expected {amount} {what}, got {told.came}"
    return VerifyResult(verified=told.verified, count=told.came, why=why, dropped=told.dropped)


async def _stream(places: Places, wanted: Callable[[Entry], bool], controls: Controls) -> AsyncIterator[str]:
    """A first line once the subscription exists, then each call: a client that has the first line misses no call."""
    queue: asyncio.Queue[Entry | None] = asyncio.Queue(SUBSCRIBER_LIMIT)

    def put(entry: Entry | None = None) -> None:
        """Queue a call for the reader, None at the end; a slow reader loses the oldest."""
        if queue.full():
            queue.get_nowait()
        queue.put_nowait(entry)

    with places.one(), controls.subscribed(put, put):
        yield ": mockface\n\n"
        while True:
            try:
                async with asyncio.timeout(_QUIET_SECONDS):
                    entry = await queue.get()
            except TimeoutError:
                yield ": quiet\n\n"
                continue
            if entry is None:
                return
            if wanted(entry):
                yield f"event: call\nid: {entry.id}\ndata: {json_text(call_summary(entry))}\n\n"
