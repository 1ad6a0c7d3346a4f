"""What the server says is said in Chinese on a Chinese page: whys by the server, mistakes in files by the page."""

import re

from mockface import idcard
from mockface.scenariofiles import reader
from mockface.scenariofiles.files import files_in
from mockface.scenariofiles.merged import Loaded, assemble
from tests.making import NOW
from tests.unit.test_languages import must_be_chinese
from tests.unit.test_reading import CASES


def spoken(page, does, sentences):
    """What the page makes of these sentences with one of the functions of phrases-files.js."""
    return page.evaluate(
        "([does, every]) => import('/_mockface/console/phrases-files.js').then((module) => every.map(module[does]))",
        [does, sentences],
    )


def mistakes_in_files(folder):
    """A mistake of every kind that a scenario file can have, with its place, as the health of a server tells them."""
    loaded = Loaded(NOW)
    living = "44052419900307001"
    account = 'accounts: [{{ appid: "1", secret_id: {}, secret_key: s, state: {} }}]'
    real = f'scenarios:\n  "{living}{idcard.check_digit(living)}": {{ code: 3 }}'
    for at, text in enumerate((
        *(text for text, _, _ in CASES.values()), account.format("a", "active"), account.format("b", "arrears"),
        account.format("c", "active"), account.format("c", "active"), real,
        "scenarios: " + "[" * 70, "a: &a [*a]", "a: &a [1]\nb: [" + "*a," * 100_001 + "]",
    )):  # fmt: skip
        reader.read_text(loaded, f"{at}.yaml", text)
    (folder / "latin.yaml").write_bytes(b"\xe9")
    (folder / "none.yaml").symlink_to("nowhere")
    (folder / "empty").mkdir()
    paths = (folder, folder / "empty", folder / "gone", "/dev/null")
    diagnostics = [
        *assemble(loaded, Loaded())[1],
        *files_in(paths)[1],
        *reader.load([folder / "latin.yaml"]).diagnostics,
    ]
    return sorted({f"{one.place}: {one.text}" for one in diagnostics})


def test_every_mistake_in_a_file_has_its_chinese_behind_its_place(visit, api, tmp_path):
    every = mistakes_in_files(tmp_path)
    assert len(every) > 80
    told = spoken(visit(language="zh"), "mistake", every)
    must_be_chinese(every, told)
    assert all(chinese.startswith(one.partition(": ")[0]) for one, chinese in zip(every, told, strict=True))


def test_several_mistakes_that_the_api_names_at_once_are_chinese_one_by_one(visit, api):
    page = visit(language="zh")
    given = "no code 99; did you mean 9?; code 0 is a success; write similarity: 100.0"
    assert spoken(page, "refusal", [given]) == [
        "没有错误码 99；是否应为 9？；错误码 0 表示成功；应写 similarity: 100.0"
    ]
    assert spoken(page, "refusal", ["what nobody knows; code 0"]) == ["what nobody knows; code 0"]


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
