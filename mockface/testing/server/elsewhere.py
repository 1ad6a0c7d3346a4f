"""A mockface in another process or container, used over its API; other users may use it too."""

from __future__ import annotations

import atexit
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from mockface.control import passing
from mockface.control.wanted import Found
from mockface.errors import ApiError, BadScenario, BadValue, Exhausted, Unknown
from mockface.journal.coverage import Coverage
from mockface.network.client import Client, quoted, url_of
from mockface.testing.people import Person
from mockface.testing.server.cafile import CaFile

_LONGEST_WAIT_S = 30.0
"""Longer waits are split: proxies close a connection that is silent for long."""
_SLACK_S = 10.0


@contextmanager
def _as_raised(unfit: type[BadValue | BadScenario] = BadValue) -> Iterator[None]:
    """Raise refusals of the API as a server of the test's own would; others stay an ApiError.

    `unfit` is raised for invalid values.
    """
    try:
        yield
    except ApiError as fault:
        match fault.status:
            case HTTPStatus.UNPROCESSABLE_ENTITY if unfit is BadScenario:
                raise BadScenario(*fault.reasons) from fault
            case HTTPStatus.UNPROCESSABLE_ENTITY:
                raise BadValue("; ".join(fault.reasons)) from fault
            case HTTPStatus.NOT_FOUND:
                raise Unknown("; ".join(fault.reasons)) from fault
            case HTTPStatus.CONFLICT:
                raise Exhausted("; ".join(fault.reasons)) from fault
        raise


class Elsewhere:
    """The server at a URL. All methods raise Unreachable if it does not answer."""

    is_own = False

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url.rstrip("/")
        self._api = Client(url, token)
        self._ca: CaFile | None = None
        self._api.get("/_mockface/clock")

    @property
    def https_url(self) -> str | None:
        """Its HTTPS URL, if it has one; a randomly chosen port is not known here."""
        parts = urlsplit(self.url)
        if parts.scheme == "https":
            return self.url
        settings = self._api.get("/_mockface/settings")
        served = settings["tls_port"] and (settings["tls"] == "auto" or settings["tls_cert"])
        return url_of(parts.hostname or "", settings["tls_port"], "https") if served else None

    def ca_file(self) -> str | None:
        """The path of its CA file (PEM), if the server provides it; the file is removed when this process ends."""
        if self._ca is None:
            reply = self._api.send("GET", "/_mockface/ca.pem", None, {})
            if reply.status != HTTPStatus.OK:
                return None
            self._ca = CaFile(reply.body)
            atexit.register(self._ca.remove)
        return self._ca.path()

    def add(self, fields: Mapping[str, Any]) -> Person:
        """Add a scenario. Raises BadScenario, Exhausted."""
        with _as_raised(BadScenario):
            return Person(**self._api.post("/_mockface/scenarios", dict(fields)))

    def remove(self, number: str) -> None:
        """Remove an added scenario. Raises Unknown."""
        with _as_raised():
            self._api.delete(f"/_mockface/scenarios/{quoted(number)}")

    def forget(self, numbers: Collection[str]) -> None:
        """Remove the scenarios added for these numbers and reset their counts. Raises BadValue."""
        if numbers:
            with _as_raised():
                self._api.post("/_mockface/reset", {"numbers": list(numbers)})

    def restart_counts(self) -> None:
        """Reset the counts of all numbers, including rates and single-use signatures."""
        self._api.post("/_mockface/reset", {"counters": True})

    def reset(self) -> None:
        """Reset everything."""
        self._api.post("/_mockface/reset", {})

    def find(self, numbers: Collection[str] | None, after: str) -> Found[dict[str, Any]]:
        """The calls of these numbers, or of any, after the one with this id. Raises BadValue."""
        which = {"numbers": None if numbers is None else list(numbers), "after": after}
        with _as_raised():
            told = self._api.post("/_mockface/calls/find", which)
        return Found(told["calls"], told["dropped"], told["newest"])

    def newest(self) -> str:
        """The id of the newest call, "" if there is none."""
        last = self._api.get("/_mockface/calls?limit=1")
        return last[0]["id"] if last else ""

    def wait(self, numbers: Collection[str] | None, after: str, count: int, seconds: float) -> None:
        """Wait until this many such calls came, or for this many seconds; the server waits, nothing polls."""
        ends = passing.monotonic() + seconds
        while (left := ends - passing.monotonic()) > 0:
            turn = min(left, _LONGEST_WAIT_S)
            wanted = {
                "numbers": None if numbers is None else list(numbers),
                "after": after,
                "at_least": count,
                "within": f"{max(1, round(turn * 1000))}ms",
            }
            if self._api.post("/_mockface/calls/verify", wanted, timeout=turn + _SLACK_S)["verified"]:
                return

    def now(self) -> float:
        """The server's time, in seconds since 1970."""
        return float(self._api.get("/_mockface/clock")["now"])

    def offset_s(self) -> float:
        """How many seconds that is ahead of the machine's clock."""
        return float(self._api.get("/_mockface/clock")["offset_s"])

    def advance(self, by: str | float) -> None:
        """Advance the clock by "31s" or a number of seconds. Raises BadValue."""
        with _as_raised():
            self._api.post("/_mockface/clock/advance", {"by": by})

    def set_clock(self, now: float) -> None:
        """Set the clock. Raises BadValue."""
        with _as_raised():
            self._api.put("/_mockface/clock", {"now": now})

    def count_into(self, coverage: Coverage) -> None:
        """Not supported here. Raises TypeError."""
        raise TypeError("not supported for a server elsewhere; coverage() returns its counts")

    def coverage(self) -> dict[str, Any]:
        """The codes, forms and faults covered so far."""
        return dict(self._api.get("/_mockface/coverage"))

    def verdict(self, call_id: str) -> dict[str, Any]:
        """A call with its explanation, as in the API. Raises Unknown if it is no longer stored."""
        with _as_raised():
            return dict(self._api.get(f"/_mockface/calls/{quoted(call_id)}"))

    def stop(self) -> None:
        """Does nothing: the server does not belong to this handle."""
