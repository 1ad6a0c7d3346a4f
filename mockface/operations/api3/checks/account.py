"""What is checked of the account whose key signed: its rate and its standing."""

from __future__ import annotations

from mockface.checks import Rules
from mockface.checks.check import check
from mockface.gateway import codes, errors
from mockface.model import Call, Refused
from mockface.operations.api3.checks.shared import key_came
from mockface.operations.api3.refusing import refused
from mockface.reasons import Reason, words

_RATE = Reason(
    "the account of this SecretId is over its rate_limit, {rate}; wait, or advance the clock",
    "该 SecretId 的账号超过频率限制：{rate}；请等待，或快进时钟",
)


@check(
    title=words("The account's rate is kept", "未超过账号频率"),
    evidence=words("wire for the message; the place in the order is assumed", "文本出自实际报文，检查顺序为假定"),
    wanted=words("within the account's rate_limit, if any", "不超过账号的 rate_limit（若有）"),
    came=key_came,
)
def rate_kept(call: Call, rules: Rules) -> Refused | None:
    """The account's `rate_limit` is kept; it is the same for all operations."""
    account = rules.accounts.get(getattr(call.claims, "secret_id", ""))
    if account is None or not account.rate_calls:
        return None
    if rules.store.within_rate(account.appid, account.rate_calls, account.rate_seconds, call.now):
        return None
    why = _RATE.of(rate=account.rate)
    if account.rate_seconds != 1:
        return refused(errors.REQUEST_LIMIT_EXCEEDED_UNCOUNTED, why)
    return refused(errors.REQUEST_LIMIT_EXCEEDED, why, x=account.rate_calls + 1, y=account.rate_calls)


_STATE = Reason("the account of this SecretId is in the state {state}", "该 SecretId 的账号状态为 {state}")
_STANDING = {
    "arrears": "UnauthorizedOperation.Arrears",
    "not_authorised": "UnauthorizedOperation.Nonactivated",
    "auth_down": "InternalError",
    "auth_down_2": "ServiceUnavailable",
}


@check(
    title=words("The account is in good standing", "账号状态正常"),
    evidence=words("wire for not activated; page for the others", "未开通出自实际报文，其余出自厂商文档"),
    wanted=words("state: active", "state: active"),
    came=key_came,
)
def account_active(call: Call, rules: Rules) -> Refused | None:
    """The account of the SecretId is `active`."""
    account = rules.accounts.get(getattr(call.claims, "secret_id", ""))
    if account is None or account.state == "active":
        return None
    return Refused(codes.EVERY[_STANDING[account.state]], _STATE.of(state=account.state))
