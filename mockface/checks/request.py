"""Checks of the request as a whole: its path, its size, its body, its appid."""

from __future__ import annotations

from mockface import codes
from mockface.checks import showing
from mockface.checks.check import check
from mockface.checks.rules import Rules
from mockface.model import Call, Refused, WrongType, kind_in_words
from mockface.privacy.masking import masked_numbers, quoted, shown
from mockface.reasons import Reason, joined, words
from mockface.request.limits import unreadable
from mockface.request.multipart import UNPARSED
from mockface.texts.hostnames import host_name

_TUNNEL = Reason(
    "CONNECT {path}; mockface opens no tunnels: for https give it the host's name (DNS or hosts file) and serve --tls "
    "auto; as a proxy it answers http:// addresses",
    "CONNECT {path}；mockface 不建立隧道：要用 https，应让主机名（DNS 或 hosts 文件）指向它并以 --tls auto 启动；"
    "作为代理，它只响应 http:// 地址",
)
NOT_EMULATED = frozenset({
    *(f"/face/{name}" for name in (
        "detect", "shape", "newperson", "delperson", "addface", "delface", "setinfo", "getinfo", "getgroupids",
        "getpersonids", "getfaceids", "getfaceinfo", "addgroupids", "delgroupids", "verify", "identify", "multidentify",
    )),
    *(f"/ocr/{name}" for name in (
        "idcard", "namecard", "businesscard", "handwriting", "bizlicense", "drivinglicence", "plate", "general",
        "bankcard", "invoice",
    )),
    "/detection/porn_detect", "/detection/pornDetect", "/v1/detection/imagetag_detect",
})  # fmt: skip
"""The image API's other paths. Source: the vendor's SDKs and pages."""
_NOT_HERE = Reason(
    "{path} is an operation of the image API that mockface does not emulate; it has {paths}",
    "{path} 是图像接口中的操作，mockface 不模拟它；可用的有 {paths}",
)
_ELSEWHERE = Reason("no operation at {path}; POST to one of {paths}", "{path} 没有接口；应 POST 到 {paths} 之一")
_METHOD = Reason("method {method}; {path} takes POST", "方法为 {method}；{path} 只接受 POST")
_BYTES = Reason("{size} bytes", "{size} 字节")
_TOO_LARGE = Reason(
    "{came}; the whole body may have {limit} bytes (base64 makes a picture a third larger)",
    "{came}；整个请求体最多 {limit} 字节（base64 会使图片增大三分之一）",
)
_DECLARED = Reason("Content-Length is {size}", "Content-Length 为 {size}")
_WENT_ON = words("the body went on", "请求体超过上限")
_OTHER_HOST = Reason("Host is {host}; --hosts allows {hosts}", "Host 为 {host}；--hosts 允许 {hosts}")
_BODY = Reason("{kind}, {type}", "{kind}，{type}")
_NOT_CLOSED = words(
    "its final boundary has no -- behind it, and --final-boundary required is on",
    "结尾 boundary 之后没有 --，而 --final-boundary 为 required",
)
_ENCODED = Reason(
    "Content-Encoding is {coding}; the body is read as it comes: send it without",
    "Content-Encoding 为 {coding}；请求体按原样读取，发送时应去掉",
)
_NO_STRING = Reason(
    '{came}; send it as a string, such as "appid":"1250000000"', '{came}；应以字符串发送，例如 "appid":"1250000000"'
)
_JSON_APPID = Reason("appid is a JSON {kind}", "appid 是 JSON 的{kind}")
_NO_APPID = words("no appid came", "没有收到 appid")


@check(
    title=words("The path is known", "路径正确"),
    evidence=words("assumed", "假定"),
    wanted=words("the path of an operation", "某个接口的路径"),
    came=lambda call: call.path,
)
def path_known(call: Call, rules: Rules) -> Refused | None:
    """Another path is answered in the envelope with HTTP 404."""
    if call.raw.path in rules.paths:
        return None
    if call.raw.method == "CONNECT":
        return Refused(codes.BAD_REQUEST, _TUNNEL.of(path=quoted(call.raw.path, 80)), status=405)
    here = joined(rules.paths, ", ", "、")
    if call.raw.path in NOT_EMULATED:
        return Refused(codes.BAD_REQUEST, _NOT_HERE.of(path=call.raw.path, paths=here), status=404)
    return Refused(codes.BAD_REQUEST, _ELSEWHERE.of(path=quoted(call.raw.path, 80), paths=here), status=404)


