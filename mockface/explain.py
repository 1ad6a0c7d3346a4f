"""What an Authorization value says, field by field, and which of the usual mistakes it has."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from mockface import signature
from mockface.model import Claims, Refused

_MEANINGS = {
    "a": "appid",
    "b": "bucket (historical, may be left out)",
    "k": "SecretId",
    "e": "ends at (0: single use)",
    "t": "signed at",
    "r": "random, at most 10 digits",
    "u": "legacy user id",
    "f": "resource (needed where e=0)",
}
_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
_MILLISECONDS = 10**11


def claims_table(claims: Claims, now: float) -> list[dict[str, str]]:
    """The fields of the signed text in their order: key, value (the SecretId shortened) and meaning."""
    rows = []
    for pair in claims.signed_text.decode("ascii", "replace").split("&"):
        key, _, value = pair.partition("=")
        note = _MEANINGS.get(key, "unknown; ignored")
        if key in "et" and key:
            seconds = claims.expires_at if key == "e" else claims.signed_at
            if seconds:
                note += f": {_readable(seconds)}, {_distance(seconds - now)}"
        rows.append({"key": key, "value": f"{value[:8]}..." if key == "k" else value, "meaning": note})
    return rows


def _readable(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return "beyond the calendar"


def _distance(seconds: float) -> str:
    amount = abs(int(seconds))
    unit, size = next(
        (unit, size) for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)) if amount >= size or size == 1
    )
    return f"{amount // size} {unit} {'from now' if seconds >= 0 else 'ago'}"


def mistakes_in(claims: Claims | Refused, now: float) -> list[str]:
    """The usual mistakes, named."""
    if isinstance(claims, Refused):
        return [claims.why]
    found = []
    for key, seconds in (("e", claims.expires_at), ("t", claims.signed_at)):
        if seconds > _MILLISECONDS:
            found.append(f"{key}={seconds} looks like milliseconds; seconds are wanted: {seconds // 1000}")
    if claims.expires_at and claims.expires_at <= claims.signed_at:
        found.append(f"e={claims.expires_at} is not after t={claims.signed_at}; e is when it ends, no duration")
    if claims.expires_at and claims.expires_at <= now:
        found.append(f"it ended {_distance(claims.expires_at - now)} (code 9)")
    if claims.expires_at - claims.signed_at > signature.LIFE_LIMIT_S:
        found.append("it lives longer than three months; --signature verify refuses that (code 9)")
    if claims.signed_at > now + 60:
        found.append(f"t is {_distance(claims.signed_at - now)}; does the client's clock agree?")
    if not claims.expires_at and not claims.resource:
        found.append("e=0 makes it single-use, and then f= must name a resource (code 5)")
    if not re.fullmatch(r"[0-9]{7,10}", claims.appid):
        found.append(f"a={claims.appid} is no appid of 7 to 10 digits; are a= and k= swapped?")
    return found
