"""Try it: a number, a name, a picture, a signature; the raw request, the raw answer, the verdict."""

import pytest
from playwright.sync_api import expect

from mockface.scenarios import family
from mockface.signature.making import BREAKAGES
from tests.browser.conftest import both_languages
from tests.making import JPEG

SEND = {"en": "Send the call", "zh": "发出调用"}


def send(page, language="en"):
    page.get_by_role("button", name=SEND[language]).click()
    expect(page.locator(".result .answered").first).to_be_visible()


def choose(page, source):
    page.locator(f"label:has(input[value={source}])").click()


@pytest.mark.thorough
@both_languages
def test_somebody_who_knows_nothing_provokes_5803_and_sees_why(visit, api, language):
    page = visit(language=language)
    page.get_by_role("link", name={"en": "Make a call", "zh": "发起一次调用"}[language]).click()
    outcome = page.get_by_label({"en": "What should happen?", "zh": "想要什么结果？"}[language])
    words = {"en": "-5803 the name does not belong to the ID number", "zh": "-5803 身份证姓名与身份证号码不一致"}[
        language
    ]
    outcome.select_option(label=words)
    expect(page.locator(".would")).to_contain_text("-5803 NAME_MISMATCH")
    send(page, language)
    expect(page.locator(".result h2")).to_contain_text("-5803")
    expect(page.locator(".result .why")).to_contain_text("110110199905??803?")
    expect(page.locator(".result pre").first).to_contain_text('{"code":-5803,"message":"ERROR_IDCARD_NAME_NOT_MATCH"')
    (told,) = api.get("/_mockface/calls")
    assert (told["code"], told["name"]) == (-5803, "张三")


@pytest.mark.thorough
def test_the_raw_request_and_the_raw_answer_are_shown(visit, api):
    page = visit("try/110110199909090909")
    send(page)
    answer = page.get_by_role("region", name="Answer").inner_text()
    assert answer.startswith("HTTP/1.1 200 OK\n")
    assert answer.endswith('{"code":0,"message":"OK","data":{"session_id":"","similarity":100.0}}')
    page.get_by_role("tab", name="Request").click()
    request = page.get_by_role("region", name="Request").inner_text()
    assert request.startswith("POST /face/idcardcompare HTTP/1.1\nhost: 127.0.0.1")
    assert '"idcard_number": "110110199909090909"' in request


@pytest.mark.thorough
@pytest.mark.parametrize("broken", BREAKAGES)
def test_a_signature_is_broken_on_purpose_and_gets_its_code(visit, api, broken):
    page = visit("try/110110199909090909")
    page.get_by_label("Signature").select_option(broken)
    if broken == "wrong_key":
        expect(page.get_by_text("Only “verify” notices")).to_be_visible()
        api.put("/_mockface/switches/signature", {"signature": "verify"})
    send(page)
    expect(page.locator(".result .chip").first).to_have_text(str(BREAKAGES[broken].code.number))
    offered = page.get_by_label("Signature").locator("option").evaluate_all("options => options.map(one => one.value)")
    assert set(offered) == {"", *BREAKAGES}


SAMPLES = {
    "face.jpg": (0, "JPEG"), "face.png": (0, "PNG"), "face.webp": (0, "WEBP"), "face.bmp": (0, "BMP"),
    "face.gif": (-4011, "GIF"), "text.jpg": (-4011, None), "large.jpg": (23, None),
}  # fmt: skip


@pytest.mark.thorough
def test_every_picture_of_the_sample_pack_is_what_it_says(visit, api):
    page = visit("try/110110199909090909")
    choose(page, "sample")
    picker = page.get_by_label("Picture of the sample pack")
    assert picker.locator("option").evaluate_all("options => options.map(one => one.value)") == list(SAMPLES)
    for name, (code, form) in SAMPLES.items():
        picker.select_option(name)
        expect(page.locator(".preview")).to_contain_text(name)
        send(page)
        expect(page.locator(".result .chip").first).to_have_text(str(code))
        if form:
            call = api.get("/_mockface/calls?limit=1")[0]
            assert api.get(f"/_mockface/calls/{call['id']}")["verdict"]["picture"]["format"] == form


@pytest.mark.thorough
def test_a_picture_is_sent_by_file_and_no_picture_gets_its_code(visit, api, tmp_path):
    photo = tmp_path / "测试.jpg"
    photo.write_bytes(JPEG)
    page = visit("try/110110199909090909", language="zh")
    choose(page, "upload")
    page.get_by_label("图片文件").set_input_files(photo)
    expect(page.locator(".preview")).to_contain_text("测试.jpg")
    send(page, "zh")
    assert api.get("/_mockface/calls")[0]["form"] == "multipart raw"
    choose(page, "none")
    send(page, "zh")
    expect(page.locator(".result .chip").first).to_have_text("-5805")


@pytest.mark.thorough
def test_a_picture_of_the_camera_stays_in_the_page_until_it_is_sent(opened, api):
    one = opened("try/110110199909090909")
    page = one.page
    choose(page, "camera")
    expect(page.get_by_text("stays in this page until you send it, and mockface never stores it")).to_be_visible()
    page.get_by_role("button", name="Take the picture").click()
    expect(page.locator(".preview canvas")).to_be_visible()
    assert page.evaluate("document.querySelectorAll('video').length") == 0
    asked = [url for url in one.requests if "/face/" in url or url.startswith(("data:", "blob:"))]
    assert asked == []
    assert api.get("/_mockface/calls") == []
    send(page)
    call = api.get("/_mockface/calls")[0]
    picture = api.get(f"/_mockface/calls/{call['id']}")["verdict"]["picture"]
    assert (call["code"], picture["format"]) == (0, "JPEG")
    page.get_by_role("button", name="Take another").click()
    expect(page.get_by_role("button", name="Take the picture")).to_be_visible()
    page.get_by_role("link", name="Outcomes").click()
    expect(page.locator("video")).to_have_count(0)


@pytest.mark.thorough
@pytest.mark.parametrize("fault", ["truncate", "drop"])
def test_an_answer_that_breaks_off_is_told_with_its_verdict(visit, api, fault):
    page = visit(f"try/{family.number_for(3, 1, family.FAULT_SEQUENCES[fault])}", forgiven=("net::ERR",))
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("The answer broke off")
    expect(page.locator(".result .why")).to_contain_text(f"with fault {fault}")


@pytest.mark.thorough
def test_waiting_for_an_answer_that_never_comes_can_be_given_up(visit, api):
    page = visit(f"try/{family.number_for(3, 1, family.FAULT_SEQUENCES['hang'])}")
    page.get_by_role("button", name="Send the call").click()
    page.get_by_role("button", name="Give up").click()
    expect(page.get_by_role("alert")).to_contain_text("You gave up")
    expect(page.locator(".result .why")).to_contain_text("with fault hang")


@pytest.mark.thorough
def test_the_lane_changes_the_number_of_the_same_outcome(visit, api):
    page = visit("try/110110199905018032")
    expect(page.get_by_label("What should happen?")).to_have_value("110110199905018032")
    page.get_by_label("Lane").select_option("7")
    expect(page.get_by_label("ID number")).to_have_value(family.number_for(5, 7, 803))
    page.get_by_label("ID number").fill("1")
    expect(page.get_by_label("What should happen?")).to_have_value("")
    expect(page.locator(".would")).to_contain_text("default: -5804")


@pytest.mark.thorough
def test_without_hints_the_call_is_found_all_the_same(launch, visit):
    server = launch("--no-hints")
    page = visit("try/110110199905018032", url=server.url)
    send(page)
    expect(page.locator(".result h2")).to_contain_text("-5803")