@check(
    title=words("The method is POST", "方法为 POST"),
    evidence=words("assumed", "假定"),
    wanted=words("POST", "POST"),
    came=lambda call: call.method,
)
def method_allowed(call: Call, rules: Rules) -> Refused | None:
    """Another method is answered in the envelope with HTTP 405."""
    if call.raw.method == "POST":
        return None
    why = _METHOD.of(method=shown(call.raw.method, 20), path=call.raw.path)
    return Refused(codes.BAD_REQUEST, why, status=405)


@check(
    title=words("The body is within the limit", "请求体未超限"),
    evidence=words("page for the limit, assumed for its exact value", "有上限出自厂商文档，确切数值为假定"),
    wanted=words("at most the limit", "不超过上限"),
    came=lambda call: _BYTES.of(size=masked_numbers(str(max(call.size_bytes, call.declared_bytes or 0)))),
)
def body_within_limit(call: Call, rules: Rules) -> Refused | None:
    """The whole body has at most 6 MiB, inclusive."""
    declared = call.raw.head.declared_bytes
    if declared is not None and declared > rules.body_limit_bytes:
        came = _DECLARED.of(size=declared)
    elif call.raw.body.over_limit:
        came = _WENT_ON
    else:
        return None
    return Refused(codes.BODY_TOO_LARGE, _TOO_LARGE.of(came=came, limit=rules.body_limit_bytes))


@check(
    title=words("The host is known", "主机名被接受"),
    wanted=words("a name of --hosts, if given", "--hosts 中的主机名（若有）"),
    came=lambda call: dict(call.headers).get("host", words("no Host", "没有 Host")),
)
def host_known(call: Call, rules: Rules) -> Refused | None:
    """With `--hosts`, the Host header must name one of them; without, any will do: a mock has another address."""
    if not rules.hosts:
        return None
    host = next((value for name, value in call.raw.headers if name == b"host"), b"").decode("latin-1")
    if host_name(host) in rules.hosts:
        return None
    wanted = joined(sorted(rules.hosts))
    return Refused(codes.BAD_REQUEST, _OTHER_HOST.of(host=quoted(host, 60), hosts=wanted))


@check(
    title=words("The body can be read", "请求体可解析"),
    evidence=words("wire (ask/125528)", "实际报文（ask/125528）"),
    wanted=words("JSON, or multipart with a boundary", "JSON，或带 boundary 的 multipart"),
    came=lambda call: _BODY.of(
        kind=call.kind or words("neither", "两者都不是"),
        type=dict(call.headers).get("content-type", words("no Content-Type", "没有 Content-Type")),
    ),
)
def body_readable(call: Call, rules: Rules) -> Refused | None:
    """The body is JSON, or multipart with a boundary, and parses."""
    fault = call.raw.body.fault
    if fault is None and call.raw.body.unclosed and rules.final_boundary_required:
        fault = unreadable(UNPARSED.of(why=_NOT_CLOSED))
    if fault is None:
        return None
    coding = next((value for name, value in call.raw.headers if name == b"content-encoding"), b"").decode("latin-1")
    if coding.strip().lower() in ("", "identity"):
        return fault
    return Refused(fault.code, _ENCODED.of(coding=quoted(coding)))


@check(
    title=words("An appid is given", "给出了 appid"),
    evidence=words(
        "wire (ask/26877: a bare JSON number is not found)", "实际报文（ask/26877：JSON 数字形式的 appid 不被识别）"
    ),
    wanted=words("a string", "字符串"),
    came=lambda call: showing.field(call, "appid"),
)
def appid_given(call: Call, rules: Rules) -> Refused | None:
    """The appid is there and is a string."""
    if isinstance(call.appid, str):
        return None
    wrong = call.appid
    came = _JSON_APPID.of(kind=kind_in_words(wrong.kind)) if isinstance(wrong, WrongType) else _NO_APPID
    return Refused(codes.BAD_REQUEST, _NO_STRING.of(came=came), message=codes.APPID_NOT_FOUND_MESSAGE)
