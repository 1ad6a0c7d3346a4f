"""Tasks and threads that fail: they are told of, and start again."""

import asyncio
import json
import logging
import os
import queue
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from logging.handlers import QueueHandler
from pathlib import Path

import pytest

from mockface.control import passing
from mockface.settings import Settings
from mockface.web.background import CALM_SECONDS, RESTARTING, RUNNING, Background
from mockface.web.log import CallLog, Log, _Output
from tests import loop
from tests.making import ask, emulator, json_body

logger = logging.getLogger("mockface")


def until(so):
    deadline = time.monotonic() + 10
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


async def kept(work, so):
    """Keep this work until it is so."""
    background = Background()
    task = asyncio.create_task(background.keep("it", work))
    async with asyncio.timeout(10):
        while not so(background):
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return background


async def raises():
    raise PermissionError(13, "Permission denied", "110105198806153217")


async def returns():
    return


async def waits_for_what_is_cancelled():
    future = asyncio.get_running_loop().create_future()
    future.cancel()
    await future


@pytest.mark.parametrize(
    ("work", "why"),
    [
        (raises, "PermissionError: [Errno 13] Permission denied: '110*************17'"),
        (returns, "RuntimeError: it ended unexpectedly"),
        (waits_for_what_is_cancelled, "CancelledError"),
    ],
)
def test_a_task_that_ends_in_any_way_is_told_and_starts_again(work, why, caplog):
    background = loop.run(kept(work, lambda background: any(t.failures == 2 for t in background.troubles())))
    (trouble,) = background.troubles()
    assert (trouble.part, trouble.state, trouble.why) == ("it", RESTARTING, why)
    assert abs(trouble.failed_at - time.time()) < 10
    assert not background.is_well()
    assert [record.message for record in caplog.records] == [
        "it failed; it restarts in 0.5 s",
        "it failed; it restarts in 1 s",
    ]


