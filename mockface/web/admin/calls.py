"""What was asked: calls, their verdicts, verification that can wait, and a stream of events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, Self

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.responses import StreamingResponse

from mockface.brief import brief
from mockface.calls import came_after, lost, of_numbers, with_request
from mockface.entry import Entry
from mockface.escaping import json_text
from mockface.values import seconds_of
from mockface.verdict import verdict
from mockface.web.admin.heads import answer_head, request_head
from mockface.web.app import App
from mockface.why import quoted, shown

FOLLOWERS_LIMIT = 100
_QUIET_SECONDS = 15
"""After so long without an event a comment is sent, so that proxies keep the stream open."""


class Wanted(BaseModel):
    """What to verify: calls of a number, with a code, so many of them, within a time that the server waits."""

    model_config = ConfigDict(extra="forbid")

    number: str | None = Field(default=None, description="ID number of the calls; any without it.")
    numbers: list[str] | None = Field(default=None, description="ID numbers or patterns of the calls.")
    code: int | None = Field(default=None, description="Code that they got; any without it.")
    times: int | None = Field(default=None, ge=0, description="Exactly so many.")
    at_least: int | None = Field(default=None, ge=0)
    at_most: int | None = Field(default=None, ge=0)
    since: float | None = Field(default=None, description="Calls from then on, seconds since 1970.")
    after: str | None = Field(default=None, description="Calls behind the one with this id.")
    within: str | None = Field(
        default=None,
        description="Wait so long for the least that is wanted, such as 2s; with at_most or times 0, the whole time.",
    )

    @model_validator(mode="after")
    def must_be_possible(self) -> Self:
        """Refuse what no number of calls could fulfil, or what says two things."""
        if self.times is not None and (self.at_least is not None or self.at_most is not None):
            raise ValueError(
                "times stands beside at_least or at_most; times is exactly so many, the others are a range"
            )
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"at_least {self.at_least} is more than at_most {self.at_most}; no count is both")
        return self


class Verified(BaseModel):
    """Whether it is so, how many calls there were, and in words what is missing."""

    verified: bool
    count: int
    why: str
    dropped: int = Field(description="Such calls that the journal has dropped: then count is a lower bound.")


class Sought(BaseModel):
    """Which calls to find."""

    model_config = ConfigDict(extra="forbid")

    numbers: list[str] | None = Field(default=None, description="ID numbers or patterns; any without it.")
    after: str = Field(default="", description="Calls behind the one with this id.")


class FoundCalls(BaseModel):
    """Calls with request and answer, the oldest first."""

    calls: list[dict[str, Any]]
    dropped: int = Field(description="Such calls that the journal has dropped.")
    newest: str = Field(description="The id of the newest call of all; empty if there is none.")


def whole(entry: Entry, *, hints: bool) -> dict[str, Any]:
    """A call with its request and its answer."""
    return {
        **brief(entry),
        "request": {
            "method": entry.method, "path": entry.path, "headers": entry.headers, "fields": entry.fields,
            "head": request_head(entry),
        },
        "answer": entry.answer.decode("utf-8", "replace"),
        "answer_bytes": entry.answer_bytes,
        "answer_head": answer_head(entry, hints=hints),
    }  # fmt: skip


def routes(app: App) -> APIRouter:
    """The routes of this room."""
    router = APIRouter(prefix="/_mockface", tags=["calls"])
    memory = app.emulator.memory

    def found(number: str | None, code: int | None, since: float | None) -> list[Entry]:
        key = None if number is None else memory.masks.key(number)
        return list(memory.journal.matching(key, code, since))

    def sought(numbers: list[str] | None, after: str) -> tuple[list[Entry], int]:
        entries = memory.journal.entries()
        behind = came_after(entries, after) if after else entries
        chosen = behind if numbers is None else of_numbers(behind, numbers, memory.masks)
        return chosen, lost(memory.journal, entries, numbers, memory.masks, after)

    @router.get("/calls")
    async def calls(
        number: str | None = None, code: int | None = None, since: float | None = None,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 100,
    ) -> list[dict[str, Any]]:  # fmt: skip
        """The last calls, the newest first."""
        return [brief(entry) for entry in reversed(found(number, code, since)[-limit:])]

    @router.get("/calls/{call_id}")
    async def call(call_id: str) -> dict[str, Any]:
        """One call with its verdict: every check, the signature field by field, the picture, the scenario."""
        entry = memory.journal.get(call_id)
        if entry is None:
            raise HTTPException(404, f"no call {call_id[:40]} is remembered; the journal keeps the last ones")
        emulator = app.emulator
        explained = verdict(entry, entry.ran, emulator.rules, emulator.scenarios)
        return {**whole(entry, hints=not app.settings.no_hints), "verdict": explained}

    @router.post("/calls/verify")
    async def verify(wanted: Wanted) -> Verified:
        """Whether so many such calls came; with `within`, wait on the server for the least that is wanted."""
        patience = 0.0 if wanted.within is None else seconds_of(wanted.within)
        if wanted.within is not None and patience is None:
            raise HTTPException(
                422, f"within {quoted(wanted.within)} is no time; 2s or 300ms is wanted, at most an hour"
            )
        least = wanted.times if wanted.times is not None else wanted.at_least
        if least is None:
            least = 0 if wanted.at_most is not None else 1

        numbers = wanted.numbers if wanted.number is None else [wanted.number, *(wanted.numbers or ())]

        def count() -> int:
            return sum(
                (wanted.code is None or entry.code == wanted.code)
                and (wanted.since is None or entry.at >= wanted.since)
                for entry in sought(numbers, wanted.after or "")[0]
            )

        most = wanted.times if wanted.times is not None else wanted.at_most
        # That no more come is known when the time is over; that the least came, as soon as it did.
        to_the_end = wanted.at_most is not None or wanted.times == 0

        def settled() -> bool:
            came = count()
            return (most is not None and came > most) or (came >= least and not to_the_end)

        if patience and not settled():
            await _until(app, settled, patience)
        named = None if wanted.number is None else shown(memory.masks.number(wanted.number))
        return _judged(wanted, named, least, count(), sought(numbers, wanted.after or "")[1])

    @router.post("/calls/find")
    async def find(which: Sought) -> FoundCalls:
        """The calls of some numbers, behind a call: what a test asks for that shares the server with others."""
        entries = memory.journal.entries()
        chosen, dropped = sought(which.numbers, which.after)
        newest = entries[-1].id if entries else ""
        return FoundCalls(calls=[with_request(entry) for entry in chosen], dropped=dropped, newest=newest)

    @router.get("/events", response_class=StreamingResponse)
    async def events(number: str | None = None, code: int | None = None) -> StreamingResponse:
        """A stream of server-sent events, one a call, as it comes; of a number, with a code."""
        key = None if number is None else memory.masks.key(number)

        def wanted(entry: Entry) -> bool:
            return (key is None or entry.key == key) and (code is None or entry.code == code)

        if app.followers >= FOLLOWERS_LIMIT:
            raise HTTPException(503, f"{FOLLOWERS_LIMIT} others follow the events already; each call tells all of them")
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_stream(app, wanted), media_type="text/event-stream", headers=headers)

    return router


async def _until(app: App, so: Any, patience: float) -> None:
    """Wait until something is so, looking again at each call."""
    with app.subscription() as queue:
        try:
            async with asyncio.timeout(patience):
                while not so():
                    if await queue.get() is None:
                        return
        except TimeoutError:
            pass


def _judged(wanted: Wanted, named: str | None, least: int, count: int, dropped: int) -> Verified:
    most = wanted.times if wanted.times is not None else wanted.at_most
    verified = count >= least and (most is None or count <= most)
    amount = f"exactly {least}" if most == least else f"at least {least}" if most is None else f"{least} to {most}"
    what = "call" if count == 1 else "calls"
    what += "" if named is None else f" of {named}"
    what += "" if wanted.code is None else f" with code {wanted.code}"
    why = f"{count} {what} came, {amount} {'were' if least != 1 else 'was'} wanted"
    return Verified(verified=verified, count=count, why=why, dropped=dropped)


async def _stream(app: App, wanted: Callable[[Entry], bool]) -> AsyncIterator[str]:
    """What is sent once the subscription stands, then each call: a reader of the first line misses none."""
    app.followers += 1
    try:
        with app.subscription() as queue:
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
                    yield f"event: call\nid: {entry.id}\ndata: {json_text(brief(entry))}\n\n"
    finally:
        app.followers -= 1
