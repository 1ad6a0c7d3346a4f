"""Calls of the image API's liveness operations, by an HTTP library and over real sockets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx

from mockface import samples
from mockface.signature.accounts import TEST_ACCOUNT
from tests.making import JPEG, sign_now

APPID = TEST_ACCOUNT.appid
PERSON = {"idcard_number": "110110199909090909", "idcard_name": "张三"}
DIGITS = "9532"
# One client for all calls: each makes a context for TLS, which takes longer than its call. No connection is kept.
_CLIENT = httpx.Client(timeout=20, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))
NOT_LIVE = (
    b'{"code":0,"message":"OK","data":{"compare_msg":"VIDEO_FACE_GETIMAGE_FAILED","compare_status":-5005,'
    b'"live_status":-5008,"live_msg":"VIDEO_AUDIO_RECOG_FAILED"}}'
)
"""The answer that was recorded of the real service, to the byte (facts, W10)."""


def post(server: Any, path: str, *, json_fields: Mapping[str, Any] | None = None, **sent: Any) -> httpx.Response:
    """One call, signed; `sent` is for httpx."""
    headers = {"Authorization": sign_now(), **sent.pop("headers", {})}
    if json_fields is not None:
        headers["Content-Type"] = "application/json"
        sent["content"] = json.dumps(json_fields)
    return _CLIENT.post(f"{server.url}{path}", headers=headers, **sent)


def live_detect(
    server: Any, video: bytes | None = None, *, number: str | None = None, card: bytes | None = JPEG,
    name: str = "张三", **fields: str,
) -> httpx.Response:  # fmt: skip
    """A call of livedetectfour; with a number, of idcardlivedetectfour."""
    sent = {"appid": APPID, "validate_data": DIGITS}
    files = {"video": ("live.mp4", samples.video() if video is None else video, "video/mp4")}
    if number is not None:
        sent |= {"idcard_number": number, "idcard_name": name}
    else:
        sent |= {"compare_flag": "true"}
        if card is not None:
            files["card"] = ("card.jpg", card, "image/jpeg")
    path = "/face/livedetectfour" if number is None else "/face/idcardlivedetectfour"
    return post(server, path, data={**sent, **fields}, files=files)


def data(reply: httpx.Response) -> dict[str, Any]:
    """The data of an answer whose own code is 0."""
    answer = reply.json()
    assert (reply.status_code, answer["code"], answer["message"]) == (200, 0, "OK"), answer
    return dict(answer["data"])
