"""A request that an action answers, signed with TC3-HMAC-SHA256: what the vendor's SDKs send for these fields."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from mockface.gateway.making import tc3_headers
from mockface.model import Account, FieldTable
from mockface.operation import Example
from mockface.samples import Kind, picture, video

_DATA = {"LIP": "0123", "ACTION": "1,2", "SILENT": ""}
"""What ValidateData may be, by LivenessType: digits that spell no code."""


def usual(table: FieldTable, given: Mapping[str, str], kind: Kind = "jpg") -> dict[str, str]:
    """The fields that a call needs beside its person and that are not given: files and what is said of them."""
    wanted: dict[str, str] = {}
    for name in table.pictures:
        if name in table.required or (table.videos and "ImageUrl" not in given):
            wanted[name] = base64.b64encode(picture(kind)).decode()
    if table.videos:
        recorded = given.get("LivenessType", "LIP")
        wanted |= {"LivenessType": recorded, "ValidateData": _DATA.get(recorded, "")}
        if "VideoUrl" not in given:
            wanted |= {name: base64.b64encode(video()).decode() for name in table.videos}
    return {name: value for name, value in wanted.items() if name not in given}


def example(
    action: str, table: FieldTable, fields: Mapping[str, str], account: Account, now: float, host: str
) -> Example:
    """The request with these fields in JSON; a file that is needed and not given is mockface's own."""
    sent = {**fields, **usual(table, fields)}
    body = json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode()
    headers = tc3_headers(
        body, action=action, host=host, secret_id=account.secret_id, secret_key=account.secret_key, now=now,
        token=account.token or None, language="zh-CN",
    )  # fmt: skip
    # Whoever sends it writes Host itself.
    return Example({name: value for name, value in headers if name != "Host"}, body)
