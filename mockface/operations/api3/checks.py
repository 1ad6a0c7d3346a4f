"""What the gateway of API 3.0 checks, in the order of the tuples at the end of this file, which is assumed.

What was seen of the order (as reported by users of the service): without Authorization a call is judged as signature
v1; missing common parameters come before their types, these and an unknown action before the signature; the clock
before or with the signature, an unknown key before it; fields of the action behind it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mockface import idcard
from mockface.checks import Check, Rules, showing
from mockface.checks.check import check
from mockface.gateway import codes, errors, tc3
from mockface.gateway.making import SERVICE, VERSION
from mockface.model import Call, Common, Picture, Refused, Structure, WrongType, kind_in_words
from mockface.operations.api3.decrypting import MEMBERS
from mockface.operations.api3.hearing import V1, is_form
from mockface.operations.api3.reading import FORM_LIMIT_BYTES, JSON_LIMIT_BYTES, QUERY_LIMIT_BYTES, media_type
from mockface.operations.api3.refusing import refused
from mockface.operations.api3.signature import verified
from mockface.privacy.masking import quoted, shown
from mockface.reasons import Reason, joined, words
from mockface.request.picture import likeness
from mockface.texts.hostnames import host_name

ACTIONS = frozenset({
    "BankCard2EVerification", "BankCard4EVerification", "BankCardVerification", "CheckBankCardInformation",
    "CheckEidTokenStatus", "CheckIdCardInformation", "CheckIdNameDate", "CheckPhoneAndName", "DetectAIFakeFaces",
    "DetectAuth", "EncryptedPhoneVerification", "GetActionSequence", "GetDetectInfo", "GetDetectInfoEnhanced",
    "GetEidResult", "GetEidToken", "GetFaceIdResult", "GetFaceIdRiskInfo", "GetFaceIdToken", "GetFaceidRiskInfoToken",
    "GetLiveCode", "GetNFCToken", "GetWeChatBillDetails", "GetWxNFCResult", "IdCardOCRVerification",
    "IdCardVerification", "ImageRecognition", "ImageRecognitionV2", "LivenessCompare", "LivenessRecognition",
    "MinorsVerification", "MobileNetworkTimeVerification", "MobileStatus", "ParseNfcData", "PhoneVerification",
    "PhoneVerificationCMCC", "PhoneVerificationCTCC", "PhoneVerificationCUCC",
})  # fmt: skip
"""The actions of the product faceid. Source: the vendor's command line, 2026-08."""

PICTURE_LIMIT = 3 * 1024 * 1024
"""The longest ImageBase64, in characters. Source: page (3 M); that it is binary megabytes is assumed."""
LONGEST_NAME = 32
"""The longest name, in characters: the limit of a sibling, assumed."""
LONGEST_EXTRA = 10

_PAGE = words("page", "厂商文档")
_ASSUMED = words("assumed", "假定")
_SDK = words("page, and the SDKs", "厂商文档和 SDK")
_WIRE = words("wire", "实际报文")
_NONE = Common("v3")


def _common(call: Call) -> Common:
    return call.common or _NONE


def _common_of(call: showing.Shown) -> Common:
    return call.common or _NONE


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
    form = is_form(raw)
    limit = FORM_LIMIT_BYTES if form else JSON_LIMIT_BYTES
    declared = raw.head.declared_bytes
    if declared is not None and declared > limit:
        came = _DECLARED.of(size=declared)
    elif raw.body.over_limit:
        came = _WENT_ON
    else:
        return None
    why = _SIZE.of(came=came, limit=limit, what=_A_FORM if form else _JSON)
    of_v1 = form and _common(call).scheme == V1
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
    bare = re.sub(r"^https?://", "", host.strip(), flags=re.IGNORECASE).rstrip("/")
    if host_name(bare) in rules.hosts:
        return None
    why = _HOST.of(host=quoted(host, 60), hosts=", ".join(sorted(rules.hosts)))
    return refused(errors.NO_SUCH_PRODUCT, why)


