"""The actions of API 3.0 that look at a video, and those that say what is to be seen in it, on a real socket."""

import base64
import io
import json
import re
import socket
import time
from urllib.parse import urlsplit

import pytest
from PIL import Image

from mockface import codes as old
from mockface.gateway import codes, errors
from mockface.gateway.making import tc3_headers
from mockface.gateway.outcomes import OUTCOMES
from mockface.network.client import Client
from mockface.operations.digits import SPELLING, spelled
from mockface.operations.faceid.livecodes import CODES as OF_LIVE_CODES
from mockface.operations.faceid.liveness import COMPARE_CODES, RECOGNITION_CODES
from mockface.reasons import chinese
from mockface.samples import video
from mockface.scenarios import family
from mockface.signature.accounts import TEST_ACCOUNT
from mockface.testing import Mockface
from tests.successor import PICTURE, VIDEO, ask, ask_v1, fields_for

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


ACTIONS = ("LivenessRecognition", "LivenessCompare")
OF_RECOGNITION = tuple(name for name in OUTCOMES if name in RECOGNITION_CODES.by_number)
M = 1024 * 1024


def b64(kind):
    return base64.b64encode(video(kind)).decode()


def number_of(name):
    return family.number_for_code(codes.EVERY[name])


def asked(url, action="LivenessRecognition", **fields):
    return ask(url, action, fields_for(action, **fields))


@pytest.fixture(scope="module")
def server():
    with Mockface(signature="verify") as m:
        yield m


@pytest.fixture
def url(server):
    return server.url


# What is to be said or done


def test_a_live_code_is_four_digits_and_nothing_else(url):
    body = ask(url, "GetLiveCode", {}).body.decode()
    assert re.fullmatch(rf'\{{"Response":\{{"LiveCode":"[0-9]{{4}}","RequestId":"{UUID}"\}}\}}', body)


def test_an_action_sequence_is_one_of_two_and_the_type_does_not_matter(url):
    body = ask(url, "GetActionSequence", {}).body.decode()
    assert re.fullmatch(rf'\{{"Response":\{{"ActionSequence":"(1,2|2,1)","RequestId":"{UUID}"\}}\}}', body)
    given = {ask(url, "GetActionSequence", {"ActionType": kind}).said["ActionSequence"] for kind in "0123456789abcdef"}
    assert given == {"1,2", "2,1"}


def test_live_codes_differ_are_repeated_by_a_seed_and_never_spell_a_code():
    def dealt():
        with Mockface(seed=7) as m:
            return [ask(m.url, "GetLiveCode", {}).said["LiveCode"] for _ in range(30)]

    found = dealt()
    assert found == dealt()
    assert len(set(found)) > 20
    assert not any(spelled(digits) for digits in found)


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(("action", "field"), [("GetLiveCode", "LiveCode"), ("GetActionSequence", "ActionSequence")])
def test_they_are_given_to_a_call_of_signature_v1(url, action, field, method):
    assert field in ask_v1(url, action, {}, method=method).said


def test_they_take_no_other_fields(url):
    answer = ask(url, "GetLiveCode", {"Name": "x"})
    assert (answer.code, answer.why) == ("UnknownParameter", "'Name' is not a field of this action; it has none")
    assert ask(url, "GetActionSequence", {"ActionType": 1}).code == "InvalidParameter"


@pytest.mark.parametrize("action", ["GetLiveCode", "GetActionSequence"])
def test_they_are_found_by_their_name_and_fail_in_an_error(server, tmp_path, action):
    scenarios = tmp_path / "a.yaml"
    scenarios.write_text(f"scenarios:\n  {action}: {{ result: FailedOperation.UnKnown }}\n", encoding="utf-8")
    with Mockface(scenarios=scenarios) as m:
        assert ask(m.url, action, {}).said["Error"]["Code"] == "FailedOperation.UnKnown"
        assert m.calls[-1].number == action


def test_their_codes_are_the_gateways_and_the_accounts():
    numbers = {code.number for code in OF_LIVE_CODES}
    assert numbers == {"Success", "FailedOperation.UnKnown", *errors.BY_CODE} | {
        name for name in codes.EVERY if name.startswith("UnauthorizedOperation")
    }


