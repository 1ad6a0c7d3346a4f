"""From a request of API 3.0 to a Call: its common parameters, its fields, and what its signature says.

With an Authorization header the common parameters are headers (signature v3), without one they are parameters of the
query or the form (signature v1), as the gateway was seen to judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from mockface.checks import Rules
from mockface.gateway import codes, errors, tc3, v1
from mockface.gateway.tc3 import Tc3Claims
from mockface.model import Call, Common, Fields, FieldTable, RawRequest, Refused, Structure
from mockface.operations.api3.decrypting import decrypted
from mockface.operations.api3.reading import QUERY_LIMIT_BYTES, PairFault, decoded, fields_of, pairs_of
from mockface.operations.api3.refusing import refused
from mockface.reasons import Said, words
from mockface.request.call import DIFFERING

V3, V1 = "v3", "v1"

COMMON = frozenset({
    "Action", "Version", "Timestamp", "Region", "Token", "Language", "RequestClient", "SecretId", "Nonce", "Signature",
    "SignatureMethod",
})  # fmt: skip
"""The common parameters of signature v1."""

NO_SIGNATURE = words(
    "neither an Authorization header (TC3-HMAC-SHA256) nor the parameters SecretId and Signature (v1) came; "
    "'mockface sign --tc3' prints headers that work",
    "既没有 Authorization 请求头（TC3-HMAC-SHA256），也没有参数 SecretId 和 Signature（v1）；"
    "'mockface sign --tc3' 可打印可用的请求头",
)
_FAULTS = {
    "equals": errors.PAIR_WITHOUT_EQUALS,
    "name": errors.PARAMETER_WITHOUT_NAME,
    "many": errors.REQUEST_SIZE_LIMIT_EXCEEDED,
}


class V1Claims(NamedTuple):
    """What a request of signature v1 says of its signature."""

    secret_id: str
    signature: str
    method: str


def hear(raw: RawRequest, now: float, call_id: str, table: FieldTable, seed: int, rules: Rules) -> Call:
    """Everything that the checks of API 3.0 look at."""
    given = raw.head.authorizations
    authorization = given[0].decode("latin-1").strip() if given else ""
    headers = _common_headers(raw)
    pairs, fault = _pairs(raw)
    scheme = V3 if given else V1
    fields: Fields = raw.body.fields
    unknown = raw.body.unknown
    if raw.method == "GET" or raw.body.kind == "form":
        fields, unknown = fields_of(pairs, table, COMMON)
    undecrypted = None
    encryption = fields.get("Encryption")
    if isinstance(encryption, Structure):
        fields, undecrypted = decrypted(fields, encryption, table, rules.keys)
    parameters = dict(pairs)
    # Without Authorization a call is of v1; what of the headers of v3 came still says which action and language.
    common = headers if scheme == V3 else {**headers, **{name: parameters[name] for name in COMMON & parameters.keys()}}
    number, name = fields.get(table.number), fields.get(table.name)
    return Call(
        raw, fields, None, authorization, _claims(given, authorization, parameters), now, call_id, table,
        number if type(number) is str else "", name if type(name) is str else "",
        Common(
            scheme,
            common.get("Action", ""),
            common.get("Version", ""),
            common.get("Timestamp", ""),
            common.get("Region", ""),
            common.get("Token", ""),
            common.get("Language", ""),
            parameters.get("SecretId", ""),
            parameters.get("Nonce", ""),
            parameters.get("SignatureMethod", ""),
            request_id(call_id, seed),
            headers.get("Content-SHA256", ""),
            unknown,
            fault,
            pairs,
            raw.body.sha256,
            undecrypted,
        ),
    )  # fmt: skip


_PREFIX = b"x-tc-"
_HEADERS = {
    b"x-tc-action": "Action", b"x-tc-version": "Version", b"x-tc-timestamp": "Timestamp", b"x-tc-region": "Region",
    b"x-tc-token": "Token", b"x-tc-language": "Language", b"x-tc-content-sha256": "Content-SHA256",
}  # fmt: skip


def _common_headers(raw: RawRequest) -> dict[str, str]:
    """The common parameters that came as headers, by their names in v1."""
    return {
        _HEADERS[name]: value.decode("utf-8", "replace").strip()
        for name, value in raw.headers
        if name.startswith(_PREFIX) and name in _HEADERS
    }


def _pairs(raw: RawRequest) -> tuple[Sequence[tuple[str, str]], Refused | None]:
    """The parameters of a GET's query or of a form, and why they cannot be read."""
    encoded = raw.query if raw.method == "GET" else raw.body.form
    if not encoded or (raw.method == "GET" and len(encoded) > QUERY_LIMIT_BYTES):
        return (), None
    try:
        return pairs_of(encoded), None
    except PairFault as fault:
        return (), refused(_FAULTS[fault.kind], fault.why)


def _claims(given: Sequence[bytes], authorization: str, parameters: dict[str, str]) -> Tc3Claims | V1Claims | Refused:
    if not given:
        if not parameters.get("SecretId") or not parameters.get("Signature"):
            return Refused(codes.EVERY["MissingParameter"], NO_SIGNATURE)
        method = parameters.get("SignatureMethod") or v1.DEFAULT_METHOD
        return V1Claims(parameters["SecretId"], parameters["Signature"], method)
    if len(given) > 1 and len(set(given)) > 1:
        return refused(errors.INVALID_AUTHORIZATION, DIFFERING.of(count=len(given)))
    claims = tc3.read(authorization)
    return refused(errors.INVALID_AUTHORIZATION, claims) if isinstance(claims, Said) else claims


def request_id(call_id: str, seed: int) -> str:
    """A UUID of version 4: another one for each call, the same ones again with the same seed."""
    # Without a seed of its own a process gives ids that no other gives.
    unique = f"{seed} {call_id.rpartition('-')[2]}" if seed else call_id
    digits = blake2b(unique.encode(), digest_size=16).hexdigest()
    # RFC 9562: the version stands in the 13th digit, the variant in the 17th.
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def action_in(raw: RawRequest) -> bytes:
    """The parameter Action of a query or a form, b"" without one."""
    encoded = raw.query if raw.method == "GET" else raw.body.form
    if len(encoded) > QUERY_LIMIT_BYTES and raw.method == "GET":
        return b""
    for piece in encoded.split(b"&"):
        if piece.startswith(b"Action="):
            return decoded(piece[7:]).encode("utf-8", "replace")
    return b""
