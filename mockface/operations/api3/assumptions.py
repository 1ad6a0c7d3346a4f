"""Where nobody recorded what API 3.0 does: what mockface does, why, and how to have it otherwise.

Assumed texts are not repeated here: `mockface codes --json` marks each. The ids begin with `api3-`.
"""

from __future__ import annotations

from mockface.codes import Evidence
from mockface.gateway import tc3
from mockface.operations.api3.checks.liveness import FRAMES, VIDEO_LIMIT
from mockface.operations.api3.checks.values import LONGEST_NAME, PICTURE_LIMIT
from mockface.operations.api3.reading import FORM_LIMIT_BYTES, JSON_LIMIT_BYTES, QUERY_LIMIT_BYTES
from mockface.operations.assumption import Assumption

_SCENARIO = "result or error of a scenario"
_TEXTS = "message of a scenario"


def _assumed(
    name: str, default: str, reason: str, switch: str = "", *, evidence: Evidence = "assumed"
) -> Assumption:  # fmt: skip
    return Assumption(f"api3-{name}", default, reason, evidence, switch)


ASSUMPTIONS: tuple[Assumption, ...] = (
    _assumed(
        "limits",
        f"{JSON_LIMIT_BYTES} bytes of JSON, {FORM_LIMIT_BYTES} of a form, {QUERY_LIMIT_BYTES} of a query, inclusive",
        "the page says 10 MB, 1 MB and 32 KB; that they are binary is assumed",
    ),
    _assumed(
        "order-of-checks",
        "request, common parameters, version and action, signature, rate, fields, account, encryption, values",
        "a few published answers agree with it; the place of most checks was never seen",
    ),
    _assumed(
        "scheme",
        "with an Authorization header a call is of v3, without one of v1",
        "published answers to calls without and with a foreign Authorization",
        evidence="wire",
    ),
    _assumed("query-of-a-post", "the query of a POST is passed over", "no SDK sends one; none of them signs it"),
    _assumed(
        "clock",
        f"a timestamp that is off by exactly {tc3.CLOCK_LIMIT_S} s passes",
        "the page says five minutes and not on which side the end lies",
        "--signature off",
    ),
    _assumed(
        "scope",
        "any service, and any date, may stand in the scope of the signature, as long as the signature fits it",
        "on 127.0.0.1 three SDKs write another service than faceid (by a run of each)",
        evidence="sdk",
    ),
    _assumed(
        "signed-headers",
        "content-type and host need not be among the signed headers",
        "the page demands both; what a call without them gets was never seen",
    ),
    _assumed(
        "signed-forms",
        "the host with and without its port, values as sent or in lower case: any of these is verified",
        "Node signs the host without its port; the page writes values in lower case, no SDK does",
        evidence="sdk",
    ),
    _assumed(
        "rate-after-signature",
        "RequestLimitExceeded comes after the checks of the signature, and only with a rate_limit",
        "the limits are per account, so the account has to be known first",
        "accounts",
    ),
    _assumed(
        "null-is-missing", "a field that is null counts as missing; an empty string counts as given", "never seen"
    ),
    _assumed(
        "unknown-fields",
        "a field that the action does not have is UnknownParameter",
        "seen with other products of the same gateway",
        evidence="wire",
    ),
    _assumed(
        "bad-base64",
        "an ImageBase64 that is empty, a data URL or no Base64 is InvalidParameterValue",
        "the action's list has no code for it",
        "--pictures",
    ),
    _assumed(
        "picture-size",
        f"an ImageBase64 of more than {PICTURE_LIMIT} characters is LifePhotoSizeError",
        "the page says 3 M and names no code; the text of this one speaks of the size",
    ),
    _assumed(
        "picture-formats",
        "a picture other than JPEG and PNG is LifePhotoPoorQuality",
        "the page takes these two and names no code; the list has no ImageDecodeFailed",
        "--pictures",
    ),
    _assumed(
        "number-form",
        "an IdCard that is empty, has 15 digits or ends in a small x is IdFormatError, before any scenario",
        "a sister action's page says that a small x fails; the rest was never seen",
    ),
    _assumed(
        "number-by-default",
        "a number without a scenario: right check digit Sim 100, wrong one IdFormatError",
        "IdCardVerification's page names the check digit; a mock needs some rule",
        "default: of a scenario file",
    ),
    _assumed(
        "name-form",
        f"a Name that is empty, longer than {LONGEST_NAME} characters or has a digit is NameFormatError",
        "the length is a sister action's; the rest was never seen",
    ),
    _assumed(
        "extra",
        "an Extra that is empty or longer than 10 characters is InvalidParameterValue",
        "the page gives the length and no code",
    ),
    _assumed(
        "failures-in-result",
        "a failed comparison stands in Result of an answer without Error",
        "the page says so of the field, samples of five actions show it; the wire was not seen",
        "--failed-operations",
        evidence="page",
    ),
    _assumed(
        "unknown-error",
        "FailedOperation.UnKnown stands in Error",
        "it is also listed for an action whose Result is a number",
        _SCENARIO,
    ),
    _assumed(
        "v1-low-similarity",
        "ImageRecognition answers Success for any Sim; V2 answers CompareLowSimilarity below 70",
        "V1's page leaves the threshold to the caller, V2's fixes it",
        "--low-similarity",
    ),
    _assumed(
        "sim-of-failures",
        "Sim is 0 with every failure but CompareLowSimilarity, which has the real one",
        "samples of sister actions",
        "data of a scenario",
    ),
    _assumed(
        "key-order",
        "keys in alphabetical order, Code before Message",
        "five failing samples of the page are so, and all published errors",
        evidence="page",
    ),
    _assumed(
        "languages",
        "Message of the gateway's errors is English unless zh-CN is asked for, texts of the product are Chinese unless "
        "en-US is",
        "published answers without X-TC-Language; what en-US does was never seen",
        _TEXTS,
    ),
    _assumed(
        "full-stops",
        "a Chinese Description has no final 。, the Message of an Error has it",
        "six and ten samples of the page",
        _TEXTS,
        evidence="page",
    ),
    _assumed(
        "request-ids",
        "a UUID of version 4, in the body alone; with --seed the same ids again",
        "published answers have no header with it",
        "--seed",
        evidence="wire",
    ),
    _assumed(
        "verification-texts",
        "every Description of IdCardVerification but that of 0 is mockface's",
        "the page gives the numbers and what they mean",
        _TEXTS,
    ),
    _assumed(
        "liveness-codes",
        "LivenessRecognition has the codes of an older list, those that LivenessCompare's has gained since, and those "
        "of its field Encryption",
        "today's list of LivenessRecognition was not seen; LivenessCompare's is that of today's SDK for Go",
        _SCENARIO,
    ),
    _assumed(
        "liveness-values",
        "a LivenessType other than LIP, ACTION and SILENT, a ValidateData that does not fit it, an Optional that is no "
        f"JSON object, and a BestFrameNum in it that is not from {FRAMES[0]} to {FRAMES[-1]} are InvalidParameterValue",
        "the page gives the values and no code",
    ),
    _assumed(
        "files-missing",
        "a call without a video, or without the picture of LivenessCompare, is InvalidParameter",
        "the page says that the Base64 or the URL is needed, and marks neither as required",
    ),
    _assumed(
        "file-urls",
        "a VideoUrl or ImageUrl that does not begin with http:// or https:// is DownLoadError; any other is taken for "
        "a good file, as nothing is fetched; an empty Base64 beside a URL does not count",
        "the text of the code speaks of a download",
        _SCENARIO,
    ),
    _assumed(
        "video-size",
        f"a VideoBase64 that is empty or has more than {VIDEO_LIMIT} characters is LipSizeError, with any LivenessType",
        "the page says 8 M and names no code; the text of this one speaks of an empty video and of its size",
    ),
    _assumed(
        "video-bytes",
        "a file that is no MP4, MOV, 3GP, FLV or AVI, or not whole, is LipVideoInvalid, one below 270 * 480 pixels "
        "LipVideoQuaility, one without sound LipVoiceDetect with LIP alone",
        "the texts of the codes; the page takes mp4, avi and flv, the least size is that of the old API's page",
        "--videos",
    ),
    _assumed(
        "liveness-first",
        "a failure of liveness comes before the comparison, and both LivenessRecognition and LivenessCompare answer "
        "CompareLowSimilarity below 70",
        "the page fixes the threshold; the order is that of the old API's page",
        "live of a scenario",
    ),
    _assumed(
        "digits-that-spell",
        "with LIP the digits of ValidateData may spell a code of the old API, such as 5008, and earn its twin",
        "a rule of mockface's own, since LivenessCompare names nobody; GetLiveCode never gives such digits",
        "other digits",
    ),
    _assumed(
        "live-codes",
        "each of the other digits is as likely as any; neither they nor an order of actions are remembered",
        "nothing in the call with the video says which GetLiveCode it answers",
        "--seed",
    ),
    _assumed(
        "best-frames",
        "BestFrameBase64 is a drawing of mockface's, the same for the same person; it and BestFrameList are null with "
        "a failure, BestFrameList is absent unless Optional asks for it",
        "the page says that the frame is of a video that passed, and that both may be null",
        "data of a scenario",
    ),
    _assumed("latency", "none", "unknown", "delay of a scenario"),
)
"""Every assumption about API 3.0, in the order of a call's way."""
