"""The photo upload of docs/for-frontend.md in Chromium, and what `fetch` makes of each broken answer."""

import re

import pytest
from playwright.sync_api import Browser, expect

from mockface.scenarios import family
from tests.conftest import start
from tests.making import JPEG
from tests.test_guides import blocks, guide

ERRORS = re.findall(r"^\| `(\w+)` \| `(\d+X?)` \| `(\w+)` \|", guide("for-frontend.md"), re.MULTILINE)
PHOTO = {"name": "face.jpg", "mimeType": "image/jpeg", "buffer": JPEG}


@pytest.fixture(scope="module")
def upload(browser: Browser, tmp_path_factory):
    server = start("--signature", "off")
    (text,) = [one for one in blocks("for-frontend.md", "html") if "upload.html" in one]
    text = text.replace("http://127.0.0.1:8641", server.url)
    file = tmp_path_factory.mktemp("upload") / "upload.html"
    page = browser.new_page()

    def send(number, *files, head=""):
        own = f"method: 'POST', headers: {{ 'Content-Type': '{head}' }}," if head else "method: 'POST',"
        file.write_text(text.replace("method: 'POST',", own), encoding="utf-8")
        page.goto(file.as_uri())
        page.locator("[name=idcard_number]").fill(number)
        page.locator("[name=image]").set_input_files(list(files))
        page.locator("button").click()
        return page.locator("#answer")

    yield send
    page.close()
    assert server.stop() == 0


def test_the_photo_that_a_user_picks_is_taken_and_none_is_refused(upload):
    expect(upload("110110199909090909", PHOTO)).to_contain_text('"similarity":100')
    expect(upload("110110199905018032", PHOTO)).to_contain_text('"code":-5803')
    expect(upload("110110199909090909", PHOTO, head="multipart/form-data")).to_contain_text('"code":3')
    for files in ([], [{**PHOTO, "buffer": b""}]):
        expect(upload("110110199909090909", *files)).to_contain_text('"code":-5805')


@pytest.mark.thorough
@pytest.mark.parametrize(("fault", "number", "error"), ERRORS)
def test_fetch_rejects_a_broken_answer_with_the_error_of_the_table(upload, fault, number, error):
    assert number == family.number_for(3, 1, family.FAULT_SEQUENCES[fault])
    expect(upload(number, PHOTO)).to_contain_text(f"{error}: ", timeout=15_000)
