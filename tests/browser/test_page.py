"""The page as a whole: languages, themes, sizes, screen readers, its policy, and who gets it."""

import os
import re

import pytest
from playwright.sync_api import expect

from mockface.network import client
from mockface.scenarios import family
from mockface.web import console as console_files
from tests.browser.conftest import ARTEFACTS, DESKTOP, PHONE, both_languages
from tests.conftest import HERE
from tests.making import json_body, sign_now

VIEWS = ("calls", "try", "outcomes", "scenarios", "switches")
AXE = HERE / "browser" / "node" / "node_modules" / "axe-core" / "axe.min.js"
STATIC = console_files.FOLDER


def seed(api):
    """Calls of every kind, so that a picture of the page shows something."""
    outcomes = [
        ("json-url", "110110199909090909", "张三", None), ("multipart", family.number_for_similarity(74.9), "张三", None),
        ("json-base64", family.number_for(5, 7, 803), "李四", None), ("json-url", "440524199003070013", "王五", None),
        ("json-url", family.number_for(10, 3, 15), "张三", None), ("multipart", family.number_for(4, 1, 12), "张三", None),
        ("json-url", "110110199909090908", "张三", None), ("json-data-url", "110110199909090909", "张三", "malformed"),
        ("json-url", family.number_for_delay(0.3), "张三", None), ("json-url", "110110199909090909", "张三", "expired"),
    ]  # fmt: skip
    for form, number, name, broken in outcomes:
        value = api.post("/_mockface/sign", {"broken": broken})["authorization"]
        called = api.call(form, number, name, value)
    return called.headers["x-mockface-request-id"]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("locale", "language"), [("zh-CN", "zh-CN"), ("zh-TW", "zh-CN"), ("en-GB", "en"), ("fr-FR", "en")]
)
def test_the_page_speaks_the_browsers_language(visit, api, locale, language):
    expect(visit(language=locale).locator("html")).to_have_attribute("lang", language)


@pytest.mark.thorough
def test_language_and_theme_are_switched_and_remembered(visit, api):
    page = visit()
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("link", name="调用", exact=True)).to_be_visible()
    page.get_by_role("button", name="配色").click()
    page.get_by_role("button", name="配色：浅色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    background = page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    assert page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor") == background
    page.get_by_role("button", name="English").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_every_word_has_both_languages_and_every_word_that_is_asked_for_exists():
    words: dict[str, tuple[str, str]] = {}
    for file in STATIC.glob("words-*.js"):
        found = re.findall(r'^  "([^"]+)": \[(null|".*"), (".*")\],$', file.read_text(encoding="utf-8"), re.MULTILINE)
        assert len(found) == len(file.read_text(encoding="utf-8").splitlines()) - 3
        assert not words.keys() & {key for key, _, _ in found}
        words |= {key: (english, chinese) for key, english, chinese in found}
    for key, (english, chinese) in words.items():
        assert english != "null" or key.startswith("wanted."), key
        assert set(re.findall(r"\{\w+\}", english)) in (set(re.findall(r"\{\w+\}", chinese)), set()), key
    scripts = "".join(file.read_text(encoding="utf-8") for file in STATIC.glob("*.js"))
    asked = set(re.findall(r'\bt\("([^"]+)"', scripts))
    assert len(asked) > 150
    assert asked <= words.keys()


@pytest.mark.thorough
@pytest.mark.parametrize(("size", "language", "theme"), [(DESKTOP, "en", "light"), (PHONE, "zh", "dark")])
def test_every_view_is_without_a_serious_fault_for_a_screen_reader_and_fits_its_window(
    visit, api, theme, size, language
):
    if not AXE.is_file():
        if os.environ.get("TEST_ALL_CLIENTS"):
            pytest.fail("axe-core is not installed; 'make test-all' does it")
        pytest.skip("axe-core is not installed here; 'make test-all' does it")
    call_id = seed(api)
    api.post("/_mockface/scenarios", {"number": "110110199908010015", "sequence": [{"code": 15}, {"similarity": 92.5}]})
    api.post("/_mockface/clock/advance", {"by": "1h"})
    # The policy would stop axe itself from reading pages of its own; that the page keeps it is another test's fact.
    page = visit("calls", theme=theme, size=size, language=language, bypass_csp=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    for view in (*VIEWS, f"calls/{call_id}", "try/110110199905018032"):
        page.goto(page.url.partition("#")[0] + f"#/{view}")
        name = view.partition("/")[0] + ("-open" if "/" in view else "")
        if name == "try-open":
            page.locator("button[type=submit]").click()
            page.locator(".result .answered").first.wait_for()
        if name == "calls-open":
            page.locator(".copies pre").wait_for()
        if name == "outcomes":
            page.locator(".pairs li").first.wait_for()
        if name == "scenarios":
            page.locator("table.scenarios").nth(1).wait_for()
            page.locator(".scenarios .actions button").first.click()
            page.locator(".step").first.wait_for()
        if name == "switches":
            page.locator(".accounts").wait_for()
        page.evaluate("document.fonts.ready")
        page.screenshot(path=ARTEFACTS / f"{name}-{size['width']}-{theme}.png")
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        grave = [
            (one["id"], node["target"], node["failureSummary"])
            for one in found if one["impact"] in ("serious", "critical") for node in one["nodes"]
        ]  # fmt: skip
        assert grave == [], view
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], (view, width)


