"""A mockface in a thread of the test's process, used directly, not over HTTP."""

from __future__ import annotations

import datetime
import socket
import threading
from collections.abc import Collection, Mapping
from typing import Any

from mockface.control.amount import Amount
from mockface.control.wanted import Found, Wanted
from mockface.errors import CannotListen
from mockface.journal.coverage import Coverage
from mockface.journal.queries import with_request
from mockface.journal.summary import call_summary
from mockface.operations import listing
from mockface.settings import Settings
from mockface.testing.people import Person
from mockface.testing.server.cafile import CaFile
from mockface.web.app import App
from mockface.web.serving import run


def _time_of_the_test() -> float:
    """Seconds since 1970 as the test sees them, even if frozen or moved: its client signs by that time.

    Uses datetime: freezegun's `time.time` is frozen or not depending on the calling module.
    """
    return datetime.datetime.now(datetime.UTC).timestamp()


def _listen(settings: Settings) -> socket.socket:
    """A bound socket that programs started by the test do not inherit. Raises CannotListen."""
    try:
        bound = run.listen(settings)
    except RuntimeError as fault:  # not a system error: a tool has replaced socket.socket
        raise CannotListen(
            f"cannot open a socket, this process forbids it: {fault} With pytest-socket, --allow-hosts=127.0.0.1 "
            "or the marker enable_socket lets a test reach mockface"
        ) from fault
    bound.set_inheritable(False)
    return bound


def _wanted(numbers: Collection[str] | None, after: str) -> Wanted:
    return Wanted(None if numbers is None else list(numbers), after=after)


class OwnServer:
    """Starts on creation.

    Raises CannotListen for a taken port, CannotServeTls for certificates that cannot be used, CannotUseKeys for such
    keys, ScenarioMistakes for mistakes in scenario files.
    """

    is_own = True

    def __init__(self, settings: Settings) -> None:
        from mockface.testing.server.thread import ServerThread

        self._app = App(settings, machine=_time_of_the_test)
        self._https = self._ca_file = None
        if settings.serves_tls:
            from mockface.testing.server.https import Https

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
        self._controls = self._app.controls
        self._counted: list[Coverage] = []
        self._thread = ServerThread(self._app, bound, None if self._https is None else self._https.secure)

    @property
    def https_url(self) -> str | None:
        """Its HTTPS URL, if it has one."""
        return None if self._https is None else self._https.url

    def ca_file(self) -> str | None:
        """The path of its CA file (PEM), if known."""
        return None if self._ca_file is None else self._ca_file.path()

    def count_into(self, coverage: Coverage) -> None:
        """Add every call to this coverage too, when this server resets or ends."""
        self._counted.append(coverage)

    def _hand_over(self) -> None:
        report = self.coverage()
        for coverage in self._counted:
            coverage.add(report)

    def add(self, fields: Mapping[str, Any]) -> Person:
        """Add a scenario. Raises BadScenario, Exhausted."""
        added = self._controls.add(fields)
        return Person(added.number, added.name or listing.PAGE_NAME)

    def remove(self, number: str) -> None:
        """Remove an added scenario. Raises Unknown."""
        self._controls.remove(number)

    def forget(self, numbers: Collection[str]) -> None:
        """Remove the scenarios added for these numbers and reset their counts. Raises BadValue."""
        self._controls.forget(numbers)

    def restart_counts(self) -> None:
        """Reset the counts of all numbers, including rates and single-use signatures."""
        self._controls.restart_counts()

    def reset(self) -> None:
        """Reset everything."""
        self._hand_over()
        self._controls.reset()

    def find(self, numbers: Collection[str] | None, after: str) -> Found[dict[str, Any]]:
        """The calls of these numbers, or of any, after the one with this id. Raises BadValue."""
        found = self._controls.find(_wanted(numbers, after))
        return Found([with_request(entry) for entry in found.calls], found.dropped, found.newest)

    def newest(self) -> str:
        """The id of the newest call, "" if there is none."""
        return self._controls.newest()

    def wait(self, numbers: Collection[str] | None, after: str, count: int, seconds: float) -> None:
        """Wait until this many such calls came, or for this many seconds."""
        settled = threading.Event()
        counting = self._controls.count(_wanted(numbers, after), Amount(count, None), settled.set)
        with self._controls.subscribed(counting.tell):
            counting.look()
            if not counting.is_settled:
                settled.wait(seconds)

    def now(self) -> float:
        """The server's time, in seconds since 1970."""
        return self._controls.now()

    def offset_s(self) -> float:
        """How many seconds that is ahead of the machine's clock."""
        return self._controls.offset_s()

    def advance(self, by: str | float) -> None:
        """Advance the clock by "31s" or a number of seconds. Raises BadValue."""
        self._controls.advance(by)

    def set_clock(self, now: float) -> None:
        """Set the clock. Raises BadValue."""
        self._controls.set_clock(now)

    def coverage(self) -> dict[str, Any]:
        """The codes, forms and faults covered so far."""
        return self._controls.coverage()

    def verdict(self, call_id: str) -> dict[str, Any]:
        """A call with its explanation, as in the API. Raises Unknown if it is no longer stored."""
        told = self._controls.verdict(call_id)
        return {**call_summary(told.entry), "verdict": told.verdict}

    def stop(self) -> None:
        """Stop the server."""
        if self._ca_file is not None:
            self._ca_file.remove()
        self._thread.stop()
        self._hand_over()
