"""The tables of the gateway: its errors, the codes of the action, and the twins of the old codes."""

import pytest

from mockface import codes
from mockface.gateway import codes as gateway
from mockface.gateway import errors, liveness, results, twins
from mockface.gateway.outcomes import OUTCOMES
from mockface.operations import OPERATIONS

LISTED = [
    "CompareFail", "CompareLibServiceUnavailable", "CompareLowSimilarity", "CompareSystemError", "DecryptSystemError",
    "IdFormatError", "IdNameMisMatch", "IdNoExistSystem", "IdPhotoNoExist", "IdPhotoPoorQuality",
    "IdPhotoSystemNoanswer", "IdentityAuthLimitExceeded", "LifePhotoDetectFaces", "LifePhotoDetectFake",
    "LifePhotoDetectNoFaces", "LifePhotoPoorQuality", "LifePhotoSizeError", "NameFormatError", "StsUnAuthErrError",
    "UnKnown",
]  # fmt: skip
OTHERS = [
    "InvalidParameter", "InvalidParameter.UnsupportEncryptField", "InvalidParameterValue", "UnauthorizedOperation",
    "UnauthorizedOperation.Arrears", "UnauthorizedOperation.NonAuthorize", "UnauthorizedOperation.Nonactivated",
    "UnsupportedOperation",
]  # fmt: skip
SAID = {
    ("MISSING_PARAMETER", "en"): "The request is missing a required parameter `A`.",
    ("MISSING_PARAMETER", "zh"): "请求缺少必传参数 `A`。",
    ("MISSING_HEADER", "en"): "The request header is missing a required common parameter `A`.",
    ("NO_SUCH_VERSION", "en"): "The specified api version=`A` does not exist in service=`B`.",
    ("PARAMETER_VALUE", "en"): "The value `B` specified in the parameter `A` is not valid.",
    ("REQUEST_LIMIT_EXCEEDED", "zh"): "您当前每秒请求 `A` 次，超过了每秒频率上限 `B`，请稍后重试。",
    ("SIGNATURE_EXPIRE", "en"): "The signature is expired, please request again.",
    ("SIGNATURE_EXPIRE", "zh"): "签名过期。",
    ("FORBIDDEN_BY_POLICY", "en"): (
        "[request id:A]you are not authorized to perform operation (B)\nresource (C) has no permission\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "language"), SAID)
def test_a_message_is_rendered_with_its_holes_filled(name, language):
    assert errors.render(errors.TABLE[name], language, x="A", y="B", z="C") == SAID[name, language]


@pytest.mark.parametrize("error", errors.TABLE.values(), ids=errors.TABLE)
def test_every_error_has_both_texts_with_evidence_and_a_meaning(error):
    assert error.english.isascii()
    assert not error.chinese.isascii()
    assert {error.english_evidence, error.chinese_evidence} <= {"wire", "page", "sdk", "assumed"}
    assert error.meaning_en.isascii()
    assert not error.meaning_zh.isascii()
    assert set(error.holes) <= {"x", "y", "z"}
    for language in ("en", "zh"):
        said = errors.render(error, language, **dict.fromkeys(error.holes, "{x}"))
        assert said.count("{x}") <= len(error.holes)


def test_a_hole_that_is_not_filled_is_named():
    with pytest.raises(KeyError, match="x"):
        errors.render(errors.MISSING_PARAMETER, "en", y="A")


def test_the_first_message_of_a_code_is_its_most_usual_one():
    assert errors.BY_CODE["AuthFailure.SignatureFailure"][0] is errors.SIGNATURE_FAILURE
    assert errors.BY_CODE["MissingParameter"] == (errors.MISSING_PARAMETER, errors.MISSING_HEADER)
    assert sum(map(len, errors.BY_CODE.values())) == len(errors.TABLE)


def test_the_action_has_the_28_codes_that_its_documentation_lists():
    listed = [*(f"FailedOperation.{name}" for name in LISTED), *OTHERS]
    assert [one.code for one in results.TABLE] == listed
    assert list(results.BY_CODE) == ["Success", *listed]
    assert len(listed) == 28


def test_the_actions_with_a_video_have_what_their_lists_have():
    # LivenessCompare's list has 54: these and AuthFailure.InvalidAuthorization, which is one of the gateway.
    assert len(liveness.COMPARE) == 53
    # LivenessRecognition's older list has 55; ten codes of the newer one and two of Encryption are added.
    older = {*liveness.OF_BOTH, *liveness.OF_RECOGNITION}
    assert (len(older), len(liveness.NEWER), len(liveness.OF_ENCRYPTION)) == (55, 10, 2)
    assert older | {*liveness.NEWER, *liveness.OF_ENCRYPTION} == liveness.RECOGNITION
    assert {row.code for row in liveness.TABLE} <= liveness.RECOGNITION
    assert not {row.code for row in liveness.TABLE} & set(results.BY_CODE)
    assert set(gateway.EVERY) >= liveness.RECOGNITION


def test_the_codes_of_a_video_are_marked_as_such_and_have_places_behind_the_others():
    of_videos = {row.code for row in liveness.TABLE if gateway.EVERY[row.code].group == "video"}
    others = {row.code for row in liveness.TABLE} - of_videos
    assert others == {"FailedOperation.RequestLimitExceeded", *(row.code for row in liveness.TABLE[-3:])}
    assert [row.code for row in liveness.TABLE] == list(OUTCOMES[61:])
    assert OUTCOMES[60:62] == ("DryRunOperation", "FailedOperation.ActionCloseEye")
    assert OUTCOMES.index("FailedOperation.LipVoiceRecognize") == 83
    assert len(set(OUTCOMES)) == len(OUTCOMES) == 103


@pytest.mark.parametrize("row", liveness.TABLE, ids=lambda row: row.code)
def test_every_code_of_a_video_has_both_texts_with_evidence_and_an_old_code_or_none(row):
    assert row.english.isascii()
    assert row.english.endswith(".")
    assert not row.chinese.isascii()
    assert row.chinese.endswith("。")
    assert {row.english_evidence, row.chinese_evidence} <= {"sdk", "assumed"}
    assert row.code in twins.TO_OLD


def test_failures_of_the_comparison_stand_in_the_result_and_all_others_in_an_error():
    where = {"FailedOperation.DecryptSystemError": "error", "FailedOperation.StsUnAuthErrError": "error",
             "FailedOperation.UnKnown": "either"}  # fmt: skip
    for one in results.TABLE:
        failed = one.code.startswith("FailedOperation.")
        assert one.where == where.get(one.code, "result" if failed else "error")


def test_a_description_drops_the_last_full_stop_and_a_message_keeps_it():
    assert results.description(results.COMPARE_LOW_SIMILARITY) == "比对相似度未达到通过标准"
    assert results.message(results.COMPARE_LOW_SIMILARITY) == "比对相似度未达到通过标准。"
    assert results.description(results.SUCCESS) == "成功"
    assert results.description(results.SUCCESS, "en") == "Success"
    assert results.message(results.NONACTIVATED, "en") == "The service has not been activated."
    for one in results.TABLE:
        assert not results.description(one).endswith("。")
        assert results.description(one, "en") == results.message(one, "en") == one.english


def test_a_call_is_billed_that_was_compared_or_whose_name_is_another():
    assert {one.code.rpartition(".")[2] for one in results.BY_CODE.values() if one.billed} == {
        "Success", "CompareLowSimilarity", "IdNameMisMatch",
    }  # fmt: skip


def test_every_old_code_has_its_row():
    rows, known = list(twins.FROM_OLD), [code.number for code in codes.TABLE]
    assert rows == known, f"give it a row in gateway/twins.py, in the table's order: {set(rows) ^ set(known)}"
    assert {number for number, row in twins.FROM_OLD.items() if not row} == {13, 16}


@pytest.mark.parametrize(
    ("number", "code", "where"),
    [
        (0, "Success", "result"),
        (9, "AuthFailure.SignatureExpire", "error"),
        (11, "AuthFailure.SecretIdNotFound", "error"),
        (24, "UnauthorizedOperation.Nonactivated", "error"),
        (213, "InternalError", "error"),
        (-4012, "FailedOperation.LifePhotoDetectNoFaces", "result"),
        (-5803, "FailedOperation.IdNameMisMatch", "result"),
        (-5804, "FailedOperation.IdFormatError", "result"),
        (-5805, "MissingParameter", "error"),
        (-5809, "FailedOperation.IdPhotoNoExist", "result"),
        (-5817, "FailedOperation.IdPhotoPoorQuality", "result"),
    ],
)
def test_the_first_twin_is_the_default_answer(number, code, where):
    assert twins.FROM_OLD[number][0][:2] == (code, where)


def test_every_listed_code_has_its_old_codes_or_says_that_there_is_none():
    assert set(results.BY_CODE) <= set(twins.TO_OLD)
    for code in twins.WITHOUT_OLD:
        assert twins.TO_OLD[code] is None
    assert all(row is None or row for row in twins.TO_OLD.values())


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("Success", 0),
        ("AuthFailure.SecretIdNotFound", 11),
        ("AuthFailure.SignatureFailure", 14),
        ("InternalError", 213),
        ("InvalidParameter", 21),
        ("FailedOperation.LifePhotoDetectNoFaces", -4012),
        ("FailedOperation.IdNoExistSystem", -5804),
        ("FailedOperation.IdPhotoPoorQuality", -5817),
        ("FailedOperation.CompareSystemError", -5802),
    ],
)
def test_the_nearest_old_code_of_a_successor_comes_first(code, number):
    old = twins.TO_OLD[code]
    assert old is not None
    assert old[0] == number


def test_a_twin_stands_where_the_table_of_results_has_it():
    for row in twins.FROM_OLD.values():
        for twin in row:
            known = results.BY_CODE.get(twin.code)
            assert known is None or known.where in (twin.where, "either"), twin
            assert twin.grade in twins.GRADES
            assert twin.listed == (known is not None or twin.code in errors.BY_CODE)


def test_what_a_video_alone_is_refused_for_is_not_listed_for_the_action():
    assert not any(twin.listed for number in (-5001, -5008, -5016) for twin in twins.FROM_OLD[number])
    assert all(twin.listed for number in (-5801, -5802, -5803, 3, 15) for twin in twins.FROM_OLD[number])


def test_what_answers_a_message_is_a_check_of_an_action():
    checks = {
        check.name for one in OPERATIONS if one.action for mode in ("verify", "off") for check in one.checks[mode]
    }
    assert set(gateway.MESSAGES_RAISED_BY) <= set(errors.TABLE)
    named = {name for code in gateway.EVERY.values() for name in code.raised_by} - {codes.SCENARIO}
    assert named == checks
