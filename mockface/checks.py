"""The checks, in the order in which the service refuses.

A check is named after what must be true. It looks at a Call under the Rules and answers None, or a Refused that says
what was wrong, what came, and what would have worked. The order is known only in part (wire-facts 2.6): the body
before the appid, the appid before the signature, the signature before the parameters. It is the tuples at the end of
this file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from mockface import codes, idcard, signature
from mockface.body import BODY_LIMIT_BYTES
from mockface.image import ACCEPTED_FORMATS
from mockface.model import TEXT_FIELDS, Account, Call, Claims, Picture, Refused, WrongType
from mockface.state import MemoryStore, Store
from mockface.why import quoted, shown

PATH = "/face/idcardcompare"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the checks are told: limits, accounts by SecretId, the memory of what was seen."""

    body_limit_bytes: int = BODY_LIMIT_BYTES
    hosts: frozenset[str] = frozenset()
    any_picture: bool = False
    deny_real_ids: bool = False
    accounts: Mapping[str, Account] = field(default_factory=dict)
    store: Store = field(default_factory=MemoryStore)
    by_appid: Mapping[str, Account] = field(init=False)

    def __post_init__(self) -> None:
        """Accounts by appid too; where one appid has several SecretIds, the first one's state and rate count."""
        by_appid: dict[str, Account] = {}
        for account in self.accounts.values():
            by_appid.setdefault(account.appid, account)
        object.__setattr__(self, "by_appid", by_appid)


Check = Callable[[Call, Rules], Refused | None]


def path_known(call: Call, rules: Rules) -> Refused | None:
    """Another path is answered in the envelope with HTTP 404. Evidence: assumed."""
    if call.raw.path == PATH:
        return None
    return Refused(codes.BAD_REQUEST, f"no operation at {quoted(call.raw.path, 80)}; POST {PATH} is here", status=404)


def method_allowed(call: Call, rules: Rules) -> Refused | None:
    """Another method is answered in the envelope with HTTP 405. Evidence: assumed."""
    if call.raw.method == "POST":
        return None
    return Refused(codes.BAD_REQUEST, f"method {shown(call.raw.method, 20)}; {PATH} takes POST", status=405)


def body_within_limit(call: Call, rules: Rules) -> Refused | None:
    """The whole body has at most 6 MiB, inclusive. Evidence: page for the limit, assumed for its exact value."""
    declared = call.raw.declared_bytes
    if declared is not None and declared > rules.body_limit_bytes:
        came = f"Content-Length is {declared}"
    elif call.raw.body.over_limit:
        came = "the body went on"
    else:
        return None
    why = f"{came}; the whole body may have {rules.body_limit_bytes} bytes (base64 makes a picture a third larger)"
    return Refused(codes.BODY_TOO_LARGE, why)


def host_known(call: Call, rules: Rules) -> Refused | None:
    """With `--hosts`, the Host header must name one of them; without, any will do: a mock has another address."""
    if not rules.hosts:
        return None
    host = next((value for name, value in call.raw.headers if name == b"host"), b"").decode("latin-1")
    if host_name(host) in rules.hosts:
        return None
    wanted = ", ".join(sorted(rules.hosts))
    return Refused(codes.BAD_REQUEST, f"Host is {quoted(host, 60)}; --hosts allows {wanted}")


def host_name(host: str) -> str:
    """The name in a Host header, lower case and without its port."""
    name = host.strip().lower()
    return name.partition("]")[0] + "]" if name.startswith("[") else name.partition(":")[0]


def body_readable(call: Call, rules: Rules) -> Refused | None:
    """The body is JSON, or multipart with a boundary, and parses. Evidence: wire (W4)."""
    return call.raw.body.fault


def appid_given(call: Call, rules: Rules) -> Refused | None:
    """The appid is there and is a string. Evidence: wire (W5: a bare JSON number is not found)."""
    if isinstance(call.appid, str):
        return None
    came = f"appid is a JSON {call.appid.kind}" if isinstance(call.appid, WrongType) else "no appid came"
    why = f'{came}; send it as a string, such as "appid":"1250000000"'
    return Refused(codes.BAD_REQUEST, why, message=codes.APPID_NOT_FOUND_MESSAGE)


def signature_given(call: Call, rules: Rules) -> Refused | None:
    """There is an Authorization header with something in it. Evidence: wire (W8)."""
    if call.authorization:
        return None
    return Refused(codes.SIGNATURE_EMPTY, f"no Authorization header, or an empty one; {signature.WOULD_WORK}")


def signature_readable(call: Call, rules: Rules) -> Refused | None:
    """It is Base64 of 20 bytes and a text that has a, k, e and t. Evidence: page for the form, assumed for the code."""
    return call.claims if isinstance(call.claims, Refused) else None


def _claims(call: Call) -> Claims:
    """The claims, which `signature_readable` has seen to."""
    assert isinstance(call.claims, Claims)
    return call.claims