# What a success says


def test_a_success_has_its_keys_in_alphabetical_order_and_a_jpeg_of_the_person(url):
    answer = asked(url)
    said = answer.said
    assert list(said) == ["BestFrameBase64", "Description", "RequestId", "Result", "Sim"]
    assert (said["Result"], said["Description"], said["Sim"], answer.why) == ("Success", "成功", 89.88, None)
    picture = base64.b64decode(said["BestFrameBase64"], validate=True)
    assert Image.open(io.BytesIO(picture)).format == "JPEG"
    assert asked(url).said["BestFrameBase64"] == said["BestFrameBase64"]
    other = family.number_for_similarity(99)
    assert asked(url, IdCard=other).said["BestFrameBase64"] != said["BestFrameBase64"]


def test_a_comparison_with_a_picture_that_comes_along_names_nobody(server):
    answer = asked(server.url, "LivenessCompare")
    assert (answer.code, answer.said["Sim"]) == ("Success", 100)
    assert base64.b64decode(answer.said["BestFrameBase64"]).startswith(b"\xff\xd8\xff")
    assert server.calls[-1].number == "LivenessCompare"


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("count", [2, 10])
def test_as_many_best_frames_come_as_are_asked_for(url, action, count):
    said = asked(url, action, Optional=json.dumps({"BestFrameNum": count, "Other": "x"})).said
    assert list(said)[:2] == ["BestFrameBase64", "BestFrameList"]
    assert len(set(said["BestFrameList"])) == count
    assert said["BestFrameList"][0] == said["BestFrameBase64"]


@pytest.mark.parametrize("optional", [None, "", "{}", '{"BestFrameNum": null}'])
def test_no_list_of_frames_comes_unasked(url, optional):
    assert "BestFrameList" not in asked(url, Optional=optional).said


def test_a_failure_has_no_frames_and_a_sim_of_0(url):
    said = asked(url, IdCard=number_of("FailedOperation.LivessDetectFake"), Optional='{"BestFrameNum": 3}').said
    assert {**said, "RequestId": ""} == {
        "BestFrameBase64": None, "BestFrameList": None, "Description": "疑似非真人录制", "RequestId": "",
        "Result": "FailedOperation.LivessDetectFake", "Sim": 0,
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "data"), [("LIP", "0007"), ("ACTION", "1,2"), ("ACTION", "2,1"), ("SILENT", None),
                                            ("SILENT", "")])  # fmt: skip
@pytest.mark.parametrize("action", ACTIONS)
def test_each_kind_of_video_passes_with_its_data(url, action, kind, data):
    assert asked(url, action, LivenessType=kind, ValidateData=data).code == "Success"


@pytest.mark.parametrize("kind", ["good", "flv", "rotated"])
def test_each_accepted_container_passes(url, kind):
    assert asked(url, VideoBase64=b64(kind)).code == "Success"


# Whose outcome it is


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
@pytest.mark.parametrize("name", OF_RECOGNITION)
def test_every_code_is_met_by_its_number_in_both_languages(url, name, language):
    code = codes.EVERY[name]
    answer = ask(
        url, "LivenessRecognition", fields_for("LivenessRecognition", IdCard=number_of(name)), language=language
    )
    text = chinese(code.message) if language == "zh-CN" else str(code.message)
    assert answer.code == name
    if code.data == codes.ERROR:
        assert answer.said["Error"]["Message"] == text
    else:
        assert answer.said["Description"] == text.removesuffix("。")
        assert answer.said["BestFrameBase64"] is None


def test_a_low_similarity_does_not_pass_and_has_its_sim(url):
    low = asked(url, IdCard=family.number_for_similarity(69.9))
    assert (low.code, low.said["Sim"]) == ("FailedOperation.CompareLowSimilarity", 69.9)
    assert "Sim 69.9 is below 70, which LivenessRecognition does not let pass" in low.why
    assert asked(url, IdCard=family.number_for_similarity(70)).code == "Success"


