"""The image API's liveness operations over real sockets: two levels of result, digits, videos, cards."""

import base64
import json
import socket
import struct
import subprocess
import sys

import httpx
import pytest

from mockface import codes, idcard, samples
from mockface.operations import OPERATIONS
from mockface.operations.digits import SPELLING
from mockface.operations.face.levels import COMPARE, LEVELS, LIVE
from mockface.operations.face.records import LIVE_DETECT_FOUR
from mockface.scenarios import family
from mockface.testing import Mockface
from tests.liveness import APPID, NOT_LIVE, PERSON, data, live_detect, post
from tests.making import JPEG

GIF = samples.picture("gif")
ENGINE = [code for code in codes.TABLE if str(code.number).startswith("-")]


def why(reply):
    return reply.headers["X-Mockface-Why"]


def test_livegetfour_deals_four_digits_as_text_by_json_and_by_multipart(server):
    for reply in (
        post(server, "/face/livegetfour", json_fields={"appid": APPID, "seq": "s-1"}),
        post(server, "/face/livegetfour", files={"appid": (None, APPID), "seq": (None, "s-1")}),
    ):
        assert reply.headers["content-type"] == "application/json; charset=utf-8"
        dealt = data(reply)["validate_data"]
        assert reply.content == f'{{"code":0,"message":"OK","data":{{"validate_data":"{dealt}"}}}}'.encode()
        assert (len(dealt), dealt.isdigit()) == (4, True)
        assert not any(int(dealt) in one for one in SPELLING)


def test_a_live_person_who_is_the_same_gets_both_statuses_sim_and_a_real_jpeg(server):
    answer = live_detect(server, number=PERSON["idcard_number"])
    told = data(answer)
    assert list(told) == ["compare_msg", "compare_status", "live_status", "live_msg", "sim", "video_photo"]
    assert (told["compare_status"], told["live_status"], told["compare_msg"], told["live_msg"]) == (0, 0, "OK", "OK")
    assert told["sim"] == 100
    assert isinstance(told["sim"], int)
    picture = base64.b64decode(told["video_photo"], validate=True)
    assert (picture[:3], picture[-2:]) == (b"\xff\xd8\xff", b"\xff\xd9")
    again = data(live_detect(server, number=PERSON["idcard_number"]))["video_photo"]
    other = data(live_detect(server, number=family.number_for_similarity(90)))["video_photo"]
    assert (again == told["video_photo"], other == told["video_photo"]) == (True, False)


def test_sim_is_the_similarity_without_its_decimals(server):
    assert data(live_detect(server, number=family.number_for_similarity(74.9)))["sim"] == 74


def test_livedetectfour_compares_only_where_the_flag_says_so(server):
    assert list(data(live_detect(server))) == [
        "compare_msg", "compare_status", "live_status", "live_msg", "sim", "photo"
    ]  # fmt: skip
    alone = live_detect(server, card=None, compare_flag="false")
    assert alone.content == b'{"code":0,"message":"OK","data":{"live_status":0,"live_msg":"OK"}}'
    assert live_detect(server, compare_flag="False").content == alone.content
    assert list(data(live_detect(server, compare_flag="TRUE")))[-1] == "photo"


def test_misread_digits_are_answered_to_the_byte_as_the_service_did(server):
    number = family.number_for_code(codes.VIDEO_WRONG_DIGITS)
    assert live_detect(server, number=number).content == NOT_LIVE
    assert live_detect(server, validate_data="5008").content == NOT_LIVE
    alone = live_detect(server, validate_data="5008", compare_flag="false", card=None)
    assert data(alone) == {"live_status": -5008, "live_msg": "VIDEO_AUDIO_RECOG_FAILED"}


