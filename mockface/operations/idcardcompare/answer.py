"""The answer of a step: the envelope of the service as bytes, with what people are told of it."""

from __future__ import annotations

import json
from functools import lru_cache

from mockface import codes, idcard
from mockface.codes import Code
from mockface.journal.entry import secrets_of, text_of
from mockface.masking import hidden, hidden_cuts, one_line, shown, spellings, standing_in
from mockface.model import Answer, Call, Refused, Scenario, Step
from mockface.scenarios import faults


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
        body = body_of(step, text_of(call, "session_id"))
    return Answer(
        code.number, status, body, why and _shown_why(why, call), delay_s, step.fault, refused_by,
        scenario, nth, None if step.code else step.similarity, by_default, call.id,
    )  # fmt: skip


def body_of(step: Step, session_id: str) -> bytes:
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
