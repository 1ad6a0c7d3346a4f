"""The log: one line a call and what else there is to say, on the standard error, in bounded time and amount.

The loop never waits for the log: records go into a bounded queue, and a thread writes them. What a full disk or a pipe
that nobody reads cannot take is lost, and counted; the health says so. Beyond some hundred calls a second the rest is
counted instead of listed: a load test wants figures, and the journal has the last calls whole.
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
from contextlib import suppress
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
"""So many lines may come at once, and so many a second after that."""
PART = "log"
"""What the log is called in the health."""
_QUEUED = 5000
_STOP_SECONDS = 0.5
_GATHER_SECONDS = 0.02
_WRITTEN_AT_ONCE = 20


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
    """Lists the calls of a journal in the log, off the calls' own way."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._listed = journal.noted
        self._left_out = 0
        self._told = passing.monotonic()
        self._allowance = Allowance(self._told)
        self._due: deque[Iterator[Entry]] = deque()
        self._lock = threading.Lock()

    def tick(self) -> None:
        """List the calls that came since the last tick."""
        for _ in self.steps():
            pass

    def steps(self) -> Iterator[None]:
        """The same, one line at a time: calls are answered between two. Any thread may ask for it."""
        now = passing.monotonic()
        self._take_up(now)
        while (entry := self._next()) is not None:
            self._list(entry)
            yield
        if self._left_out and now - self._told >= 1:
            logger.info("%d more calls, too many a second to list", self._left_out)
            self._left_out, self._told = 0, now

    def _take_up(self, now: float) -> None:
        """Have the calls that came since the last time listed, as far as that is allowed; the rest is counted."""
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
        # Most servers in tests stop before they have shown a call.
        from mockface.journal.summary import call_summary

        call = call_summary(entry)
        logger.info("%s", _Line(call), extra={"call": call})


class _Line:
    """A call in words, which only a log in words asks for."""

    def __init__(self, call: dict[str, Any]) -> None:
        self._call = call

    def __str__(self) -> str:
        from mockface.journal.text import call_line

        return call_line(self._call)


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
    """Puts records into the queue; those that do not fit are counted in `lost`. Refusals are bounded like calls."""

    def __init__(self, records: queue.Queue[Any], background: Background) -> None:
        super().__init__(records)
        self._allowance = Allowance(passing.monotonic())
        self._background = background
        self.lost = 0

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """Hand it on as it is: the formatter runs in this process."""
        return record

    def enqueue(self, record: logging.LogRecord) -> None:
        """Put it in, if there is room."""
        counted = hasattr(record, "call") or record.levelno > logging.INFO
        if counted or self._allowance.take(1, passing.monotonic()):
            try:
                self.queue.put_nowait(record)
            except queue.Full:
                self.lost += 1
                self._background.note(PART, "lines are lost: they are not taken from the standard error", FAILING)


class _Output:
    """A file descriptor that takes lines; what cannot be written is let go, counted in `lost`, and told in the health.

    Past Python's buffered streams: at the end of a process whose pipe nobody reads they would be waited for.
    """

    def __init__(self, descriptor: int, encoding: str, background: Background) -> None:
        self._descriptor = descriptor
        self._encoding = encoding
        self._background = background
        self._torn = False
        self._ails = False
        self.lost = 0

    def write(self, *lines: str) -> bool:
        """Write these lines, if that can be done; whether it could."""
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
            self._background.note(PART, f"lines are lost: the standard error takes none: {fault.strerror}", FAILING)
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
            # Whoever shares the descriptor may have made it one that does not wait; this thread may.
            select.select([], [self._descriptor], [])
            return 0


class Log:
    """The log of a server that runs in a process of its own: a thread writes what is in a queue."""

    def __init__(self, settings: Settings, stream: TextIO, background: Background) -> None:
        as_text = stream.isatty() if settings.log_format == "auto" else settings.log_format == "text"
        self._formatter = Text() if as_text else Json()
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
        """Begin to write."""
        logger.addHandler(self._queued)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Write what is left, unless nobody takes it."""
        logger.removeHandler(self._queued)
        with suppress(queue.Full):
            self._records.put_nowait(None)
        self._thread.join(_STOP_SECONDS)

    def _write(self) -> None:
        """Write the records as they come, those together that come within a moment, until there is None.

        Each time that this thread wakes up it takes the interpreter from the calls.
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
        """Say how many lines were lost since this was said last, now that lines are taken again."""
        lost = self._queued.lost + self._output.lost
        if lost > self._told_lost:
            text = f"log lines lost, which the standard error did not take: {lost - self._told_lost}"
            self._told_lost = lost
            self._output.write(self._line(_record(logging.WARNING, text)))
            self._background.runs(PART)

    def _line(self, record: logging.LogRecord) -> str:
        """The record as a line; a record that cannot be one is told of instead."""
        try:
            return self._formatter.format(record)
        except Exception as fault:
            text = f"a record of {record.name} ({record.filename}:{record.lineno}) cannot be written: {fault!r}"
            return self._formatter.format(_record(logging.ERROR, text))

    def _tell(self, text: str, fault: BaseException) -> None:
        """Say that the writing itself failed, at once: it is this thread that would write it."""
        self._output.write(self._line(_record(logging.ERROR, text, fault)))


def _record(level: int, text: str, fault: BaseException | None = None) -> logging.LogRecord:
    trace = (type(fault), fault, fault.__traceback__) if fault else None
    return logging.LogRecord(logger.name, level, __file__, 0, text, None, trace)


def _encoding_of(stream: TextIO, *, as_text: bool) -> str:
    """The stream's encoding; JSON is UTF-8, or ASCII where the stream says otherwise, which is both."""
    encoding = stream.encoding or "utf-8"
    if "{}\n".encode(encoding) != b"{}\n":
        return "utf-8"
    return encoding if as_text or codecs.lookup(encoding).name == "utf-8" else "ascii"


def start(settings: Settings, background: Background) -> Log:
    """The log of this process: readable on a terminal, JSON lines otherwise."""
    return Log(settings, sys.stderr, background)
