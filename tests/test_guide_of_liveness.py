"""docs/liveness.md is held to the program: its scenarios, its answers, its tables of files and of fields."""

import base64
import re

import pytest

from mockface import samples
from mockface.operations.faceid.livecodes import GET_ACTION_SEQUENCE, GET_LIVE_CODE
from mockface.operations.faceid.liveness import LIVENESS_COMPARE, LIVENESS_RECOGNITION
from mockface.testing import Mockface
from tests.liveness import APPID, NOT_LIVE, PERSON, data, live_detect, post
from tests.successor import ask, fields_for
from tests.test_guides import blocks, both, guide

ACTIONS = (GET_LIVE_CODE, GET_ACTION_SEQUENCE, LIVENESS_RECOGNITION, LIVENESS_COMPARE)


@pytest.fixture(scope="module")
def server():
    with Mockface() as m:
        yield m


def statuses(answer):
    told = data(answer)
    return told["live_status"], told["compare_status"]


@both("liveness")
def test_the_sample_scenarios_answer_as_their_comments_say(name, tmp_path):
    (sample,) = blocks(name, "yaml")
    (tmp_path / "team.yaml").write_text(sample, encoding="utf-8")
    urls = {"urlA": "http://example.com/a.jpg", "urlB": "http://example.com/b.jpg"}
    with Mockface(scenarios=tmp_path / "team.yaml") as m:
        found = {
            number[-4:]: statuses(live_detect(m, number=number)) for number in re.findall(r'^  "(\d+)"', sample, re.M)
        }
        assert found == {"0018": (-5009, -5005), "0026": (-5016, -5803), "0034": (-5008, -5005), "0042": (-5011, -5005)}
        person = {**PERSON, "idcard_number": "110110199907010018", "appid": APPID, "url": urls["urlA"]}
        assert post(m, "/face/idcardcompare", json_fields=person).json()["data"]["similarity"] == 92.5
        of_both = fields_for("LivenessRecognition", IdCard="110110199907010026")
        assert ask(m.url, "LivenessRecognition", of_both).code == "FailedOperation.LivessDetectFake"
        assert statuses(live_detect(m)) == (-5010, -5005)
        assert post(m, "/face/livegetfour", json_fields={"appid": APPID}).json()["code"] == 24
        assert post(m, "/face/compare", json_fields={"appid": APPID, **urls}).json()["data"]["similarity"] == 64
        one = {"appid": APPID, "url": urls["urlA"]}
        scores = [post(m, "/face/livedetectpicture", json_fields=one).json()["data"]["score"] for _ in range(2)]
        assert scores == [40, 95]
        assert ask(m.url, "GetLiveCode", {}).said["Error"]["Code"] == "RequestLimitExceeded"
        of_photo = fields_for("LivenessCompare")
        assert ask(m.url, "LivenessCompare", of_photo).code == "FailedOperation.LifePhotoDetectFaces"


@both("liveness")
def test_the_answers_of_the_page_are_the_bytes_of_the_program(name, server):
    promised = re.findall(r"^# (\{.*compare_status.*\})$", guide(name), re.MULTILINE)
    passed, misread, spelled = promised
    answer = live_detect(server, number=PERSON["idcard_number"]).text
    assert re.sub('"/9j/[^"]+"', '"/9j/…"', answer) == passed
    assert misread.encode() == NOT_LIVE
    assert live_detect(server, validate_data="4017").text == spelled


@both("liveness")
def test_a_sample_video_gets_what_the_table_says_in_both_generations(name, server):
    rows = re.findall(r"^\| `([\w.-]+)` \| [^|]+ \| (-?\d+) \| `(\w+)` \|$", guide(name), re.MULTILINE)
    assert [row[0] for row in rows] == [one.name for one in samples.SAMPLES if one.operation == samples.LIVE]
    made = {one.name: one.make() for one in samples.SAMPLES}
    for file, status, result in rows:
        assert data(live_detect(server, made[file], card=None, compare_flag="false"))["live_status"] == int(status)
        fields = fields_for("LivenessRecognition", VideoBase64=base64.b64encode(made[file]).decode())
        assert ask(server.url, "LivenessRecognition", fields).code.removeprefix("FailedOperation.") == result


@both("liveness")
def test_the_table_of_actions_has_every_field(name):
    for action in ACTIONS:
        (row,) = re.findall(rf"^\| `{action.name}` \| ([^|]+) \| [^|]+ \|$", guide(name), re.MULTILINE)
        table = action.table
        fields = {*table.text, *table.pictures, *table.videos, *table.objects}
        assert set(re.findall(r"`(\w+)`", row)) == fields


def test_a_code_of_the_table_is_met_as_it_says_by_its_number_and_by_its_digits(server):
    shape = r"^\| (-\d+) \| [^|]+ \| `(\w+)` \| [^|]* \| `(\d+)` \| `(\w+)` \| `(\w+)` \| `(\w+)` \|$"
    rows = re.findall(shape, guide("liveness.md"), re.MULTILINE)
    assert len(rows) == 30
    for code, level, digits, number, recognition, compare in rows:
        for answer in (
            live_detect(server, number=number),
            live_detect(server, number=PERSON["idcard_number"], validate_data=digits),
        ):
            told = answer.json() if level == "code" else data(answer)
            assert told[level] == int(code)
        for action, said in (("LivenessRecognition", recognition), ("LivenessCompare", compare)):
            answer = ask(server.url, action, fields_for(action, ValidateData=digits))
            assert answer.code.removeprefix("FailedOperation.") == said
        fields = fields_for("LivenessRecognition", IdCard=number)
        assert ask(server.url, "LivenessRecognition", fields).code.removeprefix("FailedOperation.") == recognition
