"""The page that docs/for-frontend.md shows gets each answer of its table, in Chromium, without a key."""

import re

from playwright.sync_api import Browser, expect

from tests.conftest import start
from tests.test_guides import blocks, guide

SHOWN = {
    "110110199909090909": '"similarity":100',
    "110110199912017492": '"similarity":74.9',
    "110110199905018032": '"code":-5803',
    "110110199904010127": '"code":-4012',
    "110110199910010158": '"code":15',
    "110110199906010016": '"code":15',
    "11011019990201030X": '"similarity":100',
    "110110199903011021": "no answer: ",
    "110110199903011064": "no answer: ",
}


def test_the_page_shows_the_answer_to_each_number_of_the_table(browser: Browser, tmp_path):
    assert re.findall(r"^\| [^|]+ \| `(1101\w+)` \|$", guide("for-frontend.md"), re.MULTILINE) == list(SHOWN)
    server = start("--signature", "off")
    try:
        (text,) = [one for one in blocks("for-frontend.md", "html") if "page.html" in one]
        file = tmp_path / "page.html"
        file.write_text(text.replace("http://127.0.0.1:8641", server.url), encoding="utf-8")
        page = browser.new_page()
        for number, shown in SHOWN.items():
            page.goto(f"{file.as_uri()}?number={number}")
            expect(page.locator("#answer")).to_contain_text(shown, timeout=10_000)
        page.close()
    finally:
        assert server.stop() == 0
