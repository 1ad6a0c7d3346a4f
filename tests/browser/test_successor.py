"""The successor (API 3.0) in the console: tried by its fields, told with its RequestId, copied for the vendor's SDKs."""

import json
import re
import sys

import pytest
from playwright.sync_api import expect

from mockface.scenarios import family
from mockface.signature.accounts import TEST_ACCOUNT
from tests.browser.conftest import both_languages
from tests.browser.test_copies import run
from tests.conftest import program

pytestmark = pytest.mark.thorough

NUMBER = family.number_for(5, 1, 803)
MISMATCH = "FailedOperation.IdNameMisMatch"


def send(page):
    page.locator(".form button[type=submit]").click()
    expect(page.locator(".result .answered").first).to_be_visible()


def answer_of(page):
    text = page.locator(".result pre").first.inner_text()
    return json.loads(text[text.index("{") :])["Response"]


def copied(page, name):
    page.get_by_role("tab", name=name, exact=True).click()
    return page.get_by_role("region", name=name, exact=True).inner_text()


@both_languages
@pytest.mark.parametrize(
    ("action", "said"), [("ImageRecognition", MISMATCH), ("ImageRecognitionV2", MISMATCH), ("IdCardVerification", "-1")]
)
def test_an_action_is_tried_by_its_fields_and_its_call_is_found_by_its_request_id(visit, api, language, action, said):
    page = visit(f"try/{NUMBER}/{action}", language=language)
    expect(page.locator("select").first).to_have_value(action)
    fields = page.locator(".form input[name]").evaluate_all("inputs => inputs.map(one => one.name)")
    assert [name for name in fields if name != "source"] == (["Extra"] if action == "ImageRecognitionV2" else [])
    expect(page.locator(".preview canvas")).to_have_count(0 if action == "IdCardVerification" else 1)
    send(page)
    expect(page.locator(".result h2 .chip")).to_have_text(said)
    answer = answer_of(page)
    assert answer["Result"] == said
    page.locator(".result .facts a").click()
    expect(page.locator(".request-id code")).to_have_text(answer["RequestId"])
    expect(page.locator(".facts").first).to_contain_text(action)
    expect(page.locator("table.fields tbody tr").first).to_contain_text("TC3-HMAC-SHA256")
    assert [cell for cell in page.locator("table.fields td:last-child").all_inner_texts() if not cell] == []
    search = page.locator(".filters input[type=search]")
    search.fill(answer["RequestId"][:13])
    expect(page.locator(".row[data-id]")).to_have_count(1)
    search.fill("00000000-0000")
    expect(page.locator(".row[data-id]")).to_have_count(0)


def test_the_outcomes_of_an_action_are_picked_and_named_by_its_own_codes(visit, api):
    page = visit(f"try/{NUMBER}/ImageRecognitionV2")
    outcome = page.get_by_label("What should happen?")
    expect(outcome.locator("option").first).to_be_attached()
    label = "AuthFailure.SignatureExpire"
    texts = outcome.locator("option").all_inner_texts()
    assert not [text for text in texts if text.startswith("-5803")]
    outcome.select_option(label=next(text for text in texts if text.startswith("FailedOperation.LifePhotoDetectFake ")))
    send(page)
    assert answer_of(page)["Result"] == "FailedOperation.LifePhotoDetectFake"
    outcome.select_option(label=next(text for text in texts if text.startswith(label)))
    send(page)
    assert answer_of(page)["Error"]["Code"] == label


@pytest.mark.parametrize(
    ("broken", "code"),
    [("missing", "MissingParameter"), ("malformed", "AuthFailure.InvalidAuthorization"),
     ("expired", "AuthFailure.SignatureExpire"), ("wrong_key", "AuthFailure.SignatureFailure")],
)  # fmt: skip
def test_a_signature_of_api_3_is_broken_on_purpose(visit, api, broken, code):
    page = visit(f"try/{NUMBER}/IdCardVerification")
    api.put("/_mockface/switches/signature", {"signature": "verify"})
    page.get_by_label("Signature").select_option(broken)
    send(page)
    assert answer_of(page)["Error"]["Code"] == code


def test_no_picture_is_refused_and_the_old_form_comes_back(visit, api):
    page = visit(f"try/{NUMBER}/ImageRecognition")
    page.locator("label:has(input[value=none])").click()
    send(page)
    expect(page.locator(".result .why")).to_contain_text("ImageBase64")
    page.get_by_label("Operation").select_option("idcardcompare")
    expect(page.get_by_label("Address of the picture")).to_be_visible()
    send(page)
    expect(page.locator(".result h2 .chip")).to_have_text("-5803")


def test_the_copies_of_a_call_run(visit, api, tmp_path):
    page = visit(f"try/{NUMBER}/ImageRecognitionV2")
    page.locator("input[name=Extra]").fill("it's")
    send(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save").click()
    saved.value.save_as(tmp_path / "face.jpg")
    program("curl")
    assert f'"Result":"{MISMATCH}"' in run(["bash", "-c", copied(page, "curl")], tmp_path)
    (tmp_path / "test_copied.py").write_text(copied(page, "pytest"), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_copied.py"]
    assert "1 passed" in run(command, tmp_path)
    assert re.search(rf'"{NUMBER}": {{ result: "{MISMATCH}" }}', copied(page, "YAML"))
    for language in ("Python", "Node", "Go", "PHP", "Java"):
        text = copied(page, language)
        assert [part for part in (TEST_ACCOUNT.secret_key, "face.jpg", NUMBER) if part not in text] == [], language
    (tmp_path / "call.js").write_text(copied(page, "Node"), encoding="utf-8")
    run([program("node"), "--check", "call.js"], tmp_path)
    (tmp_path / "call.php").write_text(copied(page, "PHP"), encoding="utf-8")
    run([program("php"), "-l", "call.php"], tmp_path)
    compile(copied(page, "Python"), "call.py", "exec")
