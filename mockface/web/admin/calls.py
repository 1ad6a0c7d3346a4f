"""What was asked: calls, their verdicts, verification that can wait, and a stream of events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Annotated, Any, Self

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, Field, model_validator
from starlette.responses import Response, StreamingResponse

from mockface.control.amount import Amount, within_s
from mockface.escaping import json_text
from mockface.journal.entry import Entry, Masks
from mockface.journal.queries import came_after, keys_of, lost, place, with_request
from mockface.journal.recorder import Recorder
from mockface.journal.summary import call_summary
from mockface.journal.verdict import verdict
from mockface.masking import shown
from mockface.operation import every_code
from mockface.reasons import Reason
from mockface.scenarios.lookup import Chosen
from mockface.web.admin.asked import Asked
from mockface.web.admin.control import NUMBERS_LIMIT
from mockface.web.admin.heads import answer_head, request_head
from mockface.web.admin.pieces import in_pieces
from mockface.web.app import App

_NO_CALL = Reason(
    "no call {call} is remembered; the journal keeps the last ones", "没有调用 {call} 的记录；只保留最近的调用"
)
FOLLOWERS_LIMIT = 100
WAITING_LIMIT = 1000
"""How many may wait for calls with `within`."""
_QUIET_SECONDS = 15
"""After so long without an event a comment is sent, so that proxies keep the stream open."""


class VerifyRequest(Asked):
    __doc__ = "What to verify: calls of a number, with a code, so many of them, within a time that the server waits."

    number: str | None = Field(default=None, description="ID number of the calls; any without it.")
    numbers: list[str] | None = Field(
        default=None, max_length=NUMBERS_LIMIT, description="ID numbers or patterns of the calls."
    )
    code: int | str | None = Field(default=None, description="Code that they got; any without it.")
    times: int | None = Field(default=None, ge=0, description="Exactly so many.")
    at_least: int | None = Field(default=None, ge=0)
    at_most: int | None = Field(default=None, ge=0)
    since: float | None = Field(default=None, description="Calls from then on, seconds since 1970.")
    after: str | None = Field(default=None, description="Calls after the one with this id.")
    within: str | None = Field(
        default=None,
        description="How long to wait until enough calls came, such as 2s; with at_most or times 0, the whole time.",
    )

    @model_validator(mode="after")
    def must_be_possible(self) -> Self:
        """Refuse what no number of calls could fulfil, or what says two things."""
        Amount.of(self.times, self.at_least, self.at_most)
        return self


class VerifyResult(BaseModel):
    __doc__ = "Whether it is so, how many calls there were, and in words what is missing."

    verified: bool
    count: int
    why: str
    dropped: int = Field(description="Such calls that the journal has dropped: then count is a lower bound.")


class FindRequest(Asked):
    __doc__ = "Which calls to find."

    numbers: list[str] | None = Field(
        default=None, max_length=NUMBERS_LIMIT, description="ID numbers or patterns; any without it."
    )
    after: str = Field(default="", description="Calls after the one with this id.")


class FindResult(BaseModel):
    __doc__ = "Calls with request and answer, the oldest first."

    calls: list[dict[str, Any]]
    dropped: int = Field(description="Such calls that the journal has dropped.")
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


def routes(app: App) -> APIRouter:
    """The routes of this part of the API."""
    router = APIRouter(prefix="/_mockface", tags=["calls"])
    recorder = app.emulator.recorder

    def found(number: str | None, code: int | str | None, since: float | None, limit: int) -> Response:
        key = None if number is None else recorder.masks.key(number)
        chosen = list(recorder.journal.matching(key, code, since))[-limit:]
        return in_pieces("[", map(call_summary, reversed(chosen)), "]")

    @router.get("/calls", response_model=list[dict[str, Any]], description="The last calls, the newest first.")
    async def list_calls(
        number: str | None = None, code: str | None = None, since: float | None = None,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 100,
    ) -> Response:  # fmt: skip
        return await app.beside(partial(found, number, _code_asked(app, code), since, limit))

    @router.get(
        "/calls/{call_id}",
        description="One call with its verdict: every check, the signature field by field, the picture, the scenario.",
    )
    async def show_call(call_id: str) -> dict[str, Any]:
        told = await app.beside(partial(_explained, app, call_id))
        if told is None:
            raise HTTPException(404, _NO_CALL.of(call=shown(call_id, 40)))
        return told

    @router.post(
        "/calls/verify",
        description="Whether so many such calls came; with `within`, wait on the server until enough came.",
    )
    async def verify_calls(wanted: VerifyRequest) -> VerifyResult:
        try:
            timeouts = within_s(wanted.within)
        except ValueError as fault:
            raise HTTPException(422, str(fault)) from fault
        amount = Amount.of(wanted.times, wanted.at_least, wanted.at_most)
        numbers = wanted.numbers if wanted.number is None else [wanted.number, *(wanted.numbers or ())]
        count = await app.beside(partial(Count, recorder, numbers, wanted))
        if timeouts:
            await _until(app, count, amount, timeouts)
        await app.beside(count.all)
        named = None if wanted.number is None else shown(recorder.masks.number(wanted.number))
        return _judged(wanted, named, amount, count.came, count.dropped)

    @router.post(
        "/calls/find",
        response_model=FindResult,
        description="The calls of some numbers after a call: for a test that shares the server with others.",
    )
    async def find_calls(which: FindRequest) -> Response:
        def found_calls() -> Response:
            numbers = chosen_of(which.numbers, recorder.masks)
            entries = recorder.journal.entries()
            behind = came_after(entries, which.after) if which.after else entries
            calls = behind if numbers is None else [entry for entry in behind if entry.key in numbers]
            dropped = lost(recorder.journal, entries, which.numbers, recorder.masks, which.after)
            newest = json_text(entries[-1].id if entries else "")
            return in_pieces('{"calls":[', map(with_request, calls), f'],"dropped":{dropped},"newest":{newest}}}')

        return await app.beside(found_calls)

    @router.get(
        "/events",
        response_class=StreamingResponse,
        description="A stream of server-sent events, one a call, as it comes; of a number, with a code.",
    )
    async def events(number: str | None = None, code: str | None = None) -> StreamingResponse:
        key = None if number is None else recorder.masks.key(number)
        asked = _code_asked(app, code)

        def wanted(entry: Entry) -> bool:
            return (key is None or entry.key == key) and (asked is None or entry.code == asked)

        if app.followers >= FOLLOWERS_LIMIT:
            raise HTTPException(503, f"{FOLLOWERS_LIMIT} others follow the events already; each call tells all of them")
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_stream(app, wanted), media_type="text/event-stream", headers=headers)

    return router


def _code_asked(app: App, said: str | None) -> int | str | None:
    """The code that a query names, by its number or name; HTTP 422 for one that no operation has."""
    if said is None:
        return None
    code = every_code(app.emulator.operations).find(said)
    if code is None:
        raise HTTPException(422, f"there is no code {shown(said)}; GET /_mockface/codes lists them")
    return code.number


def _explained(app: App, call_id: str) -> dict[str, Any] | None:
    emulator = app.emulator
    entry = emulator.recorder.journal.get(call_id)
    if entry is None:
        return None
    told = verdict(entry, entry.ran, emulator.rules, emulator.scenarios)
    return {**whole(entry, hints=not app.settings.no_hints), "verdict": told}


def chosen_of(numbers: list[str] | None, masks: Masks) -> Chosen | None:
    """What the keys of calls of these numbers are among; None for any. Refuses what would take long to look for."""
    try:
        return None if numbers is None else keys_of(numbers, masks)
    except ValueError as fault:
        raise HTTPException(422, f"{fault}; ask for fewer at once") from fault


class Count:
    """How many of the wanted calls came; `newest` is the place in the run of the last call that was looked at.

    `all` looks at every call of the journal, `one` at one that came since.
    """

    def __init__(self, recorder: Recorder, numbers: list[str] | None, wanted: VerifyRequest) -> None:
        self._recorder = recorder
        self._numbers = numbers
        self._chosen = chosen_of(numbers, recorder.masks)
        self._wanted = wanted
        self.came = self.dropped = self.newest = 0

    def all(self) -> None:
        """Count all over: takes time in proportion to the journal."""
        after = self._wanted.after or ""
        journal = self._recorder.journal
        entries = journal.entries()
        self.came = sum(map(self._is_wanted, came_after(entries, after) if after else entries))
        self.dropped = lost(journal, entries, self._numbers, self._recorder.masks, after)
        self.newest = place(entries[-1].id)[1] if entries else 0

    def one(self, entry: Entry) -> None:
        """Count one more, unless it was counted."""
        at = place(entry.id)[1]
        if at > self.newest:
            self.newest = at
            self.came += self._is_wanted(entry)

    def _is_wanted(self, entry: Entry) -> bool:
        wanted = self._wanted
        return (
            (self._chosen is None or entry.key in self._chosen)
            and (wanted.code is None or entry.code == wanted.code)
            and (wanted.since is None or entry.at >= wanted.since)
        )


async def _until(app: App, count: Count, amount: Amount, timeouts: float) -> None:
    """Wait until it is settled whether so many calls came, looking at each as it comes."""
    if app.waiting >= WAITING_LIMIT:
        raise HTTPException(503, f"{WAITING_LIMIT} others wait for calls already; each call tells all of them")
    app.waiting += 1
    try:
        with app.subscription() as queue:
            async with asyncio.timeout(timeouts):
                await app.beside(count.all)
                while not amount.is_settled_by(count.came):
                    entry = await queue.get()
                    if entry is None:
                        return
                    count.one(entry)
    except TimeoutError:
        pass
    finally:
        app.waiting -= 1


def _judged(wanted: VerifyRequest, named: str | None, amount: Amount, count: int, dropped: int) -> VerifyResult:
    what = "call" if count == 1 else "calls"
    what += "" if named is None else f" of {named}"
    what += "" if wanted.code is None else f" with code {wanted.code}"
    why = f"{count} {what} came, {amount} {'was' if amount.least == 1 else 'were'} wanted"
    return VerifyResult(verified=amount.is_met_by(count), count=count, why=why, dropped=dropped)


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
                    yield f"event: call\nid: {entry.id}\ndata: {json_text(call_summary(entry))}\n\n"
    finally:
        app.followers -= 1