def test_the_other_codes_of_a_person_are_said_in_words_of_its_own(url):
    for name, said in (
        ("FailedOperation.CompareLibServiceUnavailable", "FailedOperation.CompareSystemError"),
        ("FailedOperation.IdentityAuthLimitExceeded", "FailedOperation.RequestLimitExceeded"),
        ("FailedOperation.StsUnAuthErrError", "InternalError"),
    ):
        assert asked(url, IdCard=number_of(name)).code == said


@pytest.mark.parametrize(("live", "code"), [
    (-5008, "FailedOperation.LipVoiceRecognize"), (-5016, "FailedOperation.LivessDetectFake"),
    (-5014, "InvalidParameterValue"), ("FailedOperation.SilentTooShort", "FailedOperation.SilentTooShort"),
    ("FailedOperation.ActionOpenMouth", "FailedOperation.ActionOpenMouth"), (-4018, "InternalError"),
])  # fmt: skip
@pytest.mark.parametrize("outcome", [{"similarity": 90}, {"code": -5803}, {"result": "FailedOperation.CompareFail"}])
def test_liveness_comes_before_the_comparison(server, live, code, outcome):
    person = server.add(live=live, **outcome)
    answer = asked(server.url, IdCard=person.idcard_number)
    assert answer.code == code
    assert "of the scenario comes before the comparison" in answer.why


def test_why_a_person_fails_in_a_video_does_not_matter_without_one(server):
    person = server.add(similarity=91.5, live="FailedOperation.LipVoiceRecognize")
    fields = fields_for("ImageRecognition", IdCard=person.idcard_number)
    answer = ask(server.url, "ImageRecognition", fields)
    assert (answer.code, answer.said["Sim"]) == ("Success", 91.5)


def test_one_person_fails_in_both_generations(server):
    person = server.add(code=-5013)
    assert asked(server.url, IdCard=person.idcard_number).code == "FailedOperation.LipVoiceLow"
    person = server.add(result="FailedOperation.LipVoiceLow")
    assert asked(server.url, IdCard=person.idcard_number).code == "FailedOperation.LipVoiceLow"
    assert Client(server.url).get("/_mockface/calls?limit=1")[0]["code"] == "FailedOperation.LipVoiceLow"


def test_another_name_than_the_registered_is_told(server):
    person = server.add(name="李四")
    assert asked(server.url, IdCard=person.idcard_number).code == "FailedOperation.IdNameMisMatch"
    assert asked(server.url, IdCard=person.idcard_number, Name="李四").code == "Success"


def test_failures_stand_in_error_where_the_switch_says_so():
    with Mockface(failed_operations="error") as m:
        answer = asked(m.url, IdCard=number_of("FailedOperation.LipMoveSmall"))
        assert answer.said["Error"] == {"Code": "FailedOperation.LipMoveSmall", "Message": "嘴唇动作幅度过小。"}
        answer = asked(m.url, ValidateData="5010")
        assert answer.said["Error"]["Code"] == "FailedOperation.LipMoveSmall"
        assert "--failed-operations is error" in answer.why


def test_a_comparison_with_a_picture_has_its_scenario_by_its_name(tmp_path):
    scenarios = tmp_path / "a.yaml"
    for outcome, code in (
        ("code: -5008", "FailedOperation.LipVoiceRecognize"),
        ("similarity: 42.5", "FailedOperation.CompareLowSimilarity"),
        ("result: FailedOperation.LifePhotoDetectFaces, live: FailedOperation.SilentThreshold",
         "FailedOperation.SilentThreshold"),
        ("code: -5803", "InternalError"),
    ):  # fmt: skip
        scenarios.write_text(f"scenarios:\n  LivenessCompare: {{ {outcome} }}\n", encoding="utf-8")
        with Mockface(scenarios=scenarios) as m:
            assert asked(m.url, "LivenessCompare").code == code
            assert asked(m.url).code == "Success"


@pytest.mark.parametrize("code", [code for code in old.PAGE if any(abs(int(code.number)) in one for one in SPELLING)],
                         ids=lambda code: str(code.number))  # fmt: skip
@pytest.mark.parametrize(("action", "table"), [("LivenessRecognition", RECOGNITION_CODES),
                                               ("LivenessCompare", COMPARE_CODES)])  # fmt: skip
