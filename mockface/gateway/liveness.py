"""The table of what the actions that look at a video say besides the codes of `results.py`: 42 codes.

Three lists are put together. LivenessCompare's is that of today's SDK for Go; LivenessRecognition's is that of an older
one, with what the other has gained since and what its field Encryption brings. The codes say the same in both. Chinese
texts are the comments of the SDK for Python, English ones those of the vendor's SDK in English where it has the code.
"""

from __future__ import annotations

from mockface.codes import Evidence
from mockface.gateway.results import ResultCode


def _failed(
    name: str, chinese: str, english: str, of_english: Evidence = "assumed", of_chinese: Evidence = "sdk"
) -> ResultCode:  # fmt: skip
    return ResultCode(f"FailedOperation.{name}", chinese, english, "result", of_chinese, of_english)


def _refused(code: str, chinese: str, english: str) -> ResultCode:
    return ResultCode(code, chinese, english, "error", "sdk", "assumed")


TABLE: tuple[ResultCode, ...] = (
    _failed("ActionCloseEye", "未检测到闭眼动作。", "No closing of the eyes was detected."),
    _failed("ActionFaceClose", "脸离屏幕太近。", "The face is too close to the screen."),
    _failed("ActionFaceFar", "脸离屏幕太远。", "The face is too far from the screen."),
    _failed("ActionFaceLeft", "脸离屏幕太左。", "The face is too far to the left of the screen."),
    _failed("ActionFaceRight", "脸离屏幕太右。", "The face is too far to the right of the screen."),
    _failed("ActionFirstAction", "未检测到动作配合。", "No action was detected."),
    _failed("ActionLightDark", "光线太暗。", "The light is too dark."),
    _failed("ActionLightStrong", "光线太强。", "The light is too strong."),
    _failed("ActionNodetectFace", "未能检测到完整人脸。", "No complete face could be detected."),
    _failed("ActionOpenMouth", "未检测到张嘴动作。", "No opening of the mouth was detected."),
    _failed(
        "CompressVideoError", "视频压缩失败，请重试，或减小输入视频的大小。",
        "The video compression failed. Please try again or reduce the size of the input video.", "sdk", "assumed",
    ),
    _failed("DownLoadError", "文件下载失败。", "The file could not be downloaded."),
    _failed("DownLoadTimeoutError", "文件下载超时。", "The download of the file timed out."),
    _failed("FileSaveError", "文件存储失败，请稍后重试。", "The file could not be stored. Please try again later."),
    _failed("LipFaceIncomplete", "脸部未完整露出。", "The face is not fully exposed.", "sdk"),
    _failed("LipMoveSmall", "嘴唇动作幅度过小。", "The lip movement range is too small.", "sdk"),
    _failed("LipNetFailed", "视频拉取失败，请重试。", "Failed to pull the video. Please try again.", "sdk"),
    _failed(
        "LipSizeError", "视频为空，或大小不合适，请控制录制时长在6s左右。",
        "The video is empty or its size is inappropriate. The recording duration should be about 6 seconds.", "sdk",
    ),
    _failed("LipVideoInvalid", "视频格式有误。", "The video format is incorrect.", "sdk"),
    _failed("LipVideoQuaility", "视频像素太低。", "The video definition is too low.", "sdk"),
    _failed("LipVoiceDetect", "未检测到声音。", "No sound is detected.", "sdk"),
    _failed("LipVoiceLow", "视频声音太小。", "The volume of the video is too low.", "sdk"),
    _failed("LipVoiceRecognize", "声音识别失败。", "Speech recognition failed.", "sdk"),
    _failed(
        "LivessBestFrameError", "人脸检测失败，无法提取比对照。",
        "Face detection failed. Unable to extract the photo for comparison.", "sdk",
    ),
    _failed("LivessDetectFail", "活体检测没通过。", "Liveness detection failed.", "sdk"),
    _failed("LivessDetectFake", "疑似非真人录制。", "Suspected spoofed recording.", "sdk"),
    _failed("LivessSystemError", "调用活体引擎接口出错。", "Error calling the liveness engine API.", "sdk"),
    _failed("LivessUnknownError", "视频实人检测没通过。", "Video-based real person detection failed.", "sdk"),
    _failed("RequestLimitExceeded", "调用次数超出限制。", "The number of calls exceeds the limit."),
    _failed("SilentDetectFail", "实人检测失败。", "The detection of a real person failed."),
    _failed("SilentEyeLiveFail", "眼睛检测失败。", "The detection of the eyes failed."),
    _failed("SilentFaceDetectFail", "视频未检测到人脸。", "No face was detected in the video."),
    _failed("SilentFaceQualityFail", "视频中人脸质量低。", "The face in the video is of low quality."),
    _failed("SilentFaceWithMaskFail", "检测到带口罩。", "A mask was detected."),
    _failed("SilentMouthLiveFail", "嘴巴检测失败。", "The detection of the mouth failed."),
    _failed("SilentMultiFaceFail", "视频检测中有多个人脸。", "Several faces were detected in the video."),
    _failed("SilentPictureLiveFail", "疑似翻拍。", "A recording of a screen or a picture is suspected."),
    _failed(
        "SilentThreshold", "实人检测未达到通过标准。",
        "The detection of a real person did not reach the passing standard.",
    ),
    _failed(
        "SilentTooShort", "视频录制时间过短，请录制2秒以上的视频。",
        "The video is too short. Please record one of more than 2 seconds.",
    ),
    _refused("InvalidParameter.RuleId", "RuleId不存在。", "The RuleId does not exist."),
    _refused("InvalidParameterValue.BizTokenExpired", "BizToken过期。", "The BizToken has expired."),
    _refused(
        "InvalidParameterValue.RuleIdNotExist", "RuleId不存在，请到人脸核身控制台申请。",
        "The RuleId does not exist. Apply for one in the console.",
    ),
)  # fmt: skip
"""The codes that ImageRecognition does not have, in the order of their names."""

