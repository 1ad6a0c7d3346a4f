"""Scenarios: what is loaded, from where, with which mistakes; those of run time added, changed and removed."""

import json

import pytest
from playwright.sync_api import expect

from mockface import idcard
from mockface.network import client
from tests.browser.conftest import both_languages
from tests.making import SHIPPED, sign_now

pytestmark = pytest.mark.thorough

NUMBER = "110110199908010015"


def code_of(api, number, name="张三"):
    return json.loads(api.call("json-url", number, name, sign_now()).body)["code"]


def added(page):
    return page.locator("table.scenarios").first.locator("tbody tr")


@both_languages
def test_a_scenario_is_added_changed_and_removed(visit, api, language):
    def word(en, zh):
        return {"en": en, "zh": zh}[language]

    page = visit("scenarios", language=language)
    page.get_by_role("button", name=word("Add a scenario", "添加场景")).click()
    page.get_by_label(word("ID number or pattern", "身份证号码或模式")).fill(NUMBER)
    page.get_by_label(word("Outcome", "结果"), exact=True).select_option("code")
    page.locator(".step .value select").select_option("TOO_FREQUENT")
    page.get_by_role("button", name=word("Add a step", "增加一步")).click()
    page.get_by_label(word("Registered name", "登记姓名")).fill("李四")
    page.get_by_role("button", name=word("Add", "添加"), exact=True).click()
    expect(added(page).first).to_contain_text(f"15 TOO_FREQUENT → {word('similarity', '相似度')} 92.5")
    assert [code_of(api, NUMBER, "李四"), code_of(api, NUMBER, "李四"), code_of(api, NUMBER)] == [15, 0, -5803]

    page.get_by_role("button", name=word("Edit", "编辑")).click()
    expect(page.locator(".step")).to_have_count(2)
    page.get_by_role("button", name=word("Remove this step", "删除此步")).first.click()
    expect(page.locator(".step")).to_have_count(1)
    page.get_by_label(word("similarity", "相似度")).fill("74.9")
    page.get_by_role("button", name=word("Save", "保存")).click()
    expect(added(page).first).to_contain_text(f"{word('similarity', '相似度')} 74.9")
    assert api.get(f"/_mockface/scenarios/{NUMBER}")["fields"] == {"name": "李四", "similarity": 74.9}

    page.get_by_role("button", name=word("Remove", "删除"), exact=True).click()
    expect(page.get_by_text(word("None yet.", "还没有。"))).to_be_visible()
    assert not api.get(f"/_mockface/scenarios/{NUMBER}")["added"]


def test_without_a_number_a_fresh_one_is_minted(visit, api):
    page = visit("scenarios")
    page.get_by_role("button", name="Add a scenario").click()
    page.get_by_role("button", name="Add", exact=True).click()
    minted = added(page).first.locator("td").first
    expect(minted).to_have_text(api.get("/_mockface/scenarios?limit=1")["scenarios"][0]["number"])
    assert idcard.is_well_formed(minted.inner_text())


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("ID number or pattern", "12345", "expected 18 digits (the last may be X) or 15"),
        ("Delay", "3 fortnights", "delay"),
    ],
)
def test_a_mistake_in_the_form_is_named_and_nothing_is_added(visit, api, field, wrong, said):
    page = visit("scenarios", forgiven=("422",))
    page.get_by_role("button", name="Add a scenario").click()
    page.get_by_label(field).fill(wrong)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".scenario-form .fault")).to_contain_text(said)
    assert api.get("/_mockface/scenarios?limit=1")["total"] == SHIPPED


def test_what_the_form_cannot_show_is_edited_as_text(visit, api):
    fields = {"code": "INTERNAL_ERROR", "rate": 0.2, "otherwise": {"similarity": 95}}
    api.post("/_mockface/scenarios", {"number": NUMBER, **fields})
    page = visit("scenarios", forgiven=("422",))
    page.get_by_role("button", name="Edit").click()
    text = page.get_by_label("Fields of the scenario, as JSON")
    assert json.loads(text.input_value()) == fields
    page.get_by_role("button", name="Edit as a form").click()
    expect(page.locator(".scenario-form .fault")).to_contain_text("can only be edited as text")
    text.fill('{"simlarity": 3}')
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".scenario-form .fault")).to_contain_text("did you mean similarity?")
    text.fill('{"similarity": 3, "note": "<b>bold</b>"}')
    page.get_by_role("button", name="Save").click()
    expect(added(page).first).to_contain_text("<b>bold</b>")


def test_the_choices_of_the_form_are_those_of_the_schema(visit, api):
    from mockface import codes
    from mockface.scenarios.faults import FAULTS

    page = visit("scenarios")
    page.get_by_role("button", name="Add a scenario").click()
    page.get_by_label("Outcome", exact=True).select_option("code")
    values = "options => options.map(one => one.value)"
    assert page.locator(".step .value option").evaluate_all(values) == [code.name for code in codes.TABLE[1:]]
    assert page.get_by_label("Fault", exact=True).locator("option").evaluate_all(values) == ["", *FAULTS]


@both_languages
def test_which_scenario_would_this_number_get(visit, api, language):
    page = visit("scenarios", language=language)
    number = page.get_by_label({"en": "ID number", "zh": "身份证号码"}[language], exact=True)
    card = page.locator(".card", has=number)
    number.fill("110110199905018032")
    expect(card).to_contain_text("110110199905??803?")
    expect(card).to_contain_text("-5803 NAME_MISMATCH")
    number.fill("110110199908090909")
    expect(card).to_contain_text({"en": "No scenario of its own", "zh": "没有专属场景"}[language])
    expect(card).to_contain_text("110110199909090909")


@both_languages
def test_mistakes_in_a_changed_file_are_shown_while_the_last_good_set_serves(launch, visit, tmp_path, language):
    team = tmp_path / "team.yaml"
    team.write_text(f'scenarios:\n  "{NUMBER}": {{ code: 15 }}\n', encoding="utf-8")
    server = launch("--scenarios", str(team))
    api = client.Client(server.url)
    page = visit("scenarios", url=server.url, language=language)
    expect(page.locator("dl.facts")).to_contain_text(str(team))
    expect(page.get_by_text(f"{team}:2")).to_be_visible()
    team.write_text(f'scenarios:\n  "{NUMBER}": {{ cod: 15 }}\n', encoding="utf-8")
    fault = page.locator(".fault")
    expect(fault).to_contain_text(f"{team}:2:")
    expect(fault).to_contain_text({"en": "did you mean code?", "zh": "是否应为 code？"}[language])
    expect(fault).to_contain_text({"en": "stays in use", "zh": "仍使用"}[language])
    expect(page.locator(".banner.bad")).to_be_visible(timeout=15_000)
    assert code_of(api, NUMBER) == 15
    team.write_text(f'scenarios:\n  "{NUMBER}": {{ code: 21 }}\n', encoding="utf-8")
    expect(fault).to_have_count(0)
    expect(page.locator("dl.facts")).to_contain_text({"en": "1 reload", "zh": "重新加载 1 次"}[language])
