"""The table of which code of the successor says what a code of /face/idcardcompare said, and the other way round.

Nobody published one: it is put together from the texts of both and from the list of the successor's action, and every
row has its grade. Knows no request.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from mockface import codes
from mockface.gateway import errors, liveness, results
from mockface.gateway.results import Where

Grade = Literal["sure", "text", "list", "fair", "analogy", "weak", "open"]
"""What speaks for a row, the best first.

`text`: both texts say the same; `list`: the action's list has the code and nothing nearer; `analogy`: it is refused at
the same point; `open`: nothing decides between the codes of the row.
"""
GRADES: tuple[Grade, ...] = ("sure", "text", "list", "fair", "analogy", "weak", "open")


class Twin(NamedTuple):
    """A code of the successor that says what an old one said, and where it stands.

    `about` is the parameter that the message names; `when` says when this one comes rather than the first of its row;
    of an old code that has several messages it is the old message.
    """

    code: str
    where: Where
    grade: Grade
    about: str = ""
    when: str = ""

    @property
    def listed(self) -> bool:
        """Whether ImageRecognition can answer it: by its own list, or by the gateway's."""
        return self.code in results.BY_CODE or self.code in errors.BY_CODE


def _result(name: str, grade: Grade, when: str = "") -> Twin:
    return Twin(f"FailedOperation.{name}", "result", grade, when=when)


def _error(code: str, grade: Grade, about: str = "", when: str = "") -> Twin:
    return Twin(code, "error", grade, about, when)


_INTERNAL = "InternalError"
_SIGNATURE = "AuthFailure.SignatureFailure"
_KEY = "AuthFailure.SecretIdNotFound"
_SERVICE_DOWN = (
    _error(_INTERNAL, "fair"),
    _error("ServiceUnavailable", "fair"),
    _error("FailedOperation.StsUnAuthErrError", "fair"),
)
_ENGINE = (_result("CompareFail", "fair"), _result("CompareSystemError", "fair"))
_UNDECODABLE = (
    _result("LifePhotoPoorQuality", "open"),
    _result("LifePhotoSizeError", "open"),
    _result("ImageDecodeFailed", "open", "the text is the same, but the action's list has no such code"),
)

