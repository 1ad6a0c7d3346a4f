"""What is checked of the request as a whole: its method, size, Content-Type, host and form."""

from __future__ import annotations

from mockface.checks import Rules
from mockface.checks.check import check
from mockface.gateway import errors
from mockface.gateway.hosts import forms
from mockface.model import Call, Refused
from mockface.operations.api3.checks.shared import common_of
from mockface.operations.api3.hearing import V1
from mockface.operations.api3.reading import FORM_LIMIT_BYTES, JSON_LIMIT_BYTES, QUERY_LIMIT_BYTES, is_form, media_type
from mockface.operations.api3.refusing import refused
from mockface.privacy.masking import quoted, shown
from mockface.reasons import Reason, joined, words
from mockface.texts.hostnames import host_name

_METHOD = Reason("method {method}; expected POST or GET", "方法为 {method}；应为 POST 或 GET")


@check(
    title=words("The method is POST or GET", "方法为 POST 或 GET"),
    evidence=words("page; the message is assumed", "厂商文档；文本为假定"),
    wanted=words("POST or GET", "POST 或 GET"),
    came=lambda call: call.method,
)
def method_supported(call: Call, rules: Rules) -> Refused | None:
    """The method is POST or GET."""
    if call.raw.method in ("POST", "GET"):
        return None
    return refused(errors.UNSUPPORTED_METHOD, _METHOD.of(method=shown(call.raw.method, 20)))


_SIZE = Reason("{came}; expected at most {limit} bytes for {what}", "{came}；{what}最多 {limit} 字节")
_DECLARED = Reason("Content-Length is {size}", "Content-Length 为 {size}")
_WENT_ON = words("the body went on", "请求体超过上限")
_QUERY = Reason("the query has {size} bytes", "查询串有 {size} 字节")
_A_GET = words("a GET", "GET 请求")
_A_FORM = words("a form; send JSON, signed with TC3-HMAC-SHA256", "表单；请改用 JSON 并以 TC3-HMAC-SHA256 签名")
_JSON = words("JSON", "JSON")
_BYTES = Reason("{size} bytes", "{size} 字节")


@check(
    title=words("The request is within the limit", "请求未超限"),
    evidence=words("page for the limits, wire for v1", "上限出自厂商文档；v1 出自实际报文"),
    wanted=words("10 MB of JSON, 1 MB of a form, 32 KB of a query", "JSON 10 MB，表单 1 MB，查询串 32 KB"),
    came=lambda call: _BYTES.of(size=max(call.size_bytes, call.declared_bytes or 0)),
)
def request_within_limit(call: Call, rules: Rules) -> Refused | None:
    """JSON has at most 10 MB, a form 1 MB, the query of a GET 32 KB."""
    raw = call.raw
    if raw.method == "GET":
        size = len(raw.query)
        if size <= QUERY_LIMIT_BYTES:
            return None
        why = _SIZE.of(came=_QUERY.of(size=size), limit=QUERY_LIMIT_BYTES, what=_A_GET)
        return refused(errors.REQUEST_SIZE_LIMIT_EXCEEDED, why)
    form = is_form(raw.head)
    limit = FORM_LIMIT_BYTES if form else JSON_LIMIT_BYTES
    declared = raw.head.declared_bytes
    if declared is not None and declared > limit:
        came = _DECLARED.of(size=declared)
    elif raw.body.over_limit:
        came = _WENT_ON
    else:
        return None
    why = _SIZE.of(came=came, limit=limit, what=_A_FORM if form else _JSON)
    of_v1 = form and common_of(call).scheme == V1
    return refused(errors.SIGNATURE_OF_LARGE_REQUEST if of_v1 else errors.REQUEST_SIZE_LIMIT_EXCEEDED, why)


_TYPE = Reason(
    "Content-Type is {came}; expected application/json or application/x-www-form-urlencoded",
    "Content-Type 为 {came}；应为 application/json 或 application/x-www-form-urlencoded",
)
_ABSENT = words("absent", "缺失")


@check(
    title=words("The Content-Type is supported", "Content-Type 受支持"),
    evidence=words("page; sdk for multipart", "厂商文档；multipart 出自 SDK 测试"),
    wanted=words("application/json, or a form", "application/json 或表单"),
    came=lambda call: dict(call.headers).get("content-type", _ABSENT),
)
def content_type_supported(call: Call, rules: Rules) -> Refused | None:
    """A POST is JSON or a form; no action of this product takes multipart."""
    if call.raw.method == "GET":
        return None
    types = call.raw.head.content_types
    came = types[-1] if types else b""
    if media_type(came) in ("application/json", "application/x-www-form-urlencoded"):
        return None
    told = came.decode("latin-1")
    why = _TYPE.of(came=quoted(told, 60) if told else _ABSENT)
    return refused(errors.UNSUPPORTED_CONTENT_TYPE, why, x=shown(told.partition(";")[0], 60))


_HOST = Reason("Host is {host}; --hosts allows {hosts}", "Host 为 {host}；--hosts 允许 {hosts}")


@check(
    title=words("The host is known", "主机名被接受"),
    wanted=words("a name of --hosts, if given", "--hosts 中的主机名（若有）"),
    came=lambda call: dict(call.headers).get("host", words("no Host", "没有 Host")),
)
def product_host_known(call: Call, rules: Rules) -> Refused | None:
    """With `--hosts`, the Host header must name one of them, also one that is written as a URL."""
    if not rules.hosts:
        return None
    host = call.raw.head.host.decode("latin-1")
    # The last form is the shortest: of a URL, as tccli sends it, the name alone.
    if host_name(forms(call.raw.head.host)[-1][1].decode("latin-1")) in rules.hosts:
        return None
    why = _HOST.of(host=quoted(host, 60), hosts=joined(sorted(rules.hosts)))
    return refused(errors.NO_SUCH_PRODUCT, why)


@check(
    title=words("The request can be read", "请求可解析"),
    evidence=words("page for the message", "文本出自厂商文档"),
    wanted=words("a JSON object, or name=value pairs", "JSON 对象，或 name=value"),
    came=lambda call: call.kind or words("neither", "两者都不是"),
)
def request_readable(call: Call, rules: Rules) -> Refused | None:
    """The body is a JSON object, the query or form is made of pairs."""
    common = common_of(call)
    if common.fault is not None:
        return common.fault
    fault = call.raw.body.fault
    if fault is None or call.raw.method == "GET":
        return None
    return refused(errors.BODY_NO_JSON, fault.why)
