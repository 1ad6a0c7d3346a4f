"""Selects the step of a scenario for a call, and explains the choice."""

from __future__ import annotations

from typing import NamedTuple

from mockface import idcard
from mockface.model import Scenario, Step, similarity_of
from mockface.reasons import Reason, Said
from mockface.scenarios import chance
from mockface.scenarios.lookup import ScenarioSet, digits_of
from mockface.state import Store

_MISFIT = Reason(
    "the # digits of {pattern} are not a similarity of 0 to 100; {why}",
    "{pattern} 的 # 位不是 0 到 100 的相似度；{why}",
)
_LIVE = Reason("{answers}, in a video {live}", "{answers}，视频中为 {live}")
_DELAYED = Reason("{answers} after {delay} s", "{answers}，延迟 {delay} 秒")
_FAULTY = Reason("{answers} with fault {fault}", "{answers}，故障 {fault}")
_OWN = Reason("scenario {key} ({origin}) answers {answers}", "场景 {key}（{origin}）返回 {answers}")
_OWN_TURN = Reason(
    "scenario {key} ({origin}), answers call {nth} of this number with {answers}",
    "场景 {key}（{origin}），该号码的第 {nth} 次调用，返回 {answers}",
)
_WELL_FORMED = Reason(
    "no scenario matches {number}; well-formed numbers get {answers} ({origin})",
    "没有场景匹配 {number}；格式正确的号码得到 {answers}（{origin}）",
)
_NOBODY = Reason(
    "no scenario has the name {name}; operations without a number get {answers} ({origin})",
    "没有名为 {name} 的场景；没有身份证号的接口得到 {answers}（{origin}）",
)
_MALFORMED = Reason(
    "no scenario matches {number}; malformed numbers get {answers} ({origin}): {reason}",
    "没有场景匹配 {number}；格式不正确的号码得到 {answers}（{origin}）：{reason}",
)


class Turn(NamedTuple):
    """The outcome of one call of a number: a step of its scenario, or of the default that applies after it."""

    scenario: Scenario
    step: Step
    nth: int | None
    delay_s: float
    why: Said | None
    by_default: bool


def turn_of(scenarios: ScenarioSet, scenario: Scenario, number: str, store: Store, seed: int) -> Turn:
    """Select the step for this call of the number."""
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
        why = _MISFIT.of(pattern=idcard.masked_key(misfit.number), why=why)
    return Turn(scenario, step, nth if counted else None, delay_s, why, by_default)


def _why_of(scenarios: ScenarioSet, scenario: Scenario, step: Step, number: str, nth: int, delay_s: float) -> Said:
    """Why the scenario's answer is no plain success."""
    answers = step.code.shown if step.code else similarity_of(step)
    if step.live is not None:
        answers = _LIVE.of(answers=answers, live=step.live.shown)
    if delay_s:
        answers = _DELAYED.of(answers=answers, delay=f"{delay_s:.3g}")
    if step.fault:
        answers = _FAULTY.of(answers=answers, fault=step.fault.name)
    origin = scenario.origin
    if not scenarios.is_default(scenario):
        key = idcard.masked_key(scenario.number)
        if scenario.counted:
            return _OWN_TURN.of(key=key, origin=origin, nth=nth + 1, answers=answers)
        return _OWN.of(key=key, origin=origin, answers=answers)
    if idcard.is_operation(number):
        return _NOBODY.of(name=number, answers=answers, origin=origin)
    if idcard.is_well_formed(number):
        return _WELL_FORMED.of(number=idcard.masked(number), answers=answers, origin=origin)
    reason = idcard.shortcoming(number)
    return _MALFORMED.of(number=idcard.masked(number), answers=answers, origin=origin, reason=reason)


def _is_plain(step: Step) -> bool:
    """Whether a step is a success without further settings."""
    return (
        step.code is None
        and step.fault is None
        and step.message is None
        and step.status is None
        and not step.data_given
        and not step.own
        and step.live is None
    )
