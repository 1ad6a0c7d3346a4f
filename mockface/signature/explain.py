"""What an Authorization value says, field by field, and which of the usual mistakes it has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from mockface import masking
from mockface.model import Claims, Refused
from mockface.signature import hmac_sha1
from mockface.signature.diagnosis import Recovered

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
_MILLISECONDS = 10**11
_LONGEST_NONCE = 10


def claims_table(signed_text: str, now: float) -> list[dict[str, str]]:
    """The fields of the signed text in their order: key, value (the SecretId shortened) and meaning."""
    rows = []
    for pair in signed_text.split("&"):
        key, _, value = pair.partition("=")
        note = _MEANINGS.get(key, "unknown; ignored")
        seconds = _seconds(value) if key in ("e", "t") else 0
        if seconds:
            note += f": {_readable(seconds)}, {_distance(seconds - now)}"
        rows.append({"key": key if key in _MEANINGS else key[:8], "value": _shown_value(key, value), "meaning": note})
    return rows


def _shown_value(key: str, value: str) -> str:
    """The SecretId shortened; of a key that nobody knows the length alone: it may be a piece of anything."""
    if key not in _MEANINGS:
        return f"<{len(value)} characters>"
    if key == "a":
        return masking.appid(value)
    return f"{value[:8]}..." if key == "k" else value


def _seconds(value: str) -> int:
    """A time of the signed text, its fraction cut off; 0 for none."""
    match = re.fullmatch(r"([0-9]{1,15})(?:\.[0-9]{1,9})?", value, re.ASCII)
    return int(match[1]) if match else 0


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


def mistakes_in(
    claims: Claims | Refused, now: float, recovery: Recovered | None = None, *, verified: bool | None = None,
    appid: str | None = None,
) -> list[str]:  # fmt: skip
    """The usual mistakes, named.

    `recovery` is what could be read of a malformed value; `verified` says whether its digest is the account's, and
    `appid` is the request's, None where that is not known.
    """
    if isinstance(claims, Refused):
        found = [*recovery.mistakes] if recovery and recovery.mistakes else [claims.why]
        text = recovery.text if recovery else ""
    else:
        found, text = [], claims.signed_text.decode("ascii", "replace")
    said = dict(pair.partition("=")[::2] for pair in text.split("&"))
    if text:
        found += _missing_in(said) if isinstance(claims, Refused) else []
        found += _times_wrong(said, now) + _names_wrong(said)
    if verified is False:
        found.append("the digest is not the one that the account's SecretKey makes (code 14 with verify)")
    if appid is not None and said.get("a") and said["a"] != appid:
        found.append(f"a={masking.appid(said['a'])} is another appid than the request's {appid} (code 6)")
    return list(dict.fromkeys(found))


def _missing_in(said: Mapping[str, str]) -> list[str]:
    missing = [f"the signed text has no {key}= (a, k, e and t are needed)" for key in "aket" if not said.get(key)]
    wrong = [key for key in "et" if said.get(key) and said[key] != "0" and not _seconds(said[key])]
    return missing + [f"{key}={said[key][:24]} is not a time in whole seconds" for key in wrong]


def _times_wrong(said: Mapping[str, str], now: float) -> list[str]:
    found = []
    ends, signed = (_seconds(said.get(key, "")) for key in "et")
    for key, seconds in (("e", ends), ("t", signed)):
        if seconds > _MILLISECONDS:
            found.append(f"{key}={seconds} looks like milliseconds; expected seconds: {seconds // 1000}")
    if ends and ends <= signed:
        found.append(f"e={ends} is not after t={signed}; e is the end time, not a duration")
    if ends and ends <= now:
        found.append(f"it ended {_distance(ends - now)} (code 9)")
    if signed and ends - signed > hmac_sha1.LIFE_LIMIT_S:
        found.append("it lives longer than three months; --signature verify refuses that (code 9)")
    if signed > now + 60:
        found.append(f"t is {_distance(signed - now)}; does the client's clock agree?")
    return found


def _names_wrong(said: Mapping[str, str]) -> list[str]:
    found = []
    nonce = said.get("r", "")
    if said.get("e") == "0" and not said.get("f"):
        found.append("e=0 makes it single-use, and then f= must name a resource (code 5)")
    if len(nonce) > _LONGEST_NONCE:
        found.append(f"r={nonce[:24]} has {len(nonce)} digits; expected at most {_LONGEST_NONCE}, more are accepted")
    if said.get("a") and not re.fullmatch(r"[0-9]{7,10}", said["a"]):
        found.append(f"a={masking.appid(said['a'])} is not an appid of 7 to 10 digits; are a= and k= swapped?")
    return found
