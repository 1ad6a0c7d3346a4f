"""The pytest plugin, in suites of its own: each test here writes one and runs it in a process of its own."""

import re
import subprocess
import sys

import pytest

from mockface.network import client
from mockface.texts.columns import width
from tests.conftest import CLEAN_ENVIRONMENT, LEAN_PYTEST, start
from tests.making import USUAL_CODES
from tests.stores import replicas, several, store, workers  # noqa: F401 - fixtures

MET_3 = round(100 * 3 / USUAL_CODES, 1)
"""Per cent of three codes."""

pytest_plugins = ["pytester"]

CALLING = """
import json, urllib.request

def ask(m, number, name="张三"):
    fields = {"appid": m.credentials.appid, "idcard_number": number, "idcard_name": name, "url": "http://e/f.jpg"}
    headers = {"Content-Type": "application/json", "Authorization": m.sign()}
    asked = urllib.request.Request(m.url + "/face/idcardcompare", json.dumps(fields).encode(), headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(asked) as answer:
            return json.load(answer)["code"]
    except urllib.error.HTTPError as fault:
        with fault:
            return json.load(fault)["code"]
"""


@pytest.fixture
def suite(pytester, monkeypatch):
    """Write a suite and run it; a warning is an error there too."""
    for name in ("MOCKFACE_URL", "MOCKFACE_ADMIN_TOKEN", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)
    # The plugins of this project's own suite take longer to import than most of these tests.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(calling=CALLING)

    def run(text, *flags, conftest="", plugins="mockface"):
        loaded = " ".join(f"-p {name}" for name in (*plugins.split(), *(["xdist"] if "-n" in flags else [])))
        addopts = f"{loaded} -p no:cacheprovider -W error --strict-markers"
        pytester.makeini(f"[pytest]\naddopts = {addopts}\npythonpath = .\n")
        pytester.makeconftest(conftest)
        pytester.makepyfile(test_it="from calling import ask\nimport pytest\n" + text)
        return pytester.runpytest_subprocess(*flags)

    return run


@pytest.fixture(scope="module")
def one():
    running = start("--journal", "5000")
    yield running
    assert running.stop() == 0


@pytest.fixture(params=["one", *several()])
def shared(request):
    return request.getfixturevalue(request.param)


ONE = """
def test_the_name_does_not_belong(mockface):
    person = mockface.add(code=-5803)
    assert ask(mockface, person.idcard_number) == -5803
    mockface.verify(person, code=-5803, times=1)
"""


def test_a_test_gets_a_running_mockface(suite):
    suite(ONE).assert_outcomes(passed=1)


