"""Checks of the Authorization: first what any signature must be, then what only `--signature verify` can know."""

from __future__ import annotations

from mockface import codes
from mockface.checks import showing
from mockface.checks.check import check
from mockface.checks.rules import Rules
from mockface.model import Call, Claims, Refused
from mockface.privacy.masking import appid, quoted, shown
from mockface.reasons import Reason, words
from mockface.signature import hmac_sha1

_PAGE_BUT_CODE = words("page for the rule, assumed for the code", "规则出自厂商文档，错误码为假定")
_NONE_GIVEN = Reason(
    "no Authorization header, or an empty one; {works}", "没有 Authorization 请求头，或其值为空；{works}"
)
_UNBOUND = words(
    "Authorization: e=0 makes it single-use, and then f= must name a resource; for many uses give e a time to come",
    "Authorization：e=0 表示单次签名，此时 f= 必须给出资源；多次签名的 e 应为将来的时间",
)
_OTHER_APPID = Reason(
    "the signature is for a={signed}, the request for appid {asked}", "签名属于 a={signed}，请求的 appid 是 {asked}"
)
_OTHER_BUCKET = Reason(
    "the signature is for b={signed}, the request for bucket {asked}", "签名属于 b={signed}，请求的 bucket 是 {asked}"
)
_ENDED = Reason(
    "the signature ended at e={end}, {late} s before now ({now})", "签名在 e={end} 过期，比现在（{now}）早 {late} 秒"
)
_ENDS = Reason("e={end}, now {now}", "e={end}，现在是 {now}")
_MULTI_USE = words("multi-use", "多次签名")
_SINGLE_USE = words("single-use", "单次签名")
_USED = words(
    "this single-use signature (e=0) was used before; make a new signature for each call",
    "这个单次签名（e=0）已经用过；每次调用都要重新签名",
)
_SECONDS = Reason("{seconds} s", "{seconds} 秒")
_LONG_LIFE = Reason(
    "the signature lives {life} s (e - t); {limit} s, 90 days, at most",
    "签名有效期为 {life} 秒（e - t）；最多 {limit} 秒，即 90 天",
)
_NO_ACCOUNT = Reason("no account has appid {appid}; known: {known}", "没有账号的 appid 是 {appid}；已知：{known}")
_NO_SECRET_ID = words(
    "no account has the SecretId of k=; 'accounts:' in a scenario file adds one, 'mockface sign' signs with one",
    "没有账号的 SecretId 与 k= 相同；可在场景文件的 'accounts:' 中添加，或用 'mockface sign' 签名",
)
_OTHER_OWNER = Reason(
    "the SecretId of k= belongs to appid {owner}, a= says {appid}",
    "k= 的 SecretId 属于 appid {owner}，而 a= 是 {appid}",
)
_OTHER_DIGEST = Reason(
    "the digest is not HMAC-SHA1 of the signed text ({size} bytes) with the account's key",
    "摘要不是用账号密钥对签名文本（{size} 字节）所作的 HMAC-SHA1",
)
_VERIFIED = {
    None: words("no account to verify with", "没有可用于校验的账号"),
    True: words("the same", "一致"),
    False: words("another digest", "摘要不同"),
}
_NO_BUCKET = Reason(
    "the account has no bucket {bucket}; its buckets: {known}", "账号没有 bucket {bucket}；它的 bucket：{known}"
)


@check(
    title=words("A signature is given", "给出了签名"),
    evidence=words("wire (a fixture)", "实际报文（测试样本）"),
    wanted=words("an Authorization header", "Authorization 请求头"),
    came=lambda call: dict(call.headers).get("authorization", showing.NONE),
)
def signature_given(call: Call, rules: Rules) -> Refused | None:
    """There is an Authorization header with something in it."""
    if call.authorization:
        return None
    return Refused(codes.SIGNATURE_EMPTY, _NONE_GIVEN.of(works=hmac_sha1.WOULD_WORK))