@pytest.mark.parametrize("code", ENGINE, ids=lambda code: code.name)
def test_every_code_of_the_engine_is_met_at_its_level_by_its_number(server, code):
    answer = live_detect(server, number=family.number_for_code(code))
    level = LEVELS.get(code)
    if level is None:
        assert answer.json() == {"code": code.number, "message": code.message}
        return
    told = data(answer)
    assert told[level] == code.number
    assert told["live_msg" if level == LIVE else "compare_msg"] == code.message
    other = {LIVE: ("compare_status", -5005), COMPARE: ("live_status", 0)}[level]
    assert told[other[0]] == other[1]
    assert not {"sim", "video_photo", "photo"} & set(told)


@pytest.mark.parametrize("code", [code for code in LEVELS if code in LIVE_DETECT_FOUR.codes], ids=lambda one: one.name)
def test_digits_spell_every_code_of_an_operation_without_a_number(server, code):
    answer = live_detect(server, validate_data=str(-code.number))
    assert data(answer)[LEVELS[code]] == code.number
    assert f"the digits {-code.number} spell {code.number}" in why(answer)


@pytest.mark.parametrize("code", [code for code in codes.TABLE[1:] if code not in ENGINE], ids=lambda code: code.name)
def test_every_code_of_the_gateway_stands_at_the_top(server, code):
    answer = live_detect(server, number=family.number_for_code(code))
    message = codes.ARREARS_MESSAGE if code is codes.BAD_REQUEST else code.message
    assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (code.status, code.number, message)


@pytest.mark.parametrize("digits", ["5809", "5817", "5810", "4008"])
def test_digits_that_spell_no_code_of_the_operation_are_as_good_as_others(server, digits):
    assert data(live_detect(server, validate_data=digits))["live_status"] == 0


def test_digits_that_spell_a_code_of_the_answer_itself_stand_there(server):
    assert live_detect(server, validate_data="5801").json()["code"] == -5801


VIDEOS = {
    "live.mp4": None, "live.flv": None, "live-rotated.mp4": None, "live-mute.mp4": -5007, "live-small.mp4": -5015,
    "live-truncated.mp4": -5001, "live-audio.mp4": -5001, "live.webm": -5001, "picture-named.mp4": -5001,
}  # fmt: skip


@pytest.mark.parametrize("name", VIDEOS)
def test_a_sample_video_earns_what_it_says(server, name):
    sample = next(one for one in samples.SAMPLES if one.name == name)
    assert sample.code.number == (VIDEOS[name] or 0)
    answer = live_detect(server, sample.make(), number=PERSON["idcard_number"])
    told = data(answer)
    assert (told["live_status"], told["compare_status"]) == ((VIDEOS[name], -5005) if VIDEOS[name] else (0, 0))
    if VIDEOS[name]:
        assert "--videos any" in why(answer)


def test_with_videos_any_everything_passes(launch):
    server = launch("--videos", "any")
    for name in VIDEOS:
        sample = next(one for one in samples.SAMPLES if one.name == name)
        assert data(live_detect(server, sample.make()))["live_status"] == 0


@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({"validate_data": ""}, 21, "validate_data absent or empty"),
        ({"compare_flag": ""}, 21, "compare_flag is absent; expected true or false"),
        ({"compare_flag": "1"}, 21, "expected true or false"),
        ({"card": None}, 21, "no card came"),
        ({"video": b""}, 21, "no video came"),
    ],
    ids=str,
)
def test_what_is_missing_is_an_invalid_parameter_that_says_what(server, changes, code, said):
    answer = live_detect(server, **changes)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert said in why(answer)


@pytest.mark.parametrize("digits", ["953", "95321", "12a4", "５００８", "-508"])
def test_digits_that_are_not_four_are_misread(server, digits):
    assert data(live_detect(server, validate_data=digits))["live_status"] == -5008


def test_a_card_that_is_no_picture_or_a_gif_is_4018_and_leaves_liveness_alone(server):
    for card in (GIF, b"%PDF-1.4"):
        told = data(live_detect(server, card=card))
        assert (told["live_status"], told["compare_status"]) == (0, -4018)
    assert data(live_detect(server, card=GIF, compare_flag="false")) == {"live_status": 0, "live_msg": "OK"}


