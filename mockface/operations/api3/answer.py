"""The envelope of API 3.0: a step as bytes.

Keys are in alphabetical order, as in the vendor's samples that were pasted from real answers, but for Code before
Message. Sim is a JSON number: whole ones without a point, others with two decimals at most.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mockface.codes import Code
from mockface.gateway import codes
from mockface.model import Call, Common, Step
from mockface.reasons import chinese
from mockface.texts.escaping import wire_json

_NOTHING = Common("v3")


def language_of(common: Common, usual: str) -> str:
    """The language that a call asks for, "zh" or "en"; `usual` where it asks for none or another."""
    asked = common.language.lower()
    return "zh" if asked.startswith("zh") else "en" if asked.startswith("en") else usual


def envelope(
    step: Step, call: Call | None, success: Code, result: Callable[[Step, Code, str], dict[str, object]]
) -> bytes:
    """The answer of a step. `result` gives the fields of an answer without `Error`, with the text of its code."""
    common = (call.common if call is not None else None) or _NOTHING
    code = step.code or success
    place = step.place or code.data
    response: dict[str, object]
    if place == codes.ERROR:
        message = _text(step, code, common, "zh" if _is_products(step, code) else "en")
        response = {"Error": {"Code": code.number, "Message": message}}
    else:
        # A Description has no full stop at its end, as in the vendor's samples.
        response = result(step, code, _text(step, code, common, "zh").removesuffix("。"))
    response["RequestId"] = common.request_id
    if step.data_given:
        if not isinstance(step.data, Mapping):
            return wire_json({"Response": step.data}).encode()
        response |= step.data
    return wire_json({"Response": dict(sorted(response.items()))}).encode()


def _is_products(step: Step, code: Code) -> bool:
    """Whether a text is the product's: those of the gateway are English unless a call asks for Chinese."""
    return step.message is None and code.number in codes.OF_PRODUCT


def _text(step: Step, code: Code, common: Common, usual: str) -> str:
    text = code.message if step.message is None else step.message
    return chinese(text) if language_of(common, usual) == "zh" else str(text)


def number(value: float) -> int | float:
    """A similarity as the answer has it: two decimals at most, a whole one as an integer."""
    rounded = round(value, 2)
    return int(rounded) if rounded.is_integer() else rounded
