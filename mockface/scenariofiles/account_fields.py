"""The fields of an account in a scenario file, each with a reader and a schema."""

from __future__ import annotations

import re
from typing import Any

from mockface.model import ACCOUNT_STATES, Account
from mockface.reasons import Reason, words
from mockface.scenariofiles.step_fields import Field, read_fields
from mockface.scenariofiles.values import read_text_of, read_word_of, said
from mockface.scenariofiles.yaml.document import Document, Node, Scalar, Sequence, kind

_RATE = re.compile(r"([1-9][0-9]{0,8})/(s|m|h)", re.ASCII)
_PERIODS = {"s": 1.0, "m": 60.0, "h": 3600.0}


_NO_BUCKETS = Reason("buckets is {kind}; expected a list: [mybucket]", "buckets 是{kind}；应为列表：[mybucket]")
_A_BUCKET = words("a bucket", "bucket")
_NO_KEY = Reason("secret_key is {kind}; expected a string in quotes", "secret_key 是{kind}；应为加引号的字符串")
_NO_TOKEN = Reason("token is {kind}; expected a string in quotes", "token 是{kind}；应为加引号的字符串")
_NO_RATE = Reason(
    "rate_limit is {said}; expected calls per second, minute or hour, such as 5/s",
    "rate_limit 是{said}；应为每秒、每分或每小时的调用次数，例如 5/s",
)
_AN_ACCOUNT = words("an account", "账号")
_NEEDS = Reason("an account needs {missing}", "账号缺少 {missing}")


def _buckets(document: Document, node: Node) -> tuple[str, ...]:
    if not isinstance(node, Sequence):
        document.report(node, _NO_BUCKETS.of(kind=kind(node)))
        return ()
    names = (read_text_of(_A_BUCKET)(document, item) for item in node.value)
    return tuple(name for name in names if name is not None)


def _secret_key(document: Document, node: Node) -> str | None:
    """A secret key; diagnostics never show it."""
    if kind(node) == "a string":
        return read_text_of("secret_key")(document, node)
    document.report(node, _NO_KEY.of(kind=kind(node)))
    return None


def _rate_limit(document: Document, node: Node) -> tuple[int, float] | None:
    match = _RATE.fullmatch(str(node.value)) if isinstance(node, Scalar) else None
    if match is None:
        document.report(node, _NO_RATE.of(said=said(node)))
        return None
    return int(match[1]), _PERIODS[match[2]]


def _token(document: Document, node: Node) -> str | None:
    """A token, of which a diagnostic shows nothing."""
    if kind(node) == "a string":
        return read_text_of("token")(document, node)
    document.report(node, _NO_TOKEN.of(kind=kind(node)))
    return None


_TEXT = {"type": "string"}
ACCOUNT_FIELDS: dict[str, Field] = {
    "appid": Field(read_text_of("appid"), {**_TEXT, "description": "The account's appid, in quotes."}),
    "secret_id": Field(read_text_of("secret_id"), {**_TEXT, "description": "k= of its signatures."}),
    "secret_key": Field(_secret_key, {**_TEXT, "description": "Key of its signatures; use an invented one."}),
    "buckets": Field(_buckets, {
        "type": "array", "items": _TEXT, "description": "Buckets allowed in its signatures (others get code 16).",
    }),
    "state": Field(read_word_of("state", ACCOUNT_STATES), {
        "enum": list(ACCOUNT_STATES),
        "description": "arrears: code 3; not_authorised: 24; auth_down: 107; auth_down_2: 108; active: none of these. "
        "In API 3.0: Arrears, Nonactivated, InternalError, ServiceUnavailable.",
    }),
    "rate_limit": Field(_rate_limit, {
        "type": "string", "pattern": "^[1-9][0-9]*/(s|m|h)$", "examples": ["5/s"],
        "description": "More calls get code 15, or RequestLimitExceeded.",
    }),
    "token": Field(_token, {**_TEXT, "description": "X-TC-Token of temporary keys of API 3.0, made up."}),
}  # fmt: skip
"""The fields of an account, each with its reader and schema."""

REQUIRED = ("appid", "secret_id", "secret_key")


def read_account(document: Document, node: Node) -> Account | None:
    """The account that a mapping describes; None after mistakes, which are reported."""
    values: dict[str, Any] | None = read_fields(document, node, _AN_ACCOUNT, ACCOUNT_FIELDS)
    if values is None:
        return None
    missing = [name for name in REQUIRED if not values.get(name)]
    if missing:
        document.report(node, _NEEDS.of(missing=", ".join(missing)))
        return None
    calls, seconds = values.pop("rate_limit", (0, 1.0))
    return Account(**values, rate_calls=calls, rate_seconds=seconds)
