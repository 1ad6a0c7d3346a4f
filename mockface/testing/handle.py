"""The handle: one interface for a server of the test's own and for one that runs elsewhere.

A handle sees and undoes only its own calls and changes. On its own server these are all calls; on a shared server the
calls of the numbers that it added. Calls count from the creation of the handle.
"""

from __future__ import annotations

import secrets
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Self, Unpack

from mockface.control.amount import Amount
from mockface.errors import BadScenario, BadValue, SharedServer
from mockface.journal.coverage import Coverage
from mockface.journal.text import refusal_lines, verdict_text
from mockface.signature import making
from mockface.testing.calls import Call, CallFilters, Calls, number_of
from mockface.testing.clock import Clock
from mockface.testing.order import InOrder, Step
from mockface.testing.people import Credentials, Person, ScenarioFields
from mockface.testing.server.given import settings_of
from mockface.testing.server.running import Running
from mockface.testing.server.settings import SettingFields
from mockface.testing.verify import Verification


class Mockface:
    """A running mockface, for a test. `Mockface(**settings)` starts its own server on `with` (or `start`).

    Settings are those of `mockface serve` (docs/settings.md), by name; the port is a free one. Environment variables
    are ignored. Raises TypeError for an unknown setting, ValueError for an invalid value.
    """

    credentials = Credentials()
    strict: bool | None = None
    """For the pytest plugin: whether a call that gets the default fails the test; None: as the run's option says."""
    all_called: bool | None = None
    """For the pytest plugin: whether an added person without a call fails the test; None: as the run's option says."""

    def __init__(self, **settings: Unpack[SettingFields]) -> None:
        self._settings = settings_of(settings)
        self._running: Running | None = None
        self._owns = True
        self._workers = 1
        self._begin("")

    def _begin(self, after: str) -> None:
        self._after = after
        self._numbers: dict[str, bool] = {}
        """The added numbers, and whether they still exist."""

    @classmethod
    def connect(cls, url: str, token: str = "", *, workers: int = 1) -> Self:
        """A handle for a server that runs elsewhere. Raises Unreachable, ApiError.

        `token` is the server's --admin-token. If several workers use the server at the same time, changes to the whole
        server (the clock, resetting everything) raise SharedServer.
        """
        from mockface.testing.server.elsewhere import Elsewhere

        return cls._on(Elsewhere(url, token), workers)

    @classmethod
    def _on(cls, running: Running, workers: int) -> Self:
        handle = cls()
        handle._running, handle._owns, handle._workers = running, False, workers
        handle._begin(running.newest())
        handle._clock = Clock(running, handle._permit)
        return handle

    def scope(self) -> Self:
        """A handle for the same server and a part of the run: it sees calls from now on, and undoes its own changes."""
        return self._on(self._server, self._workers)

    def start(self) -> Self:
        """Start the server; nothing if it runs.

        Raises CannotListen, CannotServeTls, CannotUseKeys, ScenarioMistakes.
        """
        if self._running is None:
            from mockface.testing.server.own import OwnServer

            self._running = OwnServer(self._settings)
            self._clock = Clock(self._running, self._permit)
        return self

    def stop(self) -> None:
        """Stop the server if this handle started it; else undo the changes of this handle."""
        running = self._running
        if running is None:
            return
        if self._owns:
            self._running = None
            running.stop()
        else:
            self._undo(running)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _server(self) -> Running:
        if self._running is None:
            raise RuntimeError("this mockface is not running; 'with Mockface() as m:' or m.start() starts it")
        return self._running

    @property
    def url(self) -> str:
        """The server's URL, for the client under test."""
        return self._server.url

    @property
    def port(self) -> int:
        """The port of `url`."""
        from urllib.parse import urlsplit

        parts = urlsplit(self.url)
        return parts.port or {"https": 443}.get(parts.scheme, 80)

    @property
    def https_url(self) -> str:
        """The server's HTTPS URL. Raises RuntimeError if it serves no HTTPS."""
        url = self._server.https_url
        if url is None:
            raise RuntimeError("this mockface serves no HTTPS; Mockface(tls='auto') does, or tls_cert and tls_key")
        return url

    @property
    def ca_file(self) -> str:
        """The path of the CA's file (PEM) for the client, valid until `stop`. Raises RuntimeError if there is none."""
        path = self._server.ca_file() if self.https_url else None
        if path is None:
            raise RuntimeError(
                f"the CA of {self.https_url} is not in its certificate file; give the client the CA's file"
            )
        return path

    @property
    def clock(self) -> Clock:
        """The server's clock."""
        self._server.url  # noqa: B018 - raises without a server
        return self._clock

    def add(self, number: str | None = None, **fields: Unpack[ScenarioFields]) -> Person:
        """Add a person with a scenario; without a number, mockface issues an unused one. Raises BadScenario.

        The fields are those of scenario files: add(code=-5803), add(similarity=74.9, name="张三"),
        add(sequence=[{"code": 15}, {"similarity": 92.5}]). Without an outcome the person passes: similarity 100.
        """
        __tracebackhide__ = True
        given: dict[str, Any] = {**fields} if number is None else {"number": number, **fields}
        try:
            person = self._server.add(given)
        except BadScenario as fault:
            raise fault.with_traceback(None) from None  # where mockface noticed it is of no use to a reader
        self._numbers[person.idcard_number] = True
        return person

    def remove(self, who: Person | str) -> None:
        """Remove an added person; the number then gets its former answer. Raises Unknown."""
        number = number_of(who) or ""
        self._server.remove(number)
        if number in self._numbers:
            self._numbers[number] = False

    def sign(self, life_s: int = 600, *, single_use: bool = False, credentials: Credentials | None = None) -> str:
        """An Authorization value that is valid for this many seconds by the server's clock; negative: expired before.

        A single-use value can be used once.
        """
        account = credentials or self.credentials
        return making.good(
            account.appid, account.secret_id, account.secret_key, account.bucket, now=self._server.now(),
            nonce=secrets.randbelow(10**10), life_s=life_s, single_use=single_use,
        )  # fmt: skip

    def tc3(
        self, action: str, body: bytes | str, *, language: str | None = None, region: str | None = None,
        credentials: Credentials | None = None,
    ) -> dict[str, str]:  # fmt: skip
        """The headers of a signed call of API 3.0 (TC3-HMAC-SHA256): POST this very body to `url` with them.

        `action` is its X-TC-Action ("ImageRecognition"), `body` JSON as it is sent. It is signed by the server's clock;
        a text counts as UTF-8. Raises BadValue for what is no text and no bytes.
        """
        from urllib.parse import urlsplit

        from mockface.gateway.making import tc3_headers

        if not isinstance(body, bytes | str):
            raise BadValue(f"the body is a {type(body).__name__}; sign the bytes (or the text) that are sent")
        account = credentials or self.credentials
        return dict(
            tc3_headers(
                body.encode() if isinstance(body, str) else body, action=action, host=urlsplit(self.url).netloc,
                secret_id=account.secret_id, secret_key=account.secret_key, now=self._server.now(), language=language,
                region=region,
            )
        )  # fmt: skip

    @property
    def calls(self) -> Calls:
        """The calls of this handle, oldest first: see the module. Calls that the journal dropped are missing."""
        return Calls(map(Call.of, self._server.find(self._own_numbers(), self._after).calls))

    @property
    def all_calls(self) -> Calls:
        """All calls to the server since this handle was created, those of other users too."""
        return Calls(map(Call.of, self._server.find(None, self._after).calls))

    def _own_numbers(self) -> list[str] | None:
        return None if self._server.is_own else list(self._numbers)

    def verify(
        self, who: Person | str | None = None, *, times: int | None = None, at_least: int | None = None,
        at_most: int | None = None, within: str | float | None = None, **wanted: Unpack[CallFilters],
    ) -> Calls:  # fmt: skip
        """The calls of a person (or number, or pattern) with these values, see Calls.where; else AssertionError.

        Expects at least one by default. `within` ("2s", or seconds) waits for the lowest expected number. Without a
        person: the calls of this handle. With a number, calls of other users count too.
        """
        __tracebackhide__ = True  # pytest then shows the line of the test
        amount = Amount.of(times, at_least, at_most)
        Calls().where(**wanted)
        own = self._own_numbers()
        return Verification(self._server, self._after, own, number_of(who), amount, wanted).within(within)

    def verify_in_order(self, *steps: Step, within: str | float | None = None) -> Calls:
        """The calls that came in this order, possibly with others between them; else AssertionError.

        A step is a person (or number, or pattern), or a pair of one and values: (person, {"code": 15}). `within` waits
        for the last step.
        """
        __tracebackhide__ = True
        return InOrder(self._server, self._after, self._own_numbers(), steps).within(within)

    def verify_all_called(self) -> None:
        """Raise AssertionError if a person that this handle added and did not remove was never called."""
        __tracebackhide__ = True
        never = [number for number, is_there in self._numbers.items() if is_there and not self.calls.where(number)]
        if never:
            dropped = self._server.find(never, self._after).dropped
            note = f"\nThe journal has dropped {dropped} of their calls; --journal keeps more." if dropped else ""
            raise AssertionError(
                f"{len(never)} of {len(self._numbers)} added were never called: {', '.join(never)}{note}"
            )

    def verify_none_fell_to_default(self) -> None:
        """Raise AssertionError if a call of this handle had a number without a scenario."""
        __tracebackhide__ = True
        fallen = self.calls.where(by_default=True)
        if fallen:
            raise AssertionError(
                f"{len(fallen)} call(s) fell to the default: their number has no scenario; m.add(number=…) adds one.\n"
                + "\n".join(f"  {call.line()}" for call in fallen)
            )

    def as_vendor(self) -> AbstractContextManager[None]:
        """While entered, the vendor's host names resolve to this server in this process: for a hard-coded host.

        For clients that use Python's socket; for others: the variable http_proxy (docs: testing).
        """
        from mockface.testing.vendor import redirected

        return redirected(self.url, self._https_url)

    def _https_url(self) -> str:
        try:
            return self.https_url
        except RuntimeError as fault:
            # Raised from connect like a socket error: the client closes its socket and reports the text.
            raise ConnectionRefusedError(str(fault)) from fault

    def explain(self, call: Call | str, *, short: bool = False) -> str:
        """Explain a call's answer: every check, the signature, the picture, the scenario. Raises Unknown.

        `short`: only refusals, mistakes and near misses; "" if there are none.
        """
        told = self._server.verdict(call.id if isinstance(call, Call) else call)
        return "\n".join(refusal_lines(told)) if short else verdict_text(told)

    def coverage(self) -> dict[str, Any]:
        """Which codes, forms and faults the server has answered since its start, calls of other users included."""
        return self._server.coverage()

    def count_into(self, coverage: Coverage) -> None:
        """Add every call to this coverage too, when the server resets or ends; only for a server of its own."""
        self._server.count_into(coverage)

    def reset(self, *, everything: bool = False) -> None:
        """Undo the changes of this handle, and see only later calls; with `everything`, reset the whole server."""
        if everything:
            self._permit("reset everything")
            self._server.reset()
        self._undo(self._server)
        self._begin(self._server.newest())

    def _undo(self, running: Running) -> None:
        self._clock.restore()
        running.forget(list(self._numbers))
        self._numbers.clear()
        if running.is_own:
            running.restart_counts()

    def _permit(self, what: str) -> None:
        if self._workers > 1:
            raise SharedServer(
                f"{self._workers} workers use {self.url} at the same time: to {what} would affect their tests too; "
                "use a server of the test's own (with Mockface() as m, or @pytest.mark.mockface)"
            )

    def __repr__(self) -> str:
        return f"<Mockface {'stopped' if self._running is None else self._running.url}>"
