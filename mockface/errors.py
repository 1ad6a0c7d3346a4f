"""What mockface raises for its users: one tree, each with what was learned, so that no text is parsed."""

from __future__ import annotations

from collections.abc import Sequence

from mockface.reasons import Said, joined


class MockfaceError(Exception):
    """The base of every exception that mockface raises on purpose; the text says what was wrong and what would work."""


class Unreachable(MockfaceError, OSError):
    """No server answers there."""


class ApiError(MockfaceError):
    """The server's API refused: `status` is the HTTP status, `reason` what it said.

    `reasons` are what was wrong, a sentence each, without where it was asked.
    """

    def __init__(self, status: int, reason: str, reasons: Sequence[str] = ()) -> None:
        super().__init__(status, reason, tuple(reasons))
        self.status = status
        self.reason = reason
        self.reasons = tuple(reasons) or (reason,)

    def __str__(self) -> str:
        return f"HTTP {self.status}: {self.reason}"


class BadValue(MockfaceError, ValueError):
    """A value that was given cannot be; `reason` says what came and what would work."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unknown(MockfaceError, KeyError):
    """A call, a scenario or an account that was named is not there; `reason` says which, and why that may be."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class BadScenario(MockfaceError, ValueError):
    """What was given is no scenario; `mistakes` says why, one text each."""

    def __init__(self, *mistakes: str) -> None:
        super().__init__(*mistakes)
        self.mistakes = mistakes

    def __str__(self) -> str:
        return "; ".join(self.mistakes)

    def told(self) -> Said:
        """All of them in one sentence, in both languages."""
        return joined(self.mistakes, "; ", "；")


class SharedServer(MockfaceError, RuntimeError):
    """What was asked would change the server for the other tests that use it at the same time."""


class Exhausted(MockfaceError):
    """No scenario can be added: every number is in use, or the added ones hold as much memory as they may."""


class ScenarioMistakes(MockfaceError):
    """The scenario files hold mistakes; `diagnostics` are all of them."""

    def __init__(self, diagnostics: Sequence[object]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return "\n".join(map(str, self.diagnostics))


class CannotListen(MockfaceError, OSError):
    """The address or port cannot be had; the text says why and what would work."""


class CannotServeTls(MockfaceError):
    """There is no certificate, or it cannot be used; the text says why and what would work."""


class CannotIssue(MockfaceError):
    """Certificates cannot be made; the text says why and what would work."""


class CannotUseKeys(MockfaceError):
    """The key pair for encrypted fields cannot be made or read; the text says why and what would work."""
