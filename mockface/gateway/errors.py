"""The table of what the gateway of API 3.0 refuses with: codes, and their messages in both languages.

The gateway speaks English without X-TC-Language and Chinese with zh-CN. One code may have several messages, each with
a row of its own. Holes in a message are `{x}`, `{y}` and `{z}`; the doc string of a row's group says what they take.

Evidence, for each language apart: `wire` is seen in a real answer (of any product, the gateway is one), `page` is the
vendor's documentation or its published catalogue, `assumed` is ours: mostly the documentation's sentence about a code
whose message nobody has seen, or a message put together from an abbreviated one. Knows no request.
"""

from __future__ import annotations

import string
from typing import Literal, NamedTuple

from mockface.codes import Evidence

Language = Literal["en", "zh"]


class GatewayError(NamedTuple):
    """One message of the gateway.

    `english` and `chinese` are templates, each with its evidence; `meaning_en` and `meaning_zh` say when it comes.
    """

    code: str
    english: str
    english_evidence: Evidence
    chinese: str
    chinese_evidence: Evidence
    meaning_en: str
    meaning_zh: str

    @property
    def holes(self) -> tuple[str, ...]:
        """The names of what has to be filled in, in either language, sorted."""
        parsed = [part for text in (self.english, self.chinese) for part in string.Formatter().parse(text)]
        return tuple(sorted({name for _, name, _, _ in parsed if name}))


def render(error: GatewayError, language: Language, **holes: object) -> str:
    """The message in a language. Raises KeyError, with its name, for a hole that is not filled; others are ignored."""
    for name in error.holes:
        if name not in holes:
            raise KeyError(name)
    return (error.chinese if language == "zh" else error.english).format_map(holes)


SIGNATURE_FAILURE = GatewayError(
    "AuthFailure.SignatureFailure",
    "The provided credentials could not be validated. Please check your signature is correct.", "wire",
    "请求签名验证失败，请检查您的签名计算是否正确。", "wire",
    "the signature is wrong", "签名错误",
)  # fmt: skip
SIGNATURE_OF_LARGE_REQUEST = GatewayError(
    "AuthFailure.SignatureFailure",
    "The provided credentials could not be validated because of exceeding request size limit, please use new signature "
    "method `TC3-HMAC-SHA256`.", "wire",
    "由于请求包大小超过限制，请求签名验证失败，请使用新的签名方法 `TC3-HMAC-SHA256`。", "page",
    "a request of signature v1 is larger than 1 MB", "签名方法 v1 的请求超过 1 MB",
)  # fmt: skip
SIGNATURE_EXPIRE = GatewayError(
    "AuthFailure.SignatureExpire",
    "The signature is expired, please request again.", "wire",
    "签名过期。", "assumed",
    "the timestamp is more than five minutes from the server's clock", "时间戳与服务器时间相差超过五分钟",
)  # fmt: skip
SECRET_ID_NOT_FOUND = GatewayError(
    "AuthFailure.SecretIdNotFound",
    "The SecretId is not found, please ensure that your SecretId is correct.", "wire",
    "SecretId不存在，请输入正确的密钥。", "wire",
    "no such key", "密钥不存在",
)  # fmt: skip
TOKEN_FAILURE = GatewayError(
    "AuthFailure.TokenFailure",
    "Token verification failed, please check if your Token is correct", "wire",
    "token错误。", "assumed",
    "the token of temporary keys is wrong", "临时密钥的 token 错误",
)  # fmt: skip
INVALID_AUTHORIZATION = GatewayError(
    "AuthFailure.InvalidAuthorization",
    "Authorization in the request header is invalid.", "assumed",
    "请求头部的`Authorization`不符合腾讯云标准。", "assumed",
    "Authorization is not in the standard form", "Authorization 格式不符合标准",
)  # fmt: skip
INVALID_SECRET_ID = GatewayError(
    "AuthFailure.InvalidSecretId",
    "Invalid key (not a TencentCloud API key type).", "page",
    "密钥非法（不是云API密钥类型）。", "page",
    "the key is of another kind", "密钥类型不对",
)  # fmt: skip
MFA_FAILURE = GatewayError(
    "AuthFailure.MFAFailure",
    "MFA failed.", "page",
    "MFA错误。", "page",
    "multi-factor authentication failed", "MFA 校验失败",
)  # fmt: skip
FORBIDDEN_BY_POLICY = GatewayError(
    "UnauthorizedOperation",
    "[request id:{x}]you are not authorized to perform operation ({y})\nresource ({z}) has no permission\n", "wire",
    "操作未授权，请检查CAM策略。", "assumed",
    "CAM forbids the action", "CAM 策略不允许该操作",
)  # fmt: skip
"""`x` is the request's id, `y` such as `faceid:ImageRecognition`, `z` the resource, `qcs::faceid:...`."""

