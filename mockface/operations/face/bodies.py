"""The bodies of the sisters' answers, to the byte: compact, keys in the order that was seen, absent where they fail.

Source of the two-level body and the order of its first keys: wire (an answer of 2018 to misread digits); the place of
sim and photo behind them is assumed.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Callable

from mockface import codes
from mockface.codes import EMPTY_DATA, NO_DATA, Code
from mockface.model import Call, Picture, Step
from mockface.operations.face.levels import AT_TOP, given_digits
from mockface.texts.escaping import wire_json

DEFAULT_SESSION = "not_set_session_id"
"""What livedetectpicture gives as session_id. Source: wire; compare gives ""."""


def _envelope(step: Step, code: Code, data: object) -> bytes:
    """code, message, data; `data` None for an answer that has none."""
    message = code.message if step.message is None else step.message
    if step.data_given:
        data = step.data
    number: object = str(code.number) if _is_wrong(step) else code.number
    answer: dict[str, object] = {"code": number, "message": message}
    if data is not None or step.data_given:
        answer["data"] = data
    return wire_json(answer).encode()


def _is_wrong(step: Step) -> bool:
    return step.fault is not None and step.fault.name == "wrong_type"


def _refusal(step: Step, code: Code) -> bytes:
    return _envelope(step, code, {} if code.data == EMPTY_DATA else None)


def digits_body(step: Step, call: Call | None) -> bytes:
    """livegetfour: `step.data` has the digits."""
    return _refusal(step, step.code) if step.code else _envelope(step, codes.OK, {"validate_data": ""})


def identity_body(step: Step, call: Call | None) -> bytes:
    """auth/idcard: code and message alone."""
    return _refusal(step, step.code or codes.OK._replace(data=NO_DATA))


def compare_body(step: Step, call: Call | None) -> bytes:
    """compare: a float; `fail_flag` says which picture is at fault, 1 or 2."""
    code = step.code
    if code is None:
        similarity: object = float(step.similarity or 0.0)
        if _is_wrong(step):
            similarity = math.floor(float(step.similarity or 0.0))
        return _envelope(step, codes.OK, {"session_id": "", "similarity": similarity})
    if isinstance(code.number, int) and code.number < 0:
        return _envelope(step, code, {"session_id": "", "fail_flag": failing_side(call)})
    return _refusal(step, code)


SIDES = (("imageA", "urlA"), ("imageB", "urlB"))
"""The fields of the two pictures; a url wins over a file."""


def failing_side(call: Call | None) -> int:
    """Which picture of a compare is at fault: 2 where the first is a picture and the second is none, else 1."""
    if call is None:
        return 1
    sound = [_is_sound(call, image, url) for image, url in SIDES]
    return 2 if sound == [True, False] else 1


def _is_sound(call: Call, image: str, url: str) -> bool:
    given, address = call.fields.get(image), call.fields.get(url)
    if isinstance(address, str):
        return address.lower().startswith(("http://", "https://"))
    return isinstance(given, Picture) and given.format not in (None, "GIF") and given.fault is None


def picture_body(step: Step, call: Call | None) -> bytes:
    """livedetectpicture: an int from 0 to 100."""
    code = step.code
    if code is None:
        score: object = math.floor(step.similarity or 0.0)
        return _envelope(
            step, codes.OK, {"session_id": DEFAULT_SESSION, "score": str(score) if _is_wrong(step) else score}
        )
    return _refusal(step, code)


def video_body(photo: str, compares: Callable[[Call], bool]) -> Callable[[Step, Call | None], bytes]:
    """The renderer of a video operation; `photo` is its name for the best frame."""

    def body(step: Step, call: Call | None) -> bytes:
        if call is None or (step.code is not None and step.place == AT_TOP):
            return _refusal(step, step.code or codes.OK)
        live, compared = step.live, step.code
        statuses: dict[str, object] = {}
        asked = compares(call)
        if asked:
            statuses |= {"compare_msg": _said(step, compared, live is None), "compare_status": _number(step, compared)}
        statuses |= {"live_status": _number(step, live), "live_msg": _said(step, live, True)}
        if asked and compared is None:
            similarity = step.similarity or 0.0
            statuses["sim"] = float(similarity) if _is_wrong(step) else math.floor(similarity)
            statuses[photo] = b64encode(_frame(call)).decode()
        return _envelope(step._replace(message=None), codes.OK, statuses)

    return body


def _number(step: Step, code: Code | None) -> object:
    number = code.number if code else 0
    return str(number) if _is_wrong(step) else number


def _said(step: Step, code: Code | None, first: bool) -> str:
    """The message of a status; a scenario's message is that of the first status that fails."""
    if code is None:
        return codes.OK.message
    return step.message if step.message is not None and first else code.message


def _frame(call: Call) -> bytes:
    # Drawn when the first success of a video is answered: a start needs none of it.
    from mockface.samples import best_frame

    return best_frame(call.number or given_digits(call))
