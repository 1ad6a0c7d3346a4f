"""`GetLiveCode` and `GetActionSequence`: what a person is to say or to do in a video.

They name no person: a scenario is found by the action's own name. What they give is not remembered, as nothing in the
call with the video says which of them it answers.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

from mockface.checks import Rules
from mockface.codes import Code, CodeTable
from mockface.gateway import codes, errors
from mockface.model import Call, FieldTable, Step
from mockface.operation import Operation
from mockface.operations.api3.answer import envelope
from mockface.operations.api3.record import action
from mockface.operations.digits import dealt
from mockface.operations.faceid.words import words_of
from mockface.reasons import Said

UNKNOWN = codes.EVERY["FailedOperation.UnKnown"]
OF_ACCOUNT: tuple[Code, ...] = tuple(
    code
    for code in codes.OF_ACTION
    if code.number in errors.BY_CODE or str(code.number).startswith("UnauthorizedOperation")
)
"""Codes of ImageRecognition that any action has: of the gateway and of the account."""
CODES = CodeTable([codes.SUCCESS, UNKNOWN, *OF_ACCOUNT, *codes.OF_GATEWAY])
"""Neither action documents codes of its own."""
SEQUENCES = ("1,2", "2,1")
"""The orders of the two actions: 1 opens the mouth, 2 shuts the eyes. Source: page."""


def _request_id(call: Call | None) -> str:
    # It is another one for each call, and the same ones again with a seed.
    return call.common.request_id if call is not None and call.common is not None else ""


def _live_code(call: Call | None) -> str:
    return dealt(0, _request_id(call))


def _sequence(call: Call | None) -> str:
    return SEQUENCES[blake2b(_request_id(call).encode(), digest_size=1).digest()[0] & 1]


def _body(field: str, give: Callable[[Call | None], str]) -> Callable[[Step, Call | None], bytes]:
    def body(step: Step, call: Call | None) -> bytes:
        def result(step: Step, code: Code, text: str) -> dict[str, object]:
            given: object = give(call)
            if step.fault is not None and step.fault.name == "wrong_type":
                given = int(str(given).replace(",", ""))
            return {field: given}

        return envelope(step, call, codes.SUCCESS, result)

    return body


def _settled(step: Step, call: Call, rules: Rules) -> tuple[Step, Said | None]:
    """A success says no similarity, and no failure stands in a Result, which these answers do not have."""
    return (step._replace(place=codes.ERROR) if step.code else step._replace(similarity=None)), None


def _given(name: str, field: str, give: Callable[[Call | None], str], *text: str) -> Operation:
    return action(
        name, table=FieldTable(text=text), codes=CODES, values=(), body=_body(field, give), success=codes.SUCCESS,
        mismatch=UNKNOWN, settle=_settled, words=words_of(CODES),
    )  # fmt: skip


GET_LIVE_CODE = _given("GetLiveCode", "LiveCode", _live_code)
GET_ACTION_SEQUENCE = _given("GetActionSequence", "ActionSequence", _sequence, "ActionType")