def test_digits_that_spell_a_code_earn_its_twin(url, action, table, code):
    digits = str(-int(code.number))
    assert (spelled(digits) is code) is True
    answer = asked(url, action, ValidateData=digits)
    assert answer.code in table.by_number
    assert answer.code != "Success"
    assert f"the digits {digits} of ValidateData spell {code.number} {code.name}" in answer.why
    if code is old.VIDEO_WRONG_DIGITS:
        assert answer.code == "FailedOperation.LipVoiceRecognize"
    # Nobody reads digits aloud in the other kinds of videos.
    assert asked(url, action, ValidateData=None, LivenessType="SILENT").code == "Success"


def test_digits_spell_nothing_where_the_person_fails_anyway(url):
    refused = number_of("FailedOperation.CompareFail")
    assert asked(url, IdCard=refused, ValidateData="5008").code == "FailedOperation.CompareFail"


# What is earned


@pytest.mark.parametrize(("changes", "code"), [
    ({"LivenessType": None}, "MissingParameter"),
    ({"LivenessType": ""}, "InvalidParameterValue"),
    ({"LivenessType": "lip"}, "InvalidParameterValue"),
    ({"LivenessType": "BLINK"}, "InvalidParameterValue"),
    ({"LivenessType": 1}, "InvalidParameter"),
    ({"ValidateData": None}, "InvalidParameterValue"),
    ({"ValidateData": "123"}, "InvalidParameterValue"),
    ({"ValidateData": "12345"}, "InvalidParameterValue"),
    ({"ValidateData": "１２３４"}, "InvalidParameterValue"),
    ({"ValidateData": 1234}, "InvalidParameter"),
    ({"LivenessType": "ACTION"}, "InvalidParameterValue"),
    ({"LivenessType": "ACTION", "ValidateData": "1"}, "InvalidParameterValue"),
    ({"LivenessType": "SILENT"}, "InvalidParameterValue"),
    ({"Optional": "x"}, "InvalidParameterValue"),
    ({"Optional": "[]"}, "InvalidParameterValue"),
    ({"Optional": "[" * 60_000}, "InvalidParameterValue"),
    ({"Optional": '{"BestFrameNum": 1}'}, "InvalidParameterValue"),
    ({"Optional": '{"BestFrameNum": 11}'}, "InvalidParameterValue"),
    ({"Optional": '{"BestFrameNum": "2"}'}, "InvalidParameterValue"),
    ({"Optional": '{"BestFrameNum": 2.0}'}, "InvalidParameterValue"),
    ({"Optional": '{"BestFrameNum": true}'}, "InvalidParameterValue"),
    ({"VideoBase64": None}, "InvalidParameter"),
    ({"VideoBase64": 7}, "InvalidParameter"),
    ({"VideoBase64": ""}, "FailedOperation.LipSizeError"),
    ({"VideoBase64": "", "VideoUrl": "https://a.test/v.mp4"}, "Success"),
    ({"VideoBase64": None, "VideoUrl": "https://a.test/v.mp4"}, "Success"),
    ({"VideoBase64": None, "VideoUrl": "HTTP://a.test/v.mp4"}, "Success"),
    ({"VideoBase64": None, "VideoUrl": ""}, "FailedOperation.DownLoadError"),
    ({"VideoBase64": None, "VideoUrl": "ftp://a.test/v.mp4"}, "FailedOperation.DownLoadError"),
    ({"VideoBase64": None, "VideoUrl": "http://"}, "FailedOperation.DownLoadError"),
    ({"VideoUrl": "ftp://a.test/v.mp4"}, "Success"),
    ({"VideoBase64": "#" * 60}, "FailedOperation.LipVideoInvalid"),
    ({"VideoBase64": f"data:video/mp4;base64,{VIDEO}"}, "FailedOperation.LipVideoInvalid"),
    ({"VideoBase64": PICTURE}, "FailedOperation.LipVideoInvalid"),
    ({"VideoBase64": b64("webm")}, "FailedOperation.LipVideoInvalid"),
    ({"VideoBase64": b64("audio")}, "FailedOperation.LipVideoInvalid"),
    ({"VideoBase64": b64("truncated")}, "FailedOperation.LipVideoInvalid"),
    ({"VideoBase64": b64("webm"), "LivenessType": "SILENT", "ValidateData": None}, "FailedOperation.LipVideoInvalid"),
    ({"VideoBase64": b64("webm"), "LivenessType": "ACTION", "ValidateData": "2,1"}, "FailedOperation.LipVideoInvalid"),
    ({"VideoBase64": b64("small")}, "FailedOperation.LipVideoQuaility"),
    ({"VideoBase64": b64("mute")}, "FailedOperation.LipVoiceDetect"),
    ({"VideoBase64": b64("mute"), "LivenessType": "SILENT", "ValidateData": None}, "Success"),
    ({"VideoBase64": b64("mute"), "LivenessType": "ACTION", "ValidateData": "2,1"}, "Success"),
    ({"Bucket": "x"}, "UnknownParameter"),
])  # fmt: skip
@pytest.mark.parametrize("action", ACTIONS)
def test_a_field_earns_its_code(url, action, changes, code):
    answer = asked(url, action, **changes)
    assert answer.code == code
    assert answer.code == "Success" or answer.why


