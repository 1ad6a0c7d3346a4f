"""CONTRIBUTING.md names what there is, in both languages."""

import re
from pathlib import Path

import pytest

import mockface
from tests.conftest import HERE

TOP = HERE.parent
PACKAGE = Path(mockface.__file__).parent
both = pytest.mark.parametrize("name", ["CONTRIBUTING.md", "CONTRIBUTING.zh-CN.md"])


def page(name):
    return (TOP / name).read_text(encoding="utf-8")


@both
def test_the_map_has_every_module_and_package_once(name):
    table = re.split(r"^## .*$", page(name), flags=re.MULTILINE)[2].partition("\n\n|")[2].partition("\n\n")[0]
    named = re.findall(r"`(\w+)`", table)
    there = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert sorted(named) == sorted(there - {"__init__", "__main__"})


@both
def test_every_path_that_is_named_is_there(name):
    quoted = re.findall(r"`([\w./-]+)`", page(name)) + re.findall(r"\]\(([^)#]+)\)", page(name))
    paths = {one for one in quoted if "/" in one.strip("/") or one.endswith((".py", ".md"))}
    assert len(paths) > 20
    for path in paths:
        places = [TOP / path, PACKAGE / path, PACKAGE / f"{path}.py"]
        assert any(place.exists() for place in places) or path.startswith(("/_mockface", "127.")), path


@both
def test_every_make_target_that_is_named_is_there(name):
    targets = set(re.findall(r"^([a-z-]+):", page("Makefile"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", page(name))) <= targets


def test_both_languages_have_the_same_headings_and_samples():
    english, chinese = page("CONTRIBUTING.md"), page("CONTRIBUTING.zh-CN.md")
    assert len(re.findall("^## ", english, re.MULTILINE)) == len(re.findall("^## ", chinese, re.MULTILINE))
    assert re.findall(r"```\w+\n.*?```", english, re.DOTALL) == re.findall(r"```\w+\n.*?```", chinese, re.DOTALL)
    assert len(re.findall(r"^- \*\*", english, re.MULTILINE)) == len(re.findall(r"^- \*\*", chinese, re.MULTILINE))
