"""Creates Authorization values, valid or broken in a named way.

Takes an account, a time and a nonce; returns a value. Knows neither the clock nor a server's accounts.
"""

from __future__ import annotations

from typing import NamedTuple

from mockface import codes
from mockface.codes import Code
from mockface.model import Account
from mockface.signature import hmac_sha1

LIFE_SECONDS = 30 * 24 * 3600
"""The validity of a signature that mockface creates: the value that real applications used."""
OTHER_APPID = "1259999999"
"""The appid of the signature `other_appid`, unless the account has it itself."""
_LATE_SECONDS = 3600


class Breakage(NamedTuple):
    """A way to break a signature: the code it gets, and whether only `--signature verify` detects it."""

    code: Code
    verify_only: bool = False


BREAKAGES: dict[str, Breakage] = {
    "missing": Breakage(codes.SIGNATURE_EMPTY),
    "malformed": Breakage(codes.SIGNATURE_MALFORMED),
    "other_appid": Breakage(codes.SIGNATURE_TARGET_MISMATCH),
    "expired": Breakage(codes.SIGNATURE_EXPIRED),
    "replayed": Breakage(codes.SIGNATURE_REPLAYED),
    "wrong_key": Breakage(codes.SIGNATURE_WRONG, verify_only=True),
}
"""All ways, by name. A `replayed` signature is valid once: the caller first registers it as used in the server."""


def good(
    appid: str, secret_id: str, secret_key: str, bucket: str, *, now: float, nonce: int, life_s: int = LIFE_SECONDS,
    single_use: bool = False,
) -> str:  # fmt: skip
    """An Authorization value that is valid for this many seconds; negative: it expired that long ago.

    A single-use one has no expiry time, and names the picture it is for.
    """
    return hmac_sha1.sign(
        appid,
        secret_id,
        secret_key,
        signed_at=int(now) + min(life_s, 0) * 2,
        expires_at=0 if single_use else int(now) + life_s,
        nonce=nonce,
        bucket=bucket,
        resource=f"/{appid}/{bucket}/face.jpg" if single_use else "",
    )


def value(account: Account, now: float, nonce: int, broken: str | None = None) -> str:
    """An Authorization value of this account, valid from now on, or broken; "" for `missing`."""
    if broken == "missing":
        return ""
    made = good(
        _other(account.appid) if broken == "other_appid" else account.appid,
        account.secret_id,
        account.secret_key + ("-wrong" if broken == "wrong_key" else ""),
        account.buckets[0] if account.buckets else "",
        now=now,
        nonce=nonce,
        life_s=-_LATE_SECONDS if broken == "expired" else LIFE_SECONDS,
        single_use=broken == "replayed",
    )
    return f"Bearer {made}" if broken == "malformed" else made


def _other(appid: str) -> str:
    return OTHER_APPID if appid != OTHER_APPID else OTHER_APPID[:-1] + "8"