@check(
    title=words("The request can be read", "请求可解析"),
    evidence=words("page for the message", "文本出自厂商文档"),
    wanted=words("a JSON object, or name=value pairs", "JSON 对象，或 name=value"),
    came=lambda call: call.kind or words("neither", "两者都不是"),
)
def request_readable(call: Call, rules: Rules) -> Refused | None:
    """The body is a JSON object, the query or form is made of pairs."""
    common = _common(call)
    if common.fault is not None:
        return common.fault
    fault = call.raw.body.fault
    if fault is None or call.raw.method == "GET":
        return None
    return refused(errors.BODY_NO_JSON, fault.why)


_NO_HEADER = Reason("no header {header} came; expected {wanted}", "没有收到请求头 {header}；应为{wanted}")
_NO_PARAMETER = Reason(
    "no Authorization header came, so the parameters of signature v1 are expected, and {name} is missing; a call of "
    "signature v3 has the header Authorization: TC3-HMAC-SHA256 ... ('mockface sign --tc3' prints one)",
    "没有 Authorization 请求头，因此按签名方法 v1 需要公共参数，缺少 {name}；v3 签名的请求带有请求头 "
    "Authorization: TC3-HMAC-SHA256 ...（'mockface sign --tc3' 可打印）",
)
_WANTED: Mapping[str, str] = {
    "Action": words("an action, such as ImageRecognitionV2", "接口名，例如 ImageRecognitionV2"),
    "Version": VERSION,
    "Timestamp": words("seconds since 1970", "1970 年以来的秒数"),
}
_OF_V1 = ("Timestamp", "Nonce", "SecretId", "Action", "Version", "Signature")
"""The order in which missing ones are told; that Timestamp comes first was seen, the rest is assumed."""
_OF_V3 = ("Action", "Timestamp", "Version")
_UNSIGNED = ("Action", "Version")


def _missing_header(common: Common, names: tuple[str, ...]) -> Refused | None:
    for name in names:
        if not getattr(common, name.lower()):
            header = f"X-TC-{name}"
            return refused(errors.MISSING_HEADER, _NO_HEADER.of(header=header, wanted=_WANTED[name]), x=header)
    return None


def _came(call: showing.Shown) -> str:
    common = _common_of(call)
    told = {"Action": common.action, "Version": common.version, "Timestamp": common.timestamp}
    return ", ".join(f"{name}={value}" for name, value in told.items() if value) or showing.NONE


@check(
    title=words("The common parameters are given", "公共参数齐全"),
    evidence=words("wire for the messages, assumed for the order", "文本出自实际报文，顺序为假定"),
    wanted=words(
        "Action, Version, Timestamp; SecretId, Nonce, Signature in v1",
        "Action、Version、Timestamp；v1 还要 SecretId、Nonce、Signature",
    ),
    came=_came,
)
def common_given(call: Call, rules: Rules) -> Refused | None:
    """Headers of v3, where an Authorization header came, or parameters of v1."""
    common = _common(call)
    if common.scheme != V1:
        return _missing_header(common, _OF_V3)
    given = {name for name, value in common.pairs if value}
    for name in _OF_V1:
        if name not in given:
            return refused(errors.MISSING_PARAMETER, _NO_PARAMETER.of(name=name), x=name)
    return None


@check(
    title=words("Action and version are given", "给出了 Action 和 Version"),
    evidence=_WIRE,
    wanted=words("Action and Version", "Action 和 Version"),
    came=_came,
)
def action_given(call: Call, rules: Rules) -> Refused | None:
    """With `--signature off`, these two alone are looked for."""
    return _missing_header(_common(call), _UNSIGNED)


_WHOLE = re.compile(r"[0-9]{1,15}", re.ASCII)
_NONCE = re.compile(r"[0-9]{1,20}", re.ASCII)
"""The Python SDK's has 19 digits: a random number of 63 bits."""
_NOT_WHOLE = Reason("{name} is {came}; expected whole seconds since 1970", "{name} 是 {came}；应为 1970 年以来的整数秒")
_NO_NUMBER = Reason("{name} is {came}; expected a positive whole number", "{name} 是 {came}；应为正整数")


