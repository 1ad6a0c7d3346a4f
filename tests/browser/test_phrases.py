"""What the server says is shown in Chinese on a Chinese page."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.thorough


def test_the_why_of_a_call_is_chinese_on_a_chinese_page_with_the_english_at_hand(visit, api):
    value = api.post("/_mockface/sign", {"broken": "expired"})["authorization"]
    call_id = api.call("json-url", "110110199909090909", "张三", value).headers["x-mockface-request-id"]
    why = visit(f"calls/{call_id}", language="zh").locator(".why span")
    assert re.fullmatch(r"签名在 e=\d+ 过期，比现在（\d+）早 \d+ 秒", why.inner_text())
    assert why.get_attribute("title") == api.get(f"/_mockface/calls/{call_id}")["why"]


def test_a_call_on_a_chinese_page_leaves_no_words_of_the_server_in_english(visit, api):
    value = api.post("/_mockface/sign", {"broken": "malformed"})["authorization"]
    call_id = api.call("json-url", "110110199909090909", "张三", value).headers["x-mockface-request-id"]
    page = visit(f"calls/{call_id}", language="zh")
    verdict = api.get(f"/_mockface/calls/{call_id}")["verdict"]
    failed = next(check for check in verdict["checks"] if check["state"] == "failed")
    shown = page.locator(".check.failed").inner_text()
    assert [key for key in ("title", "came", "wanted", "evidence") if failed[f"{key}_zh"] not in shown] == []
    assert page.locator(".mistakes li").all_inner_texts() == verdict["signature"]["mistakes_zh"]


def test_what_the_api_refuses_is_chinese_on_a_chinese_page(visit, api):
    page = visit("calls/none-1", language="zh", forgiven=("404",))
    expect(page.locator(".fault")).to_contain_text("没有调用 none-1 的记录")
