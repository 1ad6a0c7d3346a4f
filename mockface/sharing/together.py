"""The verbs of the API for a server that shares a store: checked here, made in the store, followed by all."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from mockface.control import clock as moving
from mockface.control.acting import Beside
from mockface.control.controls import Controls
from mockface.control.switches import Signed
from mockface.errors import BadScenario
from mockface.model import Scenario
from mockface.reasons import Reason
from mockface.scenarios.lookup import Chosen, as_key, is_pattern
from mockface.scenarios.mint import COUNT, Mint, all_in_use
from mockface.sharing.asking import ANY_DIGEST, FEWEST_WILDCARDS, digest, may_be_stored
from mockface.sharing.member import ACCOUNT, SIGNATURE, Member
from mockface.state import Clock

_OF_A_PERSON = Reason(
    "{number} may be somebody's, and no person's number reaches the store; leave the number out to get one, or "
    "take one of 1101101999……, a pattern with at least {wildcards} of ? and #, or a scenario file",
    "{number} 可能属于真人，真人号码不会写入共享存储；可不给号码以获得一个新号码，或使用 1101101999…… 号段、"
    "至少含 {wildcards} 个 ? 或 # 的模式，或场景文件",
)

_NAME_OF_A_PERSON = Reason(
    "{number} has a registered name, which may be somebody's, and no person's name reaches the store; leave the "
    "name out, or take a number or a pattern of 1101101999……",
    "{number} 登记了姓名，可能属于真人，真人姓名不会写入共享存储；可不给姓名，或使用 1101101999…… 号段的号码或模式",
)


class Together:
    """The verbs, see `control.acting.Acting`."""

    def __init__(self, member: Member, controls: Controls, beside: Beside) -> None:
        self._member = member
        self._controls = controls
        self._beside = beside

    async def add(self, fields: Mapping[str, Any]) -> Scenario:
        """Add a scenario."""
        added = self._controls.added
        number, rest = added.asked(fields)
        if number is None:
            number = await self._minted()
        while True:
            patterns = self._member.patterns
            scenario = await self._beside(lambda: self._controls.prepared(number, rest))
            if not may_be_stored(scenario.number):
                shown = self._controls.as_shown(scenario.number)
                raise BadScenario(_OF_A_PERSON.of(number=shown, wildcards=FEWEST_WILDCARDS))
            if scenario.name and not self._controls.shows(scenario.number):
                raise BadScenario(_NAME_OF_A_PERSON.of(number=scenario.number))
            given: dict[str, Any] = {"number": scenario.number, "counted": self._counted([scenario.number])}
            if is_pattern(scenario.number):
                given["patterns"] = str(patterns)
            if await self._member.change("add", given, json.dumps({"number": scenario.number, "fields": rest})):
                return scenario

    async def _minted(self) -> str:
        for _ in range(COUNT):
            number = Mint.number(await self._member.batches.asked("mint"))
            if not self._controls.added.in_use(number):
                return number
        raise all_in_use()

    def _counted(self, numbers: Iterable[str]) -> list[str]:
        """Under which names these numbers and patterns are counted."""
        return [name for number in numbers for name in self._names(number)]

    def _names(self, number: str) -> Iterable[str]:
        """A pattern that numbers outside the reserved family match is for all of those: the store has digests only."""
        key = self._member.store.key_of(number)
        if key == number or not is_pattern(number):
            return (key,)
        return (number, ANY_DIGEST) if may_be_stored(number) else (ANY_DIGEST,)

    async def remove(self, number: str) -> None:
        """Remove an added scenario."""
        key = self._controls.added_as(number)
        await self._member.change("remove", {"number": key, "counted": self._counted([key])})

    async def reset(self, parts: Collection[str], numbers: Collection[str] | None) -> Collection[str]:
        """Reset these parts, or what belongs to these numbers."""
        chosen = self._controls.parts(parts, numbers)
        if numbers is None:
            counted = self._counted(tuple(self._controls.added.given)) if "scenarios" in chosen else []
            await self._member.change("reset", {"parts": list(chosen), "counted": counted})
            return chosen
        named = [as_key(number) for number in numbers]
        Chosen(named)
        # The scenarios of what may not be stored were never added.
        await self._member.change(
            "forget", {"numbers": [*filter(may_be_stored, named)], "counted": self._counted(named)}
        )
        return chosen

    async def set_clock(self, now: float) -> None:
        """Set the clock."""
        await self._clock(lambda clock: moving.set_to(clock, now), None)

    async def advance(self, by: str | float) -> None:
        """Advance the clock."""
        await self._clock(lambda clock: moving.advance(clock, by), by)

    async def _clock(self, move: Callable[[Clock], None], by: str | float | None) -> None:
        """Have the store move the clock as this moves a copy of it, which says whether it may be moved so."""
        clock = self._controls.clock
        copy = clock.copy()
        move(copy)
        if by is None:
            await self._member.change("clock", {"offset": repr(copy.offset_s)})
        else:
            await self._member.change("clock", {"by": repr(copy.offset_s - clock.offset_s)})

    async def set_mode(self, mode: str) -> None:
        """Set the signature mode."""
        await self._member.change("switch", {"name": SIGNATURE, "value": mode})

    async def set_state(self, appid: str, state: str) -> None:
        """Set an account's state."""
        self._controls.switches.account(appid)
        await self._member.change("switch", {"name": ACCOUNT + appid, "value": state})

    async def sign(self, appid: str, broken: str | None) -> Signed:
        """Sign for an account, valid or broken; a replayed signature is used once in the store."""
        store = self._member.store
        store.tell((("first", True),))
        try:
            signed = self._controls.switches.sign(appid, broken)
        finally:
            store.tell(())
        if broken == "replayed":
            await self._member.batches.asked("first", digest(signed.value))
        return signed

    async def fresh(self, *, counts: bool = False) -> None:
        """Make what Controls read as new as this call."""
        await self._member.fresh(counts=counts)
