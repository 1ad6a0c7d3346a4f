"""From a step to an Answer: the operation renders its body, and people are told why without a person's number."""

from __future__ import annotations

from mockface import idcard
from mockface.checks import Rules
from mockface.codes import Code
from mockface.journal.entry import secrets_of
from mockface.model import Answer, Call, Refused, Scenario, Step
from mockface.operation import Operation
from mockface.privacy.masking import hidden, hidden_cuts, one_line, shown, spellings, standing_in
from mockface.reasons import Reason, Said, joined, masked
from mockface.scenarios import faults

OWN_CODE = Reason("{operation} answers {code}, which the scenario has for it", "{operation} 返回场景为它指定的 {code}")
OTHER_NAME = Reason(
    "scenario {key} ({origin}) registers another name than the request gives",
    "场景 {key}（{origin}）登记的姓名与请求中的不同",
)


def refusal(operation: Operation, refused: Refused, call: Call, rules: Rules, check: str) -> Answer:
    """The answer of a check that refused."""
    step = Step(code=refused.code, message=refused.message, status=refused.status)
    return outcome(operation, step, call, rules, why=refused.why, refused_by=check)


def outcome(
    operation: Operation, step: Step, call: Call, rules: Rules, *, why: Said | None = None, delay_s: float = 0.0,
    refused_by: str | None = None, scenario: Scenario | None = None, nth: int | None = None, by_default: bool = False,
) -> Answer:  # fmt: skip
    """The answer of a step: the operation's envelope, or what its fault makes of it."""
    told = None
    own = next((one for one in step.own if operation.owns(one)), None)
    if own is not None:
        step = step._replace(code=own)
        told = OWN_CODE.of(operation=operation.name, code=own.number)
    elif operation.live and step.live is None and step.code is not None and _fails_in_video(operation, step.code):
        step = step._replace(live=step.code, code=None, place="")
    elif step.code is not None and not operation.owns(step.code):
        code, told = operation.said_for(step.code)
        step = step._replace(code=code, place="")
    if step.live is not None and not operation.live:
        step = step._replace(live=None)
    settled = None
    if operation.settle is not None:
        step, settled = operation.settle(step, call, rules)
    for more in (told, settled):
        if more:
            why = joined([why, more], "; ", "；") if why else more
    code = step.live or step.code or operation.success
    status = code.status if step.status is None else step.status
    fault = step.fault.name if step.fault else ""
    if fault in faults.BODIES:
        status, body = faults.BODIES[fault]
    else:
        body = operation.body(step, call)
    return Answer(
        code.number, status, body, why and _shown_why(why, call), delay_s, step.fault, refused_by,
        scenario, nth, None if step.code or step.live else step.similarity, by_default, call.id, operation.dialect.head,
        step.code.number if step.live and step.code else None,
    )  # fmt: skip


def _fails_in_video(operation: Operation, code: Code) -> bool:
    """Whether another operation's code says why a person fails in a video, and this one has no word for it."""
    return code.group == "video" and not operation.owns(code) and code.name not in operation.words


def _shown_why(why: Said, call: Call) -> str:
    """The why as a header, in Chinese too, without the number and the name of a person who may be real."""
    if idcard.is_reserved(call.number):
        return masked(why, lambda text: hidden(text, ()), one_line)
    secrets = secrets_of(call)
    mixed = [spelled for secret in secrets if not _is_hidden_whole(secret) for spelled in spellings(secret)]
    escaped = [shown(spelled, len(spelled)) for spelled in mixed]
    standing = standing_in(why, [*secrets, *escaped])
    return masked(why, lambda text: hidden_cuts(hidden(text, standing), secrets), one_line)


def _is_hidden_whole(secret: str) -> bool:
    """Whether `shown` leaves nothing of a secret, or all of it: a name in Chinese, a number."""
    return min(secret) > "\x7f" or (secret.isascii() and secret[:-1].isdigit() and secret[-1] in "0123456789Xx")