def single_use_bound(call: Call, rules: Rules) -> Refused | None:
    """A single-use signature (e=0) names its resource (f). Evidence: page for the rule, assumed for the code."""
    claims = _claims(call)
    if claims.expires_at or claims.resource:
        return None
    return Refused(
        codes.SIGNATURE_MALFORMED,
        "Authorization: e=0 makes it single-use, and then f= must name a resource; for many uses give e a time to come",
    )


def signature_for_this_target(call: Call, rules: Rules) -> Refused | None:
    """Its appid is the request's; so is its bucket where both give one. Evidence: page, assumed for the bucket."""
    claims = _claims(call)
    if claims.appid != call.appid:
        asked = quoted(str(call.appid), 24)
        return Refused(
            codes.SIGNATURE_TARGET_MISMATCH,
            f"the signature is for a={shown(claims.appid, 24)}, the request for appid {asked}",
        )
    bucket = call.fields.get("bucket")
    if not claims.bucket or not isinstance(bucket, str) or _short(bucket, claims) == _short(claims.bucket, claims):
        return None
    return Refused(
        codes.SIGNATURE_TARGET_MISMATCH,
        f"the signature is for b={shown(claims.bucket)}, the request for bucket {quoted(bucket)}",
    )


def _short(bucket: str, claims: Claims) -> str:
    """A bucket's name without the appid that some clients append (`name-appid`, wire-facts 1.1)."""
    return bucket.removesuffix(f"-{claims.appid}")


def signature_fresh(call: Call, rules: Rules) -> Refused | None:
    """A multi-use signature ends after now. Evidence: page for the rule, wire for the status."""
    expires_at = _claims(call).expires_at
    if not expires_at or expires_at > call.now:
        return None
    late = int(call.now) - expires_at
    return Refused(
        codes.SIGNATURE_EXPIRED, f"the signature ended at e={expires_at}, {late} s before now ({int(call.now)})"
    )


def single_use_first_time(call: Call, rules: Rules) -> Refused | None:
    """A single-use signature comes once. Multi-use ones may repeat: two SDKs send the same one twice in a second."""
    if _claims(call).expires_at or rules.store.first_time(call.authorization):
        return None
    return Refused(codes.SIGNATURE_REPLAYED, "this single-use signature (e=0) was used before; sign each call anew")


def signature_life_allowed(call: Call, rules: Rules) -> Refused | None:
    """Its life is three months at most; only `verify` refuses. Evidence: page for the rule, assumed for the code."""
    claims = _claims(call)
    life = claims.expires_at - claims.signed_at
    if not claims.expires_at or life <= signature.LIFE_LIMIT_S:
        return None
    return Refused(
        codes.SIGNATURE_EXPIRED, f"the signature lives {life} s (e - t); {signature.LIFE_LIMIT_S} s, 90 days, at most"
    )


def account_known(call: Call, rules: Rules) -> Refused | None:
    """The appid has an account in YAML, or is the test account's."""
    claims = _claims(call)
    if claims.appid in rules.by_appid:
        return None
    known = ", ".join(sorted(rules.by_appid)[:5])
    return Refused(codes.APPID_UNKNOWN, f"no account has appid {shown(claims.appid, 24)}; known: {known}")


def secret_id_known(call: Call, rules: Rules) -> Refused | None:
    """The SecretId belongs to some account."""
    if _claims(call).secret_id in rules.accounts:
        return None
    return Refused(
        codes.SECRET_ID_UNKNOWN,
        "no account has the SecretId of k=; 'accounts:' in a scenario file adds one, 'mockface sign' signs with one",
    )


def secret_id_of_this_account(call: Call, rules: Rules) -> Refused | None:
    """The SecretId belongs to the account of this appid."""
    claims = _claims(call)
    owner = rules.accounts[claims.secret_id]
    if owner.appid == claims.appid:
        return None
    return Refused(
        codes.SECRET_ID_MISMATCH,
        f"the SecretId of k= belongs to appid {owner.appid}, a= says {shown(claims.appid, 24)}",
    )


def signature_verified(call: Call, rules: Rules) -> Refused | None:
    """The digest is HMAC-SHA1 of the text with the account's SecretKey. Evidence: wire for the text, W7."""
    claims = _claims(call)
    if signature.is_signed_with(claims, rules.accounts[claims.secret_id].secret_key):
        return None
    return Refused(
        codes.SIGNATURE_WRONG,
        f"the digest is not HMAC-SHA1 of the signed text ({len(claims.signed_text)} bytes) with the account's key",
    )


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


def account_rate_kept(call: Call, rules: Rules) -> Refused | None:
    """The account's `rate_limit` is kept. Evidence: page for the code; which limit the service had is unknown."""
    account = rules.by_appid.get(str(call.appid))
    if account is None or not account.rate_calls:
        return None
    if rules.store.within_rate(account.appid, account.rate_calls, account.rate_seconds, call.now):
        return None
    why = f"appid {shown(account.appid, 24)} may call {account.rate_calls} times in {account.rate_seconds:g} s (its rate_limit)"
    return Refused(codes.TOO_FREQUENT, why)


