"""Routes that change the state of the server: reset, clock."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from mockface.control.acting import Acting
from mockface.control.clock import LATEST
from mockface.control.controls import Controls
from mockface.web.admin.asked import Asked

NUMBERS_LIMIT = 10_000
"""The most numbers and patterns in one request."""


class ResetRequest(Asked):
    __doc__ = "What to reset; everything if nothing is named."

    counters: bool = Field(default=False, description="Call counts of numbers, rates, single-use signatures.")
    journal: bool = Field(default=False, description="The calls and the coverage.")
    scenarios: bool = Field(default=False, description="Scenarios added at run time.")
    clock: bool = Field(default=False, description="Back to the machine's time.")
    switches: bool = Field(default=False, description="Signature mode and account states back to their defaults.")
    numbers: list[str] | None = Field(
        default=None,
        max_length=NUMBERS_LIMIT,
        description="Only what belongs to these numbers or patterns: their counts, and the scenarios added for them.",
    )


class ClockState(BaseModel):
    __doc__ = "mockface's clock."

    now: float = Field(description="Seconds since 1970.")
    offset_s: float = Field(description="Seconds ahead of the machine's clock.")


class ClockSetRequest(Asked):
    __doc__ = "A time to set the clock to."

    now: float = Field(json_schema_extra={"minimum": 0, "maximum": LATEST}, description="Seconds since 1970.")


class ClockAdvanceRequest(Asked):
    __doc__ = "How far to advance the clock."

    by: str | float = Field(description="A time such as 31s, 5m, 2h or 1d, or a number of seconds; negative goes back.")


def routes(controls: Controls, acting: Acting) -> APIRouter:
    """The routes of this part of the API."""
    router = APIRouter(prefix="/_mockface", tags=["control"])

    @router.post(
        "/reset",
        description="Reset counters, journal, scenarios added at run time, clock and switches: those named, or all; "
        "or a test's numbers.",
    )
    async def reset(what: ResetRequest | None = None) -> ResetRequest:
        asked = what or ResetRequest()
        named = [part for part, wanted in asked.model_dump(exclude={"numbers"}).items() if wanted]
        done = await acting.reset(named, asked.numbers)
        return ResetRequest(**dict.fromkeys(done, True), numbers=asked.numbers)

    def clock() -> ClockState:
        return ClockState(now=controls.now(), offset_s=controls.offset_s())

    @router.get("/clock", description="mockface's clock, used for the expiry of signatures and for rates.")
    async def show_clock() -> ClockState:
        return clock()

    @router.put("/clock", description="Set the clock; it then runs on.")
    async def set_clock(to: ClockSetRequest) -> ClockState:
        await acting.set_clock(to.now)
        return clock()

    @router.post("/clock/advance", description="Advance the clock.")
    async def advance_clock(to: ClockAdvanceRequest) -> ClockState:
        await acting.advance(to.by)
        return clock()

    return router
