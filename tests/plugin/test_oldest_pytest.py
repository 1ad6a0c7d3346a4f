"""The plugin on the oldest pytest that the metadata claims: it works there, and breaks no run that does not use it."""

import os
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest

from tests.plugin.suites import run_suite

pytestmark = pytest.mark.thorough

OLDEST = Path(sys.prefix) / "oldest-pytest"
"""Where `make test-all` installs it, apart from the pytest that runs these tests."""


@pytest.fixture
def run(tmp_path):
    """Run a suite there, with no plugin but mockface's."""
    if not OLDEST.is_dir():
        if os.environ.get("TEST_ALL_CLIENTS"):
            pytest.fail(f"{OLDEST} is missing, and TEST_ALL_CLIENTS demands it")
        pytest.skip("'make .venv/oldest-pytest.stamp' installs the oldest pytest")
    return lambda text, *flags: run_suite(tmp_path, text, *flags, path=[OLDEST])


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="the oldest pytest does not run on Python 3.14: 8.4 is taken")
def test_the_oldest_pytest_is_the_one_that_the_metadata_claims(run):
    claimed = next(one for one in requires("mockface") or () if one.startswith("pytest"))
    assert claimed.startswith("pytest>=6.2.5;")
    assert (OLDEST / "pytest-6.2.5.dist-info").is_dir()
    assert (OLDEST / "pluggy-0.13.1.dist-info").is_dir()


def test_a_run_that_does_not_use_the_plugin_passes(run):
    assert "1 passed" in run("def test_nothing(): pass\n")


def test_a_run_that_uses_it_has_calls_strictness_and_coverage(run):
    told = run(
        "def test_passes(mockface):\n"
        "    assert ask(mockface, mockface.add(code=15).idcard_number) == 15\n"
        "def test_fails(mockface):\n"
        "    assert ask(mockface, mockface.add(code=15).idcard_number) == 0\n"
        "def test_fell(mockface):\n"
        "    ask(mockface, '110110199908090909')\n",
        "--mockface-strict",
        "--mockface-coverage",
    )
    assert "2 failed, 1 passed" in told
    assert "mockface calls" in told
    assert "1 call(s) fell to the default" in told
    assert "in 3 calls" in told
