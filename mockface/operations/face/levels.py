"""The two levels of a video operation's answer: `code` 0 with a status of liveness and one of the comparison.

A step comes in, and the step of this operation goes out: `live` is what stands in live_status, `code` what stands in
compare_status, unless `place` is AT_TOP: then it is the answer's own code. None is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mockface import codes
from mockface.checks import Rules
from mockface.codes import Code
from mockface.model import Call, Step
from mockface.operation import Word
from mockface.operations import digits
from mockface.reasons import Reason, Said, joined

AT_TOP = "code"
"""The place of a code that is the answer's own, as every refusal of the gateway is."""
LIVE, COMPARE = "live_status", "compare_status"

LEVELS: Mapping[int | str, str] = {
    **{code.number: LIVE for code in codes.TABLE if isinstance(code.number, int) and -5016 <= code.number <= -5001},
    **{code.number: COMPARE for code in codes.TABLE if isinstance(code.number, int) and -4018 <= code.number <= -4006},
    codes.VIDEO_TOO_FEW_FACES.number: COMPARE,
    **{
        code.number: COMPARE
        for code in codes.TABLE
        if isinstance(code.number, int) and -5817 <= code.number <= -5802 and code is not codes.PHOTO_MISSING
    },
}
"""Where a negative code stands; all others are the answer's own.

Evidence: wire for -5008 with -5005; page for the other codes of videos, whose field it describes; assumed for those of
the card, of the person, and for -5801 and -5805, which precede both processes.
"""
_OF_PERSON = frozenset(
    number for number in LEVELS if isinstance(number, int) and -5817 <= number <= -5802
)  # fmt: skip

_IN_FRAMES = frozenset((-4006, -4007, -4009, -4010, -4015, -4016))
_OF_CARD = frozenset((-4017, -4018))
_OF_VIDEO = frozenset(number for number, level in LEVELS.items() if level == LIVE) - {codes.LIVENESS_LEVEL.number}
_WITHOUT_NUMBER = _IN_FRAMES | _OF_CARD | _OF_VIDEO | {codes.VIDEO_TOO_FEW_FACES.number}
_WITH_NUMBER = (_WITHOUT_NUMBER - _OF_CARD) | _OF_PERSON | {codes.IDENTITY_MISSING.number}

_SPELLED = Reason("the digits {digits} spell {code} (mockface's own)", "数字 {digits} 对应 {code}（mockface 自有）")
_OTHER_WORD = Reason(
    "{operation} says {code} for {reason} (evidence: {evidence})",
    "{operation} 对 {reason} 给出 {code}（证据：{evidence}）",
)
_NO_WORD = Reason(
    "{reason} has no twin here, so live_status is {code}; write live: with one of 'mockface codes --operation "
    "{operation}'",
    "{reason} 在此没有对应的错误码，因此 live_status 为 {code}；"
    "live: 可写 'mockface codes --operation {operation}' 中的错误码",
)
_NOT_COMPARED = Reason(
    "{code} belongs to the comparison, and compare_flag is not true, so it is not said",
    "{code} 属于比对，而 compare_flag 不是 true，因此不返回",
)


def hardly_without_number(code: Code) -> bool:
    """Whether livedetectfour can hardly give the code, which its page lists. Assumed."""
    return isinstance(code.number, int) and code.number < 0 and code.number not in _WITHOUT_NUMBER


def hardly_with_number(code: Code) -> bool:
    """Whether idcardlivedetectfour can hardly give the code, which its page lists. Assumed."""
    return isinstance(code.number, int) and code.number < 0 and code.number not in _WITH_NUMBER


def level_of(code: Code) -> str:
    """live_status, compare_status, or `code` for what is the answer's own."""
    return LEVELS.get(code.number, AT_TOP)


def settler(
    operation: str, words: Mapping[str, Word], compares: Callable[[Call], bool]
) -> Callable[[Step, Call, Rules], tuple[Step, Said | None]]:
    """What makes of a step the one of this operation; `compares` says whether a call asks for the comparison."""

    def settled(step: Step, call: Call, rules: Rules) -> tuple[Step, Said | None]:
        whys: list[Said] = []
        live, code = step.live, step.code
        if live is not None and codes.PAGE.by_number.get(live.number) is not live:
            live, why = _own(operation, live, words)
            whys.append(why)
        if code is not None and level_of(code) == LIVE:
            live, code = live or code, None
        if code is not None and (level_of(code) == AT_TOP or (rules.identity_at_top and code.number in _OF_PERSON)):
            return step._replace(live=None, place=AT_TOP), None
        if live is None and code is None and step.fault is None:
            spelled = digits.spelled(given_digits(call))
            if spelled is not None:
                whys.append(_SPELLED.of(digits=given_digits(call), code=spelled.shown))
                live, code = (spelled, None) if level_of(spelled) == LIVE else (None, spelled)
        if not compares(call):
            if code is not None:
                whys.append(_NOT_COMPARED.of(code=code.shown))
            code = None
        elif live is not None and code is None:
            # What was seen: the comparison of a video that fails fails too, for want of a frame.
            code = codes.VIDEO_TOO_FEW_FACES
        told = joined(whys, "; ", "；") if whys else None
        return step._replace(live=live, code=code, place=""), told

    return settled


def _own(operation: str, live: Code, words: Mapping[str, Word]) -> tuple[Code, Said]:
    """The code of videos of this API for the reason of the other API's code, and why."""
    word = words.get(live.name)
    if word is not None and level_of(word.code) == LIVE:
        why = _OTHER_WORD.of(operation=operation, code=word.code.number, reason=live.name, evidence=word.evidence)
        return word.code, why
    return codes.LIVENESS, _NO_WORD.of(reason=live.name, code=codes.LIVENESS.number, operation=operation)


def given_digits(call: Call) -> str:
    """The digits that a call gives, "" without."""
    given = call.fields.get("validate_data")
    return given if isinstance(given, str) else ""