@check(
    title=words("The common parameters are of their types", "公共参数类型正确"),
    evidence=words("wire (Nonce)", "实际报文（Nonce）"),
    wanted=words("whole numbers for Timestamp and Nonce", "Timestamp 和 Nonce 为整数"),
    came=_came,
)
def common_types_right(call: Call, rules: Rules) -> Refused | None:
    """Timestamp and Nonce are whole numbers."""
    common = _common(call)
    header = "Timestamp" if common.scheme == V1 else "X-TC-Timestamp"
    if common.scheme == V1 and not _NONCE.fullmatch(common.nonce):
        return refused(errors.PARAMETER_TYPE_ERROR, _NO_NUMBER.of(name="Nonce", came=quoted(common.nonce)), x="Nonce")
    if not _WHOLE.fullmatch(common.timestamp):
        why = _NOT_WHOLE.of(name=header, came=quoted(common.timestamp, 24))
        return refused(errors.PARAMETER_TYPE_ERROR, why, x=header)
    return None


_VERSION = Reason("the version is {came}; expected {wanted}", "版本是 {came}；应为 {wanted}")


@check(
    title=words("The version is known", "版本存在"),
    evidence=_WIRE,
    wanted=words(VERSION, VERSION),
    came=lambda call: _common_of(call).version or showing.NONE,
)
def version_known(call: Call, rules: Rules) -> Refused | None:
    """The version is the one of faceid."""
    version = _common(call).version
    if version == VERSION:
        return None
    why = _VERSION.of(came=quoted(version, 24), wanted=VERSION)
    return refused(errors.NO_SUCH_VERSION, why, x=shown(version, 24), y=SERVICE)


_NO_ACTION = Reason("there is no action {came}; mockface has {known}", "没有接口 {came}；mockface 有 {known}")
_NOT_YET = Reason(
    "{came} is an action of faceid that mockface does not emulate; it has {known}",
    "{came} 是 faceid 的接口，但 mockface 没有模拟；它有 {known}",
)


@check(
    title=words("The action is known", "接口存在"),
    evidence=_WIRE,
    wanted=words("an action that is emulated", "已模拟的接口"),
    came=lambda call: _common_of(call).action or showing.NONE,
)
def action_known(call: Call, rules: Rules) -> Refused | None:
    """The action is one of those that are emulated."""
    action = _common(call).action
    if action in rules.actions:
        return None
    reason = _NOT_YET if action in ACTIONS else _NO_ACTION
    return refused(errors.INVALID_ACTION, reason.of(came=quoted(action, 40), known=joined(rules.actions)))


_UNSIGNED_ALONE = Reason(
    "X-TC-Content-SHA256 is {came}; its only value is UNSIGNED-PAYLOAD",
    "X-TC-Content-SHA256 是 {came}；只能是 UNSIGNED-PAYLOAD",
)


@check(
    title=words("X-TC-Content-SHA256 is allowed", "X-TC-Content-SHA256 取值正确"),
    evidence=_PAGE,
    wanted=words("UNSIGNED-PAYLOAD, if given", "UNSIGNED-PAYLOAD（若有）"),
    came=lambda call: _common_of(call).content_sha256 or showing.NONE,
)
def content_sha256_allowed(call: Call, rules: Rules) -> Refused | None:
    """Its only value is UNSIGNED-PAYLOAD."""
    value = _common(call).content_sha256
    if value in ("", tc3.UNSIGNED_PAYLOAD):
        return None
    return refused(errors.CONTENT_SHA256_VALUE, _UNSIGNED_ALONE.of(came=quoted(value, 24)))


_READABLE = words(
    "TC3-HMAC-SHA256 Credential=.../date/service/tc3_request, SignedHeaders=..., Signature=...",
    "TC3-HMAC-SHA256 Credential=.../日期/服务/tc3_request, SignedHeaders=..., Signature=...",
)


