"""The envelope of the service: a step as bytes."""

from __future__ import annotations

from functools import lru_cache

from mockface import codes
from mockface.codes import Code
from mockface.journal.entry import text_of
from mockface.model import Call, Step
from mockface.texts.escaping import wire_json


def body_of(step: Step, call: Call | None) -> bytes:
    """The envelope of a step in the wire's key order, compact; a success repeats the call's session_id."""
    session_id = "" if call is None else text_of(call, "session_id")
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


def _data(step: Step, code: Code, session_id: str, wrong_type: bool) -> str:
    if step.data_given:
        return f',"data":{_json(step.data)}'
    if code.data == codes.ZEROED_DATA:
        similarity = float(step.similarity or 0.0)
        shown = int(similarity) if wrong_type else repr(similarity)
        return f',"data":{{"session_id":{_json(session_id)},"similarity":{shown}}}'
    return ',"data":{}' if code.data == codes.EMPTY_DATA else ""


def _json(value: object) -> str:
    return '""' if value == "" else wire_json(value)
