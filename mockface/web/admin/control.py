"""What a test may change: reset, clock."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from mockface.durations import seconds_of
from mockface.masking import quoted
from mockface.reasons import Reason, words
from mockface.web.admin.asked import Asked
from mockface.web.app import App

_NO_TIME = Reason(
    "by {given} is not a time; expected 31s, 5m, 2h, 1d or a number of seconds",
    "by {given} 不是时间；应为 31s、5m、2h、1d 或秒数",
)
_BEYOND = words(
    "the clock goes from 1970 to 2286; PUT /_mockface/clock sets it",
    "时钟范围为 1970 至 2286 年；用 PUT /_mockface/clock 设置",
)
LONGEST_ADVANCE_S = 1e9
"""Some 30 years."""
LATEST = 1e10
"""The clock stays within 1970 and 2286: what a signature's times and a calendar can say."""


NUMBERS_LIMIT = 10_000
"""How many numbers and patterns one request may name."""


class ResetRequest(Asked):
    __doc__ = "What to reset; all of it if nothing is named."

    counters: bool = Field(default=False, description="How often numbers were called, rates, single-use signatures.")
    journal: bool = Field(default=False, description="The calls and the coverage.")
    scenarios: bool = Field(default=False, description="Scenarios that were added at run time.")
    clock: bool = Field(default=False, description="Back to the machine's time.")
    switches: bool = Field(default=False, description="Signature mode and account states back to their defaults.")
    numbers: list[str] | None = Field(
        default=None,
        max_length=NUMBERS_LIMIT,
        description="Only what belongs to these numbers or patterns: their counts, and the scenarios added for them.",
    )


class ClockState(BaseModel):
    __doc__ = "The time that mockface goes by."

    now: float = Field(description="Seconds since 1970.")
    offset_s: float = Field(description="How far it is ahead of the machine's time.")


class ClockSetRequest(Asked):
    __doc__ = "A time to set the clock to."

    now: float = Field(ge=0, le=LATEST, description="Seconds since 1970.")


class ClockAdvanceRequest(Asked):
    __doc__ = "How far to advance the clock."

    by: str | float = Field(description="A time such as 31s, 5m, 2h or 1d, or a number of seconds; negative goes back.")


def routes(app: App) -> APIRouter:
    """The routes of this part of the API."""
    router = APIRouter(prefix="/_mockface", tags=["control"])

    @router.post(
        "/reset",
        description="Reset counters, journal, run-time scenarios, clock and switches: those named, or all; "
        "or a test's numbers.",
    )
    async def reset(what: ResetRequest | None = None) -> ResetRequest:
        chosen = what or ResetRequest()
        parts = chosen.model_dump(exclude={"numbers"})
        if chosen.numbers is not None:
            if any(parts.values()):
                named = ", ".join(part for part, wanted in parts.items() if wanted)
                raise HTTPException(422, f"numbers and {named}; numbers alone resets counts and scenarios of these")
            try:
                await app.beside(partial(app.added_scenarios.forget, chosen.numbers))
            except ValueError as fault:
                raise HTTPException(422, f"{fault}; ask for fewer at once") from fault
            return ResetRequest(counters=True, scenarios=True, numbers=chosen.numbers)
        if not any(parts.values()):
            parts = dict.fromkeys(parts, True)
        app.reset(**{**parts, "scenarios": False})
        if parts["scenarios"]:
            await app.beside(app.added_scenarios.clear)
        return ResetRequest(**parts)

    def now() -> ClockState:
        return ClockState(now=app.clock.now(), offset_s=app.clock.offset_s)

    @router.get("/clock", description="The time: signatures expire and rates pass by it.")
    async def show_clock() -> ClockState:
        return now()

    @router.put("/clock", description="Set the clock; from then on it passes as ever.")
    async def set_clock(to: ClockSetRequest) -> ClockState:
        app.clock.set(to.now)
        return now()

    @router.post("/clock/advance", description="Advance the clock.")
    async def advance_clock(by: ClockAdvanceRequest) -> ClockState:
        seconds = seconds_of(by.by, LONGEST_ADVANCE_S) if isinstance(by.by, str) else by.by
        if seconds is None or not abs(seconds) <= LONGEST_ADVANCE_S:
            given = quoted(str(by.by))
            raise HTTPException(422, _NO_TIME.of(given=given))
        if not 0 <= app.clock.now() + seconds <= LATEST:
            raise HTTPException(422, _BEYOND)
        app.clock.advance(seconds)
        return now()

    return router
