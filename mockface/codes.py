"""The table of all codes of the service: 0 and the codes of the operation's page.

Codes are written only here: the rest of the package refers to them by name (`codes.BODY_TOO_LARGE`); README, command
line and OpenAPI are generated from this table or checked against it by tests.

Evidence, separately for the wire message and the HTTP status, since they come from different sources:

- `wire`     seen on the real wire
- `page`     the vendor's documentation
- `sdk`      the vendor's SDK source
- `assumed`  invented by mockface; positive codes then have short lower-case English, negative ones one UPPER_SNAKE
             word, like the messages that were seen
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

Evidence = Literal["wire", "page", "sdk", "assumed"]
Group = Literal["success", "request", "signature", "account", "service", "photo", "video", "identity"]

NO_DATA = "absent"
"""The answer has no `data` key: seen for refusals of the gateway."""
EMPTY_DATA = "empty"
"""`data` is `{}`: as in the only fixture of code 4."""
ZEROED_DATA = "zeroed"
"""`data` has `session_id` and a similarity of 0.0: assumed for refusals of the face engine."""

SCENARIO = "scenario"
"""In `raised_by`: a scenario answers with this code; possible for every code."""


class Code(NamedTuple):
    """One code of an operation.

    `number` is its value on the wire: a number, or a text in APIs whose codes are texts. `name` also names the
    reason of a person's failure: other operations use it to find their code for the same reason.

    `message` and `status` are what goes on the wire by default; `data` says how the answer is built: NO_DATA,
    EMPTY_DATA or ZEROED_DATA, or the word of another operation. A message that is a Said goes out in the language that
    the client asks for; `message_zh_evidence` is then the evidence of its Chinese.
    `raised_by` names the checks (see `checks/`) that answer it, and SCENARIO.
    """

    number: int | str
    name: str
    meaning_zh: str
    meaning_en: str
    message: str
    message_evidence: Evidence
    status: int
    status_evidence: Evidence
    group: Group
    data: str = NO_DATA
    raised_by: tuple[str, ...] = (SCENARIO,)
    message_zh_evidence: Evidence | None = None

    @property
    def shown(self) -> str:
        """Number and name, once where they are the same."""
        return self.name if self.number == self.name else f"{self.number} {self.name}"


class CodeTable:
    """The codes of an operation, in the order of its documentation; numbers and names are unique."""

    def __init__(self, codes: Iterable[Code]) -> None:
        self.rows = tuple(codes)
        self.by_number: dict[int | str, Code] = {}
        self.by_name: dict[str, Code] = {}
        self._by_upper: dict[str, Code] = {}
        for code in self.rows:
            self.by_number.setdefault(code.number, code)
            self.by_name.setdefault(code.name, code)
            self._by_upper.setdefault(code.name.upper(), code)

    def __iter__(self) -> Iterator[Code]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def find(self, said: int | str) -> Code | None:
        """The code with this number (also as digits) or this name, in any case and with - for _; None if unknown."""
        text = str(said).strip()
        found = self.by_number.get(said) or self.by_number.get(text)
        if found is None and text.isascii() and text.removeprefix("-").isdigit() and len(text) <= _LONGEST:
            found = self.by_number.get(int(text))
        return found or self._by_upper.get(text.upper().replace("-", "_"))


_LONGEST = 20
"""The longest text that is read as the number of a code."""


OK = Code(0, "OK", "成功", "success", "OK", "wire", 200, "wire", "success", ZEROED_DATA)

BAD_REQUEST = Code(
    3, "BAD_REQUEST", "错误的请求", "bad request",
    "invalid request", "wire", 400, "wire", "request",
    raised_by=(
        "path_known", "method_allowed", "request_framed", "host_known", "body_readable", "body_is_multipart",
        "appid_given", "account_in_good_standing", SCENARIO,
    ),
)  # fmt: skip
SIGNATURE_EMPTY = Code(
    4, "SIGNATURE_EMPTY", "签名为空", "the signature is empty",
    "has no sign or sign is empty", "wire", 400, "wire", "signature", EMPTY_DATA,
    raised_by=("signature_given", SCENARIO),
)  # fmt: skip
SIGNATURE_MALFORMED = Code(
    5, "SIGNATURE_MALFORMED", "签名串错误", "the signature string is malformed",
    "sign is invalid", "assumed", 400, "assumed", "signature",
    raised_by=("signature_readable", "single_use_bound", SCENARIO),
)  # fmt: skip
SIGNATURE_TARGET_MISMATCH = Code(
    6, "SIGNATURE_TARGET_MISMATCH", "签名中的 APPID/Bucket 与操作目标不匹配",
    "the signature's appid or bucket is not the request's",
    "appid or bucket in sign not match", "assumed", 401, "assumed", "signature",
    raised_by=("signature_for_this_target", SCENARIO),
)  # fmt: skip
SIGNATURE_EXPIRED = Code(
    9, "SIGNATURE_EXPIRED", "签名过期", "the signature has expired",
    "sign is expired", "assumed", 401, "wire", "signature",
    raised_by=("signature_fresh", "signature_life_allowed", SCENARIO),
)  # fmt: skip
APPID_UNKNOWN = Code(
    10, "APPID_UNKNOWN", "APPID 不存在", "the appid does not exist",
    "appid not exist", "assumed", 401, "assumed", "signature",
    raised_by=("account_known", SCENARIO),
)  # fmt: skip
SECRET_ID_UNKNOWN = Code(
    11, "SECRET_ID_UNKNOWN", "SecretId 不存在", "the SecretId does not exist",
    "secretid not exist", "assumed", 401, "assumed", "signature",
    raised_by=("secret_id_known", SCENARIO),
)  # fmt: skip
SECRET_ID_MISMATCH = Code(
    12, "SECRET_ID_MISMATCH", "APPID 和 SecretId 不匹配", "the SecretId is not this appid's",
    "appid and secretid not match", "assumed", 401, "assumed", "signature",
    raised_by=("secret_id_of_this_account", SCENARIO),
)  # fmt: skip
SIGNATURE_REPLAYED = Code(
    13, "SIGNATURE_REPLAYED", "重放攻击", "replay: a single-use signature was used twice",
    "sign is replayed", "assumed", 401, "assumed", "signature",
    raised_by=("single_use_first_time", SCENARIO),
)  # fmt: skip
SIGNATURE_WRONG = Code(
    14, "SIGNATURE_WRONG", "签名校验失败", "the signature does not verify",
    "sign no pass", "wire", 401, "assumed", "signature",
    raised_by=("signature_verified", SCENARIO),
)  # fmt: skip
TOO_FREQUENT = Code(
    15, "TOO_FREQUENT", "操作太频繁，触发频控", "too frequent; rate limited",
    "operate too frequently", "assumed", 400, "assumed", "account",
    raised_by=("account_rate_kept", SCENARIO),
)  # fmt: skip
BUCKET_UNKNOWN = Code(
    16, "BUCKET_UNKNOWN", "Bucket 不存在", "the bucket does not exist",
    "bucket not exist", "assumed", 400, "assumed", "signature",
    raised_by=("bucket_known", SCENARIO),
)  # fmt: skip
INVALID_PARAMETER = Code(
    21, "INVALID_PARAMETER", "无效参数", "invalid parameter",
    "invalid param", "assumed", 400, "assumed", "request",
    raised_by=(
        "fields_are_text", "number_is_nobodys", "texts_are_text", "digits_given", "flag_given", "video_given",
        "card_given", SCENARIO,
    ),
)  # fmt: skip
BODY_TOO_LARGE = Code(
    23, "BODY_TOO_LARGE", "请求体过大", "the request body is too large",
    "request body is too large", "assumed", 413, "assumed", "request",
    raised_by=("body_within_limit", SCENARIO),
)  # fmt: skip
NOT_AUTHORISED = Code(
    24, "NOT_AUTHORISED", "无权限，未申请服务", "not authorised; the service was not applied for",
    "no permission to use this service", "assumed", 403, "assumed", "account",
    raised_by=("account_in_good_standing", SCENARIO),
)  # fmt: skip
AUTH_DOWN = Code(
    107, "AUTH_DOWN", "鉴权服务不可用", "the authentication service is unavailable",
    "auth service is unavailable", "assumed", 500, "assumed", "service",
    raised_by=("account_in_good_standing", SCENARIO),
)  # fmt: skip
AUTH_DOWN_2 = Code(
    108, "AUTH_DOWN_2", "鉴权服务不可用", "the authentication service is unavailable (second code)",
    "auth service is unavailable", "assumed", 500, "assumed", "service",
    raised_by=("account_in_good_standing", SCENARIO),
)  # fmt: skip
INTERNAL_ERROR = Code(
    213, "INTERNAL_ERROR", "内部错误", "internal error",
    "internal error", "assumed", 500, "assumed", "service",
)  # fmt: skip


def _engine(
    number: int,
    name: str,
    meaning_zh: str,
    meaning_en: str,
    message: str,
    group: Group,
    evidence: Evidence = "assumed",
    raised_by: tuple[str, ...] = (SCENARIO,),
) -> Code:
    """A refusal of the face engine: HTTP 200 and zeroed data, both assumed (no real answer is known)."""
    return Code(
        number, name, meaning_zh, meaning_en, message, evidence, 200, "assumed", group, ZEROED_DATA, raised_by
    )  # fmt: skip


VIDEO_SELFIE_FEATURE = _engine(
    -4006, "VIDEO_SELFIE_FEATURE", "视频中自拍照特征提取失败",
    "feature extraction failed for the selfie in the video", "VIDEO_SELFIE_FEATURE_FAILED", "video",
)  # fmt: skip
VIDEO_SELFIE_COMPARE = _engine(
    -4007, "VIDEO_SELFIE_COMPARE", "视频中自拍照之间对比失败",
    "comparing the selfies in the video failed", "VIDEO_SELFIE_COMPARE_FAILED", "video",
)  # fmt: skip
CARD_FEATURE = _engine(
    -4009, "CARD_FEATURE", "Card 照片提取特征失败",
    "feature extraction failed for the card photo", "CARD_FEATURE_FAILED", "video",
)  # fmt: skip
SELFIE_CARD_COMPARE = _engine(
    -4010, "SELFIE_CARD_COMPARE", "自拍照与 Card 照片相似度计算失败",
    "computing the similarity of selfie and card photo failed", "SELFIE_CARD_COMPARE_FAILED", "video",
)  # fmt: skip
PHOTO_UNDECODABLE = _engine(
    -4011, "PHOTO_UNDECODABLE", "照片解码失败",
    "the photo cannot be decoded", "SDK_IMAGE_DECODE_FAILED", "photo",
    raised_by=("picture_decodable", SCENARIO),
)  # fmt: skip
PHOTO_NO_FACE = _engine(
    -4012, "PHOTO_NO_FACE", "照片人脸检测失败",
    "no face was found in the photo", "SDK_IMAGE_FACEDETECT_FAILED", "photo",
)  # fmt: skip
SELFIE_NO_FACE = _engine(
    -4015, "SELFIE_NO_FACE", "自拍照人脸检测失败",
    "no face was found in the selfie", "SELFIE_FACEDETECT_FAILED", "video",
)  # fmt: skip
SELFIE_UNDECODABLE = _engine(
    -4016, "SELFIE_UNDECODABLE", "自拍照解码失败",
    "the selfie cannot be decoded", "SELFIE_DECODE_FAILED", "video",
)  # fmt: skip
CARD_NO_FACE = _engine(
    -4017, "CARD_NO_FACE", "Card 照片人脸检测失败",
    "no face was found in the card photo", "CARD_FACEDETECT_FAILED", "video",
)  # fmt: skip
CARD_UNDECODABLE = _engine(
    -4018, "CARD_UNDECODABLE", "Card 照片解码失败",
    "the card photo cannot be decoded", "CARD_DECODE_FAILED", "video",
    raised_by=("card_decodable", SCENARIO),
)  # fmt: skip
VIDEO_INVALID = _engine(
    -5001, "VIDEO_INVALID", "视频无效，上传文件不符合视频要求",
    "invalid video; the file does not meet the requirements", "VIDEO_INVALID", "video",
    raised_by=("video_valid", SCENARIO),
)  # fmt: skip
LIP_READING = _engine(
    -5002, "LIP_READING", "唇语失败", "lip reading failed", "VIDEO_LIP_READING_FAILED", "video"
)  # fmt: skip
VIDEO_TOO_FEW_FACES = _engine(
    -5005, "VIDEO_TOO_FEW_FACES", "自拍照解析照片不足，视频里检测到的人脸较少",
    "too few faces were found in the video", "VIDEO_FACE_GETIMAGE_FAILED", "video", "wire",
)  # fmt: skip
VIDEO_NO_SOUND = _engine(
    -5007, "VIDEO_NO_SOUND", "视频没有声音", "the video has no sound", "VIDEO_NO_AUDIO", "video",
    raised_by=("video_has_sound", SCENARIO),
)  # fmt: skip
VIDEO_WRONG_DIGITS = _engine(
    -5008, "VIDEO_WRONG_DIGITS", "语音识别失败，视频里的人读错数字",
    "speech recognition failed; the digits were misread", "VIDEO_AUDIO_RECOG_FAILED", "video", "wire",
    raised_by=("digits_of_four", "digits_dealt", SCENARIO),
)  # fmt: skip
VIDEO_NO_FACE = _engine(
    -5009, "VIDEO_NO_FACE", "视频人脸检测失败，没有嘴或者脸",
    "no face or no mouth was found in the video", "VIDEO_FACEDETECT_FAILED", "video",
)  # fmt: skip
VIDEO_MOUTH_SHUT = _engine(
    -5010, "VIDEO_MOUTH_SHUT", "唇动检测失败，视频里的人嘴巴未张开或者张开幅度小",
    "lip movement was not found; the mouth stayed (almost) shut", "VIDEO_LIP_MOVE_FAILED", "video",
)  # fmt: skip
LIVENESS = _engine(
    -5011, "LIVENESS", "活体检测失败（活体其他错误都归类到里面）",
    "liveness detection failed (all its other errors)", "VIDEO_LIVE_DETECT_FAILED", "video",
)  # fmt: skip
VIDEO_NOISY = _engine(
    -5012, "VIDEO_NOISY", "视频中噪声太大", "the video is too noisy", "VIDEO_AUDIO_NOISY", "video"
)  # fmt: skip
VIDEO_TOO_QUIET = _engine(
    -5013, "VIDEO_TOO_QUIET", "视频里的声音太小", "the video's sound is too low", "VIDEO_AUDIO_LOW", "video"
)  # fmt: skip
LIVENESS_LEVEL = _engine(
    -5014, "LIVENESS_LEVEL", "活体检测 level 参数无效",
    "the liveness level parameter is invalid", "VIDEO_LIVE_LEVEL_INVALID", "video",
)  # fmt: skip
VIDEO_TOO_SMALL = _engine(
    -5015, "VIDEO_TOO_SMALL", "视频像素太低，最小 270 * 480",
    "the video's resolution is too low; 270 * 480 at least", "VIDEO_RESOLUTION_LOW", "video",
    raised_by=("video_large_enough", SCENARIO),
)  # fmt: skip
VIDEO_NOT_LIVE = _engine(
    -5016, "VIDEO_NOT_LIVE", "视频里的人不是活体（翻拍等攻击）",
    "the person in the video is not live (for example a recording)", "VIDEO_NOT_LIVE", "video",
)  # fmt: skip
IDENTITY_MISSING = _engine(
    -5801, "IDENTITY_MISSING", "请求缺少身份证号码或身份证姓名",
    "the ID number or the name is missing", "ERROR_IDCARD_PARAM_EMPTY", "identity",
    raised_by=("identity_given", SCENARIO),
)  # fmt: skip
IDENTITY_DOWN = _engine(
    -5802, "IDENTITY_DOWN", "服务器内部错误，服务暂时不可用",
    "internal error; the service is temporarily unavailable", "ERROR_SERVICE_UNAVAILABLE", "identity",
)  # fmt: skip
NAME_MISMATCH = _engine(
    -5803, "NAME_MISMATCH", "身份证姓名与身份证号码不一致",
    "the name does not belong to the ID number", "ERROR_IDCARD_NAME_NOT_MATCH", "identity",
    raised_by=("scenario's name", SCENARIO),
)  # fmt: skip
NUMBER_INVALID = _engine(
    -5804, "NUMBER_INVALID",
    "身份证号码无效（因户口变动，极少数正常用户也会返回这个结果，此类用户无法使用本服务）",
    "the ID number is invalid (a few real people get this too, after a change of their registration)",
    "ERROR_IDCARD_NUMBER_INVALID", "identity", raised_by=("default for malformed numbers", SCENARIO),
)  # fmt: skip
PHOTO_MISSING = _engine(
    -5805, "PHOTO_MISSING", "用户未输入图像或者 url 下载失败",
    "no picture was given, or its URL could not be downloaded", "ERROR_IMAGE_EMPTY", "photo",
    raised_by=("picture_given", "url_is_http", SCENARIO),
)  # fmt: skip
REGISTER_PHOTO_INVALID = _engine(
    -5809, "REGISTER_PHOTO_INVALID",
    "用户身份证登记照无效（一般是派出所上传照片时出错，重新拍照片到身份证所属派出所提交可解决）",
    "the photo in the register is unusable (the police station can replace it)",
    "ERROR_REGISTER_PHOTO_INVALID", "identity",
)  # fmt: skip
REGISTER_PHOTO_POOR = _engine(
    -5817, "REGISTER_PHOTO_POOR", "证件照质量较差，请到户籍所在地派出所进行核实",
    "the photo in the register is of poor quality", "ERROR_REGISTER_PHOTO_POOR_QUALITY", "identity",
)  # fmt: skip

TABLE: tuple[Code, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Code))
"""All codes in the order of the page, 0 first."""
PAGE = CodeTable(TABLE)


APPID_NOT_FOUND_MESSAGE = "donot find appid"
"""Code 3 if the appid is absent or not a string. Evidence: wire (2017; in 2019 it began with "don't find appid")."""

ARREARS_MESSAGE = "account abnormal,errorno is:2"
"""Code 3 if the account is in arrears. Evidence: page, which quotes it as a literal of the wire."""
