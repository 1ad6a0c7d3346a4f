"""The figures in docs/performance.md are those that were stored, and the stored ones are what the benchmarks take."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import publish, report
from benchmarks.servers import Checkout
from tests.conftest import HERE

every_language = pytest.mark.parametrize("language", publish.GUIDES)


@every_language
def test_the_guide_shows_the_stored_measurements(language):
    guide = (publish.DOCS / publish.GUIDES[language]).read_text(encoding="utf-8")
    assert publish.redrawn(guide, publish.stored(), language) == guide, "python -m benchmarks.publish draws it anew"


@every_language
def test_the_picture_shows_the_stored_measurements(language):
    picture = (publish.DOCS / publish.PICTURES[language]).read_text(encoding="utf-8")
    assert publish.plot.draw(publish.stored(), language) == picture, "python -m benchmarks.publish draws it anew"
    assert ET.fromstring(picture).tag.endswith("svg")


def test_a_changed_figure_changes_guide_and_picture():
    taken = publish.stored()
    before = publish.section(taken, "en"), publish.plot.draw(taken, "en")
    for found in taken["measurements"]["json-16"]["rounds"]:
        found["mockface"]["requests"] *= 2
    assert publish.section(taken, "en") != before[0]
    assert publish.plot.draw(taken, "en") != before[1]


def test_a_row_is_reached_by_the_median_of_its_rounds():
    def of(requests):
        return {"requests": requests, "seconds": 1.0, "cpu_us": 1e6 / requests}

    rounds = [{"bare": of(1000), "mockface": of(mockface), "verify": of(650)} for mockface in (100, 710, 990)]
    rows = report.rows({"measurements": {"json-16": {"rounds": rounds}}})
    assert [(row.key, row.relation, row.holds) for row in rows] == [
        ("json-16", "0.71 (0.10–0.99)", True), ("json-16-verify", "0.65 (0.65–0.65)", True),
    ]  # fmt: skip


def test_the_stored_measurements_have_everything_that_is_measured_and_no_faults():
    taken = publish.stored()
    every = command.measures(Checkout(Path()), "", full=False, rounds=1)
    missing = set(every) - set(taken["measurements"])
    assert missing <= {"handle", "others"}
    for name in ("json-16", "json-64", "multipart-100k", "multipart-5.5m"):
        measured = taken["measurements"][name]
        assert measured["answers_looked_at"] > 0
        assert len(measured["rounds"]) >= 5
        assert all(run["non_2xx"] == 0 for found in measured["rounds"] for run in found.values())


def test_the_stored_measurements_say_on_what_they_were_taken():
    machine = publish.stored()["machine"]
    assert {"cpu", "cores", "kernel", "python", "uvicorn", "httptools", "uvloop", "wrk", "commit"} <= set(machine)
    assert "/" not in "".join(map(str, machine.values()))


def test_the_readme_of_the_benchmarks_has_every_measurement():
    text = (HERE.parent / "benchmarks" / "README.md").read_text(encoding="utf-8")
    told = {name for line in re.findall(r"^\| (`.+?) \|", text, re.MULTILINE) for name in re.findall("`([^`]+)`", line)}
    assert told == set(command.measures(Checkout(Path()), "", full=False, rounds=1))
