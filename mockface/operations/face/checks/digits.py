"""Checks of the digits that the person in a video reads aloud."""

from __future__ import annotations

from mockface import codes
from mockface.checks import Rules, showing
from mockface.checks.check import check
from mockface.model import Call, Refused
from mockface.operations.face.levels import given_digits
from mockface.privacy.masking import quoted
from mockface.reasons import Reason, words

LIFE_S = 600.0
"""How long dealt digits are fresh with `--digits strict`, in seconds. mockface's own."""
ASSUMED = words("assumed", "假定")

_NO_DIGITS = words(
    "validate_data absent or empty; expected the four digits of /face/livegetfour, such as 9532",
    "validate_data 缺失或为空；应为 /face/livegetfour 给出的四位数字，例如 9532",
)
_NOT_FOUR = Reason(
    "validate_data is {came}; expected four digits as a string, with a leading zero where there is one",
    "validate_data 为 {came}；应为四位数字的字符串，保留开头的零",
)
_NOT_DEALT = {
    "never": Reason(
        "--digits strict, and {digits} was not dealt by /face/livegetfour of this server",
        "--digits 为 strict，而 {digits} 不是本服务器的 /face/livegetfour 给出的",
    ),
    "spent": Reason(
        "--digits strict, and {digits} was used before; get new digits for each video",
        "--digits 为 strict，而 {digits} 已使用过；每段视频应取新的数字",
    ),
    "stale": Reason(
        "--digits strict, and {digits} was dealt more than {life} s ago",
        "--digits 为 strict，而 {digits} 是 {life} 秒之前给出的",
    ),
}  # fmt: skip


@check(
    title=words("Digits are given", "给出了数字"),
    evidence=words("page for the field, assumed for the code", "字段出自厂商文档，错误码为假定"),
    wanted=words("validate_data", "validate_data"),
    came=lambda call: showing.field(call, "validate_data"),
)
def digits_given(call: Call, rules: Rules) -> Refused | None:
    """validate_data is there."""
    return None if given_digits(call) else Refused(codes.INVALID_PARAMETER, _NO_DIGITS)


@check(
    title=words("The digits are four", "数字为四位"),
    evidence=ASSUMED,
    wanted=words("four digits", "四位数字"),
    came=lambda call: showing.field(call, "validate_data"),
)
def digits_of_four(call: Call, rules: Rules) -> Refused | None:
    """validate_data has four digits: no speech matches anything else."""
    given = given_digits(call)
    if len(given) == 4 and given.isascii() and given.isdigit():
        return None
    return Refused(codes.VIDEO_WRONG_DIGITS, _NOT_FOUR.of(came=quoted(given, 20)))


@check(
    title=words("The digits were dealt here", "数字由本服务器给出"),
    wanted=words("fresh digits that were not used, with --digits strict", "新给出且未使用的数字（--digits strict）"),
    came=lambda call: showing.field(call, "validate_data"),
)
def digits_dealt(call: Call, rules: Rules) -> Refused | None:
    """With `--digits strict` the digits were dealt by this server, not long ago, and were not used."""
    if not rules.strict_digits:
        return None
    given = given_digits(call)
    found = rules.store.spend(given, call.now, LIFE_S)
    if not found:
        return None
    return Refused(codes.VIDEO_WRONG_DIGITS, _NOT_DEALT[found].of(digits=given, life=f"{LIFE_S:g}"))