def test_a_part_that_runs_for_a_while_after_its_failure_is_well_again_and_not_forgotten(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(passing, "monotonic", lambda: now[0])
    background = Background()
    assert background.is_well()
    background.note("it", "why", RESTARTING)
    now[0] += 2 * CALM_SECONDS
    assert not background.is_well()
    background.runs("it")
    assert background.is_well()
    assert [(trouble.state, trouble.failures) for trouble in background.troubles()] == [(RUNNING, 1)]


def test_an_exception_in_a_callback_of_the_loop_is_logged_and_told(caplog):
    background = Background()

    async def main():
        asyncio.get_running_loop().set_exception_handler(background.of_loop)
        asyncio.get_running_loop().call_soon(lambda: 1 / 0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    loop.run(main())
    (trouble,) = background.troubles()
    assert "ZeroDivisionError" in trouble.why
    assert "this is a bug in mockface" in caplog.text


@contextmanager
def log_to_pipe(background, *, encoding="utf-8", log_format="json", size=None):
    """A log that writes into a pipe; gives the end to read, and the log."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", encoding=encoding) as stream:
        log = Log(Settings(log_format=log_format), stream, background)
        try:
            with log:
                yield reading, log
        finally:
            os.close(reading)
            logger.propagate = True
            logger.setLevel(logging.NOTSET)


def lines(reading):
    return os.read(reading, 1 << 16).decode().splitlines()


class EndsTheThread:
    def __str__(self):
        raise SystemExit(1)


class CannotBeSaid:
    def __str__(self):
        raise ZeroDivisionError("no")


def test_the_thread_of_the_log_that_dies_says_so_starts_again_and_is_in_the_health():
    background = Background()
    with log_to_pipe(background) as (reading, _):
        logger.warning("%s", EndsTheThread())
        until(background.troubles)
        (told,) = [json.loads(line) for line in lines(reading)]
        assert told["message"] == "log failed; it restarts in 0.5 s"
        assert "SystemExit" in told["exception"]
        logger.warning("next")
        (line,) = lines(reading)
        assert json.loads(line)["message"] == "next"
        (trouble,) = background.troubles()
        assert (trouble.part, trouble.state, trouble.why) == ("log", RUNNING, "SystemExit: 1")


def test_a_record_that_cannot_be_written_is_told_of_and_the_next_is_written():
    background = Background()
    with log_to_pipe(background) as (reading, _):
        logger.warning("%s", CannotBeSaid())
        logger.warning("next")
        handler = logger.handlers[-1]
        assert isinstance(handler, QueueHandler)
        assert isinstance(handler.queue, queue.Queue)
        until(handler.queue.empty)
        time_over = time.monotonic() + 5
        told: list[str] = []
        while len(told) < 2 and time.monotonic() < time_over:
            told += [json.loads(line)["message"] for line in lines(reading)]
        assert "test_background.py" in told[0]
        assert "ZeroDivisionError('no')" in told[0]
        assert told[1] == "next"
        assert background.is_well()


def test_lines_that_the_output_does_not_take_are_counted_and_told():
    background = Background()
    with log_to_pipe(background) as (reading, log):
        spare = os.dup(log._output._descriptor)
        with Path("/dev/full").open("wb") as full:
            os.dup2(full.fileno(), log._output._descriptor)
        logger.warning("one")
        logger.warning("two")
        until(lambda: log._output.lost == 2)
        (trouble,) = background.troubles()
        assert (trouble.part, trouble.state) == ("log", "failing")
        assert trouble.why == "log lines are lost: standard error cannot be written: No space left on device"
        os.dup2(spare, log._output._descriptor)
        os.close(spare)
        logger.warning("three")
        told: list[str] = []
        while len(told) < 2:
            told += [json.loads(line)["message"] for line in lines(reading)]
        assert told == ["three", "log lines lost because standard error was not writable: 2"]
        assert background.troubles()[0].state == RUNNING


def test_a_pipe_that_nobody_reads_is_told_and_what_was_lost_is_counted_when_somebody_does():
    background = Background()
    with log_to_pipe(background) as (reading, log):
        for number in range(8000):
            logger.warning("%s %d", "x" * 50, number)
        (trouble,) = background.troubles()
        assert (trouble.state, trouble.why) == (
            "failing",
            "log lines are lost: standard error is not read",
        )
        lost = log._queued.lost
        assert lost > 1000
        told = ""
        while "log lines lost" not in told:
            told += os.read(reading, 1 << 16).decode()
        assert f'"log lines lost because standard error was not writable: {lost}"' in told
        until(lambda: background.troubles()[0].state == RUNNING)


def test_a_descriptor_that_does_not_wait_gets_whole_lines():
    background = Background()
    with log_to_pipe(background) as (reading, log):
        os.set_blocking(log._output._descriptor, False)
        for number in range(3000):
            logger.warning("%s %d", "x" * 100, number)
        told = ""
        while f"x {2999}" not in told:
            told += os.read(reading, 1 << 16).decode()
        assert len([json.loads(line) for line in told.splitlines()]) == 3000
        assert background.is_well()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8", "utf-16"])
@pytest.mark.parametrize("log_format", ["json", "text"])
def test_the_log_comes_out_in_every_encoding(encoding, log_format):
    with log_to_pipe(Background(), encoding=encoding, log_format=log_format) as (reading, _):
        logger.warning("张三 é \x1b")
        content = os.read(reading, 1 << 16)
    if log_format == "json":
        assert json.loads(content)["message"] == "张三 é \x1b"
        assert ("张三".encode() in content) == encoding.startswith("utf")
    else:
        shown = content.decode("utf-8" if encoding.startswith("utf") else encoding)
        assert ("张三 é" if encoding.startswith("utf") else "\\u5f20\\u4e09") in shown
        assert "\x1b" not in shown


def test_records_of_many_lines_that_are_lost_are_counted_by_the_record(tmp_path, monkeypatch):
    with (tmp_path / "full").open("wb") as file:
        output = _Output(file.fileno(), "utf-8", Background())
        left = iter([60, OSError(28, "No space left on device")])

        def some(content):
            step = next(left)
            if isinstance(step, OSError):
                raise step
            return step

        monkeypatch.setattr(output, "_taken", some)
        assert output.write("x\n" * 30, "y", "z") is False
        assert output.lost == 3


def test_calls_are_listed_from_several_threads_without_a_fault_and_the_rest_is_counted(caplog):
    caplog.set_level("INFO", logger="mockface")
    own = emulator(journal=10)
    listing = CallLog(own.recorder.journal)
    for _ in range(100):
        ask(json_body(), of=own)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: listing.tick(), range(200)))
    listed = [record for record in caplog.records if hasattr(record, "call")]
    assert (len(listed), listing._left_out) == (10, 90)
