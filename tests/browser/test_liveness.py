"""Liveness in the console: digits, a video and both levels of the answer; the successor's; copies that answer alike."""

import re
import sys

import pytest
from playwright.sync_api import expect

from mockface import samples
from tests.browser.conftest import PHONE, both_languages
from tests.browser.test_copies import RUNNERS, run
from tests.browser.test_page import AXE
from tests.browser.test_successor import answer_of, copied, send
from tests.conftest import LEAN_PYTEST

pytestmark = pytest.mark.thorough

GOOD_NUMBER = "110110199909090909"
VIDEO = "fieldset[data-field=video]"


def passes(folder, text, **more):
    """The copied test is run and passes."""
    (folder / "test_copied.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_copied.py"]
    assert "1 passed" in run(command, folder, **more)


def get_digits(page, field="validate_data"):
    page.locator(".digits button").click()
    expect(page.locator(f"input[name={field}]")).to_have_value(re.compile(r"^\d{4}$"))


def levels(page):
    return page.locator(".levels dd .chip").all_inner_texts()


def source(page, field, name):
    page.locator(f"fieldset[data-field={field}] label:has(input[value={name}])").click()


@both_languages
def test_digits_and_a_good_video_pass_and_a_mute_one_fails_at_both_levels(visit, api, language):
    page = visit("try//livedetectfour", language=language)
    get_digits(page)
    expect(page.locator(f"{VIDEO} .preview")).to_contain_text("live.mp4")
    send(page)
    assert levels(page) == ["0", "0"]
    assert [call["operation"] for call in api.get("/_mockface/calls")] == ["livedetectfour", "livegetfour"]
    page.locator(f"{VIDEO} select").select_option("live-mute.mp4")
    expect(page.locator(f"{VIDEO} .preview")).to_contain_text("live-mute.mp4")
    send(page)
    assert levels(page) == ["-5007", "-5005"]
    page.locator(".result .facts a").click()
    expect(page.locator(".card.video")).to_contain_text("MP4 · 270 × 480 px · 4.0")
    expect(page.locator(".card.video")).to_contain_text({"en": "no sound", "zh": "没有声音"}[language])
    newest = page.locator(".row[data-id]").first
    expect(newest.locator(".chip")).to_have_text(["-5007", "-5005"])
    expect(newest.locator(".number")).to_have_text("livedetectfour")


def test_the_digits_of_a_code_are_found_under_outcomes_and_spell_it(visit, api):
    page = visit("outcomes")
    page.get_by_label("Operation").select_option("livedetectfour")
    page.locator("tr", has=page.get_by_text("-5008", exact=True)).get_by_role("link", name="5008").click()
    expect(page.locator("input[name=validate_data]")).to_have_value("5008")
    expect(page.get_by_label("What should happen?")).to_have_value("5008")
    expect(page.locator(".would")).to_contain_text("5008 spell -5008")
    send(page)
    assert levels(page) == ["-5008", "-5005"]
    page.locator("select[name=compare_flag]").select_option("false")
    send(page)
    assert levels(page) == ["-5008"]


def test_every_video_of_the_server_is_what_its_name_says(visit, api):
    page = visit(f"try/{GOOD_NUMBER}/idcardlivedetectfour")
    page.locator("input[name=validate_data]").fill("0123")
    videos = {one.name: one for one in samples.SAMPLES if one.operation == samples.LIVE}
    offered = page.locator(f"{VIDEO} select option").evaluate_all("options => options.map(one => one.value)")
    assert sorted(offered) == sorted(videos.keys() - {"picture-named.mp4"})
    for name in offered:
        page.locator(f"{VIDEO} select").select_option(name)
        expect(page.locator(f"{VIDEO} .preview .mono")).to_contain_text(f"{name} · ")
        send(page)
        assert levels(page)[0] == str(videos[name].code.number), name


