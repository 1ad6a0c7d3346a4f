"""What runs in the background is watched: its end is told, and it is started again."""

import asyncio
import io
import json
import logging
import os
import threading

import pytest

from mockface.settings import Settings
from mockface.web import log
from mockface.web import watch as watching
from mockface.web.watch import Watch

logger = logging.getLogger("mockface")


@pytest.fixture
def watch(monkeypatch):
    monkeypatch.setattr(watching, "FIRST_PAUSE_S", 0.001)
    return Watch()


def test_a_task_that_fails_is_told_and_runs_again_until_it_works(watch, caplog):
    runs = []

    async def fails_twice():
        runs.append(len(watch.troubles))
        if len(runs) < 3:
            raise PermissionError(13, "Permission denied", "/scenarios")
        watch.works("reload")

    asyncio.run(watch.keep("reload", fails_twice))
    assert runs == [0, 1, 1]
    assert watch.troubles == []
    said = [record.getMessage() for record in caplog.records]
    assert said == ["reload failed and is started again", "reload works again"]


def test_what_failed_stays_in_troubles_with_its_cause_and_count(watch):
    async def always_fails():
        raise OSError("File name too long")

    async def a_moment():
        task = asyncio.create_task(watch.keep("reload", always_fails))
        while not watch.troubles or watch.troubles[0].times < 2:
            await asyncio.sleep(0.001)
        task.cancel()

    asyncio.run(a_moment())
    (trouble,) = watch.troubles
    assert (trouble.task, trouble.why, trouble.running) == ("reload", "OSError: File name too long", False)


def test_an_exception_of_a_callback_that_nobody_awaits_is_told(watch):
    async def raise_in_a_callback():
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(watch.caught)
        loop.call_soon(lambda: 1 // 0)
        await asyncio.sleep(0.01)

    asyncio.run(raise_in_a_callback())
    assert [one.why.partition(":")[0] for one in watch.troubles] == ["ZeroDivisionError"]


class Pipe(io.TextIOWrapper):
    """A stream with a descriptor, whose other end the test reads."""

    def __init__(self):
        self.end, writing = os.pipe()
        super().__init__(os.fdopen(writing, "wb"))

    def lines(self):
        self.close()
        with os.fdopen(self.end, encoding="utf-8") as reading:
            return reading.read().splitlines()


@pytest.fixture
def kept_logger():
    before = (logger.level, logger.propagate, logger.handlers[:])
    yield
    logger.setLevel(before[0])
    logger.propagate, logger.handlers[:] = before[1], before[2]


def test_a_record_that_cannot_be_formatted_is_told_on_the_stream_and_the_log_goes_on(watch, kept_logger):
    stream = Pipe()
    with log.Log(Settings(log_format="json"), stream, watch):
        logger.info("%d", "not a number")
        logger.info("the next")
    lines = stream.lines()
    assert lines[0].startswith("mockface: the log failed (TypeError")
    assert json.loads(lines[1])["message"] == "the next"
    assert [(one.task, one.running) for one in watch.troubles] == [("log", True)]


def test_a_log_thread_that_died_is_told(watch, kept_logger, monkeypatch):
    def die(self, record):
        raise SystemExit

    monkeypatch.setattr(log._Descriptor, "handle", die)
    stream = Pipe()
    with log.Log(Settings(), stream, watch):
        logger.info("anything")
    assert stream.lines() == ["mockface: the log failed (SystemExit: ); this is a bug, please report it"]
    assert [(one.task, one.running) for one in watch.troubles] == [("log", False)]


def test_the_log_writes_chinese_as_it_is_and_escapes_what_a_terminal_obeys(watch, kept_logger):
    stream = Pipe()
    with log.Log(Settings(log_format="json"), stream, watch):
        logger.warning("\u5f20\u4e09 \x1b[2J \x9b \u202e \ud83d \U0001f600")
    (line,) = stream.lines()
    assert '"message":"张三 \\u001b[2J \\u009b \\u202e \\ud83d 😀"' in line


def test_without_a_standard_error_there_is_no_log_and_no_failure(watch, kept_logger):
    before = threading.active_count()
    with log.Log(Settings(), None, watch):
        logger.error("nobody reads this")
        assert threading.active_count() == before
    assert watch.troubles == []
