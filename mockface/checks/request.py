"""Checks of the request as a whole: its path, its size, its body, its appid."""

from __future__ import annotations

from mockface import codes
from mockface.checks import showing
from mockface.checks.check import check
from mockface.checks.rules import Rules
from mockface.hostnames import host_name
from mockface.masking import masked_numbers, quoted, shown
from mockface.model import Call, Refused, WrongType
from mockface.request.limits import unreadable

_NO_TUNNELS = (
    "mockface opens no tunnels: for https give it the host's name (DNS or hosts file) and serve --tls auto; as a proxy "
    "it answers http:// addresses"
)


@check(evidence="assumed", wanted="the path of an operation", came=lambda call: call.path)
def path_known(call: Call, rules: Rules) -> Refused | None:
    """Another path is answered in the envelope with HTTP 404."""
    if call.raw.path in rules.paths:
        return None
    if call.raw.method == "CONNECT":
        return Refused(codes.BAD_REQUEST, f"CONNECT {quoted(call.raw.path, 80)}; {_NO_TUNNELS}", status=405)
    return Refused(
        codes.BAD_REQUEST,
        f"no operation at {quoted(call.raw.path, 80)}; POST {' or '.join(rules.paths)} is here",
        status=404,
    )


@check(evidence="assumed", wanted="POST", came=lambda call: call.method)
def method_allowed(call: Call, rules: Rules) -> Refused | None:
    """Another method is answered in the envelope with HTTP 405."""
    if call.raw.method == "POST":
        return None
    return Refused(codes.BAD_REQUEST, f"method {shown(call.raw.method, 20)}; {call.raw.path} takes POST", status=405)


@check(
    evidence="page for the limit, assumed for its exact value",
    wanted="at most the limit",
    came=lambda call: masked_numbers(f"{max(call.size_bytes, call.declared_bytes or 0)} bytes"),
)
def body_within_limit(call: Call, rules: Rules) -> Refused | None:
    """The whole body has at most 6 MiB, inclusive."""
    declared = call.raw.head.declared_bytes
    if declared is not None and declared > rules.body_limit_bytes:
        came = f"Content-Length is {declared}"
    elif call.raw.body.over_limit:
        came = "the body went on"
    else:
        return None
    why = f"{came}; the whole body may have {rules.body_limit_bytes} bytes (base64 makes a picture a third larger)"
    return Refused(codes.BODY_TOO_LARGE, why)


@check(wanted="a name of --hosts, if given", came=lambda call: dict(call.headers).get("host", "no Host"))
def host_known(call: Call, rules: Rules) -> Refused | None:
    """With `--hosts`, the Host header must name one of them; without, any will do: a mock has another address."""
    if not rules.hosts:
        return None
    host = next((value for name, value in call.raw.headers if name == b"host"), b"").decode("latin-1")
    if host_name(host) in rules.hosts:
        return None
    wanted = ", ".join(sorted(rules.hosts))
    return Refused(codes.BAD_REQUEST, f"Host is {quoted(host, 60)}; --hosts allows {wanted}")


@check(
    evidence="wire (ask/125528)",
    wanted="JSON, or multipart with a boundary",
    came=lambda call: f"{call.kind or 'neither'}, {dict(call.headers).get('content-type', 'no Content-Type')}",
)
def body_readable(call: Call, rules: Rules) -> Refused | None:
    """The body is JSON, or multipart with a boundary, and parses."""
    fault = call.raw.body.fault
    if fault is None and call.raw.body.unclosed and rules.final_boundary_required:
        why = "its final boundary has no -- behind it, and --final-boundary required is on"
        fault = unreadable(f"the multipart body does not parse: {why}")
    if fault is None:
        return None
    coding = next((value for name, value in call.raw.headers if name == b"content-encoding"), b"").decode("latin-1")
    if coding.strip().lower() in ("", "identity"):
        return fault
    return Refused(fault.code, f"Content-Encoding is {quoted(coding)}; the body is read as it comes: send it without")


@check(
    evidence="wire (ask/26877: a bare JSON number is not found)",
    wanted="a string",
    came=lambda call: showing.field(call, "appid"),
)
def appid_given(call: Call, rules: Rules) -> Refused | None:
    """The appid is there and is a string."""
    if isinstance(call.appid, str):
        return None
    came = f"appid is a JSON {call.appid.kind}" if isinstance(call.appid, WrongType) else "no appid came"
    why = f'{came}; send it as a string, such as "appid":"1250000000"'
    return Refused(codes.BAD_REQUEST, why, message=codes.APPID_NOT_FOUND_MESSAGE)
