"""`make test` is quick and says what it leaves; `make test-all` and `.ci/run` leave nothing."""

import re

import pytest

from tests.conftest import HERE
from tests.quick import LEFT

TOP = HERE.parent
pytest_plugins = ["pytester"]


def recipe(target):
    """What make does for a target."""
    makefile = (TOP / "Makefile").read_text(encoding="utf-8")
    (found,) = re.findall(rf"^{target}:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    return found


def test_make_test_leaves_what_is_marked_and_make_test_all_leaves_nothing():
    wanted = " and ".join(f"not {mark}" for mark in LEFT)
    assert f'-m "{wanted}"' in recipe("test")
    one, other = recipe("test-all").split("status=$$?")
    assert "--ignore tests/containers" in one
    assert "tests/containers" in other
    assert not re.search(
        r" -m (?!pytest)| -k | --ignore| --deselect", recipe("test-all").replace("--ignore tests/containers", "")
    )


def test_ci_runs_the_whole_suite():
    assert re.search(r"^make test-all\b", (TOP / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    workflows = [file.read_text(encoding="utf-8") for file in (TOP / ".github" / "workflows").glob("*.yml")]
    assert not any(re.search(r"make test$", text, re.MULTILINE) for text in workflows)
    assert sum("run: make test-all\n" in text for text in workflows) == 2


def test_every_part_of_the_suite_has_tests_in_the_quick_run(pytestconfig):
    """By the marks that stand in the files: a file that is marked as a whole has none."""
    whole = re.compile(rf"^pytestmark = .*\bmark\.({'|'.join(LEFT)})\b", re.MULTILINE)
    for part in ("unit", "protocol", "handle", "plugin", "browser", "clients", "."):
        files = list((HERE / part).glob("test_*.py"))
        assert any(not whole.search(file.read_text(encoding="utf-8")) for file in files), part


@pytest.mark.parametrize("workers", [0, pytest.param(2, marks=pytest.mark.thorough)])
def test_a_run_says_what_it_leaves_and_which_of_its_tests_are_not_quick(pytester, monkeypatch, workers):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(TOP))
    pytester.makeconftest("import tests.quick\ntests.quick.SLOW_S = 0.01\nfrom tests.quick import pytest_configure\n")
    pytester.makepyfile(
        "import pytest, time\n"
        "@pytest.mark.long\ndef test_long(): pass\n"
        "@pytest.mark.thorough\n@pytest.mark.parametrize('turn', range(3))\ndef test_thorough(turn): pass\n"
        "@pytest.mark.other\ndef test_other(): pass\n"
        "def test_quick(): pass\n"
        "def test_slow(): time.sleep(0.02)\n"
    )
    flags = ("-p", "xdist", "-n", "2") if workers else ()
    result = pytester.runpytest_subprocess(*flags, "-m", "not long and not thorough and not other")
    result.assert_outcomes(passed=2, deselected=0 if workers else 5)
    result.stdout.fnmatch_lines(
        [
            "1 test(s) of the quick run took over 0.01 s each*",
            "* s *::test_slow",
            "4 tests are left for `make test-all`*",
        ]
    )
    if not workers:
        whole = pytester.runpytest_subprocess()
        whole.assert_outcomes(passed=7)
        whole.stdout.no_fnmatch_line("*are left for*")
