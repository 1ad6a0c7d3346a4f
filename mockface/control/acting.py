"""What changes or reads a server through its API: alone, or together with the servers that share its store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, Protocol, TypeVar

from mockface.control.controls import Controls
from mockface.control.switches import Signed
from mockface.model import Scenario

Result = TypeVar("Result")


class Beside(Protocol):
    """What does work of the API in a thread beside the calls, see web.app."""

    async def __call__(self, work: Callable[[], Result]) -> Result:
        """What the work returns."""


class Acting(Protocol):
    """The verbs of the API. When one returns, every server goes by it. Errors are those of Controls, and StoreLost."""

    async def add(self, fields: Mapping[str, Any]) -> Scenario:
        """Add a scenario."""

    async def remove(self, number: str) -> None:
        """Remove an added scenario."""

    async def reset(self, parts: Collection[str], numbers: Collection[str] | None) -> Collection[str]:
        """Reset these parts, or what belongs to these numbers; gives the parts that were reset."""

    async def set_clock(self, now: float) -> None:
        """Set the clock."""

    async def advance(self, by: str | float) -> None:
        """Advance the clock."""

    async def set_mode(self, mode: str) -> None:
        """Set the signature mode."""

    async def set_state(self, appid: str, state: str) -> None:
        """Set an account's state."""

    async def sign(self, appid: str, broken: str | None) -> Signed:
        """Sign for an account, valid or broken."""

    async def fresh(self, *, counts: bool = False) -> None:
        """Make what Controls read as new as this call; `counts` are coverage and counters."""


class Alone:
    """The verbs of a server that shares nothing."""

    def __init__(self, controls: Controls, beside: Beside) -> None:
        self._controls = controls
        self._beside = beside

    async def add(self, fields: Mapping[str, Any]) -> Scenario:
        """Add a scenario."""
        return await self._beside(partial(self._controls.add, fields))

    async def remove(self, number: str) -> None:
        """Remove an added scenario."""
        await self._beside(partial(self._controls.remove, number))

    async def reset(self, parts: Collection[str], numbers: Collection[str] | None) -> Collection[str]:
        """Reset these parts, or what belongs to these numbers."""
        return await self._beside(partial(self._controls.reset, parts, numbers))

    async def set_clock(self, now: float) -> None:
        """Set the clock."""
        self._controls.set_clock(now)

    async def advance(self, by: str | float) -> None:
        """Advance the clock."""
        self._controls.advance(by)

    async def set_mode(self, mode: str) -> None:
        """Set the signature mode."""
        self._controls.switches.set_mode(mode)

    async def set_state(self, appid: str, state: str) -> None:
        """Set an account's state."""
        self._controls.switches.set_state(appid, state)

    async def sign(self, appid: str, broken: str | None) -> Signed:
        """Sign for an account, valid or broken."""
        return self._controls.switches.sign(appid, broken)

    async def fresh(self, *, counts: bool = False) -> None:
        """Nothing: what is read is this server's own."""
