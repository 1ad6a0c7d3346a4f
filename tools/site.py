"""`make site`: the documentation as a site in `build/site`, English at its root and Chinese under `zh-CN/`.

The pages are those of the repository, as they are: each language is laid out by itself, with the links to the other
language as links from one part of the site to the other. What does not build, and a link that leads nowhere, fails.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

TOP = Path(__file__).parent.parent
BUILD = TOP / "build"
SITE = BUILD / "site"
ZH = ".zh-CN"
PLACES = ("", "docs", "benchmarks")
"""The folders with pages; everything in them that a page shows or links to comes along."""
ALONG = (
    "LICENSE",
    "compose*.yaml",
    "constraints.txt",
    "deploy/*.conf",
    "deploy/kubernetes/*.yaml",
    "pyproject.toml",
    "docs/*.svg",
    "docs/openapi.json",
    "docs/images/*.png",
    "benchmarks/results/*.json",
)
WIDE = r"[\u3000-\u9fff\uff00-\uffef]"
READERS = ("for-python-testers", "for-frontend", "for-ci")
TEXTS = {
    "": {"start": "Start here", "project": "Project"},
    ZH: {"start": "从这里开始", "project": "项目"},
}
STYLE = ".md-typeset td:first-child code { white-space: nowrap }\n"
"""A flag in the first column of a table stays on one line; on a narrow screen the table scrolls."""
FEATURES = ["navigation.sections", "navigation.footer", "content.code.copy", "search.highlight"]


def pages(language: str) -> Iterator[Path]:
    """The pages of a language by their places; what has no translation stands in both."""
    for place in PLACES:
        for path in sorted((TOP / place).glob("*.md")):
            translated = path.with_name(f"{path.stem}{ZH}.md").exists()
            if (ZH in path.name) == (language == ZH) or (language == ZH and not translated and ZH not in path.name):
                yield path.relative_to(TOP)


def address(page: Path) -> str:
    """Where a page stands in its part of the site."""
    plain = page.as_posix().replace(ZH, "").removesuffix(".md")
    folder = plain.removesuffix("README")
    return folder if plain != folder else f"{plain}/"


def relinked(text: str, page: Path, language: str) -> str:
    """The page's text, its links to the same language without the mark of it, those to the other from part to part."""

    def link(found: re.Match[str]) -> str:
        target, anchor = found[1], found[2] or ""
        there = Path(target).name
        if language == ZH and ZH in there:
            return f"]({target.replace(ZH, '')}{anchor})"
        if (language == ZH) == (ZH in there):
            return found[0]
        other = (TOP / page.parent / target).resolve().relative_to(TOP)
        if language == ZH and not (TOP / other).with_name(f"{other.stem}{ZH}.md").exists():
            return found[0]
        if language == ZH and ZH not in page.name:  # not translated itself: the Chinese page, whose headings are others
            return f"]({target})"
        up = "../" * (len(page.parts) - 1 + (language == ZH))
        return f"]({up}{'' if language == ZH else ZH[1:] + '/'}{address(other)}{anchor})"

    text = re.sub(r"\]\(([\w./-]+\.md)(#[^)]*)?\)", link, text)
    # A line that ends within a Chinese sentence: a browser would show a blank there.
    return re.sub(rf"(?<={WIDE})\n(?={WIDE})", "", text)


def titled(page: Path) -> str:
    """The first heading."""
    found = re.search(r"^# (.+)$", (TOP / page).read_text(encoding="utf-8"), re.MULTILINE)
    return found[1].replace("`", "") if found else page.stem


