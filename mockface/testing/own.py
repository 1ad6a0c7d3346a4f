"""A mockface of the test's own, in a thread of its process: asked directly, not over HTTP."""

from __future__ import annotations

import datetime
import socket
import threading
from collections.abc import Collection, Mapping
from typing import Any

from mockface import listing
from mockface.errors import CannotListen
from mockface.journal import queries
from mockface.journal.coverage import Coverage
from mockface.journal.entry import Entry
from mockface.journal.summary import call_summary
from mockface.journal.verdict import verdict
from mockface.settings import Settings
from mockface.testing.cafile import CaFile
from mockface.testing.people import Person
from mockface.testing.running import Found
from mockface.web.app import App
from mockface.web.serving import run


def _time_of_the_test() -> float:
    """Seconds since 1970 as the test has them, also where it froze or moved time: then its client signs by that time.

    By datetime: freezegun gives `time.time` to some callers as it is and to others frozen, by who is on the stack.
    """
    return datetime.datetime.now(datetime.UTC).timestamp()


def _listen(settings: Settings) -> socket.socket:
    """A bound socket that programs started by the test do not get. Raises CannotListen."""
    try:
        bound = run.listen(settings)
    except RuntimeError as fault:  # not an error of the system: something replaced socket.socket
        raise CannotListen(
            f"cannot open a socket, this process forbids it: {fault} With pytest-socket, --allow-hosts=127.0.0.1 "
            "or the marker enable_socket lets a test reach mockface"
        ) from fault
    bound.set_inheritable(False)
    return bound


class OwnServer:
    """Starts when made.

    Raises CannotListen for a taken port, CannotServeTls for certificates that cannot be used, ScenarioMistakes for
    mistakes in scenario files.
    """

    is_own = True

    def __init__(self, settings: Settings) -> None:
        from mockface.testing.thread import ServerThread

        self._app = App(settings, machine=_time_of_the_test)
        self._https = self._ca_file = None
        if settings.serves_tls:
            from mockface.testing.https import Https

            self._https = Https(settings)
            self._app.ca = self._https.ca
            self._ca_file = None if self._https.ca is None else CaFile(self._https.ca)
        try:
            bound = _listen(settings)
        except (CannotListen, RuntimeError):
            if self._https is not None:
                self._https.close()
            raise
        self.url = run.address_of(bound)
        self._recorder = self._app.emulator.recorder
        self._counted: list[Coverage] = []
        self._came = threading.Condition()
        self._recorder.journal.listen(self._tell)
        self._thread = ServerThread(self._app, bound, None if self._https is None else self._https.secure)

    @property
    def https_url(self) -> str | None:
        """Where it serves HTTPS, if it does."""
        return None if self._https is None else self._https.url

    def ca_file(self) -> str | None:
        """The file with the CA of that (PEM), if it is known."""
        return None if self._ca_file is None else self._ca_file.path()

    def _tell(self, _: Entry) -> None:
        with self._came:
            self._came.notify_all()

    def count_into(self, coverage: Coverage) -> None:
        """Count every call in this coverage too, when this server resets or ends."""
        self._counted.append(coverage)

    def _hand_over(self) -> None:
        report = self.coverage()
        for coverage in self._counted:
            coverage.add(report)

    def add(self, fields: Mapping[str, Any]) -> Person:
        """Add a scenario. Raises BadScenario, Exhausted."""
        added = self._app.added_scenarios.add(fields)
        return Person(added.number, added.name or listing.PAGE_NAME)

    def remove(self, number: str) -> bool:
        """Remove one that was added; False if there is none."""
        return self._app.added_scenarios.remove(number)

    def forget(self, numbers: Collection[str]) -> None:
        """Remove what was added for these numbers and start their counts over."""
        self._app.added_scenarios.forget(numbers)

    def restart_counts(self) -> None:
        """Start the counts of all numbers over, those of rates and single-use signatures too."""
        store = self._app.emulator.rules.store
        store.clear_counts()
        store.clear_signatures()

    def reset(self) -> None:
        """Forget everything."""
        self._hand_over()
        self._app.reset(counters=True, journal=True, scenarios=True, clock=True, switches=True)

    def find(self, numbers: Collection[str] | None, after: str) -> Found:
        """The calls of these numbers, or of any, behind the one with this id."""
        entries = self._recorder.journal.entries()
        chosen = queries.came_after(entries, after)
        if numbers is not None:
            chosen = queries.of_numbers(chosen, numbers, self._recorder.masks)
        dropped = queries.lost(self._recorder.journal, entries, numbers, self._recorder.masks, after)
        return Found([queries.with_request(entry) for entry in chosen], dropped, entries[-1].id if entries else "")

    def newest(self) -> str:
        """The id of the newest call, "" if there is none."""
        entries = self._recorder.journal.entries()
        return entries[-1].id if entries else ""

    def wait(self, numbers: Collection[str] | None, after: str, count: int, seconds: float) -> None:
        """Return once so many such calls came, or so many seconds went by."""
        with self._came:
            self._came.wait_for(lambda: len(self.find(numbers, after).calls) >= count, seconds)

    def now(self) -> float:
        """The time that it goes by, seconds since 1970."""
        return self._app.clock.now()

    def offset_s(self) -> float:
        """How far that is ahead of the machine's time."""
        return self._app.clock.offset_s

    def advance(self, seconds: float) -> None:
        """Move the clock."""
        self._app.clock.advance(seconds)

    def set_clock(self, now: float) -> None:
        """Set the clock."""
        self._app.clock.set(now)

    def coverage(self) -> dict[str, Any]:
        """Which codes, forms and faults were asked for."""
        return self._recorder.coverage.report()

    def verdict(self, call_id: str) -> dict[str, Any]:
        """A call with its verdict, as the API has it. Raises KeyError if it is no longer remembered."""
        entry = self._recorder.journal.get(call_id)
        if entry is None:
            raise KeyError(f"no call {call_id} is remembered; the journal keeps the last ones")
        emulator = self._app.emulator
        told = verdict(entry, entry.ran, emulator.rules, emulator.scenarios)
        return {**call_summary(entry), "verdict": told}

    def stop(self) -> None:
        """End it."""
        if self._ca_file is not None:
            self._ca_file.remove()
        self._thread.stop()
        self._hand_over()