def test_a_json_body_to_a_video_operation_does_not_parse(server):
    answer = post(server, "/face/livedetectfour", json_fields={"appid": APPID, "validate_data": "1234"})
    assert (answer.status_code, answer.json()) == (400, {"code": 3, "message": "invalid request"})
    assert "multipart/form-data alone" in why(answer)


def test_the_person_says_why_a_video_fails_and_the_comparison_may_fail_besides(launch, tmp_path):
    (tmp_path / "team.yaml").write_text(
        'scenarios:\n  "110110199907010018": { similarity: 92.5, live: VIDEO_NO_FACE }\n'
        '  "110110199907010026": { code: -5803, live: -5016 }\n'
        '  "110110199907010034": { live: FailedOperation.LipVoiceRecognize }\n',
        encoding="utf-8",
    )
    server = launch("--scenarios", str(tmp_path))
    statuses = {}
    for number in ("110110199907010018", "110110199907010026", "110110199907010034"):
        told = data(live_detect(server, number=number))
        statuses[number[-4:]] = (told["live_status"], told["compare_status"])
    assert statuses == {"0018": (-5009, -5005), "0026": (-5016, -5803), "0034": (-5008, -5005)}
    person = {**PERSON, "idcard_number": "110110199907010018", "appid": APPID, "url": "http://e/f.jpg"}
    assert post(server, "/face/idcardcompare", json_fields=person).json()["data"]["similarity"] == 92.5


def test_a_name_other_than_the_registered_one_fails_the_comparison(launch, tmp_path):
    (tmp_path / "team.yaml").write_text(
        'scenarios:\n  "110110199907010018": { similarity: 92.5, name: 李四 }\n', encoding="utf-8"
    )
    server = launch("--scenarios", str(tmp_path))
    told = data(live_detect(server, number="110110199907010018", name="张三"))
    assert (told["live_status"], told["compare_status"]) == (0, -5803)


def test_identity_failures_stand_at_the_top_where_they_are_wanted(launch):
    server = launch("--identity-failures", "code")
    answer = live_detect(server, number=family.number_for_code(codes.NAME_MISMATCH))
    assert answer.json() == {"code": -5803, "message": "ERROR_IDCARD_NAME_NOT_MATCH"}


@pytest.mark.thorough
def test_with_digits_strict_they_are_dealt_here_fresh_and_used_once(launch):
    server = launch("--digits", "strict")
    dealt = data(post(server, "/face/livegetfour", json_fields={"appid": APPID}))["validate_data"]
    assert data(live_detect(server, validate_data=dealt))["live_status"] == 0
    again = live_detect(server, validate_data=dealt)
    assert data(again)["live_status"] == -5008
    assert "was used before" in why(again)
    never = f"{(int(dealt) + 1) % 10_000:04d}"
    assert "was not dealt" in why(live_detect(server, validate_data=never))
    old = data(post(server, "/face/livegetfour", json_fields={"appid": APPID}))["validate_data"]
    post(server, "/_mockface/clock/advance", json_fields={"by": "601s"})
    assert "more than 600 s ago" in why(live_detect(server, validate_data=old))


@pytest.mark.thorough
def test_with_a_seed_the_same_digits_are_dealt_again(launch):
    def dealt(server):
        return [
            data(post(server, "/face/livegetfour", json_fields={"appid": APPID}))["validate_data"] for _ in range(5)
        ]

    assert dealt(launch("--seed", "7")) == dealt(launch("--seed", "7"))


def test_two_photos_are_compared_in_every_form(server):
    urls = {"urlA": "http://e/a.jpg", "urlB": "http://e/b.jpg"}
    success = b'{"code":0,"message":"OK","data":{"session_id":"","similarity":100.0}}'
    files = {"imageA": ("a.jpg", JPEG), "imageB": ("b.jpg", JPEG)}
    for reply in (
        post(server, "/face/compare", json_fields={"appid": APPID, **urls}),
        post(server, "/face/compare", files={name: (None, url) for name, url in {"appid": APPID, **urls}.items()}),
        post(server, "/face/compare", data={"appid": APPID}, files=files),
        post(
            server,
            "/face/compare",
            data={"appid": APPID},
            files={"imageA": files["imageA"], "urlB": ("urlB", urls["urlB"])},
        ),
    ):
        assert reply.content == success


