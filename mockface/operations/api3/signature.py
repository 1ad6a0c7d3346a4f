"""What people are told of the signatures of API 3.0: kept beside a call, without what nobody may see."""

from __future__ import annotations

from typing import Any, NamedTuple

from mockface.checks import Check
from mockface.gateway import tc3, v1
from mockface.gateway.tc3 import Tc3Claims
from mockface.journal.entry import Noted
from mockface.model import Account, Call, Refused
from mockface.operation import SignatureView
from mockface.operations.api3.hearing import NO_SIGNATURE, V1Claims
from mockface.privacy.masking import hidden_cuts, hidden_outside
from mockface.reasons import Reason, Said, chinese, masked, words

SHOWN_OF_ID = 8
"""So many characters of a SecretId are shown."""

_SCHEMES = {
    "v3": words("TC3-HMAC-SHA256, in the header Authorization", "TC3-HMAC-SHA256，在请求头 Authorization 中"),
    "v1": words("the older one, in the parameters of the query or the form", "旧签名方法，在查询串或表单的参数中"),
}
_DATE = words("the day of X-TC-Timestamp, in UTC", "X-TC-Timestamp 的日期（UTC）")
_OTHER_DATE = Reason(
    "the day that the key is made for, in UTC; X-TC-Timestamp {timestamp} is of {day}",
    "派生密钥所用的日期（UTC）；X-TC-Timestamp {timestamp} 属于 {day}",
)
_MEANINGS = {
    "SecretId": words("whose key it is; how it begins", "密钥属于谁；只显示开头"),
    "date": _DATE,
    "service": words(
        "what the key is made for: faceid; some SDKs take the first label of the host",
        "派生密钥所用的产品名：faceid；部分 SDK 取自域名的第一段",
    ),
    "SignedHeaders": words(
        "the headers that are signed; content-type and host must be", "参与签名的请求头；content-type 和 host 必须在内"
    ),
    "SignatureMethod": words("HmacSHA1 or HmacSHA256, by which v1 is signed", "v1 的签名算法：HmacSHA1 或 HmacSHA256"),
}
"""What people are told of the fields of a signature."""


class Signed(NamedTuple):
    """What is kept of a signature that can be read. `fields` are name, value and meaning; `mistakes` are told."""

    scheme: str
    secret_id: str
    fields: tuple[tuple[str, str], ...]
    mistakes: tuple[str, ...]


class Unsigned(NamedTuple):
    """What is kept where none can be read; `why` says why, `given` whether anything came."""

    why: str
    given: bool
    mistakes: tuple[str, ...] = ()


def verified(call: Call, account: Account | None) -> bool | None:
    """Whether the signature is the account's, None without an account or a signature."""
    claims, common, raw = call.claims, call.common, call.raw
    if account is None or common is None or isinstance(claims, Refused):
        return None
    if isinstance(claims, V1Claims):
        host = raw.head.host
        return v1.verify(account.secret_key, common.pairs, method=raw.method, host=host, path=raw.path) is not None
    return _of_v3(call, claims, account.secret_key)


def _of_v3(call: Call, claims: Tc3Claims, secret_key: str) -> bool:
    common, raw = call.common, call.raw
    assert common is not None
    unsigned = common.content_sha256 == tc3.UNSIGNED_PAYLOAD
    found = tc3.verify(
        claims,
        secret_key,
        method=raw.method,
        query=raw.query,
        headers=raw.headers,
        payload_hash=tc3.UNSIGNED_PAYLOAD if unsigned else common.sha256 or tc3.sha256_hex(b""),
        timestamp=common.timestamp,
    )
    return found is not None


def _found(noted: Noted) -> bool | None:
    """What the checks have found of the signature; worked out where none of them looked at it."""
    refused_by = noted.answer.refused_by
    if refused_by == "signature_right":
        return False
    names = [check.name for check in noted.ran]
    if "signature_right" in names and refused_by not in names[: names.index("signature_right")]:
        return True
    return verified(noted.call, noted.accounts.get(noted.call.claims.secret_id))


