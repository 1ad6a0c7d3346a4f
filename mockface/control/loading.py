"""From settings to an emulator, and from changed scenario files to a changed emulator."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mockface import operations
from mockface.checks import Rules
from mockface.control import passing
from mockface.control.watching import Look, Watched
from mockface.emulator import Emulator
from mockface.errors import ScenarioMistakes
from mockface.journal.entry import Masks
from mockface.journal.recorder import Recorder
from mockface.model import Account
from mockface.operation import every_code
from mockface.privacy.masking import printable
from mockface.reasons import Reason, masked
from mockface.scenariofiles import files
from mockface.scenariofiles.diagnostic import Diagnostic
from mockface.scenariofiles.merged import Loaded, assemble
from mockface.scenariofiles.shipped import shipped
from mockface.scenarios.lookup import Layer, ScenarioSet
from mockface.settings import Settings
from mockface.signature.accounts import known
from mockface.state import Clock
from mockface.texts.hostnames import host_as_sent

if TYPE_CHECKING:
    from mockface.gateway.encryption import KeyPair

logger = logging.getLogger("mockface")
_FAILED = Reason(
    "mockface failed to read them, the log says how: {kind}: {fault}",
    "mockface 读取失败，日志中有详情：{kind}: {fault}",
)

POLL_SECONDS = 0.25
"""How often watched files are looked at. A change is read once two looks saw the same: half-written files wait."""
UNSETTLED_SECONDS = 2.0
"""After so long a change is read although files go on changing."""
PAUSE_PER_LOOK = 25
"""After a look there is a pause of so many times what it cost of the processor: with thousands of files fewer looks."""


@dataclass
class Loading:
    """The scenario files of a server: reads them, watches them, and remembers how that went.

    `added` holds the scenarios that were added at run time; they come before all files and outlive a reload.
    `loaded_at` is when the set in use was read, in seconds since 1970; `diagnostics` are of the last reading.
    `accounts` are by SecretId as the files have them, `states` the states by appid that were switched at run time.
    `alone` says that the process is mockface's own, whose garbage collection it may switch.
    """

    settings: Settings
    clock: Clock
    added: Layer = field(default_factory=Layer)
    loaded_at: float = 0.0
    diagnostics: list[Diagnostic] = field(default_factory=list)
    reloads: int = 0
    accounts: dict[str, Account] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    alone: bool = False
    _read: Look = field(default_factory=dict)

    def __post_init__(self) -> None:
        mount = self.settings.scenarios_mount
        self._watched = Watched([*self.settings.scenarios, *([Path(mount)] if mount else [])])

    @property
    def mistakes(self) -> list[Diagnostic]:
        """What keeps the files from being used; empty when the set in use is the files'."""
        return [diagnostic for diagnostic in self.diagnostics if not diagnostic.warning]

    def read(self) -> tuple[ScenarioSet, dict[str, Account]]:
        """Read all files. Raises ScenarioMistakes and leaves what is in use alone."""
        settings = self.settings
        # Taken before the files are read: what changes meanwhile differs from it, and is read again.
        self._read = self._watched.look()
        paths = scenario_paths(settings)
        with _no_collecting() if self.alone else nullcontext():
            own = self._own(paths) if paths else Loaded()
            built_in = Loaded() if settings.no_shipped else shipped()
            scenarios, self.diagnostics = assemble(own, built_in)
        self.diagnostics += _mount_warnings(settings)
        if self.mistakes:
            raise ScenarioMistakes(self.diagnostics)
        self.loaded_at = time.time()
        self.accounts = known(own.accounts, built_in.accounts)
        return replace(scenarios, layers=(self.added, *scenarios.layers)), self.in_force()

    def _own(self, paths: tuple[Path, ...]) -> Loaded:
        # A server without files of its own starts without what reads YAML.
        from mockface.scenariofiles import reader

        return reader.load(
            paths, self.clock.now(), deny_real_ids=self.settings.deny_real_ids, codes=every_code(operations.OPERATIONS)
        )

    def in_force(self) -> dict[str, Account]:
        """The accounts of the files, in the states that they were switched to."""
        return {
            secret_id: account._replace(state=self.states.get(account.appid, account.state))
            for secret_id, account in self.accounts.items()
        }

    async def watch(self, emulator: Emulator) -> None:
        """Reload when a file or folder changes, until cancelled. Polls: that works on container volumes too."""
        seen, since, pause = self._read, 0.0, POLL_SECONDS
        while True:
            await asyncio.sleep(pause)
            now, cost = await asyncio.to_thread(self._look)
            pause = max(POLL_SECONDS, cost * PAUSE_PER_LOOK)
            if now == self._read:
                since = 0.0
            else:
                since = since or passing.monotonic()
                if now == seen or passing.monotonic() - since >= UNSETTLED_SECONDS:
                    await self.reload(emulator)
                    since = 0.0
            seen = now

    def _look(self) -> tuple[Look, float]:
        """How the files are, and how many seconds of the processor it took to see that."""
        began = time.thread_time()
        return self._watched.look(), time.thread_time() - began

    async def reload(self, emulator: Emulator) -> None:
        """Read the files; go by them if they are good, else say what is wrong and go on with the last good set."""
        try:
            scenarios, accounts = await asyncio.to_thread(self.read)
            emulator.replace(replace(emulator.rules, accounts=accounts), scenarios)
        except ScenarioMistakes as mistakes:
            logger.error("scenario files not reloaded, the last good set stays in use:\n%s", mistakes)
        except Exception as fault:
            # Told in the health for as long as the files are not in use, which is longer than a task's failure is.
            text = _FAILED.of(kind=type(fault).__name__, fault=fault)
            self.diagnostics = [files.about(Path("scenario files"), masked(text, printable))]
            logger.exception("scenario files not reloaded, the last good set stays in use; this is a bug in mockface")
        else:
            self.reloads += 1
            logger.warning("scenario files reloaded: %d scenarios", len(scenarios))


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Without looking for garbage meanwhile: reading makes none, and with 100,000 scenarios that took 3.7 s of 5.7."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def scenario_paths(settings: Settings) -> tuple[Path, ...]:
    """The files and folders that these settings mean now: the mount only while something is there."""
    mount = Path(settings.scenarios_mount)
    if not settings.scenarios_mount or mount in settings.scenarios or not files.mounted(mount)[0]:
        return settings.scenarios
    return (*settings.scenarios, mount)