@pytest.mark.parametrize(
    ("changes", "code", "flag"),
    [
        ({"imageA": GIF}, -1102, 1), ({"imageB": GIF}, -1102, 2), ({"imageB": b"<html>"}, -1102, 2),
        ({"imageA": None}, -1300, 1), ({"imageB": None}, -1300, 2),
    ],
    ids=str,
)  # fmt: skip
def test_the_picture_at_fault_is_flagged(server, changes, code, flag):
    given = {"imageA": JPEG, "imageB": JPEG, **changes}
    files = {name: ("f.jpg", content) for name, content in given.items() if content is not None}
    answer = post(server, "/face/compare", data={"appid": APPID}, files=files).json()
    assert (answer["code"], answer["data"]["fail_flag"]) == (code, flag)


@pytest.mark.thorough
def test_an_operation_without_a_number_has_its_name_for_a_scenario(launch, tmp_path):
    (tmp_path / "team.yaml").write_text(
        "scenarios:\n  compare: { similarity: 64 }\n  livedetectpicture: { sequence: [{ similarity: 12.9 }, { code: -5008 }] }\n"
        "  livegetfour: { code: 24 }\n",
        encoding="utf-8",
    )
    server = launch("--scenarios", str(tmp_path))
    two = {"appid": APPID, "urlA": "http://e/a", "urlB": "http://e/b"}
    assert post(server, "/face/compare", json_fields=two).json()["data"] == {"session_id": "", "similarity": 64.0}
    one = {"appid": APPID, "url": "http://e/a"}
    answers = [post(server, "/face/livedetectpicture", json_fields=one).json() for _ in range(2)]
    assert answers[0]["data"] == {"session_id": "not_set_session_id", "score": 12}
    assert answers[1]["code"] == -5008
    assert post(server, "/face/livegetfour", json_fields={"appid": APPID}).json()["code"] == 24


def test_a_picture_of_livedetectpicture_comes_as_base64_in_json_too(server):
    picture = base64.b64encode(JPEG).decode()
    fields = {"appid": APPID, "bucket": "mockbucket", "sign": "stray", "image": picture}
    assert post(server, "/face/livedetectpicture", json_fields=fields).json()["data"]["score"] == 100
    nothing = post(server, "/face/livedetectpicture", json_fields={"appid": APPID})
    assert nothing.json() == {"code": -5805, "message": "ERROR_IMAGE_EMPTY"}


@pytest.mark.parametrize(("code", "answered"), [
    (codes.NAME_MISMATCH, -5803), (codes.NUMBER_INVALID, -5804), (codes.IDENTITY_DOWN, -5802), (codes.TOO_FREQUENT, 15),
])  # fmt: skip
def test_a_name_and_a_number_are_asked_of_the_same_people(server, code, answered):
    person = {"appid": APPID, **PERSON}
    assert post(server, "/auth/idcard", json_fields=person).content == b'{"code":0,"message":"OK"}'
    person["idcard_number"] = family.number_for_code(code)
    assert post(server, "/auth/idcard", json_fields=person).json()["code"] == answered


def test_a_photo_that_auth_idcard_never_saw_is_no_silent_success(server):
    person = {"appid": APPID, **PERSON, "idcard_number": family.number_for_code(codes.PHOTO_NO_FACE)}
    answer = post(server, "/auth/idcard", json_fields=person)
    assert answer.json()["code"] == 213
    assert "authidcard has no word for -4012 PHOTO_NO_FACE" in why(answer)


@pytest.mark.parametrize("path", ["/ocr/idcard", "/face/detect", "/face/verify", "/detection/porn_detect"])
def test_other_paths_of_the_image_api_say_that_they_are_not_emulated(server, path):
    answer = post(server, path, json_fields={"appid": APPID})
    assert (answer.status_code, answer.json()["code"]) == (404, 3)
    assert f"{path} is an operation of the image API that mockface does not emulate" in why(answer)


