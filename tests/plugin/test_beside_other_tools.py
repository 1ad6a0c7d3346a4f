"""What other tools of a test suite replace under a handle: time, threads, files, sockets. Nothing hangs, nothing lies."""

import subprocess
import sys

import pytest

from tests.conftest import CLEAN_ENVIRONMENT, HERE
from tests.plugin.suites import run_suite

pytestmark = pytest.mark.thorough

FREEZERS = {
    "freezegun": "import freezegun\nfrozen = lambda: freezegun.freeze_time('2020-01-01')\n",
    "time-machine": "import time_machine\nfrozen = lambda: time_machine.travel('2020-01-01T00:00:00+00:00', tick=False)\n",
    "patches": "import contextlib, time, unittest.mock\n"
    "@contextlib.contextmanager\n"
    "def patches():\n"
    "    with contextlib.ExitStack() as patched:\n"
    "        for name in ('time', 'monotonic', 'perf_counter'):\n"
    "            patched.enter_context(unittest.mock.patch(f'time.{name}', lambda: 1577836800.0))\n"
    "        yield\n"
    "frozen = patches\n",
}
every_freezer = pytest.mark.parametrize("freezer", FREEZERS)
LATE = """
@pytest.fixture(autouse=True)
def stopped():
    with frozen():
        yield

def test_a_call_is_answered_and_took_no_negative_time(mockface):
    person = mockface.add(code=15, delay="50ms")
    assert ask(mockface, person.idcard_number) == 15
    call = mockface.verify(person, times=1, within="2s").last
    assert 0 <= call.elapsed_ms < 10_000

def test_a_verification_that_fails_ends(mockface):
    person = mockface.add(code=15)
    ask(mockface, person.idcard_number)
    with pytest.raises(AssertionError, match="exactly 2 calls .* within 200ms, got 1"):
        mockface.verify(person, times=2, within="200ms")
    with type(mockface).connect("URL") as elsewhere, pytest.raises(AssertionError, match="got 0"):
        elsewhere.verify(person, times=3, within=0.2)

def test_more_than_one_call_comes_through_on_one_connection(mockface):
    import http.client
    connection = http.client.HTTPConnection("127.0.0.1", mockface.port, timeout=10)
    for _ in range(3):
        connection.request("GET", "/health")
        assert connection.getresponse().read()
    connection.close()
"""


@every_freezer
def test_nothing_hangs_where_time_is_frozen_before_the_handle_is_imported(freezer, tmp_path, server):
    told = run_suite(tmp_path, FREEZERS[freezer] + LATE.replace("URL", server.url))
    assert "3 passed" in told, told


@every_freezer
def test_nothing_hangs_where_time_is_frozen_while_a_server_runs(freezer, tmp_path, server):
    late = LATE.replace("URL", server.url).replace("def stopped():", "def stopped(mockface_server):")
    told = run_suite(tmp_path, FREEZERS[freezer] + late)
    assert "3 passed" in told, told


@pytest.mark.parametrize("freezer", ["freezegun", "time-machine"])
def test_the_server_of_a_handle_goes_by_the_time_that_the_test_froze(freezer, tmp_path):
    told = run_suite(
        tmp_path,
        FREEZERS[freezer] + "import datetime, time\n"
        "def test_it(mockface):\n"
        "    with frozen():\n"
        "        assert mockface.clock.now() == datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)\n"
        "        person = mockface.add(similarity=90)\n"
        "        assert ask(mockface, person.idcard_number) == 0\n"
        "        assert mockface.calls.last.at == 1577836800\n"
        "    assert abs(mockface.clock.now().timestamp() - time.time()) < 60\n",
    )
    assert "1 passed" in told, told


@pytest.mark.parametrize("fixtures", ["fs, mockface", "mockface, fs"])
def test_a_fake_filesystem_hides_nothing_that_the_handle_needs(fixtures, tmp_path):
    told = run_suite(
        tmp_path,
        f"def test_it({fixtures}):\n"
        "    person = mockface.add(code=-5803, delay='10ms')\n"
        "    assert ask(mockface, person.idcard_number) == -5803\n"
        "    assert ask(mockface, '110110199905018032') != 0\n"
        "    mockface.verify(person, code=-5803, within='2s')\n"
        "    assert 'NAME_MISMATCH' in mockface.explain(mockface.calls[0])\n"
        "def test_after_it(mockface):\n"
        "    assert ask(mockface, mockface.add(code=15).idcard_number) == 15\n",
        plugins=["pyfakefs.pytest_plugin"],
    )
    assert "2 passed" in told, told


ONE = "def test_it(mockface):\n    assert ask(mockface, mockface.add(code=15).idcard_number) == 15\n"


def test_forbidden_sockets_are_told_with_what_allows_them(tmp_path):
    told = run_suite(tmp_path, ONE, "--disable-socket", plugins=["pytest_socket"])
    assert "1 error" in told, told
    assert "CannotListen: cannot open a socket, this process forbids it" in told
    assert "--allow-hosts=127.0.0.1" in told


@pytest.mark.parametrize("flags", [["--allow-hosts=127.0.0.1"], ["--disable-socket", "--allow-hosts=127.0.0.1"]])
def test_what_the_text_says_allows_them(flags, tmp_path):
    told = run_suite(tmp_path, ONE, *flags, plugins=["pytest_socket"])
    assert "1 passed" in told, told
    told = run_suite(tmp_path, f"@pytest.mark.enable_socket\n{ONE}", "--disable-socket", plugins=["pytest_socket"])
    assert "1 passed" in told, told


GEVENT = "from gevent import monkey\nmonkey.patch_all({})\nimport sys\nfrom mockface.testing import Mockface\n"


def patched(script, *words):
    pytest.importorskip("gevent")
    return subprocess.run(
        [sys.executable, "-c", script, *words], cwd=HERE.parent, env=CLEAN_ENVIRONMENT, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip


def test_a_handle_where_threads_are_greenlets_says_at_once_what_works():
    done = patched(GEVENT.format("") + "Mockface().start()\n")
    assert done.returncode == 1
    assert "RuntimeError: the handle cannot start a server here: threads of this process are greenlets" in done.stderr
    assert "patch_all(thread=False)" in done.stderr
    assert "Mockface.connect(url)" in done.stderr


USE = (
    "    person = m.add(code=15)\n"
    "    from mockface.network import client\n"
    "    client.Client(m.url).call('json-url', person.idcard_number, person.idcard_name, m.sign())\n"
    "    print(m.verify(person, times=1, within=2).last.code)\n"
)


def test_both_ways_that_it_names_work(server):
    done = patched(GEVENT.format("thread=False") + "with Mockface() as m:\n" + USE)
    assert done.stdout == "15\n", done.stderr
    done = patched(GEVENT.format("") + "with Mockface.connect(sys.argv[1]) as m:\n" + USE, server.url)
    assert done.stdout == "15\n", done.stderr
