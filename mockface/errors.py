"""The exceptions that mockface raises, with their details as attributes, so that no text must be parsed."""

from __future__ import annotations

from collections.abc import Sequence

from mockface.reasons import Said, joined


class MockfaceError(Exception):
    """The base of all exceptions that mockface raises; the text says what is wrong and what is expected."""


class Unreachable(MockfaceError, OSError):
    """No server answers at this URL."""


class ApiError(MockfaceError):
    """The server's API returned an error: `status` is the HTTP status, `reason` the message.

    `reasons` are single sentences without the path.
    """

    def __init__(self, status: int, reason: str, reasons: Sequence[str] = ()) -> None:
        super().__init__(status, reason, tuple(reasons))
        self.status = status
        self.reason = reason
        self.reasons = tuple(reasons) or (reason,)

    def __str__(self) -> str:
        return f"HTTP {self.status}: {self.reason}"


class BadValue(MockfaceError, ValueError):
    """An invalid value; `reason` says what was given and what is expected."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unknown(MockfaceError, KeyError):
    """The named call, scenario or account does not exist; `reason` says which, and possible causes."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class BadScenario(MockfaceError, ValueError):
    """An invalid scenario; `mistakes` are the reasons, one text each."""

    def __init__(self, *mistakes: str) -> None:
        super().__init__(*mistakes)
        self.mistakes = mistakes

    def __str__(self) -> str:
        return "; ".join(self.mistakes)

    def told(self) -> Said:
        """All mistakes in one sentence, in both languages."""
        return joined(self.mistakes, "; ", "；")


class SharedServer(MockfaceError, RuntimeError):
    """The change would affect other tests that use the same server at the same time."""


class Exhausted(MockfaceError):
    """No scenario can be added: all numbers are in use, or the added scenarios have reached their memory limit."""


class ScenarioMistakes(MockfaceError):
    """The scenario files contain mistakes; `diagnostics` has all of them."""

    def __init__(self, diagnostics: Sequence[object]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return "\n".join(map(str, self.diagnostics))


class CannotListen(MockfaceError, OSError):
    """The server cannot listen on the address or port; the text says why and what is expected."""


class CannotServeTls(MockfaceError):
    """The certificate is missing or unusable; the text says why and what is expected."""


class CannotIssue(MockfaceError):
    """Certificates cannot be made; the text says why and what would work."""


class CannotUseKeys(MockfaceError):
    """The key pair for encrypted fields cannot be made or read; the text says why and what would work."""


class CannotShare(MockfaceError):
    """The store of --store cannot be used."""


class StoreLost(MockfaceError):
    """The store could not be asked, or did not answer in time; the text says why, without its secret."""
