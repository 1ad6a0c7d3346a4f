"""Checks of the Authorization: first what any signature must be, then what only `--signature verify` can know."""

from __future__ import annotations

from mockface import codes
from mockface.checks import showing
from mockface.checks.check import check
from mockface.checks.rules import Rules
from mockface.masking import appid, quoted, shown
from mockface.model import Call, Claims, Refused
from mockface.signature import hmac_sha1


@check(
    evidence="wire (a fixture)",
    wanted="an Authorization header",
    came=lambda call: dict(call.headers).get("authorization", "none"),
)
def signature_given(call: Call, rules: Rules) -> Refused | None:
    """There is an Authorization header with something in it."""
    if call.authorization:
        return None
    return Refused(codes.SIGNATURE_EMPTY, f"no Authorization header, or an empty one; {hmac_sha1.WOULD_WORK}")


@check(
    evidence="page for the form, assumed for the code",
    wanted="Base64 of 20 bytes and a text with a, k, e, t",
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
    evidence="page for the rule, assumed for the code",
    wanted="f= where e=0",
    came=lambda call: showing.signature(call, lambda claims: f"e={claims.expires_at} f={claims.resource}"),
)
def single_use_bound(call: Call, rules: Rules) -> Refused | None:
    """A single-use signature (e=0) names its resource (f)."""
    claims = _claims(call)
    if claims.expires_at or claims.resource:
        return None
    return Refused(
        codes.SIGNATURE_MALFORMED,
        "Authorization: e=0 makes it single-use, and then f= must name a resource; for many uses give e a time to come",
    )


@check(
    evidence="page, assumed for the bucket",
    wanted="a= the request's appid, b= its bucket",
    came=lambda call: showing.signature(call, lambda claims: f"a={claims.appid} b={claims.bucket}"),
)
def signature_for_this_target(call: Call, rules: Rules) -> Refused | None:
    """Its appid is the request's; so is its bucket where both give one."""
    claims = _claims(call)
    if claims.appid != call.appid:
        asked = quoted(str(call.appid), 24)
        return Refused(
            codes.SIGNATURE_TARGET_MISMATCH,
            f"the signature is for a={appid(claims.appid)}, the request for appid {asked}",
        )
    bucket = call.fields.get("bucket")
    if not claims.bucket or not isinstance(bucket, str) or _short(bucket, claims) == _short(claims.bucket, claims):
        return None
    return Refused(
        codes.SIGNATURE_TARGET_MISMATCH,
        f"the signature is for b={shown(claims.bucket)}, the request for bucket {quoted(bucket)}",
    )


def _short(bucket: str, claims: Claims) -> str:
    """A bucket's name without the appid that some clients append (`name-appid`, docs/wire.md)."""
    return bucket.removesuffix(f"-{claims.appid}")


@check(
    evidence="page for the rule, wire for the status",
    wanted="e= after now",
    came=lambda call: showing.signature(call, lambda claims: f"e={claims.expires_at}, now {int(call.at)}"),
)
def signature_fresh(call: Call, rules: Rules) -> Refused | None:
    """A multi-use signature ends after now."""
    expires_at = _claims(call).expires_at
    if not expires_at or expires_at > call.now:
        return None
    late = int(call.now) - expires_at
    return Refused(
        codes.SIGNATURE_EXPIRED, f"the signature ended at e={expires_at}, {late} s before now ({int(call.now)})"
    )


@check(
    wanted="not seen before, where e=0",
    came=lambda call: showing.signature(call, lambda claims: "multi-use" if claims.expires_at else "single-use"),
)
def single_use_first_time(call: Call, rules: Rules) -> Refused | None:
    """A single-use signature comes once. Multi-use ones may repeat: two SDKs send the same one twice in a second."""
    if _claims(call).expires_at or rules.store.first_time(call.authorization):
        return None
    return Refused(
        codes.SIGNATURE_REPLAYED, "this single-use signature (e=0) was used before; make a new signature for each call"
    )


@check(
    evidence="page for the rule, assumed for the code",
    wanted=f"at most {hmac_sha1.LIFE_LIMIT_S} s",
    came=lambda call: showing.signature(call, lambda claims: f"{claims.expires_at - claims.signed_at} s"),
)
def signature_life_allowed(call: Call, rules: Rules) -> Refused | None:
    """Its life is three months at most; only `verify` refuses."""
    claims = _claims(call)
    life = claims.expires_at - claims.signed_at
    if not claims.expires_at or life <= hmac_sha1.LIFE_LIMIT_S:
        return None
    return Refused(
        codes.SIGNATURE_EXPIRED, f"the signature lives {life} s (e - t); {hmac_sha1.LIFE_LIMIT_S} s, 90 days, at most"
    )


@check(wanted="an account's appid", came=lambda call: showing.signature(call, lambda claims: f"a={claims.appid}"))
def account_known(call: Call, rules: Rules) -> Refused | None:
    """The appid has an account in YAML, or is the test account's."""
    claims = _claims(call)
    if claims.appid in rules.by_appid:
        return None
    known = ", ".join(sorted(rules.by_appid)[:5])
    return Refused(codes.APPID_UNKNOWN, f"no account has appid {appid(claims.appid)}; known: {known}")


@check(wanted="an account's SecretId", came=lambda call: showing.signature(call, showing.secret_id))
def secret_id_known(call: Call, rules: Rules) -> Refused | None:
    """The SecretId belongs to some account."""
    if _claims(call).secret_id in rules.accounts:
        return None
    return Refused(
        codes.SECRET_ID_UNKNOWN,
        "no account has the SecretId of k=; 'accounts:' in a scenario file adds one, 'mockface sign' signs with one",
    )


@check(wanted="the SecretId of this appid", came=lambda call: showing.signature(call, showing.secret_id))
def secret_id_of_this_account(call: Call, rules: Rules) -> Refused | None:
    """The SecretId belongs to the account of this appid."""
    claims = _claims(call)
    owner = rules.accounts[claims.secret_id]
    if owner.appid == claims.appid:
        return None
    return Refused(
        codes.SECRET_ID_MISMATCH,
        f"the SecretId of k= belongs to appid {owner.appid}, a= says {appid(claims.appid)}",
    )


@check(
    evidence="wire for the text (ask/200279)",
    wanted="HMAC-SHA1 of the signed text with the account's key",
    came=lambda call: {None: "no account to verify with", True: "the same", False: "another digest"}[call.verified],
)
def signature_verified(call: Call, rules: Rules) -> Refused | None:
    """The digest is HMAC-SHA1 of the text with the account's SecretKey."""
    claims = _claims(call)
    if hmac_sha1.is_signed_with(claims, rules.accounts[claims.secret_id].secret_key):
        return None
    return Refused(
        codes.SIGNATURE_WRONG,
        f"the digest is not HMAC-SHA1 of the signed text ({len(claims.signed_text)} bytes) with the account's key",
    )


@check(wanted="a bucket of the account", came=lambda call: showing.signature(call, lambda claims: f"b={claims.bucket}"))
def bucket_known(call: Call, rules: Rules) -> Refused | None:
    """The signature's bucket, where it names one, is one of the account's."""
    claims = _claims(call)
    buckets = rules.accounts[claims.secret_id].buckets
    if not claims.bucket or _short(claims.bucket, claims) in buckets:
        return None
    known = ", ".join(buckets) or "none"
    return Refused(
        codes.BUCKET_UNKNOWN, f"the account has no bucket {quoted(claims.bucket, 40)}; its buckets: {shown(known, 200)}"
    )
