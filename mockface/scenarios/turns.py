"""Which step of a scenario a call gets, and why."""

from __future__ import annotations

from typing import NamedTuple

from mockface import idcard
from mockface.model import Scenario, Step
from mockface.scenarios import chance
from mockface.scenarios.lookup import ScenarioSet, digits_of
from mockface.state import Store


class Turn(NamedTuple):
    """What one call of a number gets: a step of its scenario, or of the default that follows it."""

    scenario: Scenario
    step: Step
    nth: int | None
    delay_s: float
    why: str | None
    by_default: bool


def turn_of(scenarios: ScenarioSet, scenario: Scenario, number: str, store: Store, seed: int) -> Turn:
    """What the scenario has for this call of the number."""
    counted = scenario.counted
    nth = store.count(number) if counted else 0
    step = scenario.step_at(nth)
    if step is None:
        ended, scenario = len(scenario.steps), scenarios.default_of(number)
        step = scenario.step_at(nth - ended) or scenario.steps[-1]
    digits = digits_of(scenario, number) if "#" in scenario.number else 0
    delay_s = 0.0
    if step.rate is not None or step.delay is not None:
        draws = chance.draws(seed, number, nth)
        step = chance.taken(step, draws)
        delay_s = chance.delay_s(step.delay, draws, digits) if step.delay else 0.0
    if step.digits_times is not None:
        step = step._replace(similarity=round(digits * step.digits_times, 6))
    by_default = scenarios.is_default(scenario)
    misfit = scenarios.misfit(number) if by_default else None
    plain = _is_plain(step) and not delay_s and misfit is None
    why = None if plain else _why_of(scenarios, scenario, step, number, nth, delay_s)
    if misfit is not None:
        why = f"the # digits of {idcard.masked_key(misfit.number)} spell no similarity of 0 to 100 here; {why}"
    return Turn(scenario, step, nth if counted else None, delay_s, why, by_default)


def _why_of(scenarios: ScenarioSet, scenario: Scenario, step: Step, number: str, nth: int, delay_s: float) -> str:
    """Why the scenario's answer is no plain success."""
    answers = f"{step.code.number} {step.code.name}" if step.code else f"similarity {step.similarity}"
    if delay_s:
        answers += f" after {delay_s:.3g} s"
    if step.fault:
        answers += f" with fault {step.fault.name}"
    if not scenarios.is_default(scenario):
        turn = f", call {nth + 1} of this number," if scenario.counted else ""
        return f"scenario {idcard.masked_key(scenario.number)} ({scenario.origin}){turn} answers {answers}"
    reason = "" if idcard.is_well_formed(number) else f": {idcard.shortcoming(number)}"
    kind = "malformed" if reason else "well-formed"
    return f"no scenario has {idcard.masked(number)}; {kind} numbers get {answers} ({scenario.origin}){reason}"


def _is_plain(step: Step) -> bool:
    """Whether a step is a success without anything special."""
    return (
        step.code is None
        and step.fault is None
        and step.message is None
        and step.status is None
        and not step.data_given
    )