def test_a_suite_that_does_not_use_it_imports_nothing_of_it_but_the_plugin():
    script = (
        "import pytest, sys; before = set(sys.modules)\n"
        "import mockface.pytest_plugin\n"
        "print(sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['mockface', 'mockface.pytest_plugin']"


def test_a_whole_run_that_does_not_use_it_loads_no_server_no_framework_and_no_yaml(suite):
    suite(
        "import sys\n"
        "def test_nothing():\n"
        "    heavy = {'fastapi', 'uvicorn', 'pydantic', 'yaml', 'starlette', 'uvloop', 'httptools', 'asyncio'}\n"
        "    assert not heavy & set(sys.modules)\n"
        "    assert [name for name in sys.modules if name.startswith('mockface')] == ['mockface', 'mockface.pytest_plugin']\n"
    ).assert_outcomes(passed=1)  # fmt: skip


def test_a_mistake_in_a_test_is_told_at_its_own_line_alone(suite):
    run = suite(
        """
def test_a_mistake_in_add(mockface):
    mockface.add(fault="trunkate")

def test_a_mistake_in_verify(mockface):
    mockface.verify(result="Success")
"""
    )
    run.assert_outcomes(failed=2)
    said = run.stdout.str()
    assert "test_it.py:5: BadScenario" in said
    assert "test_it.py:8: TypeError" in said
    assert "added.py" not in said
    assert "handle.py" not in said


def test_what_a_test_did_is_taken_back_behind_it(suite):
    suite(
        """
KEPT = []

def test_first(mockface):
    mockface.clock.advance("1d")
    KEPT.append(mockface.add(code=15).idcard_number)
    assert ask(mockface, KEPT[0]) == 15
    assert ask(mockface, "110110199906010016") == 15

def test_second(mockface):
    assert mockface.calls == []
    assert ask(mockface, KEPT[0]) == 0
    assert ask(mockface, "110110199906010016") == 15
    assert abs(mockface.clock.now().timestamp() - __import__("time").time()) < 60
"""
    ).assert_outcomes(passed=2)


@pytest.mark.thorough
def test_persons_of_the_session_outlive_the_tests_and_their_counts_begin_anew(suite):
    suite(
        """
@pytest.fixture(scope="session")
def busy(mockface_server):
    return mockface_server.add(sequence=[{"code": 15}, {"similarity": 90}])

@pytest.mark.parametrize("turn", [1, 2])
def test_it(mockface, busy, turn):
    assert [ask(mockface, busy.idcard_number) for _ in range(2)] == [15, 0]
"""
    ).assert_outcomes(passed=2)


@pytest.mark.thorough
def test_settings_come_from_the_projects_fixture(suite):
    conftest = (
        "import pytest\n@pytest.fixture(scope='session')\ndef mockface_config(): return {'signature': 'verify'}\n"
    )
    suite(
        """
def test_it(mockface, mockface_credentials):
    from mockface.testing import Credentials
    mine = Credentials("1", "AKIDother", "k", "")
    assert mockface_credentials.appid == "1250000000"
    person = mockface.add(similarity=90)
    mockface.credentials = mine
    assert ask(mockface, person.idcard_number) == 10
""",
        conftest=conftest,
    ).assert_outcomes(passed=1)


@pytest.mark.thorough
def test_a_marked_test_has_a_server_of_its_own_with_its_settings(suite):
    suite(
        """
@pytest.mark.mockface(no_shipped=True)
def test_it(mockface, mockface_server):
    assert mockface.url != mockface_server.url
    assert ask(mockface, "110110199905018032") == 0
    mockface.clock.advance("1h")
"""
    ).assert_outcomes(passed=1)


def test_the_calls_and_verdicts_of_a_failing_test_are_in_its_report(suite):
    result = suite(
        """
def test_it(mockface):
    ask(mockface, mockface.add(code=-5803).idcard_number)
    assert False
"""
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*mockface calls*",
            "1 call to http://127.0.0.1:*",
            "*NAME_MISMATCH*",
            "    scenario * answers -5803*",
            "mockface.explain(call) shows*",
        ]
    )


@pytest.mark.thorough
def test_a_failed_verify_shows_the_line_of_the_test_and_no_line_of_mockface(suite):
    result = suite("def test_it(mockface):\n    mockface.verify(code=15)\n")
    result.stdout.fnmatch_lines([">*mockface.verify(code=15)", "E*expected at least 1 call with code 15, got 0."])
    result.stdout.no_fnmatch_line("*verify.py*")


WIDE = """
def test_wrong_sign(mockface):
    person = mockface.add(name="张三")
    good = mockface.sign
    mockface.sign = lambda: good(-1)
    ask(mockface, person.idcard_number)
    mockface.verify(person, code=0)

def test_name(mockface):
    ask(mockface, mockface.add(name="张三").idcard_number, name="李四")
    assert False

def test_near(mockface):
    ask(mockface, "110110199908090909")
    mockface.verify(code=15)
"""


def test_a_call_of_api_3_is_told_with_its_action_and_its_code_once(suite):
    result = suite(
        """
        import json, urllib.request

        def test_it(mockface):
            person = mockface.add(result="FailedOperation.LifePhotoDetectFake")
            body = json.dumps({"IdCard": person.idcard_number, "Name": "张三", "ImageBase64": "iVBORw0KGgo="})
            headers = {**mockface.tc3("ImageRecognition", body), "X-TC-Timestamp": "1"}
            asked = urllib.request.Request(mockface.url, body.encode(), headers)
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked).close()
            raise AssertionError("as it should be")
        """.replace("\n        ", "\n")
    )
    result.stdout.fnmatch_lines(
        [
            "*mockface calls*",
            "1 call to http://127.0.0.1:*",
            "*ImageRecognition json v3",
            "AuthFailure.SignatureExpire * ms",
            "*timestamp_fresh FAILED; wanted: within 300 s of this server's clock*",
        ]
    )
    assert "AuthFailure.SignatureExpire  AuthFailure" not in result.stdout.str()


