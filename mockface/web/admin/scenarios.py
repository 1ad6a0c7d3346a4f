"""Routes to add, list and remove scenarios at run time."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response
from pydantic import BaseModel, Field

from mockface.control.acting import Acting, Beside
from mockface.control.controls import Controls, ShownScenario
from mockface.model import Scenario
from mockface.operations.listing import PAGE_NAME
from mockface.reasons import Reason, chinese
from mockface.scenariofiles import schema
from mockface.web.admin.pieces import in_pieces

STEPS_SHOWN = 100
"""The most steps of a scenario that are listed; the number of the others is given."""


_MORE = Reason("and {count} more", "以及另外 {count} 个")


class AddedScenario(BaseModel):
    __doc__ = "A person that now has a scenario. Send both fields in a call."

    idcard_number: str
    idcard_name: str


class ScenarioSummary(BaseModel):
    __doc__ = "A scenario: its number or pattern, its position in a file, and its answers call by call."

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
    fields: dict[str, Any] | None = Field(description="The fields as given, if it was added at run time.")


class ScenarioOfNumber(ScenarioSummary):
    __doc__ = "The answer to a number."

    by_default: bool = Field(description="Whether the number has no scenario.")
    near_misses: list[str]
    near_misses_zh: list[str]


class ScenarioList(BaseModel):
    __doc__ = "A page of the scenarios, those added at run time first."

    total: int
    scenarios: list[ScenarioSummary]


def shown(one: ShownScenario) -> dict[str, Any]:
    """A scenario as plain data; number and name are masked as in calls."""
    scenario, steps = one.scenario, _summaries(one.scenario)
    return {
        "number": one.number,
        "number_zh": chinese(one.number),
        "origin": scenario.origin,
        "origin_zh": chinese(scenario.origin),
        "name": one.name,
        "note": scenario.note,
        "then": scenario.then,
        "steps": steps,
        "steps_zh": [*map(chinese, steps)],
        "added": one.added,
        "fields": one.fields,
    }


def _summaries(scenario: Scenario) -> list[str]:
    told = [step.summary() for step in scenario.steps[:STEPS_SHOWN]]
    more = len(scenario.steps) - STEPS_SHOWN
    return [*told, _MORE.of(count=more)] if more > 0 else told


def _example() -> dict[str, Any]:
    """The schema of a scenario with its number, for /docs."""
    whole = schema.schema()["$defs"]["scenario"]
    number = {"type": "string", "description": "Its ID number or pattern; without it mockface issues an unused number."}
    properties = {
        name: {key: value for key, value in field.items() if key != "$ref"}
        for name, field in whole["properties"].items()
    }
    properties["sequence"] = {
        "type": "array",
        "items": {"type": "object"},
        "description": "One step per call, in order.",
    }
    return {"type": "object", "properties": {"number": number, **properties}}


def routes(controls: Controls, acting: Acting, beside: Beside) -> APIRouter:
    """The routes of this part of the API."""
    router = APIRouter(prefix="/_mockface/scenarios", tags=["scenarios"])

    @router.post(
        "",
        status_code=201,
        openapi_extra={"requestBody": {"content": {"application/json": {"schema": _example()}}}},
        description="Add a scenario with the fields of a file. Without a number, mockface issues an unused one.",
    )
    async def add_scenario(scenario: Annotated[dict[str, Any], Body()]) -> AddedScenario:
        added = await acting.add(scenario)
        return AddedScenario(idcard_number=added.number, idcard_name=added.name or PAGE_NAME)

    @router.get("", response_model=ScenarioList, description="All loaded scenarios.")
    async def list_scenarios(
        limit: Annotated[int, Query(ge=1, le=1000)] = 100, offset: Annotated[int, Query(ge=0)] = 0
    ) -> Response:
        def listed() -> Response:
            total, page = controls.scenarios(limit, offset)
            return in_pieces(f'{{"total":{total},"scenarios":[', map(shown, page), "]}")

        return await beside(listed)

    @router.get(
        "/{number}", description="The scenario that answers this number; for the default, also the nearest others."
    )
    async def scenario_of_number(number: str) -> ScenarioOfNumber:
        found = await beside(partial(controls.scenario_of, number))
        near_misses = found.near_misses
        return ScenarioOfNumber(
            **shown(found.shown), by_default=found.by_default, near_misses=list(near_misses),
            near_misses_zh=[*map(chinese, near_misses)],
        )  # fmt: skip

    @router.delete("/{number}", status_code=204, description="Remove a scenario added at run time.")
    async def remove_scenario(number: str) -> None:
        await acting.remove(number)

    return router
