"""The log: one line per call, and other messages, on standard error, limited in time and amount.

The loop never waits for the log: records go into a bounded queue, and a thread writes them. Lines that a full disk or
an unread pipe does not accept are lost and counted; the health report says so. Above a rate limit, calls are counted
instead of listed; the journal has the latest calls in full.
"""

from __future__ import annotations

import codecs
import logging
import os
import queue
import select
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import accumulate
from logging.handlers import QueueHandler
from typing import Any, TextIO

from mockface.control import passing
from mockface.journal.entry import Entry
from mockface.journal.journal import Journal
from mockface.privacy.masking import printable
from mockface.settings import Settings
from mockface.texts.escaping import ERRORS, json_text
from mockface.web.background import FAILING, Background

logger = logging.getLogger("mockface")

LINES_PER_SECOND = 200
LINES_AT_ONCE = 1000
"""The most lines at once, and per second after that."""
PART = "log"
"""The name of the log in the health report."""
_QUEUED = 5000
_STOP_SECONDS = 0.5
_GATHER_SECONDS = 0.02
_WRITTEN_AT_ONCE = 20


class Allowance:
    """Limits the lines: this many at once, refilled by this many per second."""

    def __init__(self, now: float) -> None:
        self._left = float(LINES_AT_ONCE)
        self._at = now

    def take(self, wanted: int, now: float) -> int:
        """Take up to `wanted`; returns how many were available."""
        self._left = min(LINES_AT_ONCE, self._left + (now - self._at) * LINES_PER_SECOND)
        self._at = now
        taken = min(wanted, int(self._left))
        self._left -= taken
        return taken