@pytest.mark.thorough
def test_the_report_of_a_failing_test_is_narrow_and_tells_each_call_once(suite):
    result = suite(WIDE, "--tb=short")
    result.assert_outcomes(failed=3)
    told = result.stdout.str().partition("short test summary")[0]
    sections = told.split("_ test_")[1:]
    for section in sections:
        (found,) = set(re.findall(r"[0-9a-f]{6}-\d+", section))
        assert len(re.findall(rf"^(?:E +)?\d\d:\d\d:\d\d\.\d+ {found} ", section, re.MULTILINE)) == 1, section
    assert max(width(line) for section in sections for line in section.split("\n")) <= 100
    assert "signature_fresh FAILED; wanted: e= after now" in sections[0]
    assert "name_registered FAILED; wanted: the registered name: 张三" in sections[1]
    assert "near miss: 110110199909090909" in sections[2]


ADDED = """
def test_called(mockface):
    ask(mockface, mockface.add().idcard_number)

def test_not_called(mockface):
    mockface.add()

def test_meant(mockface):
    mockface.all_called = False
    mockface.add()
"""


@pytest.mark.thorough
def test_a_test_whose_person_is_never_called_fails_if_the_run_or_the_test_wants_it(suite):
    suite(ADDED).assert_outcomes(passed=3)
    result = suite(ADDED, "--mockface-all-called")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*test_not_called*", "E*1 of 1 added were never called: 110110*"])
    suite(ADDED, "-o", "mockface_all_called=true").assert_outcomes(passed=2, failed=1)
    suite(ADDED.replace("= False", "= True")).assert_outcomes(passed=2, failed=1)


DEFAULT = """
def test_well(mockface):
    ask(mockface, mockface.add(code=15).idcard_number)

def test_fell(mockface):
    ask(mockface, "110110199908090909")

def test_meant(mockface):
    mockface.strict = False
    ask(mockface, "110110199908090909")
"""


@pytest.mark.thorough
def test_strictness_is_opt_in_and_fails_the_very_test_whose_call_fell_to_the_default(suite, pytester):
    suite(DEFAULT).assert_outcomes(passed=3)
    result = suite(DEFAULT, "--mockface-strict")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*test_fell*", "E*1 call(s) fell to the default*"])
    suite(DEFAULT, "-o", "mockface_strict=true").assert_outcomes(passed=2, failed=1)


MANY = """
import time
@pytest.mark.parametrize("turn", range(24))
def test_story(mockface, turn):
    person = mockface.add(sequence=[{"code": 15}, {"code": 213}, {"similarity": 92.5}])
    assert [ask(mockface, person.idcard_number) for _ in range(4)] == [15, 213, 0, 0]
    mockface.verify(person, times=4)
    assert len(mockface.calls) == 4
"""


@pytest.mark.thorough
def test_coverage_is_summed_up_and_may_fail_the_run(suite):
    result = suite(MANY, "--mockface-coverage", "--mockface-coverage-fail-under", "5")
    result.assert_outcomes(passed=24)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["*mockface coverage*", f"idcardcompare: 3 of {USUAL_CODES} codes, {MET_3} %, in 96 calls*"]
    )
    result = suite(MANY, "--mockface-coverage-fail-under", "50")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [f"FAILED: {MET_3} % of the codes were covered; --mockface-coverage-fail-under expects 50 %"]
    )
    assert suite(MANY, "--mockface-coverage-fail-under", "50", "--collect-only").ret == 0


@pytest.mark.thorough
def test_coverage_outlives_what_the_tests_reset(suite):
    result = suite("def test_it(mockface):\n    ask(mockface, mockface.add(code=15).idcard_number)\n"
                   "    mockface.reset(everything=True)\n", "--mockface-coverage")  # fmt: skip
    result.stdout.fnmatch_lines([f"idcardcompare: 1 of {USUAL_CODES} codes*in 1 calls*"])


