"""The fields of an account in a scenario file: for each a reader and a schema."""

from __future__ import annotations

import re
from typing import Any

from mockface.model import ACCOUNT_STATES, Account
from mockface.scenariofiles.step_fields import Field, read_fields
from mockface.scenariofiles.values import read_text_of, read_word_of, said
from mockface.scenariofiles.yaml_document import Document, Node, Scalar, Sequence, kind

_RATE = re.compile(r"([1-9][0-9]{0,8})/(s|m|h)", re.ASCII)
_PERIODS = {"s": 1.0, "m": 60.0, "h": 3600.0}


def _buckets(document: Document, node: Node) -> tuple[str, ...]:
    if not isinstance(node, Sequence):
        document.report(node, f"buckets is {kind(node)}; expected a list: [mybucket]")
        return ()
    names = (read_text_of("a bucket")(document, item) for item in node.value)
    return tuple(name for name in names if name is not None)


def _secret_key(document: Document, node: Node) -> str | None:
    """A key, of which a diagnostic shows nothing."""
    if kind(node) == "a string":
        return read_text_of("secret_key")(document, node)
    document.report(node, f"secret_key is {kind(node)}; expected a string in quotes")
    return None


def _rate_limit(document: Document, node: Node) -> tuple[int, float] | None:
    match = _RATE.fullmatch(str(node.value)) if isinstance(node, Scalar) else None
    if match is None:
        document.report(node, f"rate_limit is {said(node)}; expected calls per second, minute or hour, such as 5/s")
        return None
    return int(match[1]), _PERIODS[match[2]]


_TEXT = {"type": "string"}
ACCOUNT_FIELDS: dict[str, Field] = {
    "appid": Field(read_text_of("appid"), {**_TEXT, "description": "The account's appid, quoted."}),
    "secret_id": Field(read_text_of("secret_id"), {**_TEXT, "description": "k= of its signatures."}),
    "secret_key": Field(_secret_key, {**_TEXT, "description": "Key of its signatures, made up."}),
    "buckets": Field(_buckets, {
        "type": "array", "items": _TEXT, "description": "Buckets that its signatures may name (else code 16).",
    }),
    "state": Field(read_word_of("state", ACCOUNT_STATES), {
        "enum": list(ACCOUNT_STATES),
        "description": "arrears: code 3; not_authorised: 24; auth_down: 107; auth_down_2: 108; active: none of these.",
    }),
    "rate_limit": Field(_rate_limit, {
        "type": "string", "pattern": "^[1-9][0-9]*/(s|m|h)$", "examples": ["5/s"],
        "description": "More calls get code 15.",
    }),
}  # fmt: skip
"""The fields of an account and what reads each."""

REQUIRED = ("appid", "secret_id", "secret_key")


def read_account(document: Document, node: Node) -> Account | None:
    """The account that a mapping describes, or None after it reported why."""
    values: dict[str, Any] | None = read_fields(document, node, "an account", ACCOUNT_FIELDS)
    if values is None:
        return None
    missing = [name for name in REQUIRED if not values.get(name)]
    if missing:
        document.report(node, f"an account needs {', '.join(missing)}")
        return None
    calls, seconds = values.pop("rate_limit", (0, 1.0))
    return Account(**values, rate_calls=calls, rate_seconds=seconds)