PARTS = [
    ('name="video"; filename="live.mp4"', "video/mp4"), ('name="video"; filename="x.mp4"', None),
    ('name="video"; filename="x"', "image/jpg"), ('name="video"; filename="x"', "application/octet-stream"),
    ('name="video"', "application/octet-stream"), ('name="video"', None),
]  # fmt: skip


@pytest.mark.parametrize("part", PARTS, ids=str)
def test_the_video_part_comes_in_every_dialect_and_the_flag_behind_it(server, part):
    head, kind = part
    lines = [
        *(f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in (
            ("appid", APPID), ("bucket", "mockbucket"), ("validate_data", "9532"),
        )),
        f"--b\r\nContent-Disposition: form-data; {head}\r\n" + (f"Content-Type: {kind}\r\n" if kind else "") + "\r\n",
    ]  # fmt: skip
    behind = '\r\n--b\r\nContent-Disposition: form-data; name="compare_flag"\r\n\r\nfalse\r\n--b--\r\n'
    content = "".join(lines).encode() + samples.video() + behind.encode()
    answer = post(
        server, "/face/livedetectfour", content=content, headers={"Content-Type": "multipart/form-data; boundary=b"}
    )
    assert data(answer) == {"live_status": 0, "live_msg": "OK"}


def test_a_video_of_6_mb_passes_and_one_byte_more_of_a_body_is_23(server):
    whole = samples.video()
    free = struct.pack(">I4s", 6_000_000 - len(whole), b"free") + bytes(6_000_000 - len(whole) - 8)
    assert data(live_detect(server, whole + free))["live_status"] == 0
    too_much = live_detect(server, whole + struct.pack(">I4s", 6_291_456, b"free") + bytes(6_291_448))
    assert (too_much.status_code, too_much.json()["code"]) == (413, 23)


def test_a_client_that_breaks_off_in_the_middle_of_its_video_is_survived(server):
    head = b"POST /face/livedetectfour HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as open_one:
        open_one.sendall(
            head + b"Content-Length: 14811\r\n\r\n" + b'--b\r\nContent-Disposition: form-data; name="video"\r\n\r\n'
        )
        open_one.sendall(samples.video()[:1500])
    assert data(live_detect(server))["live_status"] == 0


def test_the_journal_finds_both_codes_of_an_answer_and_tells_the_video(server):
    number = family.number_for_code(codes.VIDEO_MOUTH_SHUT, 27)
    reply = live_detect(server, number=number)
    for code in (-5010, -5005):
        asked = f"{server.url}/_mockface/calls?number={number}&code={code}"
        (call,) = httpx.get(asked, trust_env=False).json()
        assert (call["code"], call["also"]) == (-5010, -5005)
    asked = f"{server.url}/_mockface/calls/{reply.headers['X-Mockface-Request-Id']}"
    told = httpx.get(asked, trust_env=False).json()
    video = told["verdict"]["video"]
    assert (video["container"], video["width"], video["has_audio"]) == ("MP4", 270, True)
    assert "video_photo" not in json.dumps(told["request"])


def test_coverage_counts_both_levels_by_operation(launch):
    server = launch()
    live_detect(server, number=family.number_for_code(codes.VIDEO_WRONG_DIGITS))
    live_detect(server, validate_data="4017")
    report = httpx.get(f"{server.url}/_mockface/coverage", trust_env=False).json()
    rows = {(row["operation"], row["code"]): row["times"] for row in report["codes"]}
    assert rows["idcardlivedetectfour", -5008] == rows["idcardlivedetectfour", -5005] == 1
    assert rows["livedetectfour", -4017] == 1
    calls = {one["operation"]: one["calls"] for one in report["operations"]}
    assert (calls["idcardlivedetectfour"], calls["livedetectfour"], report["calls"]) == (1, 1, 2)


def test_every_code_of_the_page_has_an_operation_that_gives_it():
    given = {code for one in OPERATIONS if one.path != "/" for code in one.codes if not one.hard_to_get(code)}
    assert set(codes.TABLE) - given == {codes.LIVENESS_LEVEL}, "-5014 is of a field that no operation here has"


