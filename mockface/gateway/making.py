"""Requests of signature v3 on demand, as the SDKs make them. A body and a key come in, headers go out; no clock."""

from __future__ import annotations

from mockface.gateway import tc3

VERSION = "2018-03-01"
"""The version of faceid that every SDK asks for."""
SERVICE = "faceid"
CONTENT_TYPE = "application/json"


def tc3_headers(
    body: bytes, *, action: str, version: str = VERSION, host: str, secret_id: str, secret_key: str, now: float,
    token: str | None = None, language: str | None = None, region: str | None = None, service: str = SERVICE,
) -> list[tuple[str, str]]:  # fmt: skip
    """The headers of a valid POST with this JSON body, Authorization last; clients add Content-Length themselves.

    `host` is what Host will say, with its port; `now` is in seconds since 1970, of which whole ones are sent. It signs
    `content-type;host`, as every SDK does. Raises ValueError for a time beyond the calendar.
    """
    seconds = int(now)
    signed = {b"content-type": CONTENT_TYPE.encode(), b"host": host.encode("utf-8", "replace")}
    date = tc3.utc_date(seconds)
    names = tc3.REQUIRED_HEADERS
    canonical = tc3.canonical_request("POST", b"", signed, names, tc3.sha256_hex(body))
    text = tc3.string_to_sign(str(seconds), tc3.scope(date, service), canonical)
    claims = tc3.Tc3Claims(secret_id, date, service, names, tc3.sign(secret_key, date, service, text))
    optional = (("X-TC-Region", region), ("X-TC-Token", token), ("X-TC-Language", language))
    return [
        ("Content-Type", CONTENT_TYPE),
        ("Host", host),
        ("X-TC-Action", action),
        ("X-TC-Timestamp", str(seconds)),
        ("X-TC-Version", version),
        *((name, value) for name, value in optional if value is not None),
        ("Authorization", tc3.authorization(claims)),
    ]
