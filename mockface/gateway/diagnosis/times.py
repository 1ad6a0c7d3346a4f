"""What is wrong with the time of a request. Its text and the server's clock come in, mistakes come out."""

from __future__ import annotations

import re

from mockface.gateway import tc3
from mockface.privacy.masking import quoted
from mockface.reasons import Reason, Said

SECONDS = re.compile(r"[0-9]{1,15}", re.ASCII)
MILLISECONDS = 10**11
"""A larger time is one in milliseconds."""
HOUR = 3600
WEST, EAST = -12, 14
"""The hours between UTC and the outermost time zones."""
_NEAR_S = 120
"""How far, in seconds, a clock that is off by its time zone may be off besides."""

_NONE = Reason("{name} did not come; expected seconds since 1970", "没有收到 {name}；应为 1970 年以来的秒数")
_NO_NUMBER = Reason("{name} is {came}; expected whole seconds since 1970", "{name} 为 {came}；应为 1970 年以来的整数秒")
_MILLIS = Reason(
    "{name} {came} looks like milliseconds; expected seconds: {seconds}",
    "{name} {came} 像是毫秒；应为秒：{seconds}",
)
_AHEAD = Reason(
    "{name} is {off} s ahead of this server's clock; expected at most {limit} s{zone}",
    "{name} 比本服务时钟快 {off} 秒；应不超过 {limit} 秒{zone}",
)
_BEHIND = Reason(
    "{name} is {off} s behind this server's clock; expected at most {limit} s{zone}",
    "{name} 比本服务时钟慢 {off} 秒；应不超过 {limit} 秒{zone}",
)
_ZONE = Reason(" (it is {hours} h: a local time taken for UTC?)", "（相差 {hours} 小时：是否把本地时间当作 UTC？）")


def seconds_of(timestamp: str) -> int | None:
    """The seconds since 1970, None for what is no such number."""
    return int(timestamp) if SECONDS.fullmatch(timestamp) else None


def utc_date(seconds: float) -> str:
    """The date of a scope, "" for a time beyond the calendar."""
    try:
        return tc3.utc_date(int(seconds))
    except (ValueError, OverflowError):
        return ""


def wrong(timestamp: str, now: float, name: str = "X-TC-Timestamp") -> list[Said]:
    """What is wrong with the time; `name` is that of its header or parameter."""
    seconds = seconds_of(timestamp)
    if not timestamp:
        return [_NONE.of(name=name)]
    if seconds is None:
        return [_NO_NUMBER.of(name=name, came=quoted(timestamp, 24))]
    if seconds > MILLISECONDS:
        return [_MILLIS.of(name=name, came=seconds, seconds=seconds // 1000)]
    off = seconds - now
    if not abs(off) > tc3.CLOCK_LIMIT_S:
        return []
    hours = round(off / HOUR) if abs(off) < MILLISECONDS else 0
    zoned = hours and WEST <= hours <= EAST and abs(off - hours * HOUR) < _NEAR_S
    zone = _ZONE.of(hours=abs(hours)) if zoned else ""
    side = _AHEAD if off > 0 else _BEHIND
    return [side.of(name=name, off=f"{abs(off):.0f}", limit=tc3.CLOCK_LIMIT_S, zone=zone)]