def test_digits_of_a_person_who_fails_already_change_nothing(server):
    told = data(live_detect(server, number=family.number_for_code(codes.NAME_MISMATCH), validate_data="5008"))
    assert (told["live_status"], told["compare_status"]) == (0, -5803)


def test_a_malformed_number_fails_the_comparison(server):
    bad = PERSON["idcard_number"][:-1] + "1"
    assert not idcard.is_well_formed(bad)
    assert data(live_detect(server, number=bad))["compare_status"] == -5804


def test_seq_and_session_id_find_a_call_of_a_masked_person_too(server):
    real = "440524188001010014"
    live_detect(server, number=real, seq="order 77")
    person = {"appid": APPID, "idcard_number": real, "idcard_name": "x", "url": "http://e/f.jpg", "session_id": "s 78"}
    post(server, "/face/idcardcompare", json_fields=person)
    for seq, operation in (("order 77", "idcardlivedetectfour"), ("s 78", "idcardcompare")):
        (call,) = httpx.get(f"{server.url}/_mockface/calls", params={"seq": seq}, trust_env=False).json()
        assert (call["operation"], real in json.dumps(call), seq in json.dumps(call)) == (operation, False, False)
    assert httpx.get(f"{server.url}/_mockface/calls", params={"seq": "order 7"}, trust_env=False).json() == []


@pytest.mark.thorough
def test_live_with_a_code_of_the_comparison_stands_in_the_comparison(launch, tmp_path):
    (tmp_path / "team.yaml").write_text(
        'scenarios:\n  "110110199907010018": { live: -5005 }\n'
        '  "110110199907010026": { result: FailedOperation.SilentTooShort }\n',
        encoding="utf-8",
    )
    server = launch("--scenarios", str(tmp_path))
    told = data(live_detect(server, number="110110199907010018"))
    assert (told["live_status"], told["compare_status"]) == (0, -5005)
    other = live_detect(server, number="110110199907010026")
    assert data(other)["live_status"] == -5011
    assert "FailedOperation.SilentTooShort has no twin here" in why(other)


def test_the_digits_of_a_scenario_are_dealt_too(launch, tmp_path):
    (tmp_path / "team.yaml").write_text(
        'scenarios:\n  livegetfour: { similarity: 100, data: { validate_data: "0426" } }\n', encoding="utf-8"
    )
    server = launch("--digits", "strict", "--scenarios", str(tmp_path))
    dealt = data(post(server, "/face/livegetfour", json_fields={"appid": APPID}))["validate_data"]
    assert (dealt, data(live_detect(server, validate_data=dealt))["live_status"]) == ("0426", 0)


def test_the_handle_verifies_both_codes_and_operations_without_a_number():
    with Mockface() as m:
        person = m.add(live=-5008)
        m.add("compare", similarity=61)
        assert data(live_detect(m, number=person.idcard_number))["live_status"] == -5008
        two = {"appid": APPID, "urlA": "http://e/a", "urlB": "http://e/b"}
        assert post(m, "/face/compare", json_fields=two).json()["data"]["similarity"] == 61.0
        m.verify(person, code=-5008, times=1)
        m.verify(person, code=-5005, times=1)
        m.verify("compare", similarity=61.0, times=1)
        assert [call.also for call in m.calls.where(person, code=-5005)] == [-5005]


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--operation", "livedetectfour", "-5008"), '"live_status":-5008'),
        (("--operation", "LivenessCompare", "-5008"), "FailedOperation.LipVoiceRecognize"),
        (("--operation", "compare", "-1101"), "scenarios: { compare: { code: -1101 } }"),
        (("--operation", "livegetfour", "-5008"), "names no person"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_try_spells_a_code_by_digits_or_says_where_a_scenario_belongs(server, flags, said):
    command = [sys.executable, "-m", "mockface", "try", "--url", server.url, *flags]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=30)
    assert said in done.stdout + done.stderr
