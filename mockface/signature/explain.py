"""Explains an Authorization value field by field, and names the common mistakes in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from mockface.model import Claims, Refused
from mockface.privacy import masking
from mockface.reasons import Reason, Said, chinese, words
from mockface.signature import hmac_sha1
from mockface.signature.diagnosis import Recovered

_MEANINGS = {
    "a": words("appid", "appid"),
    "b": words("bucket (historical, optional)", "bucket（历史字段，可省略）"),
    "k": words("SecretId", "SecretId"),
    "e": words("ends at (0: single use)", "过期时间（0 为单次签名）"),
    "t": words("signed at", "签名时间"),
    "r": words("random, at most 10 digits", "随机数，最多 10 位"),
    "u": words("legacy user id", "旧用户标识"),
    "f": words("resource (required if e=0)", "资源（e=0 时必填）"),
}
_UNKNOWN = words("unknown; ignored", "未知字段，已忽略")
_AT = Reason("{meaning}: {time}, {distance}", "{meaning}：{time}，{distance}")
_BEYOND = words("outside the calendar", "超出日历范围")
_UNITS = (
    (86400, Reason("{amount} d from now", "{amount} 天后"), Reason("{amount} d ago", "{amount} 天前")),
    (3600, Reason("{amount} h from now", "{amount} 小时后"), Reason("{amount} h ago", "{amount} 小时前")),
    (60, Reason("{amount} min from now", "{amount} 分钟后"), Reason("{amount} min ago", "{amount} 分钟前")),
    (1, Reason("{amount} s from now", "{amount} 秒后"), Reason("{amount} s ago", "{amount} 秒前")),
)
_MILLIS = Reason(
    "{key}={given} looks like milliseconds; expected seconds: {seconds}", "{key}={given} 像是毫秒；应为秒：{seconds}"
)
_DURATION = Reason(
    "e={end} is not after t={signed}; e is the end time, not a duration",
    "e={end} 不晚于 t={signed}；e 是过期时刻，不是时长",
)
_ENDED = Reason("it ended {distance} (code 9)", "已在 {distance}过期（错误码 9）")
_LONG_LIFE = words(
    "it is valid for more than three months; --signature verify refuses that (code 9)",
    "有效期超过三个月；--signature verify 会拒绝（错误码 9）",
)
_FUTURE = Reason("t is {distance}; is the client's clock right?", "t 在 {distance}；客户端时钟对吗？")
_UNBOUND = words(
    "e=0 makes it single-use, so f= must name a resource (code 5)",
    "e=0 表示单次签名，此时 f= 必须给出资源（错误码 5）",
)
_LONG_NONCE = Reason(
    "r={nonce} has {count} digits; expected at most {limit} (more are accepted)",
    "r={nonce} 有 {count} 位数字；最多应为 {limit} 位，更多也接受",
)
_NO_APPID = Reason(
    "a={appid} is not an appid of 7 to 10 digits; are a= and k= swapped?",
    "a={appid} 不是 7 到 10 位的 appid；a= 与 k= 是否颠倒？",
)
_OTHER_KEY = words(
    "the digest does not match the account's SecretKey (code 14 with verify)",
    "摘要与账号的 SecretKey 不符（verify 下为错误码 14）",
)
_OTHER_APPID = Reason(
    "a={signed} is not the request's appid {asked} (code 6)",
    "a={signed} 与请求的 appid {asked} 不同（错误码 6）",
)
_MILLISECONDS = 10**11
_LONGEST_NONCE = 10


def claims_table(signed_text: str, now: float) -> list[dict[str, str]]:
    """The fields of the signed text in order: key, value (the SecretId shortened), meaning in both languages."""
    rows = []
    for pair in signed_text.split("&"):
        key, _, value = pair.partition("=")
        note = _MEANINGS.get(key, _UNKNOWN)
        seconds = _seconds(value) if key in ("e", "t") else 0
        if seconds:
            note = _AT.of(meaning=note, time=_readable(seconds), distance=_distance(seconds - now))
        shown = {"key": key if key in _MEANINGS else key[:8], "value": _shown_value(key, value)}
        rows.append({**shown, "meaning": note, "meaning_zh": chinese(note)})
    return rows


def _shown_value(key: str, value: str) -> str:
    """The value with the SecretId shortened; only the length for an unknown key, which may hold a secret."""
    if key not in _MEANINGS:
        return f"<{len(value)} characters>"
    if key == "a":
        return masking.appid(value)
    return f"{value[:8]}..." if key == "k" else value


def _seconds(value: str) -> int:
    """A time of the signed text without its fraction; 0 if missing."""
    match = re.fullmatch(r"([0-9]{1,15})(?:\.[0-9]{1,9})?", value, re.ASCII)
    return int(match[1]) if match else 0


def _readable(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return _BEYOND


def _distance(seconds: float) -> Said:
    amount = abs(int(seconds))
    size, ahead, ago = next(unit for unit in _UNITS if amount >= unit[0] or unit[0] == 1)
    return (ahead if seconds >= 0 else ago).of(amount=amount // size)


def mistakes_in(
    claims: Claims | Refused, now: float, recovery: Recovered | None = None, *, verified: bool | None = None,
    appid: str | None = None,
) -> list[Said]:  # fmt: skip
    """The common mistakes, in words.

    `recovery` is what could be read of a malformed value; `verified` says whether its digest matches the account;
    `appid` is the request's, None if unknown.
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
        found.append(_OTHER_KEY)
    if appid is not None and said.get("a") and said["a"] != appid:
        found.append(_OTHER_APPID.of(signed=masking.appid(said["a"]), asked=appid))
    return list(dict.fromkeys(found))


def _missing_in(said: Mapping[str, str]) -> list[Said]:
    missing = [hmac_sha1.MISSING.of(key=key) for key in "aket" if not said.get(key)]
    wrong = [key for key in "et" if said.get(key) and said[key] != "0" and not _seconds(said[key])]
    return missing + [hmac_sha1.NO_TIME.of(key=key, value=said[key][:24]) for key in wrong]


def _times_wrong(said: Mapping[str, str], now: float) -> list[Said]:
    found = []
    ends, signed = (_seconds(said.get(key, "")) for key in "et")
    for key, seconds in (("e", ends), ("t", signed)):
        if seconds > _MILLISECONDS:
            found.append(_MILLIS.of(key=key, given=seconds, seconds=seconds // 1000))
    if ends and ends <= signed:
        found.append(_DURATION.of(end=ends, signed=signed))
    if ends and ends <= now:
        found.append(_ENDED.of(distance=_distance(ends - now)))
    if signed and ends - signed > hmac_sha1.LIFE_LIMIT_S:
        found.append(_LONG_LIFE)
    if signed > now + 60:
        found.append(_FUTURE.of(distance=_distance(signed - now)))
    return found


def _names_wrong(said: Mapping[str, str]) -> list[Said]:
    found = []
    nonce = said.get("r", "")
    if said.get("e") == "0" and not said.get("f"):
        found.append(_UNBOUND)
    if len(nonce) > _LONGEST_NONCE:
        found.append(_LONG_NONCE.of(nonce=nonce[:24], count=len(nonce), limit=_LONGEST_NONCE))
    if said.get("a") and not re.fullmatch(r"[0-9]{7,10}", said["a"]):
        found.append(_NO_APPID.of(appid=masking.appid(said["a"])))
    return found
