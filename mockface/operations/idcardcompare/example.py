"""A request that `POST /face/idcardcompare` answers: a picture by URL, signed."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mockface.model import Account
from mockface.operation import Example
from mockface.signature import making

LIFE_SECONDS = 600
PICTURE_URL = "http://example.com/face.jpg"


def example(fields: Mapping[str, str], account: Account, now: float, nonce: int) -> Example:
    """The request with these fields in JSON; without url and image, a url is added, which is never fetched."""
    sent = {"appid": account.appid, **fields}
    if not {"url", "image"} & set(sent):
        sent["url"] = PICTURE_URL
    headers = {"Authorization": signature(account, now, nonce), "Content-Type": "application/json"}
    return Example(headers, json.dumps(sent).encode())


def signature(account: Account, now: float, nonce: int) -> str:
    """The Authorization of an example."""
    bucket = account.buckets[0] if account.buckets else ""
    return making.good(
        account.appid, account.secret_id, account.secret_key, bucket, now=now, nonce=nonce, life_s=LIFE_SECONDS
    )
