"""Checks of the account that the appid names: its rate and its standing."""

from __future__ import annotations

from mockface import codes
from mockface.checks import showing
from mockface.checks.check import check
from mockface.checks.rules import Rules
from mockface.model import Call, Refused
from mockface.privacy.masking import shown
from mockface.reasons import Reason, words

_OVER_RATE = Reason(
    "appid {appid} is over its rate_limit, {rate}; wait, or advance the clock",
    "appid {appid} 超过频率限制：{rate}；请等待，或快进时钟",
)


@check(
    title=words("The account's rate is kept", "未超过账号频率"),
    evidence=words(
        "page for the code; which limit the service had is unknown", "厂商文档（错误码）；原服务的具体上限未知"
    ),
    wanted=words("within the account's rate_limit, if any", "不超过账号的 rate_limit（若有）"),
    came=lambda call: showing.field(call, "appid"),
)
def account_rate_kept(call: Call, rules: Rules) -> Refused | None:
    """The account's `rate_limit` is kept."""
    account = rules.by_appid.get(str(call.appid))
    if account is None or not account.rate_calls:
        return None
    if rules.store.within_rate(account.appid, account.rate_calls, account.rate_seconds, call.now):
        return None
    return Refused(codes.TOO_FREQUENT, _OVER_RATE.of(appid=shown(account.appid, 24), rate=account.rate))


_ARREARS = Reason(
    "the account of appid {appid} is in arrears (state: {state})", "appid {appid} 的账号已欠费（state: {state}）"
)
_NOT_AUTHORISED = Reason(
    "the account of appid {appid} is not authorised (state: {state})", "appid {appid} 的账号未授权（state: {state}）"
)
_AUTH_DOWN = Reason(
    "the account of appid {appid} finds the authentication service down (state: {state})",
    "appid {appid} 的鉴权服务不可用（state: {state}）",
)
_STANDING = {
    "arrears": (codes.BAD_REQUEST, _ARREARS, codes.ARREARS_MESSAGE),
    "not_authorised": (codes.NOT_AUTHORISED, _NOT_AUTHORISED, None),
    "auth_down": (codes.AUTH_DOWN, _AUTH_DOWN, None),
    "auth_down_2": (codes.AUTH_DOWN_2, _AUTH_DOWN, None),
}


@check(
    title=words("The account is in good standing", "账号状态正常"),
    evidence=words("page for the codes, assumed for their place in the order", "错误码出自厂商文档，检查顺序为假定"),
    wanted=words("state: active", "state: active"),
    came=lambda call: showing.field(call, "appid"),
)
def account_in_good_standing(call: Call, rules: Rules) -> Refused | None:
    """The account of the appid is `active`."""
    account = rules.by_appid.get(str(call.appid))
    if account is None or account.state == "active":
        return None
    code, reason, message = _STANDING[account.state]
    return Refused(code, reason.of(appid=shown(account.appid, 24), state=account.state), message)
