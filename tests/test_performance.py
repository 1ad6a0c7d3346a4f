"""The figures in docs/performance.md are those that were stored, and the stored ones are what the benchmarks take."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import bare, plot, publish, report, workloads
from benchmarks.servers import Checkout
from mockface import idcard
from mockface.web.serving import malloc
from tests.conftest import HERE

pytestmark = pytest.mark.thorough

every_language = pytest.mark.parametrize("language", publish.GUIDES)


@every_language
def test_the_guide_shows_the_stored_measurements(language):
    guide = (publish.DOCS / publish.GUIDES[language]).read_text(encoding="utf-8")
    assert publish.redrawn(guide, publish.stored(), language) == guide, "python -m benchmarks.publish draws it anew"


@every_language
def test_the_picture_shows_the_stored_measurements(language):
    picture = (publish.DOCS / publish.PICTURES[language]).read_text(encoding="utf-8")
    assert plot.draw(publish.stored(), language) == picture, "python -m benchmarks.publish draws it anew"
    assert ET.fromstring(picture).tag.endswith("svg")


def test_a_changed_figure_changes_guide_and_picture():
    taken = publish.stored()
    before = publish.section(taken, "en"), plot.draw(taken, "en")
    for found in taken["measurements"]["json-16"]["rounds"]:
        found["mockface"]["requests"] *= 2
    assert publish.section(taken, "en") != before[0]
    assert plot.draw(taken, "en") != before[1]


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
    # Those of API 3.0 are newer than the stored run.
    assert missing <= {"handle", "others", "tc3-16", "tc3-3m"}
    for name in ("mix-16", "json-16", "json-64", "multipart-100k", "multipart-5.5m"):
        measured = taken["measurements"][name]
        assert measured["answers_looked_at"] > 0
        assert len(measured["rounds"]) >= 5
        assert all(run["non_2xx"] == 0 for found in measured["rounds"] for run in found.values())


def test_the_stored_measurements_say_on_what_they_were_taken():
    machine = publish.stored()["machine"]
    assert {"cpu", "cores", "kernel", "python", "uvicorn", "httptools", "uvloop", "wrk", "commit"} <= set(machine)
    assert "/" not in "".join(map(str, machine.values()))


def test_the_bare_app_gets_the_settings_of_malloc_that_mockface_has():
    assert bare.KEPT == {malloc.M_TRIM_THRESHOLD: malloc.TRIM_BYTES, malloc.M_MMAP_THRESHOLD: malloc.MMAP_BYTES}


def test_of_the_mix_a_quarter_is_refused_and_nobody_can_hold_its_numbers():
    calls = workloads.mixed(workloads.APPID)
    assert (len(calls), sum(call.code != 0 for call in calls)) == (60, 15)
    numbers = {workloads.mixed_number(at) for at in range(workloads.MIXED)}
    assert len(numbers) == 60
    for number in numbers:
        assert idcard.is_well_formed(number)
        assert not idcard.is_reserved(number)
        assert number[:2] not in idcard.PROVINCES


def test_the_tail_is_reached_by_the_median_of_the_99th_percentiles():
    def of(p99_us):
        return {"requests": 1000, "seconds": 1.0, "cpu_us": 9.0, "p50_us": 100, "p99_us": p99_us, "max_us": 9000}

    rounds = [{"bare": of(1000), "mockface": of(p99_us)} for p99_us in (900, 4900, 70_000)]
    row = report.rows({"measurements": {"mix-16": {"rounds": rounds}}})[1]
    assert (row.key, row.relation, row.holds) == ("mix-16-tail", "4.90 (0.90–70.00)", True)
    assert row.mockface == "0.10 / 4.90 / 9.00 ms"


def test_the_readme_of_the_benchmarks_has_every_measurement():
    text = (HERE.parent / "benchmarks" / "README.md").read_text(encoding="utf-8")
    told = {name for line in re.findall(r"^\| (`.+?) \|", text, re.MULTILINE) for name in re.findall("`([^`]+)`", line)}
    assert told == set(command.measures(Checkout(Path()), "", full=False, rounds=1))