@pytest.mark.thorough
def test_workers_of_xdist_have_a_server_each_and_their_coverage_is_one(suite):
    result = suite(MANY, "-n", "2", "--mockface-coverage", "--mockface-coverage-fail-under", "50")
    result.assert_outcomes(passed=24)
    result.stdout.fnmatch_lines([f"idcardcompare: 3 of {USUAL_CODES} codes, {MET_3} %, in 96 calls*"])
    assert result.ret == 1


@pytest.mark.thorough
def test_the_report_of_a_failing_test_comes_through_xdist(suite):
    result = suite(
        "def test_it(mockface):\n    ask(mockface, mockface.add(code=15).idcard_number)\n    assert False\n", "-n", "2"
    )
    result.stdout.fnmatch_lines(["1 call to http://127.0.0.1:*", "*TOO_FREQUENT*"])


@pytest.mark.thorough
def test_workers_share_a_server_by_url_and_none_sees_another(suite, shared):
    before = client.Client(shared.url).get("/_mockface/health")["scenarios"]
    result = suite(MANY, "-n", "2", "--mockface-url", shared.url, "--mockface-coverage")
    result.assert_outcomes(passed=24)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [f"mockface: {shared.url}, shared", f"idcardcompare: 3 of {USUAL_CODES} codes, {MET_3} %, in 96 calls*"]
    )
    assert client.Client(shared.url).get("/_mockface/health")["scenarios"] == before


@pytest.mark.thorough
def test_the_url_may_come_from_the_environment(suite, shared, monkeypatch):
    monkeypatch.setenv("MOCKFACE_URL", shared.url)
    result = suite(ONE)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"mockface: {shared.url}, shared"])


CLOCK = """
@pytest.mark.parametrize("turn", range(2))
def test_it(mockface, turn):
    mockface.clock.advance("1h")
"""


@pytest.mark.thorough
def test_the_clock_of_a_shared_server_is_moved_by_a_single_process_alone(suite, shared):
    suite(CLOCK, "--mockface-url", shared.url).assert_outcomes(passed=2)
    assert abs(client.Client(shared.url).get("/_mockface/clock")["offset_s"]) < 0.01
    result = suite(CLOCK, "-n", "2", "--mockface-url", shared.url)
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*2 workers use*to move the clock would affect their tests too*pytest.mark.mockface*"])


@pytest.mark.thorough
def test_strictness_on_a_shared_server_fails_the_run_for_calls_of_nobodys(suite, shared):
    result = suite(DEFAULT, "--mockface-strict", "--mockface-url", shared.url)
    result.assert_outcomes(passed=3)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["FAILED: 2 call(s) fell to the default on the shared server*"])


@pytest.mark.thorough
def test_a_server_that_is_not_there_is_named(suite):
    result = suite(ONE, "--mockface-url", "http://127.0.0.1:9")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["E*http://127.0.0.1:9 cannot be reached*"])


@pytest.mark.thorough
def test_unittest_and_async_tests_can_use_it(suite):
    suite(
        """
import asyncio, unittest

@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_async(mockface, anyio_backend):
    person = mockface.add(code=15)
    assert await asyncio.to_thread(ask, mockface, person.idcard_number) == 15
    mockface.verify(person)

class InUnittest(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _mockface(self, mockface):
        self.mockface = mockface

    def test_it(self):
        self.assertEqual(ask(self.mockface, self.mockface.add(code=15).idcard_number), 15)
""",
        plugins="mockface anyio",
    ).assert_outcomes(passed=2)


@pytest.mark.thorough
def test_the_options_are_described_in_the_help():
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--help"], capture_output=True, text=True, check=True,
        env={**CLEAN_ENVIRONMENT, **LEAN_PYTEST},
    )  # fmt: skip
    for option in ("url", "token", "coverage", "coverage-fail-under", "strict", "all-called"):
        assert f"--mockface-{option}" in done.stdout
    assert "mockface_strict" in done.stdout
