"""The site of `make site`: what is laid out for it, and that a broken link is found. `.ci/run` builds it whole."""

import re
import tomllib
from pathlib import Path

import pytest

from tools import site

both = pytest.mark.parametrize("language", ["", site.ZH])


@both
def test_each_page_stands_once_in_the_navigation_and_the_readers_come_first(language):
    sections = [next(iter(section.values())) for section in site.navigation(language)]
    listed = [name for section in sections for row in section for name in row.values()]
    assert len(sections) == 4
    assert sorted(listed) == sorted(page.as_posix().replace(site.ZH, "") for page in site.pages(language))
    assert [Path(name).stem for row in sections[0][2:] for name in row.values()] == list(site.READERS)


@both
def test_the_settings_of_the_generator_ask_no_other_host(language):
    project = tomllib.loads(site.configuration(language))["project"]
    assert project["theme"]["font"] is False
    assert "://" not in site.configuration(language)


@pytest.mark.parametrize(
    ("page", "language", "text", "wanted"),
    [
        ("docs/codes.md", "", "](codes.zh-CN.md)", "](../zh-CN/docs/codes/)"),
        ("docs/codes.zh-CN.md", site.ZH, "](codes.md)", "](../../docs/codes/)"),
        ("docs/codes.zh-CN.md", site.ZH, "](wire.zh-CN.md#响应)", "](wire.md#响应)"),
        ("README.md", "", "](README.zh-CN.md)", "](zh-CN/)"),
        ("README.zh-CN.md", site.ZH, "](README.md)", "](../)"),
        ("docs/README.zh-CN.md", site.ZH, "](../CHANGELOG.md)", "](../CHANGELOG.md)"),
        ("CHANGELOG.md", site.ZH, "](docs/codes.md#codes)", "](docs/codes.md)"),
        ("docs/codes.md", "", "](wire.md#answers)", "](wire.md#answers)"),
        ("docs/codes.zh-CN.md", site.ZH, "一句话，\n下一行", "一句话，下一行"),
    ],
)
def test_a_link_leads_to_the_page_of_its_language(page, language, text, wanted):
    assert site.relinked(text, Path(page), language) == wanted


def test_what_leads_nowhere_is_found_be_it_a_page_an_anchor_or_a_picture(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "index.html").write_text('<h2 id="a">a</h2><a href="..">up</a>', encoding="utf-8")
    links = ["there/", "there/#a", "https://example.com/x", "there/#b", "gone/", "gone.png"]
    (tmp_path / "index.html").write_text("".join(f'<a href="{link}"></a>' for link in links), encoding="utf-8")
    assert site.broken(tmp_path) == ["index.html: gone.png", "index.html: gone/", "index.html: there/#b"]


def test_the_site_is_built_strictly_where_changes_are_judged():
    assert re.search("^make site$", (site.TOP / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    assert "- run: make site" in (site.TOP / ".github" / "workflows" / "site.yml").read_text(encoding="utf-8")