def test_the_successors_video_is_recognised_by_digits_actions_or_silence(visit, api):
    page = visit(f"try/{GOOD_NUMBER}/LivenessRecognition")
    get_digits(page, "ValidateData")
    expect(page.locator(".preview")).to_contain_text("live.mp4")
    send(page)
    assert answer_of(page)["Result"] == "Success"
    page.locator("select[name=LivenessType]").select_option("ACTION")
    page.get_by_role("button", name="Get them from GetActionSequence").click()
    expect(page.locator("input[name=ValidateData]")).to_have_value(re.compile("^[12],[12]$"))
    page.locator("select[name=LivenessType]").select_option("SILENT")
    expect(page.locator(".digits button")).to_be_hidden()
    send(page)
    assert answer_of(page)["Result"] == "Success"


def test_a_picture_is_compared_with_a_video_and_two_pictures_with_each_other(visit, api):
    page = visit("try//LivenessCompare")
    get_digits(page, "ValidateData")
    expect(page.locator(".preview .mono")).to_have_count(2)
    send(page)
    assert answer_of(page)["Result"] == "Success"
    page.get_by_label("Operation").select_option("compare")
    send(page)
    assert api.get("/_mockface/calls")[0]["form"].startswith("json")
    source(page, "imageB", "sample")
    expect(page.locator(".preview")).to_contain_text(["face.jpg"])
    send(page)
    expect(page.locator(".result h2")).to_contain_text("similarity 100.0")
    expect(page.get_by_role("region", name="Answer")).to_contain_text('"similarity":100.0')


@pytest.mark.parametrize(
    ("operation", "asked"),
    [("livegetfour", []), ("livedetectpicture", []), ("authidcard", []), ("GetLiveCode", []),
     ("GetActionSequence", ["ActionType"])],
)  # fmt: skip
def test_the_others_ask_for_what_they_read_and_answer(visit, api, operation, asked):
    page = visit(f"try/{GOOD_NUMBER}/{operation}")
    expect(page.locator("select").first).to_have_value(operation)
    names = page.locator(".own input[name], .own select[name]").evaluate_all("all => all.map(one => one.name)")
    assert [name for name in names if name != "source"] == asked
    expect(page.get_by_label("ID number")).to_be_visible(visible=operation == "authidcard")
    send(page)
    expect(page.locator(".result .chip.success").first).to_be_visible()


def test_a_webm_of_the_camera_is_refused_and_the_page_says_why(visit, api):
    page = visit("try//livedetectfour")
    page.locator("input[name=validate_data]").fill("0123")
    source(page, "video", "camera")
    page.get_by_label("Recorded as").select_option("video/webm")
    expect(page.locator(VIDEO)).to_contain_text("the service does not accept it")
    page.get_by_role("button", name="Record 4 seconds").click()
    expect(page.locator(f"{VIDEO} .preview")).to_contain_text("camera.webm")
    expect(page.locator("video")).to_have_count(0)
    assert api.get("/_mockface/calls") == []
    send(page)
    assert levels(page) == ["-5001", "-5005"]
    expect(page.locator(".result .why")).to_contain_text("it is WEBM, which is not accepted")


def test_without_a_camera_the_page_says_so(visit, api):
    page = visit("try//livedetectfour")
    page.evaluate("void (navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no device')))")
    source(page, "video", "camera")
    expect(page.get_by_role("alert")).to_have_text("The camera cannot be used: no device")


