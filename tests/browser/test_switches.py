"""Switches: clock, signature mode, account states; and a banner while anything is not at its default."""

import json
import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import both_languages
from tests.making import SHIPPED, sign_now

pytestmark = pytest.mark.thorough

NUMBER = "110110199909090909"


def code_of(api, authorization=None):
    for_ten_minutes = sign_now(expires_at=int(time.time()) + 600)
    return json.loads(api.call("json-url", NUMBER, "张三", authorization or for_ten_minutes).body)["code"]


@both_languages
def test_the_clock_is_advanced_and_a_banner_says_so_on_every_view(visit, api, language):
    page = visit("switches", language=language)
    expect(page.locator(".banner")).to_have_count(0)
    page.get_by_role("button", name="+1h").click()
    banner = page.locator(".banner")
    expect(banner).to_contain_text({"en": "the clock is 1 h ahead", "zh": "时钟快了 1 小时"}[language])
    assert code_of(api) == 9
    for view in ("calls", "try", "outcomes", "scenarios"):
        page.goto(page.url.partition("#")[0] + f"#/{view}")
        expect(banner).to_be_visible()
    page.get_by_role("button", name={"en": "Set all back", "zh": "全部恢复"}[language]).click()
    expect(banner).to_have_count(0)
    assert code_of(api) == 0


def test_the_clock_is_set_and_goes_back(visit, api):
    page = visit("switches")
    page.get_by_label("Set to").fill("2030-01-01T00:00:00")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.locator(".banner")).to_contain_text("ahead")
    assert api.get("/_mockface/clock")["offset_s"] > 1e7
    page.get_by_role("button", name="Back to the machine's time").click()
    expect(page.locator(".banner")).to_have_count(0)


@pytest.mark.parametrize(
    ("state", "code"), [("arrears", 3), ("not_authorised", 24), ("auth_down", 107), ("auth_down_2", 108)]
)
def test_an_account_is_put_into_a_state(visit, api, state, code):
    page = visit("switches", language="zh" if state == "arrears" else "en")
    page.locator(".accounts select").select_option(state)
    expect(page.locator(".banner")).to_contain_text("1250000000")
    assert code_of(api) == code
    page.locator(".accounts select").select_option("active")
    expect(page.locator(".banner")).to_have_count(0)
    assert code_of(api) == 0


@both_languages
def test_the_signature_mode_is_switched(visit, api, language):
    page = visit("switches", language=language)
    page.locator("input[value=verify]").check()
    words = {"en": "signatures are checked as “verify”", "zh": "签名检查为 “verify”"}[language]
    expect(page.locator(".banner")).to_contain_text(words)
    assert code_of(api, sign_now(secret_key="another")) == 14
    page.locator("input[value=off]").check()
    expect(page.locator(".banner")).to_contain_text("“off”")
    assert code_of(api, "nonsense") == 0


def test_another_ones_switch_is_noticed_without_a_reload(visit, api):
    page = visit("outcomes")
    api.put("/_mockface/switches/accounts/1250000000", {"state": "arrears"})
    expect(page.locator(".banner")).to_contain_text("in arrears", timeout=15_000)


def test_what_the_server_remembers_is_forgotten_part_by_part(visit, api):
    api.post("/_mockface/scenarios", {"number": "110110199908010015", "code": 15})
    code_of(api)
    page = visit("switches")
    page.get_by_role("button", name="Run-time scenarios").click()
    expect(page.locator("#said")).to_have_text("Done")
    assert api.get("/_mockface/scenarios?limit=1")["total"] == SHIPPED
    assert len(api.get("/_mockface/calls")) == 1
    page.get_by_role("button", name="Everything").click()
    page.get_by_role("link", name="Calls").click()
    expect(page.get_by_text("No calls yet")).to_be_visible()
