"""What a call brought to a check, in a few words; of the call as it may be shown (`Entry` is such a one)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from mockface.model import Claims, Common, Picture, Video, kind_in_words
from mockface.reasons import Reason, words

NONE = words("none", "无")
_A_JSON = Reason("a JSON {kind}", "JSON 的{kind}")
_IN_QUERY = words("in the query string", "在查询字符串中")
_UNREADABLE = words("no readable signature", "没有可读的签名")
_URL_WINS = words("a url, so no image is looked at", "给出了 url，因此不检查 image")
_PICTURE = Reason("{format} as {form}, {size} bytes", "{format}，以 {form} 发送，{size} 字节")
_BAD_PICTURE = Reason("{format} as {form}, {size} bytes, {fault}", "{format}，以 {form} 发送，{size} 字节，{fault}")
_VIDEO = Reason(
    "{container} as {form}, {size} bytes, {sides}, {seconds} s, {sound}",
    "{container}，以 {form} 发送，{size} 字节，{sides}，{seconds} 秒，{sound}",
)
_SOUND = {
    True: words("with sound", "有声音"),
    False: words("without sound", "无声音"),
    None: words("sound unknown", "声音未知"),
}
_NO_FORMAT = words("no known format", "未知格式")


class Shown(Protocol):
    """A call without what nobody may see."""

    @property
    def at(self) -> float: ...
    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def headers(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def declared_bytes(self) -> int | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def form(self) -> str: ...
    @property
    def fields(self) -> Mapping[str, str]: ...
    @property
    def wrong_types(self) -> Mapping[str, str]: ...
    @property
    def picture(self) -> Picture | None: ...
    @property
    def video(self) -> Video | None: ...
    @property
    def number(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def appid_in_query(self) -> bool: ...
    @property
    def claims(self) -> Any: ...
    @property
    def verified(self) -> bool | None: ...
    @property
    def common(self) -> Common | None: ...


def signature(call: Shown, show: Callable[[Claims], str]) -> str:
    """What a signature says."""
    return show(call.claims) if isinstance(call.claims, Claims) else _UNREADABLE


def field(call: Shown, name: str) -> str:
    """A field's text, or what came in its place."""
    if name in call.wrong_types:
        return _A_JSON.of(kind=kind_in_words(call.wrong_types[name]))
    if name == "appid" and call.appid_in_query:
        return _IN_QUERY
    return call.fields.get(name) or NONE


def picture(call: Shown) -> str:
    """What is known of the picture."""
    if "url" in call.fields:
        return _URL_WINS
    if call.picture is None:
        return NONE
    told = {"format": call.picture.format or _NO_FORMAT, "form": call.picture.form, "size": call.picture.size_bytes}
    return _BAD_PICTURE.of(**told, fault=call.picture.fault) if call.picture.fault else _PICTURE.of(**told)


def video(call: Shown) -> str:
    """What is known of the video."""
    if call.video is None:
        return NONE
    seen = call.video
    told = {"container": seen.container or _NO_FORMAT, "form": seen.form, "size": seen.size_bytes}
    seconds = "?" if seen.duration_s is None else f"{seen.duration_s:.1f}"
    sides = f"{seen.width}x{seen.height}"
    return _VIDEO.of(**told, sides=sides, seconds=seconds, sound=_SOUND[seen.has_audio])


def signed_text(claims: Claims) -> str:
    """The signed text, its SecretId shortened."""
    return claims.signed_text.decode("ascii", "replace").replace(claims.secret_id, f"{claims.secret_id[:8]}...")


def secret_id(claims: Claims) -> str:
    """The SecretId, shortened."""
    return f"k={claims.secret_id[:8]}..."
