"""The corridor: the one place that knows the way from a request to its answer.

    RawRequest -> hear -> Call -> checks, in order -> the number's scenario -> Answer

It is told everything and touches nothing: no socket, no clock of its own, no file, no framework, no await.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from itertools import count
from typing import NamedTuple
from urllib.parse import parse_qsl

from mockface import chance, codes, faults, idcard, signature
from mockface.checks import Check, Rules
from mockface.codes import Code
from mockface.entry import Noted, secrets_of, text_of
from mockface.memory import Memory
from mockface.model import Answer, Call, Claims, RawRequest, Refused, Scenario, Step
from mockface.scenarios import ScenarioSet, digits_of
from mockface.state import LONGEST_NUMBER
from mockface.why import hidden, hidden_cuts, one_line, shown, spellings, standing_in

REMEMBERED_CHOICES = 10_000
"""How many numbers' choices are remembered before they are worked out anew; it bounds memory to some 10 MiB."""


class Turn(NamedTuple):
    """What one call of a number gets: a step of its scenario, or of the default that follows it."""

    scenario: Scenario
    step: Step
    nth: int | None
    delay_s: float
    why: str | None
    by_default: bool


class Choice(NamedTuple):
    """A number's scenario and how that is called; its one turn if every call gets the same; a plain success's body."""

    scenario: Scenario
    key: str
    turn: Turn | None = None
    body: bytes | None = None


class Emulator:
    """Answers requests by its checks and scenarios, and remembers what it was asked.

    `clock` gives seconds since 1970, `timer` seconds of the shell's timer, `seed` repeats chance, `run` begins the ids
    of its calls.
    """

    def __init__(
        self,
        checks: tuple[Check, ...],
        rules: Rules,
        scenarios: ScenarioSet,
        clock: Callable[[], float],
        *,
        seed: int = 0,
        run: str = "call",
        timer: Callable[[], float] = lambda: 0.0,
        memory: Memory | None = None,
    ) -> None:
        self.checks = checks
        self.rules = rules
        self.scenarios = scenarios
        self.memory = memory or Memory()
        self._clock = clock
        self._timer = timer
        self._seed = seed
        self._run = run
        self._numbers = count(1)
        self._choices: dict[str, Choice] = {}
        self._changes = scenarios.changes

    def answer(self, raw: RawRequest) -> Answer:
        """The answer to a request, whatever it is; it is in the journal when this returns."""
        call = hear(raw, self._clock(), f"{self._run}-{next(self._numbers)}")
        answer = self._decide(call)
        elapsed_ms = (self._timer() - raw.began) * 1000
        self.memory.note(Noted(call, answer, elapsed_ms, self.rules.accounts, self.checks))
        return answer

    def now(self) -> float:
        """The time that it goes by, in seconds since 1970."""
        return self._clock()

    def replace(self, rules: Rules, scenarios: ScenarioSet) -> None:
        """Go by other scenarios and accounts from the next call on; counters of numbers that answer as before stay."""
        counted = rules.store.counted()
        changed = [number for number in counted if scenarios.find(number) != self.scenarios.find(number)]
        self.rules, self.scenarios = rules, scenarios
        self._choices = {}
        rules.store.clear_counts(changed)

    def _decide(self, call: Call) -> Answer:
        for check in self.checks:
            refused = check.test(call, self.rules)
            if refused is not None:
                return refusal(refused, call, check.name)
        number = text_of(call, "idcard_number").upper()
        choice = self._choose(number)
        scenario = choice.scenario
        if scenario.name is not None and scenario.name != text_of(call, "idcard_name"):
            why = f"scenario {choice.key} ({scenario.origin}) registers another name than the request gives"
            return outcome(
                Step(code=codes.NAME_MISMATCH), call, why=why, refused_by="name_registered", scenario=scenario
            )
        if choice.turn is None:
            return self._answer_of(self._turn(scenario, number), call)
        if choice.body is not None and "session_id" not in call.fields:
            step = choice.turn.step
            return Answer(
                codes.OK.number, codes.OK.status, choice.body, scenario=scenario, similarity=step.similarity,
                by_default=choice.turn.by_default, id=call.id,
            )  # fmt: skip
        return self._answer_of(choice.turn, call)

    def _choose(self, number: str) -> Choice:
        """The scenario of a number, and all that follows from it alone: worked out once, until scenarios change."""
        changes = self.scenarios.changes
        if changes != self._changes or len(self._choices) >= REMEMBERED_CHOICES:
            self._changes, self._choices = changes, {}
        choice = self._choices.get(number)
        if choice is None and len(number) > LONGEST_NUMBER:
            return self._choice(number)
        if choice is None:
            choice = self._choices[number] = self._choice(number)
        return choice

    def _choice(self, number: str) -> Choice:
        scenario = self.scenarios.find(number)
        key = idcard.masked_key(scenario.number)
        if scenario.counted:
            return Choice(scenario, key)
        turn = self._turn(scenario, number)
        return Choice(scenario, key, turn, None if turn.why else _body_of(turn.step, ""))

    def _answer_of(self, turn: Turn, call: Call) -> Answer:
        return outcome(
            turn.step, call, why=turn.why, delay_s=turn.delay_s, scenario=turn.scenario, nth=turn.nth,
            by_default=turn.by_default,
        )  # fmt: skip

    def _turn(self, scenario: Scenario, number: str) -> Turn:
        """What the scenario has for this call of the number."""
        counted = scenario.counted
        nth = self.rules.store.count(number) if counted else 0
        step = scenario.step_at(nth)
        if step is None:
            ended, scenario = len(scenario.steps), self.scenarios.default_of(number)
            step = scenario.step_at(nth - ended) or scenario.steps[-1]
        digits = digits_of(scenario, number) if "#" in scenario.number else 0
        delay_s = 0.0
        if step.rate is not None or step.delay is not None:
            draws = chance.draws(self._seed, number, nth)
            step = chance.taken(step, draws)
            delay_s = chance.delay_s(step.delay, draws, digits) if step.delay else 0.0
        if step.digits_times is not None:
            step = step._replace(similarity=round(digits * step.digits_times, 6))
        by_default = self.scenarios.is_default(scenario)
        misfit = self.scenarios.misfit(number) if by_default else None
        plain = _is_plain(step) and not delay_s and misfit is None
        why = None if plain else self._scenario_why(scenario, step, number, nth, delay_s)
        if misfit is not None:
            why = f"the # digits of {idcard.masked_key(misfit.number)} spell no similarity of 0 to 100 here; {why}"
        return Turn(scenario, step, nth if counted else None, delay_s, why, by_default)

    def _scenario_why(self, scenario: Scenario, step: Step, number: str, nth: int, delay_s: float) -> str:
        """Why the scenario's answer is no plain success."""
        answers = f"{step.code.number} {step.code.name}" if step.code else f"similarity {step.similarity}"
        if delay_s:
            answers += f" after {delay_s:.3g} s"
        if step.fault:
            answers += f" with fault {step.fault.name}"
        if not self.scenarios.is_default(scenario):
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


