"""Checks of the account that the appid names: its rate and its standing."""

from __future__ import annotations

from mockface import codes
from mockface.checks import showing
from mockface.checks.check import check
from mockface.checks.rules import Rules
from mockface.masking import shown
from mockface.model import Call, Refused


@check(
    evidence="page for the code; which limit the service had is unknown",
    wanted="within the account's rate_limit, if any",
    came=lambda call: showing.field(call, "appid"),
)
def account_rate_kept(call: Call, rules: Rules) -> Refused | None:
    """The account's `rate_limit` is kept."""
    account = rules.by_appid.get(str(call.appid))
    if account is None or not account.rate_calls:
        return None
    if rules.store.within_rate(account.appid, account.rate_calls, account.rate_seconds, call.now):
        return None
    why = f"appid {shown(account.appid, 24)} is over its rate_limit, {account.rate}; wait, or advance the clock"
    return Refused(codes.TOO_FREQUENT, why)


_STANDING = {
    "arrears": Refused(codes.BAD_REQUEST, "is in arrears", message=codes.ARREARS_MESSAGE),
    "not_authorised": Refused(codes.NOT_AUTHORISED, "is not authorised"),
    "auth_down": Refused(codes.AUTH_DOWN, "finds the authentication service down"),
    "auth_down_2": Refused(codes.AUTH_DOWN_2, "finds the authentication service down"),
}


@check(
    evidence="page for the codes, assumed for their place in the order",
    wanted="state: active",
    came=lambda call: showing.field(call, "appid"),
)
def account_in_good_standing(call: Call, rules: Rules) -> Refused | None:
    """The account of the appid is `active`."""
    account = rules.by_appid.get(str(call.appid))
    if account is None or account.state == "active":
        return None
    refused = _STANDING[account.state]
    return refused._replace(
        why=f"the account of appid {shown(account.appid, 24)} {refused.why} (state: {account.state})"
    )