@pytest.mark.parametrize(("changes", "code"), [
    ({"IdCard": None}, "MissingParameter"),
    ({"Name": None}, "MissingParameter"),
    ({"IdCard": "123"}, "FailedOperation.IdFormatError"),
    ({"IdCard": "11011019991201749x"}, "FailedOperation.IdFormatError"),
    ({"Name": ""}, "FailedOperation.NameFormatError"),
    ({"ImageBase64": PICTURE}, "UnknownParameter"),
])  # fmt: skip
def test_a_field_of_the_person_earns_its_code(url, changes, code):
    assert asked(url, **changes).code == code


@pytest.mark.parametrize(("changes", "code"), [
    ({"ImageBase64": None}, "InvalidParameter"),
    ({"ImageBase64": ""}, "InvalidParameterValue"),
    ({"ImageBase64": "#" * 60}, "InvalidParameterValue"),
    ({"ImageBase64": "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"}, "FailedOperation.LifePhotoPoorQuality"),
    ({"ImageBase64": PICTURE[:400] + "A" * (3 * M)}, "FailedOperation.LifePhotoSizeError"),
    ({"ImageBase64": VIDEO}, "FailedOperation.LifePhotoPoorQuality"),
    ({"ImageBase64": None, "ImageUrl": "http://a.test/b.jpg"}, "Success"),
    ({"ImageBase64": "", "ImageUrl": "http://a.test/b.jpg"}, "Success"),
    ({"ImageBase64": None, "ImageUrl": "a.test/b.jpg"}, "FailedOperation.DownLoadError"),
    ({"ImageUrl": "a.test/b.jpg"}, "Success"),
    ({"IdCard": "1"}, "UnknownParameter"),
])  # fmt: skip
def test_the_picture_of_a_comparison_earns_its_code(url, changes, code):
    assert asked(url, "LivenessCompare", **changes).code == code


def test_any_video_is_taken_where_the_switch_says_so_but_none_and_none_too_large():
    with Mockface(videos="any") as m:
        for content in ("#" * 60, PICTURE, b64("webm"), b64("small"), b64("mute"), b64("truncated")):
            assert asked(m.url, VideoBase64=content).code == "Success"
        assert asked(m.url, VideoBase64="").code == "FailedOperation.LipSizeError"
        assert asked(m.url, VideoBase64="A" * (8 * M + 4)).code == "FailedOperation.LipSizeError"


