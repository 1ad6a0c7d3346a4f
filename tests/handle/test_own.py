"""A server in the test's process: fast, clean, out of the way, and clear about what is wrong."""

import asyncio
import http.client
import json
import logging
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import pytest

from mockface.errors import CannotListen, ScenarioMistakes
from mockface.testing import Mockface
from tests import loop
from tests.conftest import CLEAN_ENVIRONMENT
from tests.handle.test_contract import call, code


def descriptors():
    """How many this process has open; where /proc does not tell, none."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


@pytest.mark.thorough
def test_fifty_handles_leak_no_thread_no_socket_and_no_descriptor():
    with Mockface() as m:
        call(m, m.add(similarity=90))
    threads, before = threading.active_count(), descriptors()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(50):
            with Mockface() as m:
                assert code(m, m.add(code=15)) == 15
    assert (threading.active_count(), descriptors()) == (threads, before)


def test_the_start_takes_milliseconds_once_imported_and_so_does_the_stop():
    """Bounds are far above what is measured (2 ms and 0.3 ms on two cores), to hold on a busy machine."""
    starts, stops = [], []
    for _ in range(11):
        began = time.perf_counter()
        m = Mockface().start()
        started = time.perf_counter()
        m.stop()
        starts.append(started - began)
        stops.append(time.perf_counter() - started)
    assert statistics.median(starts) < 0.05
    assert statistics.median(stops) < 0.05


def test_the_stop_does_not_wait_for_idle_hanging_or_listening_clients():
    m = Mockface().start()
    idle = http.client.HTTPConnection("127.0.0.1", m.port, timeout=10)
    idle.request("POST", "/face/idcardcompare", b"{}", {"Content-Type": "application/json"})
    idle.getresponse().read()
    stream = http.client.HTTPConnection("127.0.0.1", m.port, timeout=10)
    stream.request("GET", "/_mockface/events")
    assert stream.getresponse().readline() == b": mockface\n"
    hanging = socket.create_connection(("127.0.0.1", m.port), 10)
    person = m.add(fault="hang")
    body = json.dumps(
        {"appid": "1250000000", "idcard_number": person.idcard_number, "idcard_name": "张三", "url": "http://e/f"}
    )
    head = f"POST /face/idcardcompare HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: {m.sign()}\r\n"
    hanging.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
    m.verify(person, within="5s")
    began = time.perf_counter()
    m.stop()
    took = time.perf_counter() - began
    assert took < 0.5, took
    hanging.close()
    idle.close()
    stream.close()


def test_the_first_handle_of_a_process_is_up_in_a_moment_and_loads_no_web_framework():
    script = (
        "import time, sys; began = time.perf_counter()\n"
        "from mockface.testing import Mockface\n"
        "with Mockface() as m:\n"
        "    took = time.perf_counter() - began\n"
        "    m.add(code=15); m.calls; m.reset()\n"
        "    assert not {'fastapi', 'starlette', 'pydantic'} & set(sys.modules)\n"
        "print(took)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True, env=CLEAN_ENVIRONMENT
    )
    assert done.stderr == ""
    assert float(done.stdout) < 3


def test_adding_calling_verifying_and_resetting_costs_little():
    """Under 3 ms is asked for, 0.35 ms was measured; the bound is for a machine that does other things as well."""
    with Mockface() as m:
        connection = http.client.HTTPConnection("127.0.0.1", m.port, timeout=10)
        rounds = []
        for _ in range(50):
            began = time.perf_counter()
            person = m.add(code=-5803)
            fields = {
                "appid": "1250000000",
                "idcard_number": person.idcard_number,
                "idcard_name": "张三",
                "url": "http://e/f",
            }
            headers = {"Content-Type": "application/json", "Authorization": m.sign()}
            connection.request("POST", "/face/idcardcompare", json.dumps(fields), headers)
            connection.getresponse().read()
            m.verify(person, code=-5803, times=1)
            m.reset()
            rounds.append(time.perf_counter() - began)
        connection.close()
    assert statistics.median(rounds) < 0.03


def test_a_taken_port_is_raised_in_the_tests_thread_with_what_would_work():
    with Mockface() as first, pytest.raises(CannotListen, match=r"cannot listen on 127.0.0.1:\d+: .*--port 0"):
        Mockface(port=first.port).start()


def test_mistakes_in_scenario_files_are_raised_in_the_tests_thread(tmp_path):
    file = tmp_path / "team.yaml"
    file.write_text('scenarios:\n  "110110199907010026": { similarty: 100 }\n', encoding="utf-8")
    with pytest.raises(ScenarioMistakes, match=r"team.yaml:2:27: .*did you mean similarity\?"):
        Mockface(scenarios=file).start()
    before = threading.active_count()
    with pytest.raises(ScenarioMistakes, match="no such file"):
        Mockface(scenarios=[str(tmp_path / "none.yaml")]).start()
    assert threading.active_count() == before


def test_settings_are_those_of_serve_by_name(tmp_path):
    file = tmp_path / "team.yaml"
    file.write_text('scenarios:\n  "110110199907010018": { code: 21 }\n', encoding="utf-8")
    with Mockface(scenarios=str(file), signature="off", http="h11", no_hints=True) as m:
        assert code(m, "110110199907010018", sign="nonsense") == 21
    with pytest.raises(TypeError, match="no setting signatur; did you mean signature"):
        Mockface(signatur="off")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="at least 1"):
        Mockface(journal=0)
    with pytest.raises(ValueError, match="here use the handle's url"):
        Mockface(ready_file="ready.json")  # type: ignore[call-arg]


def test_the_environment_does_not_change_a_handle(monkeypatch):
    monkeypatch.setenv("MOCKFACE_SIGNATURE", "off")
    monkeypatch.setenv("MOCKFACE_PORT", "1")
    with Mockface() as m:
        assert code(m, m.add(similarity=90), sign="nonsense") == 5


def test_a_handle_that_does_not_run_says_how_to_start_it():
    m = Mockface()
    with pytest.raises(RuntimeError, match="with Mockface"):
        m.add(code=15)
    with pytest.raises(RuntimeError, match="with Mockface"):
        _ = m.clock
    m.stop()
    with m:
        port = m.port
    with m, socket.create_connection(("127.0.0.1", m.port)):
        assert m.calls == []
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), 1)


def test_signal_handlers_and_logging_stay_as_they_are(caplog):
    caplog.set_level(logging.DEBUG)
    names = (None, "uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "asyncio", "mockface")

    def state():
        loggers = [logging.getLogger(name) for name in names]
        handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
        kept = [(one.level, list(one.handlers), one.propagate, one.disabled) for one in loggers]
        return kept, [list(one.filters) for one in loggers], handlers

    before = state()
    with Mockface() as m:
        call(m, m.add(code=15))
        with pytest.raises(Exception, match=r"(?i)read|incomplete"):
            call(m, m.add(similarity=90, fault="truncate"))
        assert state()[0] == before[0]
        assert state()[2] == before[2]
    assert state() == before
    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []


def test_it_works_inside_a_running_event_loop_and_says_what_holds_the_loop_up():
    async def under_a_loop():
        with Mockface() as m:
            person = m.add(code=-5803)
            assert await asyncio.to_thread(code, m, person) == -5803
            m.verify(person, times=1)
            later = asyncio.create_task(asyncio.to_thread(call, m, person))
            await asyncio.to_thread(m.verify, person, times=2, within="5s")
            await later
            with pytest.raises(AssertionError, match="event loop was blocked"):
                m.verify(person, times=9, within=0.05)

    loop.run(under_a_loop())


def test_what_the_journal_dropped_is_never_passed_over():
    with Mockface(journal=5) as m:
        person, other = m.add(similarity=90), m.add(code=15)
        for _ in range(7):
            call(m, person)
        assert len(m.verify(person, at_least=5)) == 5
        with pytest.raises(AssertionError, match="it has dropped 2"):
            m.verify(person, times=5)
        with pytest.raises(AssertionError, match="dropped 2 such calls"):
            m.verify(person, at_least=6)
        m.verify(other, times=0)
        with pytest.raises(AssertionError, match="count is not known"):
            m.verify(code=15, times=0)


def test_the_counts_of_shipped_stories_start_over_at_a_reset_and_behind_a_scope():
    story = "110110199906010016"
    with Mockface() as m:
        with m.scope():
            assert [code(m, story) for _ in range(3)] == [15, 15, 0]
        assert code(m, story) == 15
        m.reset()
        assert code(m, story) == 15


def test_every_call_of_an_own_server_is_seen_even_without_a_number():
    with Mockface() as m:
        connection = http.client.HTTPConnection("127.0.0.1", m.port, timeout=10)
        connection.request("POST", "/face/idcardcompare", b"{", {"Content-Type": "application/json"})
        connection.getresponse().read()
        connection.close()
        assert m.verify(code=3, times=1).last.number == "*****"


@pytest.mark.thorough
def test_scenarios_are_added_and_removed_while_calls_come():
    with Mockface() as m:
        fixed, ends = m.add(code=15), time.monotonic() + 1.5
        wrong = []

        def calls():
            while time.monotonic() < ends:
                got = code(m, fixed)
                if got != 15:
                    wrong.append(got)

        callers = [threading.Thread(target=calls) for _ in range(2)]
        for caller in callers:
            caller.start()
        while time.monotonic() < ends:
            one = m.add(similarity=90)
            m.add(number="1101101999092??77?", code=3)
            m.coverage()
            assert code(m, one) == 0
            m.remove("1101101999092??77?")
            m.remove(one)
        for caller in callers:
            caller.join()
        assert wrong == []