def navigation(language: str) -> list[dict[str, list[dict[str, str]]]]:
    """The three pages for readers, then the sections of `docs/README.md` that list pages, then the rest."""
    index = (TOP / "docs" / f"README{language}.md").read_text(encoding="utf-8")
    readers = [Path("docs") / f"{name}{language}.md" for name in READERS]
    front = [Path(f"README{language}.md"), Path("docs") / f"README{language}.md"]
    words = TEXTS[language]
    parts = {words["start"]: [*front, *readers]}
    for section in index.split("\n## ")[1:]:
        named = [Path("docs") / name for name in re.findall(r"^\| \[[^]]+\]\(([\w.-]+\.md)\)", section, re.MULTILINE)]
        if named:
            parts[section.partition("\n")[0]] = named
    listed = {page for part in parts.values() for page in part}
    parts[words["project"]] = [page for page in pages(language) if page not in listed]
    return [{name: [{titled(page): page.as_posix().replace(ZH, "")} for page in part]} for name, part in parts.items()]


def toml(value: object) -> str:
    """A value as TOML writes it; its tables are inline."""
    if isinstance(value, dict):
        return (
            "{ "
            + ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {toml(one)}" for key, one in value.items())
            + " }"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def configuration(language: str) -> str:
    """The generator's settings: nothing of other hosts, and headings with the anchors that GitHub gives them."""
    slugs = {"object": "pymdownx.slugs.slugify", "kwds": {"case": "lower"}}
    project = {
        "site_name": "mockface",
        "docs_dir": "pages",
        "site_dir": "site",
        "nav": navigation(language),
        "extra_css": ["site.css"],
        "theme": {"language": "zh" if language else "en", "font": False, "features": FEATURES},
        "markdown_extensions": {
            "tables": {}, "attr_list": {}, "md_in_html": {}, "pymdownx.highlight": {}, "pymdownx.superfences": {},
            "toc": {"permalink": True, "slugify": slugs},
        },
    }  # fmt: skip
    return "[project]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in project.items())


def lay_out(language: str) -> Path:
    """One language's pages and what they show, as the generator takes them."""
    folder = BUILD / f"site-source{language}"
    shutil.rmtree(folder, ignore_errors=True)
    for page in pages(language):
        place = folder / "pages" / page.as_posix().replace(ZH, "")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(relinked((TOP / page).read_text(encoding="utf-8"), page, language), encoding="utf-8")
    for pattern in ALONG:
        for file in TOP.glob(pattern):
            place = folder / "pages" / file.relative_to(TOP)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
    (folder / "pages" / "site.css").write_text(STYLE, encoding="utf-8")
    (folder / "zensical.toml").write_text(configuration(language), encoding="utf-8")
    return folder


class Page(HTMLParser):
    """What a built page links to, and the anchors that it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what an element links to, and its id."""
        for name, value in attrs:
            if name == "id" and value:
                self.anchors.add(value)
            if name in {"href", "src"} and value and tag != "base":
                self.links.add(value)


def broken(site: Path) -> list[str]:
    """Every link of the site that leads nowhere in it; those to other hosts are not followed."""
    built = {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html") if path.name != "404.html"}
    wrong = []
    for path, page in built.items():
        for link in sorted(page.links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            there = path if not parts.path else (path.parent / unquote(parts.path))
            there = (there / "index.html" if there.is_dir() else there).resolve()
            anchor = unquote(parts.fragment)
            if not there.is_file() or (anchor and there in built and anchor not in built[there].anchors):
                wrong.append(f"{path.relative_to(site)}: {link}")
    return wrong


def main() -> None:
    """Build both languages, and judge the links of the whole."""
    shutil.rmtree(SITE, ignore_errors=True)
    for language, place in (("", SITE), (ZH, SITE / ZH[1:])):
        folder = lay_out(language)
        subprocess.run([sys.executable, "-m", "zensical", "build", "--strict", "--clean"], cwd=folder, check=True)
        shutil.copytree(folder / "site", place, dirs_exist_ok=True)
    wrong = broken(SITE)
    if wrong:
        raise SystemExit("links that lead nowhere:\n" + "\n".join(wrong))
    print(f"{SITE.relative_to(TOP)}: {len(list(SITE.rglob('*.html')))} pages, no broken link")


if __name__ == "__main__":
    main()