FROM_OLD: dict[int | str, tuple[Twin, ...]] = {
    codes.OK.number: (
        Twin("Success", "result", "sure"),
        _result("CompareLowSimilarity", "sure", "V2, Sim below 70"),
    ),
    codes.BAD_REQUEST.number: (
        _error("InvalidParameter", "fair"),
        _error("UnsupportedProtocol", "fair", when="the method or the Content-Type is wrong"),
        _error("MissingParameter", "analogy", "X-TC-Action", codes.APPID_NOT_FOUND_MESSAGE),
        _error("MissingParameter", "analogy", "Timestamp", codes.APPID_NOT_FOUND_MESSAGE),
        _error("UnauthorizedOperation.Arrears", "text", when=codes.ARREARS_MESSAGE),
    ),
    codes.SIGNATURE_EMPTY.number: (
        _error("MissingParameter", "fair", "Signature"),
        _error("MissingParameter", "fair", "SecretId"),
        _error("MissingParameter", "fair", "Timestamp"),
    ),
    codes.SIGNATURE_MALFORMED.number: (_error("AuthFailure.InvalidAuthorization", "text"),),
    codes.SIGNATURE_TARGET_MISMATCH.number: (_error(_SIGNATURE, "weak", when="the scope has another service or date"),),
    codes.SIGNATURE_EXPIRED.number: (_error("AuthFailure.SignatureExpire", "text"),),
    codes.APPID_UNKNOWN.number: (_error(_KEY, "analogy"),),
    codes.SECRET_ID_UNKNOWN.number: (_error(_KEY, "text"),),
    codes.SECRET_ID_MISMATCH.number: (_error(_KEY, "analogy"),),
    codes.SIGNATURE_REPLAYED.number: (),
    codes.SIGNATURE_WRONG.number: (_error(_SIGNATURE, "text"),),
    codes.TOO_FREQUENT.number: (
        _error("RequestLimitExceeded", "text"),
        _result("IdentityAuthLimitExceeded", "text", "the person's limit of a day"),
    ),
    codes.BUCKET_UNKNOWN.number: (),
    codes.INVALID_PARAMETER.number: (
        _error("InvalidParameter", "text"),
        _error("InvalidParameterValue", "text"),
    ),
    codes.BODY_TOO_LARGE.number: (
        _error("RequestSizeLimitExceeded", "fair"),
        _error(_SIGNATURE, "fair", when="signature v1, above 1 MB"),
        _result("LifePhotoSizeError", "fair", "a picture above 3 M"),
        _error("InvalidParameterValue", "fair", "ImageBase64", "a picture above 3 M"),
    ),
    codes.NOT_AUTHORISED.number: (_error("UnauthorizedOperation.Nonactivated", "text"),),
    codes.AUTH_DOWN.number: _SERVICE_DOWN,
    codes.AUTH_DOWN_2.number: _SERVICE_DOWN,
    codes.INTERNAL_ERROR.number: (_error(_INTERNAL, "text"),),
    codes.VIDEO_SELFIE_FEATURE.number: _ENGINE,
    codes.VIDEO_SELFIE_COMPARE.number: _ENGINE,
    codes.CARD_FEATURE.number: (_result("IdPhotoPoorQuality", "weak"), _result("CompareFail", "weak")),
    codes.SELFIE_CARD_COMPARE.number: _ENGINE,
    codes.PHOTO_UNDECODABLE.number: _UNDECODABLE,
    codes.PHOTO_NO_FACE.number: (_result("LifePhotoDetectNoFaces", "text"),),
    codes.SELFIE_NO_FACE.number: (_result("LifePhotoDetectNoFaces", "text"),),
    codes.SELFIE_UNDECODABLE.number: _UNDECODABLE,
    codes.CARD_NO_FACE.number: (_result("LifePhotoDetectNoFaces", "weak", "LivenessCompare"),),
    codes.CARD_UNDECODABLE.number: (_result("ImageDecodeFailed", "weak", "LivenessCompare"),),
    codes.VIDEO_INVALID.number: (
        _result("LipVideoInvalid", "text"),
        _result("LipSizeError", "fair", "it is empty or too large"),
    ),
    codes.LIP_READING.number: (_result("LivessDetectFail", "weak"), _result("LipMoveSmall", "weak")),
    codes.VIDEO_TOO_FEW_FACES.number: (_result("LivessBestFrameError", "fair"), _result("LipFaceIncomplete", "fair")),
    codes.VIDEO_NO_SOUND.number: (_result("LipVoiceDetect", "text"),),
    codes.VIDEO_WRONG_DIGITS.number: (_result("LipVoiceRecognize", "text"),),
    codes.VIDEO_NO_FACE.number: (_result("LipFaceIncomplete", "text"),),
    codes.VIDEO_MOUTH_SHUT.number: (_result("LipMoveSmall", "text"),),
    codes.LIVENESS.number: (
        _result("LivessDetectFail", "text"),
        _result("LivessUnknownError", "text"),
        _result("LivessSystemError", "fair"),
    ),
    codes.VIDEO_NOISY.number: (_result("LipVoiceRecognize", "weak"),),
    codes.VIDEO_TOO_QUIET.number: (_result("LipVoiceLow", "text"),),
    codes.LIVENESS_LEVEL.number: (_error("InvalidParameterValue", "fair"),),
    codes.VIDEO_TOO_SMALL.number: (_result("LipVideoQuaility", "text"),),
    codes.VIDEO_NOT_LIVE.number: (_result("LivessDetectFake", "text"),),
    codes.IDENTITY_MISSING.number: (
        _error("MissingParameter", "fair", "IdCard"),
        _error("MissingParameter", "fair", "Name"),
        _error("InvalidParameter", "fair", when="it is an empty string"),
        _result("IdFormatError", "fair", "the number is an empty string"),
        _result("NameFormatError", "fair", "the name is an empty string"),
    ),
    codes.IDENTITY_DOWN.number: (
        _result("CompareSystemError", "text"),
        _result("CompareLibServiceUnavailable", "text"),
        _result("IdPhotoSystemNoanswer", "text"),
        _error(_INTERNAL, "text"),
    ),
    codes.NAME_MISMATCH.number: (_result("IdNameMisMatch", "text"),),
    codes.NUMBER_INVALID.number: (
        _result("IdFormatError", "text", "its shape or its check digit is wrong"),
        _result("IdNoExistSystem", "text", "the register has no such number, as after a change of registration"),
    ),
    codes.PHOTO_MISSING.number: (_error("MissingParameter", "sure", "ImageBase64"),),
    codes.REGISTER_PHOTO_INVALID.number: (_result("IdPhotoNoExist", "fair"),),
    codes.REGISTER_PHOTO_POOR.number: (_result("IdPhotoPoorQuality", "text"),),
}
"""For each old code its successors, the default answer first; none where nothing of the successor says the same.

Codes of videos have theirs in the video actions; `Twin.listed` says whether ImageRecognition answers one.
"""


def _is_in_a_row(code: str) -> bool:
    return any(twin.code == code for row in FROM_OLD.values() for twin in row)


WITHOUT_OLD = (
    "FailedOperation.LifePhotoDetectFaces", "FailedOperation.LifePhotoDetectFake",
    "FailedOperation.LifePhotoPoorQuality", "FailedOperation.LifePhotoSizeError",
    "FailedOperation.CompareLowSimilarity", "FailedOperation.NameFormatError", "FailedOperation.DecryptSystemError",
    "InvalidParameter.UnsupportEncryptField", "UnauthorizedOperation.NonAuthorize", "UnsupportedOperation",
    "FailedOperation.UnKnown", "UnauthorizedOperation",
    *(row.code for row in liveness.TABLE if not _is_in_a_row(row.code)),
)  # fmt: skip
"""Codes that are new with the successor, although a row above may answer one.

That UnKnown and UnauthorizedOperation are is assumed; of the codes of videos all are that stand in no row.
"""


def _derived() -> dict[str, tuple[int | str, ...] | None]:
    """Old codes by successor, those first whose default it is, among them the best grade first."""
    ranked: dict[str, list[tuple[int, int, int | str]]] = {}
    for number, row in FROM_OLD.items():
        for place, twin in enumerate(row):
            ranked.setdefault(twin.code, []).append((min(place, 1), GRADES.index(twin.grade), number))
    derived: dict[str, tuple[int | str, ...] | None] = {}
    for code, found in ranked.items():
        in_order = sorted(found, key=lambda one: one[:2])  # of equals the first in the table
        derived[code] = tuple(dict.fromkeys(number for _, _, number in in_order))
    return derived | dict.fromkeys(WITHOUT_OLD)


TO_OLD: dict[str, tuple[int | str, ...] | None] = _derived()
"""For each code of the successor the old ones that it stands for, the nearest first; None where there is none."""
