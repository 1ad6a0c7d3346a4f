"""The two levels of a video operation's answer: `code` 0 with a status of liveness and one of the comparison.

A step comes in, and the step of this operation goes out: `live` is what stands in live_status, `code` what stands in
compare_status, unless `place` is AT_TOP: then it is the answer's own code. None is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mockface import codes
from mockface.checks import Rules
from mockface.codes import Code, CodeTable
from mockface.journal.entry import text_of
from mockface.model import Call, Step
from mockface.operation import Word
from mockface.operations import digits
from mockface.reasons import Reason, Said, joined

AT_TOP = "code"
"""The place of a code that is the answer's own, as every refusal of the gateway is."""
LIVE, COMPARE = "live_status", "compare_status"

_OF_VIDEO = (
    codes.VIDEO_INVALID, codes.LIP_READING, codes.VIDEO_NO_SOUND, codes.VIDEO_WRONG_DIGITS, codes.VIDEO_NO_FACE,
    codes.VIDEO_MOUTH_SHUT, codes.LIVENESS, codes.VIDEO_NOISY, codes.VIDEO_TOO_QUIET, codes.LIVENESS_LEVEL,
    codes.VIDEO_TOO_SMALL, codes.VIDEO_NOT_LIVE,
)  # fmt: skip
_OF_FRAMES = (
    codes.VIDEO_SELFIE_FEATURE, codes.VIDEO_SELFIE_COMPARE, codes.CARD_FEATURE, codes.SELFIE_CARD_COMPARE,
    codes.SELFIE_NO_FACE, codes.SELFIE_UNDECODABLE, codes.VIDEO_TOO_FEW_FACES,
)  # fmt: skip
_OF_CARD = (codes.CARD_NO_FACE, codes.CARD_UNDECODABLE)
_OF_PERSON = (
    codes.IDENTITY_DOWN, codes.NAME_MISMATCH, codes.NUMBER_INVALID, codes.REGISTER_PHOTO_INVALID,
    codes.REGISTER_PHOTO_POOR,
)  # fmt: skip
_OF_PHOTO = (codes.PHOTO_UNDECODABLE, codes.PHOTO_NO_FACE)

LEVELS: Mapping[Code, str] = {
    **dict.fromkeys(_OF_VIDEO, LIVE),
    **dict.fromkeys((*_OF_FRAMES, *_OF_CARD, *_OF_PERSON, *_OF_PHOTO), COMPARE),
}
"""Where a code stands; all others are the answer's own.

Evidence: wire for VIDEO_WRONG_DIGITS with VIDEO_TOO_FEW_FACES; page for the other codes of videos, whose field it
describes; assumed for those of frames, the card and the person, and for IDENTITY_MISSING and PHOTO_MISSING, which
precede both processes.
"""
_GIVEN_WITHOUT_NUMBER = frozenset({*_OF_VIDEO, *_OF_FRAMES, *_OF_CARD} - {codes.LIVENESS_LEVEL})
_GIVEN_WITH_NUMBER = frozenset({*_OF_VIDEO, *_OF_FRAMES, *_OF_PERSON, codes.IDENTITY_MISSING} - {codes.LIVENESS_LEVEL})

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
    return code.group in _OF_ENGINE and code not in _GIVEN_WITHOUT_NUMBER


def hardly_with_number(code: Code) -> bool:
    """Whether idcardlivedetectfour can hardly give the code, which its page lists. Assumed."""
    return code.group in _OF_ENGINE and code not in _GIVEN_WITH_NUMBER


_OF_ENGINE = ("photo", "video", "identity")


def level_of(code: Code) -> str:
    """live_status, compare_status, or `code` for what is the answer's own."""
    return LEVELS.get(code, AT_TOP)


def settler(
    operation: str, table: CodeTable, words: Mapping[str, Word], compares: Callable[[Call], bool]
) -> Callable[[Step, Call, Rules], tuple[Step, Said | None]]:
    """What makes of a step the one of this operation; `compares` says whether a call asks for the comparison."""

    def settled(step: Step, call: Call, rules: Rules) -> tuple[Step, Said | None]:
        whys: list[Said] = []
        live, code = step.live, step.code
        if live is not None and codes.PAGE.by_number.get(live.number) is not live:
            live, why = _own(operation, live, words)
            whys.append(why)
        elif live is not None and level_of(live) == COMPARE:
            live, code = None, code or live
        if live is None and code is None and step.fault is None:
            code = digits.spelled(given_digits(call))
            if code is not None and table.by_number.get(code.number) is code:
                whys.append(_SPELLED.of(digits=given_digits(call), code=code.shown))
            else:
                code = None
        if code is not None and level_of(code) == LIVE:
            live, code = live or code, None
        place = ""
        if code is not None and (level_of(code) == AT_TOP or (rules.identity_at_top and code in _OF_PERSON)):
            live, place = None, AT_TOP
        elif not compares(call):
            if code is not None:
                whys.append(_NOT_COMPARED.of(code=code.shown))
            code = None
        elif live is not None and code is None:
            # What was seen: the comparison of a video that fails fails too, for want of a frame.
            code = codes.VIDEO_TOO_FEW_FACES
        return step._replace(live=live, code=code, place=place), joined(whys, "; ", "；") if whys else None

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
    return text_of(call, "validate_data")