def _mount_warnings(settings: Settings) -> list[Diagnostic]:
    """What is odd about the mount, though it keeps nothing from being used."""
    warning = files.mounted(Path(settings.scenarios_mount))[1] if settings.scenarios_mount else None
    return [] if warning is None else [warning]


def _keys(settings: Settings) -> KeyPair | None:
    """The key pair for encrypted fields, if there is one."""
    if not settings.keys:
        return None
    # Most servers have none, and start without what reads keys.
    from mockface.network.keys import load_keys

    return load_keys(Path(settings.keys))


def build(settings: Settings, machine: Callable[[], float] = time.time) -> tuple[Emulator, Loading, Clock]:
    """The emulator that these settings describe, its loading and its clock.

    Raises ScenarioMistakes, BadValue, CannotUseKeys.
    """
    emulated = operations.chosen(settings.operations)
    clock = Clock(machine)
    loading = Loading(settings, clock)
    scenarios, accounts = loading.read()
    for diagnostic in loading.diagnostics:
        logger.warning("%s", diagnostic)
    rules = Rules(
        paths=tuple(dict.fromkeys(operation.path for operation in emulated)),
        actions=tuple(operation.action for operation in emulated if operation.action),
        failures_as_errors=settings.failed_operations == "error",
        v1_refuses_low=settings.low_similarity == "refuse",
        body_limit_bytes=settings.body_limit,
        hosts=frozenset(host_as_sent(host) for host in settings.hosts),
        any_picture=settings.pictures == "any",
        final_boundary_required=settings.final_boundary == "required",
        deny_real_ids=settings.deny_real_ids,
        accounts=accounts,
        keys=_keys(settings),
    )
    emulator = Emulator(
        emulated,
        settings.signature,
        rules,
        scenarios,
        clock.now,
        seed=settings.seed,
        run=os.urandom(3).hex(),
        timer=passing.perf_counter,
        recorder=Recorder(emulated, settings.journal, masks=Masks(show_pii=settings.show_pii)),
    )
    return emulator, loading, clock