_ACCOUNT = (
    "UnauthorizedOperation", "UnauthorizedOperation.Arrears", "UnauthorizedOperation.NonAuthorize",
    "UnauthorizedOperation.Nonactivated", "UnsupportedOperation",
)  # fmt: skip
_IN_BOTH = ("FailedOperation.Action", "FailedOperation.Lip", "FailedOperation.Livess")
OF_BOTH: tuple[str, ...] = (
    *(row.code for row in TABLE if row.code.startswith(_IN_BOTH)),
    "FailedOperation.CompareFail", "FailedOperation.CompareLowSimilarity", "FailedOperation.CompareSystemError",
    "FailedOperation.LifePhotoDetectFaces", "FailedOperation.LifePhotoDetectFake",
    "FailedOperation.LifePhotoDetectNoFaces", "FailedOperation.LifePhotoPoorQuality",
    "FailedOperation.LifePhotoSizeError", "FailedOperation.SilentDetectFail", "FailedOperation.SilentThreshold",
    "FailedOperation.SilentTooShort", "FailedOperation.UnKnown", "InvalidParameter", "InvalidParameterValue", *_ACCOUNT,
)  # fmt: skip
"""The codes that both lists have."""
NEWER: tuple[str, ...] = (
    "FailedOperation.CompressVideoError", "FailedOperation.DownLoadError", "FailedOperation.DownLoadTimeoutError",
    *(row.code for row in TABLE if row.code.startswith("FailedOperation.Silent") and row.code not in OF_BOTH),
)  # fmt: skip
"""Codes of LivenessCompare's list of today; that LivenessRecognition has them too is assumed."""
OF_RECOGNITION: tuple[str, ...] = (
    "FailedOperation.FileSaveError", "FailedOperation.IdFormatError", "FailedOperation.IdNameMisMatch",
    "FailedOperation.IdNoExistSystem", "FailedOperation.IdPhotoNoExist", "FailedOperation.IdPhotoPoorQuality",
    "FailedOperation.IdPhotoSystemNoanswer", "FailedOperation.NameFormatError", "FailedOperation.RequestLimitExceeded",
    "InvalidParameter.RuleId", "InvalidParameterValue.BizTokenExpired", "InvalidParameterValue.RuleIdNotExist",
)  # fmt: skip
"""Codes of LivenessRecognition's older list alone."""
OF_ENCRYPTION: tuple[str, ...] = (
    "FailedOperation.DecryptSystemError", "InvalidParameter.UnsupportEncryptField"
)  # fmt: skip
"""Codes of the field Encryption, which LivenessRecognition has: assumed, as its older list is older than the field."""

RECOGNITION: frozenset[str] = frozenset((*OF_BOTH, *NEWER, *OF_RECOGNITION, *OF_ENCRYPTION))
COMPARE: frozenset[str] = frozenset((*OF_BOTH, *NEWER))
"""What each action can answer; `AuthFailure.InvalidAuthorization`, of LivenessCompare's list, is one of the gateway."""
