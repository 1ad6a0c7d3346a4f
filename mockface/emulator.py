"""The corridor: the one place that knows the way from a request to its answer.

    RawRequest -> hear -> Call -> checks, in order -> the number's scenario -> Answer

It is told everything and touches nothing: no socket, no clock of its own, no file, no framework, no await.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from urllib.parse import parse_qsl

from mockface import chance, codes, faults, idcard, signature
from mockface.checks import Check, Rules
from mockface.codes import Code
from mockface.memory import Memory
from mockface.model import Answer, Call, Claims, RawRequest, Refused, Scenario, Step
from mockface.scenarios import ScenarioSet, digits_of
from mockface.why import hidden, one_line, shown


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

    def answer(self, raw: RawRequest) -> Answer:
        """The answer to a request, whatever it is; it is in the journal when this returns."""
        call = hear(raw, self._clock(), f"{self._run}-{next(self._numbers)}")
        answer = self._decide(call)
        default = answer.scenario is not None and self.scenarios.is_default(answer.scenario)
        elapsed_ms = (self._timer() - raw.began) * 1000
        self.memory.note(call, answer, elapsed_ms, _verified(call, self.rules), default, self.checks)
        return answer

    def now(self) -> float:
        """The time that it goes by, in seconds since 1970."""
        return self._clock()

    def replace(self, rules: Rules, scenarios: ScenarioSet) -> None:
        """Go by other scenarios and accounts from the next call on; counters of numbers that answer as before stay."""
        counted = rules.store.counted()
        changed = [number for number in counted if scenarios.find(number) != self.scenarios.find(number)]
        self.rules, self.scenarios = rules, scenarios
        rules.store.clear_counts(changed)

    def _decide(self, call: Call) -> Answer:
        for check in self.checks:
            refused = check(call, self.rules)
            if refused is not None:
                return refusal(refused, call, check.__name__)
        number = text(call, "idcard_number").upper()
        scenario = self.scenarios.find(number)
        if scenario.name is not None and scenario.name != text(call, "idcard_name"):
            why = f"scenario {scenario.number} ({scenario.origin}) registers another name than the request gives"
            return outcome(
                Step(code=codes.NAME_MISMATCH), call, why=why, refused_by="name_registered", scenario=scenario
            )
        return self._play(scenario, number, call)

    def _play(self, scenario: Scenario, number: str, call: Call) -> Answer:
        """The answer of the scenario's step for this call of the number."""
        nth = self.rules.store.count(number) if scenario.counted else 0
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
            step = replace(step, similarity=round(digits * step.digits_times, 6))
        plain = _is_plain(step) and not delay_s
        why = None if plain else self._scenario_why(scenario, step, number, nth, delay_s)
        return outcome(step, call, why=why, delay_s=delay_s, scenario=scenario, nth=nth)

    def _scenario_why(self, scenario: Scenario, step: Step, number: str, nth: int, delay_s: float) -> str:
        """Why the scenario's answer is no plain success."""
        answers = f"{step.code.number} {step.code.name}" if step.code else f"similarity {step.similarity}"
        if delay_s:
            answers += f" after {delay_s:.3g} s"
        if step.fault:
            answers += f" with fault {step.fault.name}"
        if not self.scenarios.is_default(scenario):
            turn = f", call {nth + 1} of this number," if scenario.counted else ""
            return f"scenario {scenario.number} ({scenario.origin}){turn} answers {answers}"
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


def _verified(call: Call, rules: Rules) -> bool | None:
    """Whether the digest is that of the SecretId's account; None if there is no such account."""
    if isinstance(call.claims, Refused):
        return None
    account = rules.accounts.get(call.claims.secret_id)
    return None if account is None else signature.is_signed_with(call.claims, account.secret_key)


def hear(raw: RawRequest, now: float, call_id: str = "") -> Call:
    """Everything that the checks look at, from a request."""
    fields = raw.body.fields
    appid = fields.get("appid") or _appid_in(raw.query)
    given = [value.decode("latin-1").strip() for name, value in raw.headers if name == b"authorization"]
    authorization = given[0] if given else ""
    claims: Claims | Refused
    if len(set(given)) > 1:
        claims = Refused(codes.SIGNATURE_MALFORMED, f"{len(given)} Authorization headers that differ; one is wanted")
    else:
        claims = signature.read(authorization)
    return Call(raw, fields, appid, authorization, claims, now, call_id)


def _appid_in(query: bytes) -> str | None:
    """The appid of the query string: it counts where the body has none. Evidence: wire, weak (wire-facts 2.6)."""
    if b"appid" not in query:
        return None
    pairs = parse_qsl(query.decode("latin-1"), errors="replace", max_num_fields=None)
    return next((value for name, value in pairs if name == "appid" and value), None)


def text(call: Call, name: str) -> str:
    """A text field's value, "" if it was not given or is no text."""
    value = call.fields.get(name)
    return value if isinstance(value, str) else ""


def refusal(refused: Refused, call: Call, check: str) -> Answer:
    """The answer of a check that refused."""
    step = Step(code=refused.code, message=refused.message, status=refused.status)
    return outcome(step, call, why=refused.why, refused_by=check)


def outcome(
    step: Step, call: Call, *, why: str | None = None, delay_s: float = 0.0, refused_by: str | None = None,
    scenario: Scenario | None = None, nth: int = 0,
) -> Answer:  # fmt: skip
    """The answer of a step: the envelope in the wire's key order, compact, or what its fault makes of it."""
    code = step.code or codes.OK
    message = code.message if step.message is None else step.message
    status = code.status if step.status is None else step.status
    fault = step.fault.name if step.fault else ""
    if fault in faults.BODIES:
        status, body = faults.BODIES[fault]
    else:
        number = f'"{code.number}"' if fault == "wrong_type" else code.number
        body = f'{{"code":{number},"message":{_json(message)}{_data(step, code, call)}}}'.encode()
    return Answer(
        code.number, status, body, why and _shown_why(why, call), delay_s, step.fault, fault == "html", refused_by,
        scenario, nth, None if step.code else step.similarity, call.id,
    )  # fmt: skip


def _shown_why(why: str, call: Call) -> str:
    """The why as a header, without the number and the name of a person who may be real."""
    number, name = text(call, "idcard_number"), text(call, "idcard_name")
    secrets = () if idcard.is_reserved(number) else (number, name, shown(number, 999), shown(name, 999))
    return one_line(hidden(why, secrets))


def _data(step: Step, code: Code, call: Call) -> str:
    if step.data_given:
        return f',"data":{_json(step.data)}'
    if code.data == codes.ZEROED_DATA:
        session_id = _json(text(call, "session_id"))
        similarity = float(step.similarity or 0.0)
        shown = int(similarity) if step.fault and step.fault.name == "wrong_type" else repr(similarity)
        return f',"data":{{"session_id":{session_id},"similarity":{shown}}}'
    return ',"data":{}' if code.data == codes.EMPTY_DATA else ""


def _json(value: object) -> str:
    """Compact JSON; characters as they are, or escaped where a lone surrogate could not be sent."""
    if value == "":
        return '""'
    rendered = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if rendered.isascii():
        return rendered
    try:
        rendered.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return rendered