MISSING_PARAMETER = GatewayError(
    "MissingParameter",
    "The request is missing a required parameter `{x}`.", "wire",
    "请求缺少必传参数 `{x}`。", "page",
    "a common field of v1, or a field of the action, is missing", "缺少 v1 的公共参数或接口参数",
)  # fmt: skip
"""`x` is the parameter's name, here and below."""
MISSING_HEADER = GatewayError(
    "MissingParameter",
    "The request header is missing a required common parameter `{x}`.", "wire",
    "请求头部缺少必传的公共参数 `{x}`。", "page",
    "a common header of v3 is missing", "缺少 v3 的公共请求头",
)  # fmt: skip
PARAMETER_TYPE_ERROR = GatewayError(
    "InvalidParameter",
    "Parameter `{x}` type error.", "wire",
    "参数 `{x}` 取值类型错误。", "page",
    "a value is of the wrong type (an older message)", "参数类型错误（较早的文本）",
)  # fmt: skip
PARAMETER_TYPE = GatewayError(
    "InvalidParameter",
    "The value type of parameter `{x}` is not valid.", "page",
    "参数 `{x}` 取值类型错误。", "page",
    "a value is of the wrong type", "参数类型错误",
)  # fmt: skip
PARAMETER_TYPE_OF_VALUE = GatewayError(
    "InvalidParameter",
    "The value type of parameter `{x}` is not valid, input value is `{y}`.", "assumed",
    "参数 `{x}` 取值类型错误，传入值 `{y}`。", "assumed",
    "a value, which is repeated, is of the wrong type", "参数类型错误，并给出传入值",
)  # fmt: skip
PARAMETER_FORMAT = GatewayError(
    "InvalidParameter",
    "Parameter `{x}` format invalid.", "page",
    "参数 `{x}` 格式非法。", "page",
    "a value is of the wrong form", "参数格式错误",
)  # fmt: skip
PARAMETER_REPEATED = GatewayError(
    "InvalidParameter",
    "Parameter `{x}` input repeated.", "assumed",
    "参数 `{x}` 重复输入。", "assumed",
    "a parameter came twice", "参数重复",
)  # fmt: skip
PARAMETER_JSON = GatewayError(
    "InvalidParameter",
    "Parameter `{x}` invalid json format.", "assumed",
    "参数 `{x}` 是非法的Json格式。", "assumed",
    "a parameter that holds JSON is none", "参数不是合法的 JSON",
)  # fmt: skip
PARAMETER_ARRAY = GatewayError(
    "InvalidParameter",
    "Parameter `{x}` invalid array format, array index must be continuous and starts with 0.", "assumed",
    "参数 `{x}` 格式非法。", "assumed",
    "the indices of a list in a form have gaps", "表单中数组下标不连续",
)  # fmt: skip
BODY_NO_JSON = GatewayError(
    "InvalidParameter",
    "The request content not valid json format for specified content-type=application/json.", "page",
    "对于指定content-type=application/json协议下，请求内容不是合法的Json格式。", "page",
    "the body is no JSON", "请求体不是合法的 JSON",
)  # fmt: skip
PAIR_WITHOUT_EQUALS = GatewayError(
    "InvalidParameter",
    "Url key and value should be splited by `=`.", "wire",
    "参数错误，请求URL中参数key和value必须以 `=` 分隔。", "page",
    "a pair of the query or the form has no =", "查询串或表单中缺少 =",
)  # fmt: skip
PARAMETER_WITHOUT_NAME = GatewayError(
    "InvalidParameter",
    "The request has a parameter key which is empty string.", "page",
    "请求参数key不能为空字符串。", "page",
    "a pair of the query or the form has no name", "查询串或表单中参数名为空",
)  # fmt: skip
REGION_VALUE = GatewayError(
    "InvalidParameterValue",
    "A value specified in `X-TC-Region` is not valid, is unsupported, or cannot be used.", "page",
    "参数 `X-TC-Region` 取值错误。", "page",
    "the region is not known", "地域取值错误",
)  # fmt: skip
CONTENT_SHA256_VALUE = GatewayError(
    "InvalidParameterValue",
    "The value specified in `X-TC-Content-SHA256` is not correct.", "page",
    "参数 `X-TC-Content-SHA256` 计算值不正确。", "page",
    "X-TC-Content-SHA256 is something other than UNSIGNED-PAYLOAD", "X-TC-Content-SHA256 不是 UNSIGNED-PAYLOAD",
)  # fmt: skip
PARAMETER_VALUE = GatewayError(
    "InvalidParameterValue",
    "The value `{y}` specified in the parameter `{x}` is not valid.", "wire",
    "参数取值错误。", "assumed",
    "a value is not allowed", "参数取值错误",
)  # fmt: skip
"""`y` is the value, here and above."""
UNKNOWN_PARAMETER = GatewayError(
    "UnknownParameter",
    "The parameter `{x}` is not recognized.", "wire",
    "未知参数错误，用户多传未定义的参数会导致错误。", "assumed",
    "a field that the action does not define", "多传了未定义的参数",
)  # fmt: skip
INVALID_ACTION = GatewayError(
    "InvalidAction",
    "The request `Action` is invalid or not found.", "wire",
    "接口不存在。", "assumed",
    "no such action", "接口不存在",
)  # fmt: skip
"""In 2026 somebody quoted a part of it as "action is invalid or not found"."""
NO_SUCH_VERSION = GatewayError(
    "NoSuchVersion",
    "The specified api version=`{x}` does not exist in service=`{y}`.", "wire",
    "接口版本不存在。", "assumed",
    "the service has no such version", "接口版本不存在",
)  # fmt: skip
"""`x` is the version, `y` the service."""
NO_SUCH_PRODUCT = GatewayError(
    "NoSuchProduct",
    "The product does not exist.", "page",
    "产品不存在。", "page",
    "no such product", "产品不存在",
)  # fmt: skip
ACTION_OFFLINE = GatewayError(
    "ActionOffline",
    "This API has been deprecated.", "page",
    "接口已下线。", "page",
    "the action was switched off", "接口已下线",
)  # fmt: skip
UNSUPPORTED_CONTENT_TYPE = GatewayError(
    "UnsupportedProtocol",
    "this action does not support Content-Type=`{x}`", "wire",
    "http(s)请求协议错误，只支持GET和POST请求。", "assumed",
    "the action does not take this Content-Type", "接口不支持该 Content-Type",
)  # fmt: skip
"""`x` is the Content-Type. Of the English message the beginning alone was seen."""
UNSUPPORTED_METHOD = GatewayError(
    "UnsupportedProtocol",
    "HTTPS request method error. Only GET and POST requests are supported.", "assumed",
    "http(s)请求协议错误，只支持GET和POST请求。", "assumed",
    "a method other than GET and POST", "请求方法不是 GET 或 POST",
)  # fmt: skip
INVALID_REQUEST = GatewayError(
    "InvalidRequest",
    "The multipart format of the request body is incorrect.", "page",
    "请求body的multipart格式错误。", "page",
    "the multipart body is broken", "multipart 请求体有误",
)  # fmt: skip
UNSUPPORTED_REGION = GatewayError(
    "UnsupportedRegion",
    "API does not support the requested region.", "page",
    "接口不支持所传地域。", "page",
    "the action is not offered in this region", "接口不支持该地域",
)  # fmt: skip
UNSUPPORTED_OPERATION = GatewayError(
    "UnsupportedOperation",
    "Unsupported operation.", "page",
    "操作不支持。", "page",
    "the operation is not supported", "操作不支持",
)  # fmt: skip
REQUEST_LIMIT_EXCEEDED = GatewayError(
    "RequestLimitExceeded",
    "Your current request times equals to `{x}` in a second, which exceeds the frequency limit `{y}` for a second. "
    "Please reduce the frequency of calls.", "wire",
    "您当前每秒请求 `{x}` 次，超过了每秒频率上限 `{y}`，请稍后重试。", "page",
    "more calls in a second than allowed", "每秒请求次数超过上限",
)  # fmt: skip
"""`x` is how many calls came in the second, `y` how many are allowed."""
REQUEST_LIMIT_EXCEEDED_UNCOUNTED = GatewayError(
    "RequestLimitExceeded",
    "Your current request times in a second exceeds the frequency limit. Please reduce the frequency of calls.", "page",
    "您当前每秒请求次数超过了频率上限，请稍后重试。", "page",
    "more calls in a second than allowed, without numbers", "每秒请求次数超过上限，不给出次数",
)  # fmt: skip
ACCOUNT_LIMIT_EXCEEDED = GatewayError(
    "RequestLimitExceeded.UinLimitExceeded",
    "The frequency of the root account is limited.", "assumed",
    "主账号限频。", "page",
    "the account calls too often", "主账号调用过于频繁",
)  # fmt: skip
IP_LIMIT_EXCEEDED = GatewayError(
    "RequestLimitExceeded.IPLimitExceeded",
    "The frequency of the IP is limited.", "assumed",
    "IP限频。", "page",
    "an address calls too often", "IP 调用过于频繁",
)  # fmt: skip
GLOBAL_ACCOUNT_LIMIT_EXCEEDED = GatewayError(
    "RequestLimitExceeded.GlobalRegionUinLimitExceeded",
    "The root account exceeds the frequency limit.", "assumed",
    "主账号超过频率限制。", "page",
    "the account calls too often in all regions together", "主账号在所有地域的调用总数过于频繁",
)  # fmt: skip
REQUEST_SIZE_LIMIT_EXCEEDED = GatewayError(
    "RequestSizeLimitExceeded",
    "The request size exceeds the upper limit.", "page",
    "请求包超过限制大小。", "page",
    "the request is too large", "请求包过大",
)  # fmt: skip
RESPONSE_SIZE_LIMIT_EXCEEDED = GatewayError(
    "ResponseSizeLimitExceeded",
    "The response size exceeds the upper limit.", "assumed",
    "返回包超过限制大小。", "page",
    "the answer is too large", "返回包过大",
)  # fmt: skip
IP_IN_BLACKLIST = GatewayError(
    "IpInBlacklist",
    "Your IP is in uin IP blacklist.", "page",
    "IP地址在黑名单中。", "page",
    "the account does not allow this address", "IP 在黑名单中",
)  # fmt: skip
IP_NOT_IN_WHITELIST = GatewayError(
    "IpNotInWhitelist",
    "Your IP is not in uin IP whitelist.", "page",
    "IP地址不在白名单中。", "page",
    "the account allows other addresses alone", "IP 不在白名单中",
)  # fmt: skip
INTERNAL_ERROR = GatewayError(
    "InternalError",
    "Internal error.", "page",
    "内部错误。", "page",
    "an internal error", "内部错误",
)  # fmt: skip
SERVICE_UNAVAILABLE = GatewayError(
    "ServiceUnavailable",
    "The service is temporarily unavailable.", "assumed",
    "当前服务暂时不可用。", "page",
    "the service is unavailable for now", "服务暂时不可用",
)  # fmt: skip
FAILED_OPERATION = GatewayError(
    "FailedOperation",
    "Operation failed.", "page",
    "操作失败。", "page",
    "the operation failed", "操作失败",
)  # fmt: skip
LIMIT_EXCEEDED = GatewayError(
    "LimitExceeded",
    "Quota limit exceeded.", "page",
    "超过配额限制。", "page",
    "a quota is used up", "超过配额",
)  # fmt: skip
RESOURCE_NOT_FOUND = GatewayError(
    "ResourceNotFound",
    "The resource does not exist.", "page",
    "资源不存在。", "page",
    "no such resource", "资源不存在",
)  # fmt: skip
RESOURCE_IN_USE = GatewayError(
    "ResourceInUse",
    "Resource is in use.", "page",
    "资源被占用。", "page",
    "the resource is in use", "资源被占用",
)  # fmt: skip
RESOURCE_INSUFFICIENT = GatewayError(
    "ResourceInsufficient",
    "Insufficient resource.", "page",
    "资源不足。", "page",
    "there is not enough of the resource", "资源不足",
)  # fmt: skip
RESOURCE_UNAVAILABLE = GatewayError(
    "ResourceUnavailable",
    "Resource is unavailable.", "page",
    "资源不可用。", "page",
    "the resource is unavailable", "资源不可用",
)  # fmt: skip
DRY_RUN_OPERATION = GatewayError(
    "DryRunOperation",
    "DryRun Operation. It means that the request would have succeeded, but the DryRun parameter was used.", "page",
    "DryRun操作，代表请求将会是成功的，只是多传了DryRun参数。", "page",
    "DryRun was asked for", "传了 DryRun 参数",
)  # fmt: skip

TABLE: dict[str, GatewayError] = {
    name: value for name, value in list(globals().items()) if isinstance(value, GatewayError)
}
"""Every message by the name of its constant, in the order above."""

BY_CODE: dict[str, tuple[GatewayError, ...]] = {
    code: tuple(one for one in TABLE.values() if one.code == code)
    for code in dict.fromkeys(one.code for one in TABLE.values())
}
"""The messages of each code, the most usual first."""