def padded(size):
    """The good MP4, with zeros behind its last box, as Base64 of so many characters."""
    content = video()
    return base64.b64encode(content.ljust(size // 4 * 3, b"\0")).decode()


@pytest.mark.parametrize("action", ACTIONS)
def test_a_video_of_8_m_passes_and_one_of_more_does_not(url, action):
    assert asked(url, action, VideoBase64=padded(8 * M)).code == "Success"
    answer = asked(url, action, VideoBase64=padded(8 * M + 4))
    assert answer.code == "FailedOperation.LipSizeError"
    assert "VideoBase64 has 8388612 characters; expected at most 8388608" in answer.why


def test_required_fields_are_missed_in_the_order_of_the_documentation(url):
    fields: dict[str, str] = {}
    for name in ("IdCard", "Name", "LivenessType"):
        assert f"`{name}`" in ask(url, "LivenessRecognition", fields).said["Error"]["Message"]
        fields[name] = "x"
    assert "`LivenessType`" in ask(url, "LivenessCompare", {}).said["Error"]["Message"]


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("action", ACTIONS)
def test_a_small_video_fits_a_call_of_signature_v1(url, action, method):
    assert ask_v1(url, action, fields_for(action), method=method).code == "Success"
    muted = fields_for(action, VideoBase64=b64("mute"))
    assert ask_v1(url, action, muted, method=method).code == "FailedOperation.LipVoiceDetect"


# How it comes


def in_pieces(url, action, fields, sizes):
    """The body of the answer to a call whose body comes in pieces of these sizes, again and again."""
    body = json.dumps(fields).encode()
    host = urlsplit(url).netloc
    headers = tc3_headers(
        body, action=action, host=host, secret_id=TEST_ACCOUNT.secret_id, secret_key=TEST_ACCOUNT.secret_key,
        now=time.time(),
    )  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    with socket.create_connection(("127.0.0.1", urlsplit(url).port), 20) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.sendall(f"POST / HTTP/1.1\r\n{head}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode())
        at = 0
        while at < len(body):
            for size in sizes:
                wire.sendall(body[at : at + size])
                at += size
                time.sleep(0.0005)
        answer = b""
        while piece := wire.recv(65536):
            answer += piece
    return json.loads(answer.partition(b"\r\n\r\n")[2])["Response"]


@pytest.mark.parametrize("sizes", [(997, 3, 2), (70_001,)])
@pytest.mark.parametrize(("kind", "code"), [
    ("good", "Success"), ("mute", "FailedOperation.LipVoiceDetect"), ("small", "FailedOperation.LipVideoQuaility"),
    ("webm", "FailedOperation.LipVideoInvalid"),
])  # fmt: skip
def test_a_video_is_judged_the_same_in_odd_pieces(url, kind, code, sizes):
    content = base64.b64encode(video(kind).ljust(150_000, b"\0")).decode()
    for action in ACTIONS:
        assert in_pieces(url, action, fields_for(action, VideoBase64=content), sizes)["Result"] == code


def test_the_journal_tells_the_video_and_keeps_none_of_it(server):
    asked(server.url)
    call = server.calls[-1]
    assert "VideoBase64" not in call.fields
    assert f"MP4 as base64, {len(VIDEO)} bytes, 270x480, 4.0 s, with sound" in server.explain(call)
    assert VIDEO[:40] not in json.dumps(Client(server.url).get(f"/_mockface/calls/{call.id}"))
    assert "video_has_sound" in server.explain(call)


# What is listed


def test_coverage_counts_each_of_them_by_its_codes():
    with Mockface() as m:
        asked(m.url)
        asked(m.url, ValidateData="5008")
        ask(m.url, "GetLiveCode", {})
        by_name = {one["operation"]: one for one in m.coverage()["operations"]}
        assert (by_name["LivenessRecognition"]["met"], by_name["LivenessRecognition"]["calls"]) == (2, 2)
        assert (by_name["GetLiveCode"]["met"], by_name["GetLiveCode"]["calls"]) == (1, 1)
        assert by_name["LivenessCompare"]["calls"] == 0


@pytest.mark.parametrize(("action", "outcome", "said"), [
    ("LivenessRecognition", None, '"Result":"Success"'), ("LivenessCompare", None, '"Result":"Success"'),
    ("LivenessRecognition", "FailedOperation.LipVoiceRecognize", '"Result":"FailedOperation.LipVoiceRecognize"'),
    ("GetLiveCode", None, '"LiveCode":"'),
])  # fmt: skip
def test_the_command_line_tries_it_and_lists_its_codes(server, action, outcome, said):
    from click.testing import CliRunner

    from mockface.cli.group import main

    arguments = ["try", *([outcome] if outcome else []), "--operation", action, "--url", server.url]
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, said in result.output) == (0, True), result.output
    listed = CliRunner().invoke(main, ["codes", "--operation", action]).output
    assert ("FailedOperation.LipVoiceRecognize" in listed) == (action in ACTIONS)