class CallLog:
    """Lists the calls of a journal in the log, outside the call path."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._listed = journal.noted
        self._left_out = 0
        self._told = passing.monotonic()
        self._allowance = Allowance(self._told)
        self._due: deque[Iterator[Entry]] = deque()
        self._lock = threading.Lock()

    def tick(self) -> None:
        """List the calls since the last tick."""
        for _ in self.steps():
            pass

    def steps(self) -> Iterator[None]:
        """The same line by line, so that calls are answered in between. May run in any thread."""
        now = passing.monotonic()
        self._take_up(now)
        while (entry := self._next()) is not None:
            self._list(entry)
            yield
        if self._left_out and now - self._told >= 1:
            logger.info("%d more calls, too many a second to list", self._left_out)
            self._left_out, self._told = 0, now

    def _take_up(self, now: float) -> None:
        """Queue the calls since the last time as far as the limit allows; count the rest."""
        with self._lock:
            came = self._journal.noted - self._listed
            self._listed += came
            if came and logger.isEnabledFor(logging.INFO):
                entries, taken = self._journal.after(self._listed - came, self._allowance.take(came, now))
                self._due.append(entries)
                self._left_out += came - taken

    def _next(self) -> Entry | None:
        with self._lock:
            while self._due:
                entry = next(self._due[0], None)
                if entry is not None:
                    return entry
                self._due.popleft()
        return None

    def _list(self, entry: Entry) -> None:
        # Imported late: most servers in tests stop before they show a call.
        from mockface.journal.summary import call_summary

        call = call_summary(entry)
        logger.info("%s", _Line(call), extra={"call": call})


class _Line:
    """A call as text, formatted only by a text log."""

    def __init__(self, call: dict[str, Any]) -> None:
        self._call = call

    def __str__(self) -> str:
        from mockface.journal.text import call_line

        return call_line(self._call)


class Text(logging.Formatter):
    """A line for people. Only mockface's own lines may have line breaks; other unprintable characters are escaped.

    `worker` names the process where there are several, 0 where there is one.
    """

    def __init__(self, worker: int = 0) -> None:
        super().__init__()
        self._by = f"[{worker}] " if worker else ""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        message = record.getMessage()
        if hasattr(record, "call"):
            return self._by + printable(message)
        if record.exc_info:
            message += "\n" + self.formatException(record.exc_info)
        at = datetime.fromtimestamp(record.created).strftime("%H:%M:%S.%f")[:-3]
        lines = "\n".join(printable(line) for line in message.split("\n"))
        return f"{self._by}{at}  {record.levelname.lower()}: {lines}"


class Json(logging.Formatter):
    """A JSON object on one line: `at`, `level`, `worker` if there are several, `message`, the fields of a call."""

    def __init__(self, worker: int = 0) -> None:
        super().__init__()
        self._by = {"worker": worker} if worker else {}

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = {"at": at, "level": record.levelname.lower(), **self._by}
        call = getattr(record, "call", None)
        if call is not None:
            told |= {"message": "call", **call, "at": at}
        else:
            told["message"] = record.getMessage()
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json_text(told)


class _Queued(QueueHandler):
    """Queues records; those that do not fit are counted in `lost`. Refusals are limited like calls."""

    def __init__(self, records: queue.Queue[Any], background: Background) -> None:
        super().__init__(records)
        self._allowance = Allowance(passing.monotonic())
        self._background = background
        self.lost = 0

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """Pass the record unchanged: the formatter runs in this process."""
        return record

    def enqueue(self, record: logging.LogRecord) -> None:
        """Queue the record if there is room."""
        counted = hasattr(record, "call") or record.levelno > logging.INFO
        if counted or self._allowance.take(1, passing.monotonic()):
            try:
                self.queue.put_nowait(record)
            except queue.Full:
                self.lost += 1
                self._background.note(PART, "log lines are lost: standard error is not read", FAILING)


class _Output:
    """A file descriptor for lines; what cannot be written is discarded, counted in `lost` and shown in the health.

    Does not use Python's buffered streams: at exit they would wait for an unread pipe.
    """

    def __init__(self, descriptor: int, encoding: str, background: Background) -> None:
        self._descriptor = descriptor
        self._encoding = encoding
        self._background = background
        self._torn = False
        self._ails = False
        self.lost = 0

    def write(self, *lines: str) -> bool:
        """Write these lines if possible; returns whether it succeeded."""
        before = ("\n" * self._torn).encode(self._encoding, ERRORS)
        pieces = [f"{line}\n".encode(self._encoding, ERRORS) for line in lines]
        whole = left = before + b"".join(pieces)
        try:
            while left:
                left = left[self._taken(left) :]
        except OSError as fault:
            taken = whole[: len(whole) - len(left)]
            went = len(taken) - len(before)
            self.lost += sum(end > went for end in accumulate(map(len, pieces)))
            self._torn = not taken.endswith(b"\n") if taken else self._torn
            self._ails = True
            self._background.note(
                PART, f"log lines are lost: standard error cannot be written: {fault.strerror}", FAILING
            )
            return False
        self._torn = False
        if self._ails:
            self._ails = False
            self._background.runs(PART)
        return True

    def _taken(self, content: bytes) -> int:
        try:
            return os.write(self._descriptor, content)
        except BlockingIOError:
            # Another process may have made a shared descriptor non-blocking; this thread may block.
            select.select([], [self._descriptor], [])
            return 0


class Log:
    """The log of a server in its own process: a thread writes the records of a queue."""

    def __init__(self, settings: Settings, stream: TextIO, background: Background, worker: int = 0) -> None:
        as_text = _is_text(settings, stream)
        self._formatter = Text(worker) if as_text else Json(worker)
        self._background = background
        self._records: queue.Queue[logging.LogRecord | None] = queue.Queue(_QUEUED)
        self._queued = _Queued(self._records, background)
        self._output = _Output(stream.fileno(), _encoding_of(stream, as_text=as_text), background)
        self._told_lost = 0
        self._thread = threading.Thread(
            target=background.keep_in_thread, args=(PART, self._write, self._tell), name="mockface-log", daemon=True
        )
        logger.setLevel(logging.CRITICAL + 1 if settings.log_level == "off" else settings.log_level.upper())
        logger.propagate = False

    def __enter__(self) -> Log:
        """Start writing."""
        logger.addHandler(self._queued)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Write the remaining lines, unless nobody reads them."""
        logger.removeHandler(self._queued)
        with suppress(queue.Full):
            self._records.put_nowait(None)
        self._thread.join(_STOP_SECONDS)

    def _write(self) -> None:
        """Write the records, those of the same moment together, until a None.

        Each time this thread wakes up it takes the interpreter from the calls.
        """
        last: logging.LogRecord | None = self._records.get()
        while last is not None:
            if self._records.empty():
                time.sleep(_GATHER_SECONDS)
            lines = [self._line(last)]
            while len(lines) < _WRITTEN_AT_ONCE and not self._records.empty():
                last = self._records.get()
                if last is None:
                    break
                lines.append(self._line(last))
            if self._output.write(*lines) and self._records.empty():
                self._tell_lost()
            if last is not None:
                last = self._records.get()

    def _tell_lost(self) -> None:
        """Report how many lines were lost since the last report, once writing works again."""
        lost = self._queued.lost + self._output.lost
        if lost > self._told_lost:
            text = f"log lines lost because standard error was not writable: {lost - self._told_lost}"
            self._told_lost = lost
            self._output.write(self._line(_record(logging.WARNING, text)))
            self._background.runs(PART)

    def _line(self, record: logging.LogRecord) -> str:
        """The record as a line; if that fails, a line that says so."""
        try:
            return self._formatter.format(record)
        except Exception as fault:
            text = f"a record of {record.name} ({record.filename}:{record.lineno}) cannot be written: {fault!r}"
            return self._formatter.format(_record(logging.ERROR, text))

    def _tell(self, text: str, fault: BaseException) -> None:
        """Report a failure of this thread directly, since it cannot use the queue."""
        self._output.write(self._line(_record(logging.ERROR, text, fault)))


def _record(level: int, text: str, fault: BaseException | None = None) -> logging.LogRecord:
    trace = (type(fault), fault, fault.__traceback__) if fault else None
    return logging.LogRecord(logger.name, level, __file__, 0, text, None, trace)


def _encoding_of(stream: TextIO, *, as_text: bool) -> str:
    """The stream's encoding; JSON is written in UTF-8, or in ASCII if the stream is not UTF-8."""
    encoding = stream.encoding or "utf-8"
    if "{}\n".encode(encoding) != b"{}\n":
        return "utf-8"
    return encoding if as_text or codecs.lookup(encoding).name == "utf-8" else "ascii"


def _is_text(settings: Settings, stream: TextIO) -> bool:
    return stream.isatty() if settings.log_format == "auto" else settings.log_format == "text"


def start(settings: Settings, background: Background, worker: int = 0) -> Log:
    """The log of this process: text on a terminal, JSON lines otherwise; `worker` names it if there are several."""
    if worker:
        # That of the parent, which was there before the processes parted.
        logger.handlers.clear()
    return Log(settings, sys.stderr, background, worker)


@contextmanager
def unthreaded(settings: Settings) -> Iterator[None]:
    """The log of a process that has no threads and answers no calls: it writes each line at once."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Text() if _is_text(settings, sys.stderr) else Json())
    logger.setLevel(logging.CRITICAL + 1 if settings.log_level == "off" else settings.log_level.upper())
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