def keep(noted: Noted, secrets: tuple[str, ...]) -> tuple[Signed | Unsigned, str, bool | None]:
    """What may be kept of a call's signature, how it begins, and whether it is the account's."""
    call = noted.call
    claims = call.claims

    def shown(text: str) -> str:
        def hide(part: str) -> str:
            return hidden_cuts(hidden_outside(part, secrets, 300), secrets)

        return masked(text, hide) if isinstance(text, Said) else hide(text)

    if isinstance(claims, Refused):
        mistakes = _mistakes(call, None) if call.authorization else ()
        told = tuple(shown(one) for one in mistakes if str(one) != str(claims.why))
        return Unsigned(shown(claims.why), bool(call.authorization), told), "", None
    account = noted.accounts.get(claims.secret_id)
    right = _found(noted)
    if isinstance(claims, V1Claims):
        method = (("SignatureMethod", shown(claims.method)),)
        return Signed("v1", shown(claims.secret_id), method, ()), claims.signature[:8], right
    mistakes = _mistakes(call, account) if right is not True else ()
    fields = (
        ("date", claims.date), ("service", shown(claims.service)),
        ("SignedHeaders", ";".join(claims.signed_headers)[:200]),
    )  # fmt: skip
    kept = Signed("v3", shown(claims.secret_id), fields, tuple(map(shown, mistakes)))
    return kept, claims.signature[:8], right


def _mistakes(call: Call, account: Account | None) -> tuple[str, ...]:
    # What explains mistakes is asked for by calls that have some.
    from mockface.gateway.diagnosis import explain_tc3

    raw, common = call.raw, call.common
    explained = explain_tc3(
        method=raw.method,
        path=raw.path,
        query=raw.query,
        headers=raw.headers,
        body=None,
        secret_key=None if account is None else account.secret_key,
        now=call.now,
        payload_hash=(common.sha256 if common else "") or None,
    )
    return explained.mistakes


def badge(entry: Any) -> str:
    """What is to be said of a call's signature in a word or two."""
    claims = entry.claims
    if isinstance(claims, Unsigned):
        return "malformed" if claims.given else "missing"
    if entry.refused_by == "timestamp_fresh":
        return "expired"
    return {None: "unknown account", True: "verified", False: "wrong key"}[entry.verified]


def told(entry: Any) -> dict[str, Any]:
    """The verdict's `signature`."""
    claims = entry.claims
    rows = []
    mistakes = list(claims.mistakes)
    if isinstance(claims, Signed):
        shown = {"scheme": claims.scheme, "SecretId": f"{claims.secret_id[:SHOWN_OF_ID]}...", **dict(claims.fields)}
        for key, value in shown.items():
            meaning = _meaning(key, value, entry)
            rows.append({"key": key, "value": value, "meaning": str(meaning), "meaning_zh": chinese(meaning)})
    elif claims.given or claims.why == NO_SIGNATURE:
        mistakes.insert(0, claims.why)
    return {
        "fields": rows,
        "digest_begins": entry.digest_start,
        "verified": entry.verified,
        "mistakes": mistakes,
        "mistakes_zh": [*map(chinese, mistakes)],
    }


def _meaning(key: str, value: str, entry: Any) -> str:
    """What a field says, and where it does not fit what came beside it."""
    if key == "scheme":
        return _SCHEMES[value]
    timestamp = entry.common.timestamp
    if key == "date" and timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 11:
        day = tc3.utc_date(int(timestamp))
        if day != value:
            return _OTHER_DATE.of(timestamp=timestamp, day=day)
    return _MEANINGS[key]


def would_fail(entry: Any, check: Check, rules: Any) -> bool:
    """Whether a check of `verify` would have refused this call."""
    if isinstance(entry.claims, Unsigned):
        return False
    if check.name == "key_known":
        return entry.claims.secret_id not in rules.accounts
    return check.name == "signature_right" and entry.verified is False


VIEW = SignatureView(keep, badge, told, would_fail)