@check(
    title=words("The signature can be read", "签名可解析"),
    evidence=words("page for the form, assumed for the message", "格式出自厂商文档，文本为假定"),
    wanted=_READABLE,
    came=lambda call: dict(call.headers).get("authorization", showing.NONE),
)
def authorization_readable(call: Call, rules: Rules) -> Refused | None:
    """Authorization has the vendor's form; a call of v1 has SecretId and Signature."""
    return call.claims if isinstance(call.claims, Refused) else None


_STALE = Reason(
    "the timestamp {came} is {off} s {side} this server's clock ({now}); at most {limit} s are let pass",
    "时间戳 {came} 比本服务的时钟（{now}）{side} {off} 秒；最多相差 {limit} 秒",
)
_MILLISECONDS = Reason(
    "the timestamp {came} looks like milliseconds; expected seconds: {seconds}",
    "时间戳 {came} 像是毫秒；应为秒：{seconds}",
)
_AHEAD = words("ahead of", "快")
_BEHIND = words("behind", "慢")
_MANY = 10**11


@check(
    title=words("The timestamp is fresh", "时间戳未过期"),
    evidence=words("page for five minutes, wire for the message", "五分钟出自厂商文档，文本出自实际报文"),
    wanted=words("within 300 s of this server's clock", "与本服务时钟相差 300 秒以内"),
    came=lambda call: _common_of(call).timestamp or showing.NONE,
)
def timestamp_fresh(call: Call, rules: Rules) -> Refused | None:
    """The timestamp is within five minutes of mockface's clock; just 300 s pass."""
    stamp = int(_common(call).timestamp)
    off = stamp - int(call.now)
    if abs(off) <= tc3.CLOCK_LIMIT_S:
        return None
    if stamp > _MANY:
        return refused(errors.SIGNATURE_EXPIRE, _MILLISECONDS.of(came=stamp, seconds=stamp // 1000))
    side = _AHEAD if off > 0 else _BEHIND
    why = _STALE.of(came=stamp, off=abs(off), side=side, now=int(call.now), limit=tc3.CLOCK_LIMIT_S)
    return refused(errors.SIGNATURE_EXPIRE, why)


_NO_KEY = words(
    "no account has this SecretId; 'accounts:' in a scenario file adds one, 'mockface sign --tc3' signs with one",
    "没有账号有此 SecretId；可在场景文件的 'accounts:' 中添加，或用 'mockface sign --tc3' 签名",
)


@check(
    title=words("The SecretId is known", "SecretId 存在"),
    evidence=_WIRE,
    wanted=words("an account's SecretId", "某个账号的 SecretId"),
    came=lambda call: f"{call.claims.secret_id[:8]}..." if hasattr(call.claims, "secret_id") else showing.NONE,
)
def key_known(call: Call, rules: Rules) -> Refused | None:
    """The SecretId belongs to an account."""
    return None if call.claims.secret_id in rules.accounts else refused(errors.SECRET_ID_NOT_FOUND, _NO_KEY)


_OTHER = words(
    "the signature is not the one that the account's SecretKey makes; 'mockface explain --request FILE' says at which "
    "line it differs",
    "签名与账号 SecretKey 算出的不同；'mockface explain --request FILE' 可指出差异在哪一行",
)
_VERIFIED = {
    None: words("no account to verify with", "没有可用于校验的账号"),
    True: words("the same", "一致"),
    False: words("another signature", "签名不同"),
}


@check(
    title=words("The signature verifies", "签名校验通过"),
    evidence=words("page and published vectors", "厂商文档及公开的示例"),
    wanted=words("the signature of the request with the account's key", "用账号密钥对请求计算的签名"),
    came=lambda call: _VERIFIED[call.verified],
)
def signature_right(call: Call, rules: Rules) -> Refused | None:
    """The signature is the account's, in one of the ways in which real clients write it."""
    if verified(call, rules.accounts[call.claims.secret_id]):
        return None
    return refused(errors.SIGNATURE_FAILURE, _OTHER)


_NO_TOKEN = words(
    "the account has a token (temporary keys), and none came; expected X-TC-Token",
    "该账号使用临时密钥（有 token），但请求没有 X-TC-Token",
)
_OTHER_TOKEN = words(
    "the token is not the account's; 'token:' of an account in a scenario file says which it is",
    "token 不是该账号的；场景文件中账号的 'token:' 给出它的 token",
)
_TOKEN_CAME = {True: words("a token", "有 token"), False: showing.NONE}


@check(
    title=words("The token is the account's", "token 属于该账号"),
    evidence=words("wire for the message", "文本出自实际报文"),
    wanted=words("the account's token, if it has one", "该账号的 token（若有）"),
    came=lambda call: _TOKEN_CAME[bool(_common_of(call).token)],
)
def token_right(call: Call, rules: Rules) -> Refused | None:
    """The token is the account's; an account without one takes none."""
    token, wanted = _common(call).token, rules.accounts[call.claims.secret_id].token
    if token == wanted:
        return None
    return refused(errors.TOKEN_FAILURE, _OTHER_TOKEN if token else _NO_TOKEN)


def _key_came(call: showing.Shown) -> str:
    """The beginning of the SecretId."""
    return f"{call.claims.secret_id[:8]}..." if hasattr(call.claims, "secret_id") else showing.NONE


_RATE = Reason(
    "the account of this SecretId is over its rate_limit, {rate}; wait, or advance the clock",
    "该 SecretId 的账号超过频率限制：{rate}；请等待，或快进时钟",
)


@check(
    title=words("The account's rate is kept", "未超过账号频率"),
    evidence=words("wire for the message; the place in the order is assumed", "文本出自实际报文，检查顺序为假定"),
    wanted=words("within the account's rate_limit, if any", "不超过账号的 rate_limit（若有）"),
    came=_key_came,
)
def rate_kept(call: Call, rules: Rules) -> Refused | None:
    """The account's `rate_limit` is kept; it is the same for all operations."""
    account = rules.accounts.get(getattr(call.claims, "secret_id", ""))
    if account is None or not account.rate_calls:
        return None
    if rules.store.within_rate(account.appid, account.rate_calls, account.rate_seconds, call.now):
        return None
    why = _RATE.of(rate=account.rate)
    if account.rate_seconds != 1:
        return refused(errors.REQUEST_LIMIT_EXCEEDED_UNCOUNTED, why)
    return refused(errors.REQUEST_LIMIT_EXCEEDED, why, x=account.rate_calls + 1, y=account.rate_calls)


_NO_FIELD = Reason("the field {name} did not come; expected {fields}", "缺少字段 {name}；应有 {fields}")


def _fields_came(call: showing.Shown) -> str:
    return ", ".join([*call.fields, *(["ImageBase64"] if call.picture is not None else [])]) or showing.NONE


@check(
    title=words("The action's fields are given", "接口参数齐全"),
    evidence=_WIRE,
    wanted=words("every required field", "所有必填字段"),
    came=_fields_came,
)
def fields_given(call: Call, rules: Rules) -> Refused | None:
    """Every required field came, in the order of the documentation; an empty text counts as given."""
    for name in call.table.required:
        if name not in call.fields:
            why = _NO_FIELD.of(name=name, fields=joined(call.table.required))
            return refused(errors.MISSING_PARAMETER, why, x=name)
    return None


_UNKNOWN = Reason("{name} is not a field of this action; it has {fields}", "{name} 不是该接口的字段；它有 {fields}")


@check(
    title=words("No other fields are given", "没有多余字段"),
    evidence=_WIRE,
    wanted=words("fields of this action alone", "只有该接口的字段"),
    came=lambda call: ", ".join(_common_of(call).unknown) or showing.NONE,
)
def fields_known(call: Call, rules: Rules) -> Refused | None:
    """A field that the action does not have is refused."""
    table = call.table
    unknown = list(_common(call).unknown)
    encryption = call.fields.get("Encryption")
    if isinstance(encryption, Structure):
        unknown += [f"Encryption.{name}" for name in encryption.members if name not in MEMBERS]
    if not unknown:
        return None
    fields = joined([*table.text, *table.pictures, *table.objects])
    return refused(
        errors.UNKNOWN_PARAMETER, _UNKNOWN.of(name=quoted(unknown[0], 40), fields=fields), x=shown(unknown[0], 40)
    )


_A_STRING = words("a string", "字符串")
_AN_OBJECT = words("an object", "对象")
_NO_TEXT = Reason("{name} is a JSON {kind}; expected {wanted}", "{name} 是 JSON 的{kind}；应为{wanted}")
_KINDS = Reason("{name}: {kind}", "{name}：{kind}")


@check(
    title=words("The fields are of their types", "字段类型正确"),
    evidence=words("page for the message", "文本出自厂商文档"),
    wanted=words("strings, and an object for Encryption", "字符串；Encryption 为对象"),
    came=lambda call: (
        joined(_KINDS.of(name=name, kind=kind_in_words(kind)) for name, kind in call.wrong_types.items())
        or words("as wanted", "符合")
    ),
)
def field_types_right(call: Call, rules: Rules) -> Refused | None:
    """Every field is a string, but for the object Encryption."""
    for name, value in call.fields.items():
        if isinstance(value, WrongType):
            wanted = _AN_OBJECT if name in call.table.objects else _A_STRING
            why = _NO_TEXT.of(name=name, kind=kind_in_words(value.kind), wanted=wanted)
            return refused(errors.PARAMETER_TYPE, why, x=name)
    return None


_SOMEBODYS = words(
    "IdCard looks like a real person's, and --deny-real-ids is on; 'mockface ids' prints numbers that nobody holds",
    "IdCard 看起来属于真人，而 --deny-real-ids 已打开；'mockface ids' 可打印不属于任何人的号码",
)


@check(
    title=words("The number is nobody's", "号码不属于真人"),
    wanted=words("a number that nobody holds, with --deny-real-ids", "不属于真人的号码（--deny-real-ids）"),
    came=lambda call: call.number or showing.NONE,
)
def number_is_nobodys_here(call: Call, rules: Rules) -> Refused | None:
    """With `--deny-real-ids`, no number that looks like a real person's is taken. A rule of mockface's own."""
    if not rules.deny_real_ids or not idcard.looks_real(call.number, call.now):
        return None
    return Refused(codes.EVERY["InvalidParameterValue"], _SOMEBODYS)


_STATE = Reason("the account of this SecretId is in the state {state}", "该 SecretId 的账号状态为 {state}")
_STANDING = {
    "arrears": "UnauthorizedOperation.Arrears",
    "not_authorised": "UnauthorizedOperation.Nonactivated",
    "auth_down": "InternalError",
    "auth_down_2": "ServiceUnavailable",
}


@check(
    title=words("The account is in good standing", "账号状态正常"),
    evidence=words("wire for not activated; page for the others", "未开通出自实际报文，其余出自厂商文档"),
    wanted=words("state: active", "state: active"),
    came=_key_came,
)
def account_active(call: Call, rules: Rules) -> Refused | None:
    """The account of the SecretId is `active`."""
    account = rules.accounts.get(getattr(call.claims, "secret_id", ""))
    if account is None or account.state == "active":
        return None
    return Refused(codes.EVERY[_STANDING[account.state]], _STATE.of(state=account.state))


_NO_BASE64 = Reason("ImageBase64 is not Base64: {fault}", "ImageBase64 不是 Base64：{fault}")
_EMPTY = words("ImageBase64 is empty; expected a picture in Base64", "ImageBase64 为空；应为 Base64 编码的图片")
_DATA_URL = words(
    "ImageBase64 begins with data:, as a data URL does; send the Base64 alone",
    "ImageBase64 以 data: 开头（data URL）；应只发送 Base64",
)


@check(
    title=words("ImageBase64 is Base64", "ImageBase64 为 Base64"),
    evidence=words("page for Base64, assumed for the code", "Base64 出自厂商文档，错误码为假定"),
    wanted=words("Base64 of the standard alphabet", "标准字符表的 Base64"),
    came=showing.picture,
)
def picture_is_base64(call: Call, rules: Rules) -> Refused | None:
    """The picture is Base64, without the beginning of a data URL, and not empty."""
    picture = call.fields.get("ImageBase64")
    if not isinstance(picture, Picture):
        why = _EMPTY
    elif picture.form == "data-url":
        why = _DATA_URL
    elif picture.fault and not rules.any_picture:
        why = _NO_BASE64.of(fault=picture.fault)
    else:
        return None
    return Refused(codes.EVERY["InvalidParameterValue"], why)


_LONG = Reason(
    "ImageBase64 has {size} characters; expected at most {limit}", "ImageBase64 有 {size} 个字符；最多 {limit} 个"
)


@check(
    title=words("The picture is within the limit", "图片未超限"),
    evidence=words("page for 3 M, assumed for the code", "3 M 出自厂商文档，错误码为假定"),
    wanted=Reason("at most {limit} characters", "最多 {limit} 个字符").of(limit=PICTURE_LIMIT),
    came=showing.picture,
)
def picture_within_limit(call: Call, rules: Rules) -> Refused | None:
    """ImageBase64 has at most 3 M characters."""
    picture = call.fields.get("ImageBase64")
    if not isinstance(picture, Picture) or picture.size_bytes <= PICTURE_LIMIT:
        return None
    why = _LONG.of(size=picture.size_bytes, limit=PICTURE_LIMIT)
    return Refused(codes.EVERY["FailedOperation.LifePhotoSizeError"], why)


_FORMATS = ("JPEG", "PNG")
_UNLIKE = Reason(
    "the picture ({size} bytes) {likeness} by its first bytes; expected {wanted}, or anything with --pictures any",
    "图片（{size} 字节）从开头字节{likeness}；接受 {wanted}，用 --pictures any 则接受任何内容",
)
_OTHER_FORMAT = Reason(
    "the picture is {format}; expected {wanted}, or anything with --pictures any",
    "图片是 {format}；接受 {wanted}，用 --pictures any 则接受任何内容",
)


@check(
    title=words("The picture is JPEG or PNG", "图片为 JPEG 或 PNG"),
    evidence=words("page for the formats, assumed for the code", "格式出自厂商文档，错误码为假定"),
    wanted=joined(_FORMATS),
    came=showing.picture,
)
def picture_format_known(call: Call, rules: Rules) -> Refused | None:
    """The picture is JPEG or PNG by its bytes."""
    picture = call.fields.get("ImageBase64")
    if rules.any_picture or not isinstance(picture, Picture) or picture.format in _FORMATS:
        return None
    wanted = ", ".join(_FORMATS)
    if picture.format:
        why = _OTHER_FORMAT.of(format=picture.format, wanted=wanted)
    else:
        why = _UNLIKE.of(size=picture.size_bytes, likeness=likeness(picture.head), wanted=wanted)
    return Refused(codes.EVERY["FailedOperation.LifePhotoPoorQuality"], why)


_EMPTY_NUMBER = words("IdCard is empty", "IdCard 为空")
_SMALL_X = words("IdCard ends in a small x; expected X", "IdCard 以小写 x 结尾；应为 X")
_FIFTEEN = words("IdCard has 15 digits; expected 18 characters", "IdCard 为 15 位；应为 18 位")


@check(
    title=words("The number is written as on the card", "号码书写正确"),
    evidence=words("assumed; a sibling's page for the small x", "假定；小写 x 出自同类接口的文档"),
    wanted=words("18 characters, X in capitals", "18 位，X 大写"),
    came=lambda call: call.number or showing.NONE,
)
def number_form_right(call: Call, rules: Rules) -> Refused | None:
    """The number is not empty, has not 15 digits, and ends in no small x. All else is its scenario's."""
    number = call.number
    why = _SMALL_X if number.endswith("x") else _FIFTEEN if len(number) == 15 else None if number else _EMPTY_NUMBER
    return None if why is None else Refused(codes.EVERY["FailedOperation.IdFormatError"], why)


_BAD_NAME = Reason(
    "the name has {count} characters; expected 1 to {limit}, without digits",
    "姓名有 {count} 个字符；应为 1 到 {limit} 个，不含数字",
)
_CHARACTERS = Reason("{count} characters", "{count} 个字符")


@check(
    title=words("The name is a name", "姓名格式正确"),
    evidence=_ASSUMED,
    wanted=Reason("1 to {limit} characters without digits", "1 到 {limit} 个字符，不含数字").of(limit=LONGEST_NAME),
    came=lambda call: _CHARACTERS.of(count=len(call.name)),
)
def name_form_right(call: Call, rules: Rules) -> Refused | None:
    """The name has 1 to 32 characters and no digit."""
    name = call.name
    if name and len(name) <= LONGEST_NAME and not any(character.isdigit() for character in name):
        return None
    why = _BAD_NAME.of(count=len(name), limit=LONGEST_NAME)
    return Refused(codes.EVERY["FailedOperation.NameFormatError"], why)


_BAD_EXTRA = Reason(
    "Extra has {count} characters; expected 1 to {limit}", "Extra 有 {count} 个字符；应为 1 到 {limit} 个"
)


@check(
    title=words("Extra is within its limit", "Extra 长度正确"),
    evidence=words("page for the length, assumed for the code", "长度出自厂商文档，错误码为假定"),
    wanted=Reason("1 to {limit} characters, if given", "1 到 {limit} 个字符（若有）").of(limit=LONGEST_EXTRA),
    came=lambda call: showing.field(call, "Extra"),
)
def extra_within_limit(call: Call, rules: Rules) -> Refused | None:
    """Extra has 1 to 10 characters."""
    extra = call.fields.get("Extra")
    if not isinstance(extra, str) or 1 <= len(extra) <= LONGEST_EXTRA:
        return None
    why = _BAD_EXTRA.of(count=len(extra), limit=LONGEST_EXTRA)
    return Refused(codes.EVERY["InvalidParameterValue"], why)


@check(
    title=words("Encrypted fields can be decrypted", "加密字段可解密"),
    evidence=words("page; the order of what is looked for is assumed", "厂商文档；检查顺序为假定"),
    wanted=words(
        "fields encrypted for a key pair of mockface's own, if any", "用 mockface 自己的密钥对加密的字段（若有）"
    ),
    came=lambda call: "Encryption" if "Encryption" in call.fields else showing.NONE,
)
def fields_decrypted(call: Call, rules: Rules) -> Refused | None:
    """Fields that came encrypted can be decrypted with mockface's own key pair."""
    return _common(call).undecrypted


REQUEST: tuple[Check, ...] = (
    method_supported, request_within_limit, content_type_supported, product_host_known, request_readable,
)  # fmt: skip
TARGET: tuple[Check, ...] = (version_known, action_known, content_sha256_allowed)
SIGNED: Mapping[str, tuple[Check, ...]] = {
    "shape": (common_given, common_types_right, *TARGET, authorization_readable, timestamp_fresh),
    "verify": (
        common_given, common_types_right, *TARGET, authorization_readable, timestamp_fresh, key_known, signature_right,
        token_right,
    ),
    "off": (action_given, *TARGET),
}  # fmt: skip
FIELDS: tuple[Check, ...] = (rate_kept, fields_given, fields_known, field_types_right, number_is_nobodys_here)
ACCOUNT: tuple[Check, ...] = (account_active, fields_decrypted)


def checklist(mode: str, values: tuple[Check, ...]) -> tuple[Check, ...]:
    """Every check in order, for `--signature` shape, verify or off; `values` are those of the action's fields."""
    return (*REQUEST, *SIGNED[mode], *FIELDS, *ACCOUNT, *values)
