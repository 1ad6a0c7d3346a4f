"""A request that an action answers, signed with TC3-HMAC-SHA256: what the vendor's SDKs send for these fields."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from mockface.gateway.making import tc3_headers
from mockface.model import Account, FieldTable
from mockface.operation import Example
from mockface.samples import picture


def example(
    action: str, table: FieldTable, fields: Mapping[str, str], account: Account, now: float, host: str
) -> Example:
    """The request with these fields in JSON; a picture that is needed and not given is mockface's own."""
    sent = dict(fields)
    for name in table.pictures:
        if name in table.required and name not in sent:
            sent[name] = base64.b64encode(picture("jpg")).decode()
    body = json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode()
    headers = tc3_headers(
        body, action=action, host=host, secret_id=account.secret_id, secret_key=account.secret_key, now=now,
        token=account.token or None, language="zh-CN",
    )  # fmt: skip
    # Whoever sends it writes Host itself.
    return Example({name: value for name, value in headers if name != "Host"}, body)
