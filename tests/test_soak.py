"""A short run of `make soak`, and that its judgement can fail."""

import subprocess
import sys
from pathlib import Path

import pytest

from soak import watch
from soak.__main__ import judged
from soak.actions import ACTIONS, Wrong, expect
from soak.run import Run
from tests.conftest import CLEAN_ENVIRONMENT, HERE
from tests.protocol.wire import Reply

pytestmark = pytest.mark.thorough

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="the system has no /proc to ask for memory"
)


@needs_proc
def test_ten_seconds_of_mixed_load_leave_memory_descriptors_and_threads_as_they_were():
    done = subprocess.run(
        [sys.executable, "-m", "soak", "--seconds", "10", "--clients", "4"], check=False, capture_output=True, text=True,
        cwd=HERE.parent, env=CLEAN_ENVIRONMENT, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "when the load had gone" in done.stdout


def sampled(at_s, mib=50.0, files=14, threads=3):
    return watch.Sample(at_s, int(mib * watch.MIB), files, threads)


def run_of(*samples, rest=None, wrong=()):
    return Run(list(samples), start=sampled(0), rest=rest or sampled(103), wrong=list(wrong))


def test_a_run_that_holds_what_it_held_is_good():
    assert judged(run_of(sampled(10), sampled(100)), 100) == []


@pytest.mark.parametrize(
    ("run", "told"),
    {
        "memory that grows under load": (run_of(sampled(10), sampled(100, mib=72)), "22.0 MiB more were resident"),
        "memory that stays": (run_of(sampled(10), sampled(100), rest=sampled(103, mib=71)), "21.0 MiB more"),
        "descriptors that stay": (run_of(sampled(10), sampled(100), rest=sampled(103, files=30)), "30 descriptors"),
        "threads that stay": (run_of(sampled(10), sampled(100), rest=sampled(103, threads=30)), "30 threads"),
        "a wrong answer": (run_of(sampled(10), sampled(100), wrong=["good_json: code 0 was due"]), "code 0 was due"),
    }.values(),
)
def test_a_run_that_broke_a_promise_says_which(run, told):
    (diagnostic,) = judged(run, 100)
    assert told in diagnostic


def test_in_a_long_run_memory_that_still_grows_behind_its_half_is_told():
    run = run_of(sampled(60), sampled(300, mib=52), sampled(600, mib=57))
    (diagnostic,) = judged(run, 600)
    assert "5.0 MiB more were resident than half way" in diagnostic
    assert judged(run_of(sampled(60), sampled(300, mib=52), sampled(600, mib=55)), 600) == []


@pytest.mark.parametrize("body", [b'{"code":3}', b"<html>", b"[]", b"{}"])
def test_another_answer_than_was_due_is_wrong(body):
    with pytest.raises(Wrong):
        expect(Reply(200, {}, body, body), 0)


def test_the_load_has_every_kind_of_client():
    assert {deed.__name__ for deed in ACTIONS} >= {
        "upload",
        "malformed",
        "broken_off",
        "never_whole",
        "fault",
        "minted",
    }
