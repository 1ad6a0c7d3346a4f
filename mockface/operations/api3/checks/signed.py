"""What is checked of the signature: its form, its time, its key, itself, its token."""

from __future__ import annotations

from mockface.checks import Rules, showing
from mockface.checks.check import check
from mockface.gateway import errors, tc3
from mockface.model import Call, Refused
from mockface.operations.api3.checks.shared import WIRE, common_of
from mockface.operations.api3.refusing import refused
from mockface.operations.api3.signature import verified
from mockface.reasons import Reason, words

_READABLE = words(
    "TC3-HMAC-SHA256 Credential=.../date/service/tc3_request, SignedHeaders=..., Signature=...",
    "TC3-HMAC-SHA256 Credential=.../日期/服务/tc3_request, SignedHeaders=..., Signature=...",
)


@check(
    title=words("The signature can be read", "签名可解析"),
    evidence=words("page for the form, assumed for the message", "格式出自厂商文档，文本为假定"),
    wanted=_READABLE,
    came=lambda call: dict(call.headers).get("authorization", showing.NONE),
)
def authorization_readable(call: Call, rules: Rules) -> Refused | None:
    """Authorization has the vendor's form; a call of v1 has SecretId and Signature."""
    return call.claims if isinstance(call.claims, Refused) else None


_STALE = Reason(
    "the timestamp {came} is {off} s {side} this server's clock ({now}); at most {limit} s are let pass",
    "时间戳 {came} 比本服务的时钟（{now}）{side} {off} 秒；最多相差 {limit} 秒",
)
_MILLISECONDS = Reason(
    "the timestamp {came} looks like milliseconds; expected seconds: {seconds}",
    "时间戳 {came} 像是毫秒；应为秒：{seconds}",
)
_AHEAD = words("ahead of", "快")
_BEHIND = words("behind", "慢")
_MANY = 10**11


@check(
    title=words("The timestamp is fresh", "时间戳未过期"),
    evidence=words("page for five minutes, wire for the message", "五分钟出自厂商文档，文本出自实际报文"),
    wanted=words("within 300 s of this server's clock", "与本服务时钟相差 300 秒以内"),
    came=lambda call: common_of(call).timestamp or showing.NONE,
)
def timestamp_fresh(call: Call, rules: Rules) -> Refused | None:
    """The timestamp is within five minutes of mockface's clock; just 300 s pass."""
    stamp = int(common_of(call).timestamp)
    off = stamp - int(call.now)
    if abs(off) <= tc3.CLOCK_LIMIT_S:
        return None
    if stamp > _MANY:
        return refused(errors.SIGNATURE_EXPIRE, _MILLISECONDS.of(came=stamp, seconds=stamp // 1000))
    side = _AHEAD if off > 0 else _BEHIND
    why = _STALE.of(came=stamp, off=abs(off), side=side, now=int(call.now), limit=tc3.CLOCK_LIMIT_S)
    return refused(errors.SIGNATURE_EXPIRE, why)


_NO_KEY = words(
    "no account has this SecretId; 'accounts:' in a scenario file adds one, 'mockface sign --tc3' signs with one",
    "没有账号有此 SecretId；可在场景文件的 'accounts:' 中添加，或用 'mockface sign --tc3' 签名",
)


@check(
    title=words("The SecretId is known", "SecretId 存在"),
    evidence=WIRE,
    wanted=words("an account's SecretId", "某个账号的 SecretId"),
    came=lambda call: f"{call.claims.secret_id[:8]}..." if hasattr(call.claims, "secret_id") else showing.NONE,
)
def key_known(call: Call, rules: Rules) -> Refused | None:
    """The SecretId belongs to an account."""
    return None if call.claims.secret_id in rules.accounts else refused(errors.SECRET_ID_NOT_FOUND, _NO_KEY)


_OTHER = words(
    "the signature is not the one that the account's SecretKey makes; 'mockface explain --request FILE' says at which "
    "line it differs",
    "签名与账号 SecretKey 算出的不同；'mockface explain --request FILE' 可指出差异在哪一行",
)
_VERIFIED = {
    None: words("no account to verify with", "没有可用于校验的账号"),
    True: words("the same", "一致"),
    False: words("another signature", "签名不同"),
}


@check(
    title=words("The signature verifies", "签名校验通过"),
    evidence=words("page and published vectors", "厂商文档及公开的示例"),
    wanted=words("the signature of the request with the account's key", "用账号密钥对请求计算的签名"),
    came=lambda call: _VERIFIED[call.verified],
)
def signature_right(call: Call, rules: Rules) -> Refused | None:
    """The signature is the account's, in one of the ways in which real clients write it."""
    if verified(call, rules.accounts[call.claims.secret_id]):
        return None
    return refused(errors.SIGNATURE_FAILURE, _OTHER)


_NO_TOKEN = words(
    "the account has a token (temporary keys), and none came; expected X-TC-Token",
    "该账号使用临时密钥（有 token），但请求没有 X-TC-Token",
)
_OTHER_TOKEN = words(
    "the token is not the account's; 'token:' of an account in a scenario file says which it is",
    "token 不是该账号的；场景文件中账号的 'token:' 给出它的 token",
)
_TOKEN_CAME = {True: words("a token", "有 token"), False: showing.NONE}


@check(
    title=words("The token is the account's", "token 属于该账号"),
    evidence=words("wire for the message", "文本出自实际报文"),
    wanted=words("the account's token, if it has one", "该账号的 token（若有）"),
    came=lambda call: _TOKEN_CAME[bool(common_of(call).token)],
)
def token_right(call: Call, rules: Rules) -> Refused | None:
    """The token is the account's; an account without one takes none."""
    token, wanted = common_of(call).token, rules.accounts[call.claims.secret_id].token
    if token == wanted:
        return None
    return refused(errors.TOKEN_FAILURE, _OTHER_TOKEN if token else _NO_TOKEN)