@check(
    title=words("The signature can be read", "签名可解析"),
    evidence=words("page for the form, assumed for the code", "格式出自厂商文档，错误码为假定"),
    wanted=words("Base64 of 20 bytes and a text with a, k, e, t", "20 字节摘要加含 a、k、e、t 的文本，再作 Base64"),
    came=lambda call: showing.signature(call, showing.signed_text),
)
def signature_readable(call: Call, rules: Rules) -> Refused | None:
    """It is Base64 of 20 bytes and a text that has a, k, e and t."""
    return call.claims if isinstance(call.claims, Refused) else None


def _claims(call: Call) -> Claims:
    """The claims, which `signature_readable` has seen to."""
    assert isinstance(call.claims, Claims)
    return call.claims


@check(
    title=words("A single-use signature names its resource", "单次签名绑定了资源"),
    evidence=_PAGE_BUT_CODE,
    wanted=words("f= where e=0", "e=0 时须有 f="),
    came=lambda call: showing.signature(call, lambda claims: f"e={claims.expires_at} f={claims.resource}"),
)
def single_use_bound(call: Call, rules: Rules) -> Refused | None:
    """A single-use signature (e=0) names its resource (f)."""
    claims = _claims(call)
    if claims.expires_at or claims.resource:
        return None
    return Refused(codes.SIGNATURE_MALFORMED, _UNBOUND)


@check(
    title=words("The signature is for this appid and bucket", "签名属于此 appid 和 bucket"),
    evidence=words("page, assumed for the bucket", "厂商文档；bucket 部分为假定"),
    wanted=words("a= the request's appid, b= its bucket", "a= 为请求的 appid，b= 为其 bucket"),
    came=lambda call: showing.signature(call, lambda claims: f"a={claims.appid} b={claims.bucket}"),
)
def signature_for_this_target(call: Call, rules: Rules) -> Refused | None:
    """Its appid is the request's; so is its bucket where both give one."""
    claims = _claims(call)
    if claims.appid != call.appid:
        why = _OTHER_APPID.of(signed=appid(claims.appid), asked=quoted(str(call.appid), 24))
        return Refused(codes.SIGNATURE_TARGET_MISMATCH, why)
    bucket = call.fields.get("bucket")
    if not claims.bucket or not isinstance(bucket, str) or _short(bucket, claims) == _short(claims.bucket, claims):
        return None
    why = _OTHER_BUCKET.of(signed=shown(claims.bucket), asked=quoted(bucket))
    return Refused(codes.SIGNATURE_TARGET_MISMATCH, why)


def _short(bucket: str, claims: Claims) -> str:
    """A bucket's name without the appid that some clients append (`name-appid`, docs/wire.md)."""
    return bucket.removesuffix(f"-{claims.appid}")


@check(
    title=words("The signature has not expired", "签名未过期"),
    evidence=words("page for the rule, wire for the status", "规则出自厂商文档，状态码出自实际报文"),
    wanted=words("e= after now", "e= 晚于现在"),
    came=lambda call: showing.signature(call, lambda claims: _ENDS.of(end=claims.expires_at, now=int(call.at))),
)
def signature_fresh(call: Call, rules: Rules) -> Refused | None:
    """A multi-use signature ends after now."""
    expires_at = _claims(call).expires_at
    if not expires_at or expires_at > call.now:
        return None
    now = int(call.now)
    return Refused(codes.SIGNATURE_EXPIRED, _ENDED.of(end=expires_at, late=now - expires_at, now=now))


@check(
    title=words("A single-use signature comes once", "单次签名只用一次"),
    wanted=words("not seen before, where e=0", "e=0 时此前未出现过"),
    came=lambda call: showing.signature(call, lambda claims: _MULTI_USE if claims.expires_at else _SINGLE_USE),
)
def single_use_first_time(call: Call, rules: Rules) -> Refused | None:
    """A single-use signature comes once. Multi-use ones may repeat: two SDKs send the same one twice in a second."""
    if _claims(call).expires_at or rules.store.first_time(call.authorization):
        return None
    return Refused(codes.SIGNATURE_REPLAYED, _USED)