def test_the_copies_of_a_video_are_answered_alike(visit, api, tmp_path):
    for name, content in samples.contents().items():
        if name in ("live.mp4", "live-mute.mp4"):
            (tmp_path / name).write_bytes(content)
    page = visit("try//livedetectfour")
    page.locator("input[name=validate_data]").fill("0123")
    for name in ("live.mp4", "live-mute.mp4"):
        page.locator(f"{VIDEO} select").select_option(name)
        expect(page.locator(f"{VIDEO} .preview .mono")).to_contain_text(f"{name} · ")
        send(page)
        with page.expect_download() as saved:
            page.locator("fieldset[data-field=card]").get_by_role("button", name="Save").click()
        saved.value.save_as(tmp_path / "face.jpg")
        status = int(levels(page)[0])
        for language, runs in RUNNERS.items() if status else [("curl", RUNNERS["curl"])]:
            text = copied(page, language)
            assert f"{name}: 'mockface samples .' writes it here" in text
            api.post("/_mockface/reset", {"journal": True})
            assert runs(text, tmp_path) == (200, 0), text
            (told,) = api.get("/_mockface/calls")
            assert (told["code"], told["form"]) == (status, "multipart raw"), language
        send(page)
        passes(tmp_path, copied(page, "pytest"), **LEAN_PYTEST)
        assert (status == 0) or f"live: {status}" in copied(page, "YAML")
        page.locator(".result .facts a").click()
        page.locator(".copies pre").wait_for()
        assert f'"live_status":{status}' in run(["bash", "-c", page.locator(".copies pre").inner_text()], tmp_path)
        page.locator(".copies").get_by_role("tab", name="pytest").click()
        passes(tmp_path, page.locator(".copies pre").inner_text(), **LEAN_PYTEST)
        page.go_back()
        page.locator("input[name=validate_data]").fill("0123")


def test_the_copies_of_the_successors_videos_are_answered_alike(visit, api, tmp_path):
    for name in ("live.mp4", "live-mute.mp4"):
        (tmp_path / name).write_bytes(samples.video("mute" if "mute" in name else "good"))
    page = visit("try//LivenessCompare")
    page.locator("input[name=ValidateData]").fill("0123")
    page.locator("fieldset[data-field=VideoBase64] select").select_option("live-mute.mp4")
    expect(page.locator("fieldset[data-field=VideoBase64] .mono")).to_contain_text("live-mute.mp4 · ")
    send(page)
    said = answer_of(page)["Result"]
    assert said != "Success"
    assert f'"Result":"{said}"' in run(["bash", "-c", copied(page, "curl")], tmp_path)
    assert 'video("mute")' in copied(page, "pytest")
    passes(tmp_path, copied(page, "pytest"))
    page.locator(".result .facts a").click()
    page.locator(".copies pre").wait_for()
    assert f'"Result":"{said}"' in run(["bash", "-c", page.locator(".copies pre").inner_text()], tmp_path)


def test_a_long_video_of_ones_own_is_signed_in_the_page_and_copied_by_its_file(visit, api, tmp_path):
    own = tmp_path / "mine.mp4"
    free = 300_000
    own.write_bytes(samples.video() + free.to_bytes(4, "big") + b"free" + bytes(free - 8))
    page = visit(f"try/{GOOD_NUMBER}/LivenessRecognition")
    get_digits(page, "ValidateData")
    source(page, "VideoBase64", "upload")
    page.get_by_label("Video file").set_input_files(own)
    expect(page.locator(".preview")).to_contain_text("mine.mp4")
    send(page)
    assert answer_of(page)["Result"] == "Success"
    assert api.get("/_mockface/calls")[0]["signature"] == "verified"
    curl = copied(page, "curl")
    assert "base64 < 'mine.mp4'" in curl
    assert '"Result":"Success"' in run(["bash", "-c", curl], tmp_path)
    assert api.get("/_mockface/calls")[0]["signature"] == "verified"
    passes(tmp_path, copied(page, "pytest"))


@both_languages
def test_the_forms_fit_a_phone_and_a_screen_reader(visit, api, language):
    page = visit("calls", language=language, size=PHONE, bypass_csp=True)
    if not AXE.is_file():
        pytest.skip("axe-core is not installed here; 'make test-all' does it")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for view in ("try/5008/livedetectfour", "try//LivenessCompare", "try//compare"):
        page.goto(page.url.partition("#")[0] + f"#/{view}")
        page.locator(f"select option[value={view.rpartition('/')[2]}]:checked").wait_for(state="attached")
        send(page)
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        grave = [
            (one["id"], node["target"]) for one in found if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]  # fmt: skip
        assert grave == [], view
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], view
