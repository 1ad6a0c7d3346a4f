"""Scenarios at run time."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Query, Response
from pydantic import BaseModel, Field

from mockface import idcard, masking
from mockface.control.added import ORIGIN, AddedScenarios
from mockface.errors import BadScenario, Exhausted
from mockface.journal.entry import Masks
from mockface.journal.verdict import near_misses
from mockface.listing import PAGE_NAME
from mockface.model import Scenario
from mockface.reasons import Reason, chinese
from mockface.scenariofiles import schema
from mockface.web.admin.pieces import in_pieces
from mockface.web.app import App

STEPS_SHOWN = 100
"""How many steps of a scenario are listed; how many more there are is said."""


_NOT_ADDED = Reason(
    "no scenario was added for {number}; those of files stay", "没有为 {number} 添加过场景；文件中的场景不能在此删除"
)
_MORE = Reason("and {count} more", "以及另外 {count} 个")


class AddedScenario(BaseModel):
    __doc__ = "A person that now has a scenario. Send both fields in a call."

    idcard_number: str
    idcard_name: str


class ScenarioSummary(BaseModel):
    __doc__ = "A scenario: its number or pattern, where it is written, and what it answers call by call."

    number: str
    number_zh: str
    origin: str
    origin_zh: str
    name: str | None
    note: str | None
    then: str
    steps: list[str]
    steps_zh: list[str]
    added: bool = Field(description="Whether it was added at run time.")
    fields: dict[str, Any] | None = Field(description="As it was given, if it was added at run time.")


class ScenarioOfNumber(ScenarioSummary):
    __doc__ = "What a number would get."

    by_default: bool = Field(description="Whether no scenario has the number.")
    near_misses: list[str]
    near_misses_zh: list[str]


class ScenarioList(BaseModel):
    __doc__ = "A page of the scenarios, those of run time first."

    total: int
    scenarios: list[ScenarioSummary]


def shown(scenario: Scenario, library: AddedScenarios, masks: Masks) -> dict[str, Any]:
    """A scenario as plain data; number and name are masked as those of calls are."""
    added = scenario.origin == ORIGIN
    fields = library.given.get(scenario.number) if added else None
    name = scenario.name and masks.name(scenario.name, scenario.number)
    number, steps = _named(scenario.number, masks), _summaries(scenario)
    return {
        "number": number,
        "number_zh": chinese(number),
        "origin": scenario.origin,
        "origin_zh": chinese(scenario.origin),
        "name": name,
        "note": scenario.note,
        "then": scenario.then,
        "steps": steps,
        "steps_zh": [*map(chinese, steps)],
        "added": added,
        "fields": {**fields, "name": name} if fields and "name" in fields else fields,
    }


def _summaries(scenario: Scenario) -> list[str]:
    told = [step.summary() for step in scenario.steps[:STEPS_SHOWN]]
    more = len(scenario.steps) - STEPS_SHOWN
    return [*told, _MORE.of(count=more)] if more > 0 else told


def _named(number: str, masks: Masks) -> str:
    return number if masks.shows(number) else idcard.masked_key(number)


def _meant(number: str, library: AddedScenarios, masks: Masks) -> str:
    """The number that the list shows so, if only one that was added looks like it."""
    alike = [given for given in tuple(library.given) if _named(given, masks) == number]
    return alike[0] if len(alike) == 1 else number


def _example() -> dict[str, Any]:
    """The schema of a scenario with its number, for /docs."""
    whole = schema.schema()["$defs"]["scenario"]
    number = {"type": "string", "description": "Its ID number or pattern; without it a fresh number is minted."}
    properties = {
        name: {key: value for key, value in field.items() if key != "$ref"}
        for name, field in whole["properties"].items()
    }
    properties["sequence"] = {"type": "array", "items": {"type": "object"}, "description": "One step a call, in order."}
    return {"type": "object", "properties": {"number": number, **properties}}


def routes(app: App) -> APIRouter:
    """The routes of this part of the API."""
    router = APIRouter(prefix="/_mockface/scenarios", tags=["scenarios"])
    library, masks = app.added_scenarios, app.emulator.recorder.masks

    @router.post(
        "",
        status_code=201,
        openapi_extra={"requestBody": {"content": {"application/json": {"schema": _example()}}}},
        description="Add a scenario with the fields of a file. "
        "Without a number, mockface mints one that nobody else has.",
    )
    async def add_scenario(scenario: Annotated[dict[str, Any], Body()]) -> AddedScenario:
        try:
            added = await app.beside(partial(library.add, scenario))
        except BadScenario as fault:
            raise HTTPException(422, fault.told()) from fault
        except Exhausted as fault:
            raise HTTPException(409, fault.args[0]) from fault
        return AddedScenario(idcard_number=added.number, idcard_name=added.name or PAGE_NAME)

    @router.get("", response_model=ScenarioList, description="Every scenario that is loaded.")
    async def list_scenarios(
        limit: Annotated[int, Query(ge=1, le=1000)] = 100, offset: Annotated[int, Query(ge=0)] = 0
    ) -> Response:
        return await app.beside(partial(page, limit, offset))

    def page(limit: int, offset: int) -> Response:
        every = [scenario for layer in app.emulator.scenarios.layers for scenario in layer]
        rows = (shown(one, library, masks) for one in every[offset : offset + limit])
        return in_pieces(f'{{"total":{len(every)},"scenarios":[', rows, "]}")

    @router.get(
        "/{number}", description="Which scenario this number would get, and which it nearly got if it is the default."
    )
    async def scenario_of_number(number: str) -> ScenarioOfNumber:
        def found() -> ScenarioOfNumber:
            scenarios = app.emulator.scenarios
            scenario = scenarios.find(number)
            by_default = scenarios.is_default(scenario)
            near = near_misses(number, scenarios) if by_default else []
            told: dict[str, Any] = {"near_misses": near, "near_misses_zh": [*map(chinese, near)]}
            return ScenarioOfNumber(**shown(scenario, library, masks), by_default=by_default, **told)

        return await app.beside(found)

    @router.delete("/{number}", status_code=204, description="Remove a scenario that was added at run time.")
    async def remove_scenario(number: str) -> None:
        if not await app.beside(lambda: library.remove(_meant(number, library, masks))):
            raise HTTPException(404, _NOT_ADDED.of(number=masking.shown(number, 20)))

    return router