@check(
    title=words("The signature lives three months at most", "签名有效期不超过三个月"),
    evidence=_PAGE_BUT_CODE,
    wanted=Reason("at most {limit} s", "最多 {limit} 秒").of(limit=hmac_sha1.LIFE_LIMIT_S),
    came=lambda call: showing.signature(call, lambda claims: _SECONDS.of(seconds=claims.expires_at - claims.signed_at)),
)
def signature_life_allowed(call: Call, rules: Rules) -> Refused | None:
    """Its life is three months at most; only `verify` refuses."""
    claims = _claims(call)
    life = claims.expires_at - claims.signed_at
    if not claims.expires_at or life <= hmac_sha1.LIFE_LIMIT_S:
        return None
    return Refused(codes.SIGNATURE_EXPIRED, _LONG_LIFE.of(life=life, limit=hmac_sha1.LIFE_LIMIT_S))


@check(
    title=words("The account is known", "账号存在"),
    wanted=words("an account's appid", "某个账号的 appid"),
    came=lambda call: showing.signature(call, lambda claims: f"a={claims.appid}"),
)
def account_known(call: Call, rules: Rules) -> Refused | None:
    """The appid has an account in YAML, or is the test account's."""
    claims = _claims(call)
    if claims.appid in rules.by_appid:
        return None
    known = ", ".join(sorted(rules.by_appid)[:5])
    return Refused(codes.APPID_UNKNOWN, _NO_ACCOUNT.of(appid=appid(claims.appid), known=known))


@check(
    title=words("The SecretId is known", "SecretId 存在"),
    wanted=words("an account's SecretId", "某个账号的 SecretId"),
    came=lambda call: showing.signature(call, showing.secret_id),
)
def secret_id_known(call: Call, rules: Rules) -> Refused | None:
    """The SecretId belongs to some account."""
    if _claims(call).secret_id in rules.accounts:
        return None
    return Refused(codes.SECRET_ID_UNKNOWN, _NO_SECRET_ID)


@check(
    title=words("The SecretId is this account's", "SecretId 属于此账号"),
    wanted=words("the SecretId of this appid", "此 appid 的 SecretId"),
    came=lambda call: showing.signature(call, showing.secret_id),
)
def secret_id_of_this_account(call: Call, rules: Rules) -> Refused | None:
    """The SecretId belongs to the account of this appid."""
    claims = _claims(call)
    owner = rules.accounts[claims.secret_id]
    if owner.appid == claims.appid:
        return None
    return Refused(codes.SECRET_ID_MISMATCH, _OTHER_OWNER.of(owner=owner.appid, appid=appid(claims.appid)))


@check(
    title=words("The signature verifies", "签名校验通过"),
    evidence=words("wire for the text (ask/200279)", "文本出自实际报文（ask/200279）"),
    wanted=words("HMAC-SHA1 of the signed text with the account's key", "用账号密钥对签名文本作 HMAC-SHA1"),
    came=lambda call: _VERIFIED[call.verified],
)
def signature_verified(call: Call, rules: Rules) -> Refused | None:
    """The digest is HMAC-SHA1 of the text with the account's SecretKey."""
    claims = _claims(call)
    if hmac_sha1.is_signed_with(claims, rules.accounts[claims.secret_id].secret_key):
        return None
    return Refused(codes.SIGNATURE_WRONG, _OTHER_DIGEST.of(size=len(claims.signed_text)))


@check(
    title=words("The bucket is the account's", "bucket 属于此账号"),
    wanted=words("a bucket of the account", "账号的某个 bucket"),
    came=lambda call: showing.signature(call, lambda claims: f"b={claims.bucket}"),
)
def bucket_known(call: Call, rules: Rules) -> Refused | None:
    """The signature's bucket, where it names one, is one of the account's."""
    claims = _claims(call)
    buckets = rules.accounts[claims.secret_id].buckets
    if not claims.bucket or _short(claims.bucket, claims) in buckets:
        return None
    known = shown(", ".join(buckets), 200) if buckets else showing.NONE
    return Refused(codes.BUCKET_UNKNOWN, _NO_BUCKET.of(bucket=quoted(claims.bucket, 40), known=known))