def hear(raw: RawRequest, now: float, call_id: str = "") -> Call:
    """Everything that the checks look at, from a request."""
    fields = raw.body.fields
    appid = fields.get("appid") or _appid_in(raw.query)
    given = raw.head.authorizations
    authorization = given[0].decode("latin-1").strip() if given else ""
    claims: Claims | Refused
    if len(given) > 1 and len(set(given)) > 1:
        claims = Refused(codes.SIGNATURE_MALFORMED, f"{len(given)} Authorization headers that differ; expected one")
    else:
        claims = signature.read(authorization)
    return Call(raw, fields, appid, authorization, claims, now, call_id)


def _appid_in(query: bytes) -> str | None:
    """The appid of the query string: it counts where the body has none. Evidence: wire, weak (docs/wire.md)."""
    if b"appid" not in query:
        return None
    pairs = parse_qsl(query.decode("latin-1"), errors="replace", max_num_fields=None)
    return next((value for name, value in pairs if name == "appid" and value), None)


def refusal(refused: Refused, call: Call, check: str) -> Answer:
    """The answer of a check that refused."""
    step = Step(code=refused.code, message=refused.message, status=refused.status)
    return outcome(step, call, why=refused.why, refused_by=check)


def outcome(
    step: Step, call: Call, *, why: str | None = None, delay_s: float = 0.0, refused_by: str | None = None,
    scenario: Scenario | None = None, nth: int | None = None, by_default: bool = False,
) -> Answer:  # fmt: skip
    """The answer of a step: the envelope in the wire's key order, compact, or what its fault makes of it."""
    code = step.code or codes.OK
    status = code.status if step.status is None else step.status
    fault = step.fault.name if step.fault else ""
    if fault in faults.BODIES:
        status, body = faults.BODIES[fault]
    else:
        body = _body_of(step, text_of(call, "session_id"))
    return Answer(
        code.number, status, body, why and _shown_why(why, call), delay_s, step.fault, refused_by,
        scenario, nth, None if step.code else step.similarity, by_default, call.id,
    )  # fmt: skip


def _body_of(step: Step, session_id: str) -> bytes:
    """The envelope of a step, compact."""
    code = step.code or codes.OK
    message = code.message if step.message is None else step.message
    if step.fault is None and not step.data_given and code.data == codes.NO_DATA:
        return _short_body(code.number, message)
    wrong_type = step.fault is not None and step.fault.name == "wrong_type"
    number = f'"{code.number}"' if wrong_type else code.number
    rest = _data(step, code, session_id, wrong_type)
    return f'{{"code":{number},"message":{_json(message)}{rest}}}'.encode()


@lru_cache(maxsize=256)
def _short_body(number: int, message: str) -> bytes:
    return f'{{"code":{number},"message":{_json(message)}}}'.encode()


def _shown_why(why: str, call: Call) -> str:
    """The why as a header, without the number and the name of a person who may be real."""
    if idcard.is_reserved(text_of(call, "idcard_number")):
        return one_line(hidden(why, ()))
    secrets = secrets_of(call)
    mixed = [spelled for secret in secrets if not _is_hidden_whole(secret) for spelled in spellings(secret)]
    escaped = [shown(spelled, len(spelled)) for spelled in mixed]
    return one_line(hidden_cuts(hidden(why, standing_in(why, [*secrets, *escaped])), secrets))


def _is_hidden_whole(secret: str) -> bool:
    """Whether `shown` leaves nothing of a secret, or all of it: a name in Chinese, a number."""
    return min(secret) > "\x7f" or (secret.isascii() and secret[:-1].isdigit() and secret[-1] in "0123456789Xx")


def _data(step: Step, code: Code, session_id: str, wrong_type: bool) -> str:
    if step.data_given:
        return f',"data":{_json(step.data)}'
    if code.data == codes.ZEROED_DATA:
        similarity = float(step.similarity or 0.0)
        shown = int(similarity) if wrong_type else repr(similarity)
        return f',"data":{{"session_id":{_json(session_id)},"similarity":{shown}}}'
    return ',"data":{}' if code.data == codes.EMPTY_DATA else ""


_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _json(value: object) -> str:
    """Compact JSON; characters as they are, or escaped where a lone surrogate could not be sent."""
    if value == "":
        return '""'
    rendered = _COMPACT(value)
    if rendered.isascii():
        return rendered
    try:
        rendered.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return rendered
