"""The log: one line a call and what else there is to say, on the standard error, in bounded time and amount.

The loop never waits for the log: records go into a bounded queue, and a thread writes them. What a full disk or a pipe
that nobody reads cannot take is left out. Beyond some hundred calls a second the rest is counted instead of listed: a
load test wants figures, and the journal has the last calls whole.
"""

from __future__ import annotations

import logging
import os
import queue
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from logging.handlers import QueueHandler
from typing import Any, TextIO

from mockface import passing
from mockface.journal import Journal
from mockface.jsontext import json_text
from mockface.settings import Settings
from mockface.web.watch import Watch
from mockface.why import printable

logger = logging.getLogger("mockface")

TASK = "log"
LINES_PER_SECOND = 200
LINES_AT_ONCE = 1000
"""So many lines may come at once, and so many a second after that."""
_QUEUED = 5000
_STOP_SECONDS = 0.5


class Allowance:
    """How many lines may be written now: so many at once, refilled by so many a second."""

    def __init__(self, now: float) -> None:
        self._left = float(LINES_AT_ONCE)
        self._at = now

    def take(self, wanted: int, now: float) -> int:
        """Take up to so many; how many there were."""
        self._left = min(LINES_AT_ONCE, self._left + (now - self._at) * LINES_PER_SECOND)
        self._at = now
        taken = min(wanted, int(self._left))
        self._left -= taken
        return taken


class CallLog:
    """Lists the calls of a journal in the log. `tick` does the work, off the calls' own way."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._listed = journal.noted
        self._left_out = 0
        self._told = passing.monotonic()
        self._allowance = Allowance(self._told)

    def tick(self) -> None:
        """List the calls that came since the last tick."""
        came = self._journal.noted - self._listed
        if not logger.isEnabledFor(logging.INFO):
            self._listed += came
            return
        now = passing.monotonic()
        if came:
            entries, _ = self._journal.after(self._listed, self._allowance.take(came, now))
            self._listed += came
            self._left_out += came - len(entries)
            if entries:
                # Most servers in tests stop before they have shown a call.
                from mockface.brief import brief
                from mockface.listing import call_line
            for entry in entries:
                call = brief(entry)
                logger.info("%s", call_line(call), extra={"call": call})
        if self._left_out and now - self._told >= 1:
            logger.info("%d more calls, too many a second to list", self._left_out)
            self._left_out, self._told = 0, now


class Text(logging.Formatter):
    """A line for people. Only lines of our own making break; anything else that is not printable is escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        message = record.getMessage()
        if hasattr(record, "call"):
            return printable(message)
        if record.exc_info:
            message += "\n" + self.formatException(record.exc_info)
        at = datetime.fromtimestamp(record.created).strftime("%H:%M:%S.%f")[:-3]
        lines = "\n".join(printable(line) for line in message.split("\n"))
        return f"{at}  {record.levelname.lower()}: {lines}"


class Json(logging.Formatter):
    """A JSON object on one line: `at`, `level`, `message`, and the fields of a call where it is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = {"at": at, "level": record.levelname.lower()}
        call = getattr(record, "call", None)
        if call is not None:
            told |= {"message": "call", **call, "at": at}
        else:
            told["message"] = record.getMessage()
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json_text(told)


class _Queued(QueueHandler):
    """Puts records into the queue; what does not fit is left out. Refusals are bounded like calls."""

    def __init__(self, records: queue.Queue[Any]) -> None:
        super().__init__(records)
        self._allowance = Allowance(passing.monotonic())

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """Hand it on as it is: the formatter runs in this process."""
        return record

    def enqueue(self, record: logging.LogRecord) -> None:
        """Put it in, if there is room."""
        counted = hasattr(record, "call") or record.levelno > logging.INFO
        if counted or self._allowance.take(1, passing.monotonic()):
            with suppress(queue.Full):
                self.queue.put_nowait(record)


class _Descriptor(logging.Handler):
    """Writes to a file descriptor; what cannot be written is left out: the disk is full, or the reader has gone.

    It writes past Python's buffered streams, and `handle` takes no lock: at the end of a process whose pipe nobody
    reads, logging would wait for either. One thread alone writes here.
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor

    def handle(self, record: logging.LogRecord) -> bool:
        """Write it."""
        self.emit(record)
        return True

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        self.write(self.format(record))

    def write(self, line: str) -> None:
        """Write it as far as it can be written."""
        left = (line + "\n").encode("utf-8", "backslashreplace")
        with suppress(OSError):
            while left:
                left = left[os.write(self._descriptor, left) :]


class _Writer(threading.Thread):
    """Writes the records of a queue until it is told to end; one that cannot be formatted is reported, not fatal."""

    def __init__(self, records: queue.Queue[logging.LogRecord | None], handler: _Descriptor, watch: Watch) -> None:
        super().__init__(name="mockface-log", daemon=True)
        self._records = records
        self._handler = handler
        self._watch = watch

    def run(self) -> None:
        """Write."""
        try:
            while (record := self._records.get()) is not None:
                self._write(record)
        except BaseException as fault:
            self._tell(fault, running=False)

    def _write(self, record: logging.LogRecord) -> None:
        try:
            self._handler.handle(record)
        except Exception as fault:
            self._tell(fault, running=True)

    def _tell(self, fault: BaseException, *, running: bool) -> None:
        """Tell it past the log, which is what failed."""
        self._watch.failed(TASK, fault, running=running, log=False)
        self._handler.write(
            f"mockface: the log failed ({type(fault).__name__}: {fault}); this is a bug, please report it"
        )


class Log:
    """The log of a server that runs in a process of its own; with its standard error closed there is none."""

    def __init__(self, settings: Settings, stream: TextIO | None, watch: Watch) -> None:
        self._records: queue.Queue[Any] = queue.Queue(_QUEUED)
        self._queued = _Queued(self._records)
        self._writer: _Writer | None = None
        if stream is not None:
            as_text = stream.isatty() if settings.log_format == "auto" else settings.log_format == "text"
            handler = _Descriptor(stream.fileno())
            handler.setFormatter(Text() if as_text else Json())
            self._writer = _Writer(self._records, handler, watch)
        logger.setLevel(logging.CRITICAL + 1 if settings.log_level == "off" else settings.log_level.upper())
        logger.propagate = False

    def __enter__(self) -> Log:
        """Begin to write."""
        if self._writer is None:
            # Python's last resort would write to a standard error that is not there.
            logger.addHandler(logging.NullHandler())
        else:
            logger.addHandler(self._queued)
            self._writer.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Write what is left, unless nobody takes it."""
        logger.removeHandler(self._queued)
        if self._writer is not None:
            with suppress(queue.Full):
                self._records.put_nowait(None)
            self._writer.join(_STOP_SECONDS)


def start(settings: Settings, watch: Watch) -> Log:
    """The log of this process: readable on a terminal, JSON lines otherwise."""
    return Log(settings, sys.stderr, watch)
