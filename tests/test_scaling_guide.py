"""The page of scaling: its capacity is calculated from its own figures, which are the same in both languages."""

import math
import re

import pytest

from tests.conftest import HERE

DOCS = HERE.parent / "docs"
PAGES = ("scaling.md", "scaling.zh-CN.md")


def rows(name):
    """The cells of each row of the tables that begin with a figure or with a kind of call."""
    text = (DOCS / name).read_text(encoding="utf-8")
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")
    ]


def figures(name):
    return [re.findall(r"[0-9][0-9,.]*", " ".join(cells[1:])) for cells in rows(name) if "/s" in cells[-1]]


def number(text):
    return float(text.replace(",", ""))


@pytest.mark.parametrize("name", PAGES)
def test_the_capacity_is_calculated_from_the_measured_rates(name):
    plain, sequence, _ = [cells for cells in rows(name) if "/s (" in cells[-1]]
    process = number(plain[1].partition("/s")[0])
    with_store = number(sequence[2].partition("/s")[0])
    store = max(number(cells[2]) for cells in rows(name) if " ms" in cells[1] and "/s" not in cells[1])
    table = [[number(cell) for cell in cells] for cells in rows(name) if re.fullmatch(r"1[0,]{5,}", cells[0])]
    assert [row[0] for row in table] == [10_000, 100_000, 1_000_000]
    for calls, *counts in table:
        assert counts == [math.ceil(calls / rate) for rate in (process, with_store, store)]


def test_the_figures_are_the_same_in_both_languages():
    english, chinese = map(figures, PAGES)
    assert len(english) == 3
    assert [[one for one in row if one != "99"] for row in english] == [
        [one for one in row if one != "99"] for row in chinese
    ]


@pytest.mark.parametrize("name", PAGES)
def test_the_targets_of_a_store_are_reached(name):
    """Plain calls at least 0.9 of without a store, sequences at least 0.3, by the medians."""
    plain, *sequences = [cells[2] for cells in rows(name) if "/s (" in cells[-1]]
    beside = [number(found) for cell in (plain, *sequences) for found in re.findall(r"\((\d\.\d\d)", cell)]
    assert len(beside) == 3
    assert beside[0] >= 0.9
    assert min(beside[1:]) >= 0.3
