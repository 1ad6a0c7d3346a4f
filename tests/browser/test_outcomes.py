"""Outcomes: every code with its number, similarities, delays, faults, and what was provoked so far."""

import re

import pytest
from playwright.sync_api import expect

from mockface import codes
from mockface.operations.listing import advice
from mockface.scenarios import family
from mockface.scenarios.faults import FAULTS
from tests.browser.conftest import both_languages
from tests.making import sign_now

pytestmark = pytest.mark.thorough


def call(api, number, name="张三"):
    return api.call("json-url", number, name, sign_now())


def of_the_image_api(visit, language="en"):
    """The outcomes of the first operation alone."""
    page = visit("outcomes", language=language)
    page.get_by_label({"en": "Operation", "zh": "操作"}[language]).select_option("idcardcompare")
    return page


@both_languages
def test_every_code_is_listed_with_both_meanings_and_a_number_that_answers_it(visit, api, language):
    page = of_the_image_api(visit, language)
    expect(page.locator("table.outcomes tbody tr")).to_have_count(len(codes.TABLE) - 1)
    listed = page.locator("table.outcomes tbody tr").evaluate_all("rows => rows.map(row => row.innerText)")
    by_code: dict[int | str, str] = {int(found[0]): text for text in listed if (found := re.search(r"-?\d+", text))}
    assert len(by_code) == len(codes.TABLE) - 1
    for code in codes.TABLE[1:]:
        text = by_code[code.number]
        assert code.meaning_en in text
        assert code.meaning_zh in text
        assert family.number_for_code(code) in text
        if language == "en":
            assert advice(code)["mended_by"].split(",")[0].replace("account owner", "account's owner") in text


def test_the_lane_picker_and_the_copy_button_give_the_number_of_that_lane(visit, api):
    page = of_the_image_api(visit)
    page.get_by_label("Lane").select_option("7")
    number = family.number_for(5, 7, 803)
    page.get_by_role("button", name=f"Copy {number}").click()
    page.wait_for_function("async (number) => (await navigator.clipboard.readText()) === number", arg=number)
    assert call(api, number).body.startswith(b'{"code":-5803')


def test_search_finds_by_code_name_and_either_meaning(visit, api):
    page = of_the_image_api(visit)
    for search, codes_found in {"-5803": ["-5803"], "replay": ["13"], "签名过期": ["9"], "frequ": ["15"]}.items():
        page.get_by_label("Search").fill(search)
        expect(page.locator("table.outcomes .chip")).to_have_text(codes_found)
    page.get_by_label("Search").fill("nothing at all")
    expect(page.get_by_text("Nothing matches “nothing at all”")).to_be_visible()


@both_languages
def test_the_bar_says_how_many_were_provoked_and_each_row_how_often(visit, api, language):
    page = of_the_image_api(visit, language)
    bar = page.get_by_role("meter")
    expect(bar).to_have_attribute("aria-valuenow", "0")
    for number in (family.number_for(5, 1, 803), family.number_for(5, 2, 803), family.number_for(10, 1, 15)):
        call(api, number)
    count = len(codes.TABLE) - 1
    words = {"en": f"2 of {count} provoked", "zh": f"已触发 2 / {count}"}[language]
    expect(page.locator(".coverage")).to_contain_text(words)
    row = page.locator("tr", has=page.get_by_text("-5803", exact=True))
    expect(row.locator(".times")).to_have_text({"en": "2×", "zh": "2 次"}[language])


def test_the_dial_gives_a_number_for_every_similarity(visit, api):
    page = visit("outcomes")
    page.get_by_label("exact similarity").fill("59.9")
    number = family.number_for_similarity(59.9)
    expect(page.locator(".dialled").first).to_contain_text(number)
    expect(page.locator(".dialled").first).to_contain_text("not above the advised threshold")
    assert b'"similarity":59.9' in call(api, number).body
    page.get_by_label("similarity", exact=True).press("End")
    expect(page.locator(".dialled").first).to_contain_text(family.number_for_similarity(100))


def test_delays_and_faults_have_their_numbers(visit, api):
    page = visit("outcomes")
    page.get_by_label("Seconds until the answer").fill("0.3")
    expect(page.locator(".dialled").nth(1)).to_contain_text(family.number_for_delay(0.3))
    for fault in FAULTS:
        number = family.number_for(3, 1, family.FAULT_SEQUENCES[fault])
        expect(page.locator(".pairs li", has_text=f"{fault}:")).to_contain_text(number)
    page.get_by_role("link", name=family.number_for(6, 1, 1)).click()
    expect(page.get_by_label("ID number")).to_have_value(family.number_for(6, 1, 1))