_STANDING = {
    "arrears": Refused(codes.BAD_REQUEST, "is in arrears", message=codes.ARREARS_MESSAGE),
    "not_authorised": Refused(codes.NOT_AUTHORISED, "is not authorised"),
    "auth_down": Refused(codes.AUTH_DOWN, "finds the authentication service down"),
    "auth_down_2": Refused(codes.AUTH_DOWN_2, "finds the authentication service down"),
}


def account_in_good_standing(call: Call, rules: Rules) -> Refused | None:
    """The account of the appid is `active`. Evidence: page for the codes, assumed for their place in the order."""
    account = rules.by_appid.get(str(call.appid))
    if account is None or account.state == "active":
        return None
    refused = _STANDING[account.state]
    return replace(
        refused, why=f"the account of appid {shown(account.appid, 24)} {refused.why} (state: {account.state})"
    )


def number_is_nobodys(call: Call, rules: Rules) -> Refused | None:
    """With `--deny-real-ids`, no number that looks like a real person's is taken. A rule of mockface's own."""
    number = call.fields.get("idcard_number")
    if not rules.deny_real_ids or not isinstance(number, str) or not idcard.looks_real(number, call.now):
        return None
    why = "idcard_number looks like a real person's, and --deny-real-ids is on; 'mockface ids' prints numbers of nobody"
    return Refused(codes.INVALID_PARAMETER, why)


def fields_are_text(call: Call, rules: Rules) -> Refused | None:
    """Every other known field is a string. Evidence: page for the types, assumed for the code."""
    for name in (*TEXT_FIELDS, "image"):
        value = call.fields.get(name)
        if isinstance(value, WrongType):
            return Refused(codes.INVALID_PARAMETER, f"{name} is a JSON {value.kind}; a string is wanted")
    return None


def identity_given(call: Call, rules: Rules) -> Refused | None:
    """Number and name are there and not empty. Evidence: page."""
    missing = [name for name in ("idcard_number", "idcard_name") if name not in call.fields]
    if not missing:
        return None
    return Refused(codes.IDENTITY_MISSING, f"{' and '.join(missing)} absent or empty; both are needed")


def picture_given(call: Call, rules: Rules) -> Refused | None:
    """There is a url or an image. Evidence: page."""
    if "url" in call.fields or "image" in call.fields:
        return None
    return Refused(codes.PHOTO_MISSING, "neither url nor image, or both empty; one of them is needed")


def url_is_http(call: Call, rules: Rules) -> Refused | None:
    """A url is http or https; it is never fetched, mockface is offline. Evidence: page for the code."""
    url = call.fields.get("url")
    if not isinstance(url, str) or url.lower().startswith(("http://", "https://")):
        return None
    return Refused(
        codes.PHOTO_MISSING, f"url begins {quoted(url, 16)}; http:// or https:// is wanted (it is not fetched)"
    )


def picture_decodable(call: Call, rules: Rules) -> Refused | None:
    """The image is JPEG, PNG, BMP or WEBP by its bytes; a url makes it unseen. Evidence: page for GIF."""
    picture = call.fields.get("image")
    if "url" in call.fields or not isinstance(picture, Picture):
        return None
    wanted = ", ".join(ACCEPTED_FORMATS)
    if picture.format == "GIF":
        return Refused(codes.PHOTO_UNDECODABLE, f"the image is a GIF by its first bytes; {wanted} are taken")
    if rules.any_picture or (picture.format and not picture.fault):
        return None
    if picture.fault:
        why = f"the image came as {picture.form} but is no base64: {picture.fault}"
    else:
        why = f"the image ({picture.form}, {picture.size_bytes} bytes) begins {picture.head[:8].hex(' ') or 'empty'}"
    return Refused(codes.PHOTO_UNDECODABLE, f"{why}; {wanted} are taken, anything with --pictures any")


REQUEST_CHECKS: tuple[Check, ...] = (
    path_known,
    method_allowed,
    body_within_limit,
    host_known,
    body_readable,
    appid_given,
)
SHAPE_CHECKS: tuple[Check, ...] = (
    signature_given,
    signature_readable,
    single_use_bound,
    signature_for_this_target,
    signature_fresh,
    single_use_first_time,
)
VERIFY_CHECKS: tuple[Check, ...] = (
    signature_given,
    signature_readable,
    single_use_bound,
    signature_for_this_target,
    account_known,
    secret_id_known,
    secret_id_of_this_account,
    signature_verified,
    signature_fresh,
    signature_life_allowed,
    single_use_first_time,
    bucket_known,
)
ACCOUNT_CHECKS: tuple[Check, ...] = (account_rate_kept, account_in_good_standing)
PARAMETER_CHECKS: tuple[Check, ...] = (
    fields_are_text,
    identity_given,
    number_is_nobodys,
    picture_given,
    url_is_http,
    picture_decodable,
)
SIGNATURE_CHECKS: Mapping[str, tuple[Check, ...]] = {"shape": SHAPE_CHECKS, "verify": VERIFY_CHECKS, "off": ()}


def checklist(signature_mode: str) -> tuple[Check, ...]:
    """Every check in order, for `--signature` shape, verify or off."""
    return REQUEST_CHECKS + SIGNATURE_CHECKS[signature_mode] + ACCOUNT_CHECKS + PARAMETER_CHECKS