@pytest.mark.thorough
def test_the_page_is_walked_by_the_keyboard_alone(visit, api):
    page = visit()
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.get_by_role("link", name="Try it").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.get_by_label("ID number").press("Enter")
    tab = page.get_by_role("tab", name="curl")
    tab.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Python")).to_be_focused()
    expect(page.get_by_role("region", name="Python")).to_contain_text("import requests")


@pytest.mark.thorough
def test_the_policy_lets_no_inline_script_no_eval_and_no_other_site(visit, api):
    page = visit(forgiven=("Content Security Policy", "TrustedHTML", "TrustedScript", "Trusted Type"))
    reply = api.send("GET", "/", None, {"Accept": "text/html"})
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    for name in ("x-content-type-options", "referrer-policy", "x-frame-options"):
        assert name in reply.headers
    for does in ("eval('1')", "document.body.innerHTML = '<p>'", "new Function('1')()"):
        with pytest.raises(Exception, match=r"Trust|Content Security"):
            page.evaluate(
                f"() => new Promise((done, fail) => setTimeout(() => {{ try {{ done({does}) }} catch (fault) {{ fail(fault) }} }}))"
            )


def test_no_file_of_the_page_names_another_site_or_makes_markup_of_text():
    for file in STATIC.iterdir():
        text = file.read_text(encoding="utf-8")
        allowed = {"http://www.w3.org/2000/svg", "http://example.com/face.jpg", "http://example.com/live.mp4"}
        assert set(re.findall(r"(?:https?:)?//[a-z][^\s\"'`]+\.[a-z]{2,}[^\s\"'`)]*", text)) <= allowed, file.name
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|style=|new Function", text
        ), file.name


def test_only_a_browser_gets_the_page_at_the_root(api, console):
    page = api.send("GET", "/", None, {"Accept": "text/html,*/*;q=0.8"})
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b'"MissingParameter"' in api.send("GET", "/", None, {"Accept": "*/*"}).body
    posted = api.send("POST", "/", json_body(), {"Accept": "text/html", "Authorization": sign_now()})
    assert b'"Error":{"Code":"InvalidParameter"' in posted.body
    assert api.get("/_mockface/calls")[0]["code"] == "InvalidParameter"
    for file in STATIC.iterdir():
        assert api.send("GET", f"/_mockface/console/{file.name}", None, {}).body == file.read_bytes()
    for wrong in ("none.js", "../__init__.py", "%2e%2e/__init__.py", "..%2f__init__.py", "/etc/passwd"):
        reply = api.send("GET", f"/_mockface/console/{wrong}", None, {})
        assert reply.status == 404
        assert b"its page is at /" in reply.body


def test_a_foreign_name_or_site_does_not_get_the_page(api):
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
        for path in ("/", "/_mockface/console/app.js"):
            assert api.send("GET", path, None, {"Accept": "text/html", **headers}).status == 403


def test_no_admin_removes_the_page(launch):
    without = client.Client(launch("--no-admin").url)
    assert b'"MissingParameter"' in without.send("GET", "/", None, {"Accept": "text/html"}).body
    assert without.send("GET", "/_mockface/console/app.js", None, {}).status == 404


def test_a_server_that_nobody_looks_at_reads_no_file_of_the_page():
    import subprocess
    import sys

    script = (
        "import sys; from mockface.settings import Settings; from mockface.web.app import App; App(Settings());"
        "print(sorted(name for name in sys.modules if name.startswith(('mockface.web.console', 'mockface.web.admin.framework', 'fastapi'))))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=HERE.parent)
    assert done.stdout == "[]\n"


@pytest.mark.thorough
def test_from_another_machine_the_page_asks_for_the_token_and_keeps_it_for_the_tab(visit, api, console):
    page = visit(forgiven=("401",))
    given = []

    def refuse_without_token(route):
        given.append(route.request.headers.get("x-mockface-token"))
        if given[-1] == "hush":
            route.continue_()
        else:
            route.fulfill(status=401, json={"error": "the token is wanted"})

    # This machine is loopback to itself, which needs no token: the refusal is the one that guard.py gives to others.
    page.route(re.compile(r"/_mockface/(?!console/)"), refuse_without_token)
    page.reload()
    page.get_by_role("textbox", name="Token").fill("hush")
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_text("No calls yet")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    expect(page.locator(".live.on")).to_be_visible()
    assert given[-1] == "hush"


@pytest.mark.thorough
@both_languages
def test_a_view_is_named_in_the_title_and_marked_as_the_current_one(visit, api, language):
    page = visit("outcomes", language=language)
    word = {"en": "Outcomes", "zh": "结果"}[language]
    assert page.title() == f"{word} · mockface"
    expect(page.locator("nav a[aria-current=page]")).to_have_text(word)


@pytest.mark.thorough
def test_the_page_of_the_api_is_read_offline_and_its_curl_lines_fit(visit, api):
    page = visit()
    page.goto(f"{api.url}/docs")
    expect(page.get_by_role("heading", name="mockface")).to_be_visible()
    for path in ("/face/idcardcompare", "/_mockface/scenarios", "/_mockface/calls/verify"):
        row = page.locator(f"details[id='post{path}']")
        row.locator("summary").click()
        expect(row.get_by_role("region")).to_contain_text(f"curl -s -X POST '{api.url}{path}'")
        expect(row.locator("table").first).to_be_visible()
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTEFACTS / "docs.png")
