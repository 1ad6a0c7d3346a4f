"""From a request to a Call: everything that the checks look at."""

from __future__ import annotations

from urllib.parse import parse_qsl

from mockface import codes
from mockface.model import Call, Claims, FieldTable, RawRequest, Refused
from mockface.reasons import Reason
from mockface.signature import hmac_sha1

DIFFERING = Reason(
    "{count} Authorization headers that differ; expected one", "有 {count} 个不同的 Authorization 请求头；应只有一个"
)


def hear(raw: RawRequest, now: float, call_id: str, table: FieldTable, seed: int = 0) -> Call:
    """Everything that the checks of an operation of the image API look at: `table` are its fields."""
    fields = raw.body.fields
    appid = fields.get("appid") or _appid_in(raw.query)
    given = raw.head.authorizations
    authorization = given[0].decode("latin-1").strip() if given else ""
    claims: Claims | Refused
    if len(given) > 1 and len(set(given)) > 1:
        claims = Refused(codes.SIGNATURE_MALFORMED, DIFFERING.of(count=len(given)))
    else:
        claims = hmac_sha1.read(authorization)
    number, name = fields.get(table.number), fields.get(table.name)
    return Call(
        raw, fields, appid, authorization, claims, now, call_id, table,
        number if type(number) is str else "", name if type(name) is str else "", None, seed,
    )  # fmt: skip


def _appid_in(query: bytes) -> str | None:
    """The appid of the query string: it counts where the body has none. Evidence: wire, weak (docs/wire.md)."""
    if b"appid" not in query:
        return None
    pairs = parse_qsl(query.decode("latin-1"), errors="replace", max_num_fields=None)
    return next((value for name, value in pairs if name == "appid" and value), None)
