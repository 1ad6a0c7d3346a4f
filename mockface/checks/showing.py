"""What a call brought to a check, in a few words; of the call as it may be shown (`Entry` is such a one)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from mockface.model import Claims, Picture, Refused


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
    def number(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def appid_in_query(self) -> bool: ...
    @property
    def claims(self) -> Claims | Refused: ...
    @property
    def verified(self) -> bool | None: ...


def signature(call: Shown, show: Callable[[Claims], str]) -> str:
    """What a signature says."""
    return show(call.claims) if isinstance(call.claims, Claims) else "no readable signature"


def field(call: Shown, name: str) -> str:
    """A field's text, or what came in its place."""
    if name in call.wrong_types:
        return f"a JSON {call.wrong_types[name]}"
    if name == "appid" and call.appid_in_query:
        return "in the query string"
    return call.fields.get(name) or "none"


def picture(call: Shown) -> str:
    """What is known of the picture."""
    if "url" in call.fields:
        return "a url, so no image is looked at"
    if call.picture is None:
        return "none"
    fault = f", {call.picture.fault}" if call.picture.fault else ""
    return f"{call.picture.format or 'no known format'} as {call.picture.form}, {call.picture.size_bytes} bytes{fault}"


def signed_text(claims: Claims) -> str:
    """The signed text, its SecretId shortened."""
    return claims.signed_text.decode("ascii", "replace").replace(claims.secret_id, f"{claims.secret_id[:8]}...")


def secret_id(claims: Claims) -> str:
    """The SecretId, shortened."""
    return f"k={claims.secret_id[:8]}..."
