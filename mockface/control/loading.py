"""Builds an emulator from settings, and updates it when scenario files change."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import time
from collections.abc import Awaitable, Callable, Iterator
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
from mockface.operation import every_code, nameless
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
    "mockface failed to read them; see the log for details: {kind}: {fault}",
    "mockface 读取失败，日志中有详情：{kind}: {fault}",
)

POLL_SECONDS = 0.25
"""How often watched files are checked. A change is read when two checks agree, so half-written files wait."""
UNSETTLED_SECONDS = 2.0
"""After this time a change is read even if files keep changing."""
PAUSE_PER_LOOK = 25
"""The pause after a check is its CPU time times this: with thousands of files there are fewer checks."""


@dataclass
class Loading:
    """Reads and watches the scenario files of a server, and records the results.

    `added` holds the scenarios added at run time; they take precedence over files and survive a reload. `loaded_at` is
    when the set in use was read, in seconds since 1970; `diagnostics` are of the last reading. `accounts` are those of
    the files by SecretId, `states` the states by appid that were switched at run time. `alone` says that the process
    runs only mockface, so that its garbage collection may be switched off.
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
    replaced: Callable[[ScenarioSet, ScenarioSet], Awaitable[None]] | None = None
    _read: Look = field(default_factory=dict)

    def __post_init__(self) -> None:
        mount = self.settings.scenarios_mount
        self._watched = Watched([*self.settings.scenarios, *([Path(mount)] if mount else [])])

    @property
    def mistakes(self) -> list[Diagnostic]:
        """The mistakes that prevent a reload; empty if the set in use is that of the files."""
        return [diagnostic for diagnostic in self.diagnostics if not diagnostic.warning]

    def read(self) -> tuple[ScenarioSet, dict[str, Account]]:
        """Read all files. Raises ScenarioMistakes; the set in use stays unchanged."""
        settings = self.settings
        # Taken before the files are read: a change meanwhile then differs from it and is read again.
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
        # Imported late: a server without its own files need not import YAML.
        from mockface.scenariofiles import reader

        return reader.load(
            paths,
            self.clock.now(),
            deny_real_ids=self.settings.deny_real_ids,
            codes=every_code(operations.OPERATIONS),
            names=nameless(operations.OPERATIONS),
        )

    def in_force(self) -> dict[str, Account]:
        """The accounts of the files, with their states as switched at run time."""
        return {
            secret_id: account._replace(state=self.states.get(account.appid, account.state))
            for secret_id, account in self.accounts.items()
        }

    async def watch(self, emulator: Emulator) -> None:
        """Reload on changes until cancelled. Polls, since that works on container volumes too."""
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
        """The state of the files, and the CPU seconds it took to read it."""
        began = time.thread_time()
        return self._watched.look(), time.thread_time() - began

    async def reload(self, emulator: Emulator) -> None:
        """Read the files; use them if they are valid, else report the mistakes and keep the last valid set."""
        try:
            scenarios, accounts = await asyncio.to_thread(self.read)
            before = emulator.scenarios
            emulator.replace(replace(emulator.rules, accounts=accounts), scenarios)
            if self.replaced is not None:
                await self.replaced(before, scenarios)
        except ScenarioMistakes as mistakes:
            logger.error("scenario files not reloaded, the last good set stays in use:\n%s", mistakes)
        except Exception as fault:
            # The health check reports it as long as the files are not in use, longer than it reports a task's failure.
            text = _FAILED.of(kind=type(fault).__name__, fault=fault)
            self.diagnostics = [files.about(Path("scenario files"), masked(text, printable))]
            logger.exception("scenario files not reloaded, the last good set stays in use; this is a bug in mockface")
        else:
            self.reloads += 1
            logger.warning("scenario files reloaded: %d scenarios", len(scenarios))


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Garbage collection off meanwhile: reading creates none, and it took 3.7 s of 5.7 with 100,000 scenarios."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def scenario_paths(settings: Settings) -> tuple[Path, ...]:
    """The files and folders of these settings now: the mount only if it has content."""
    mount = Path(settings.scenarios_mount)
    if not settings.scenarios_mount or mount in settings.scenarios or not files.mounted(mount)[0]:
        return settings.scenarios
    return (*settings.scenarios, mount)


def _mount_warnings(settings: Settings) -> list[Diagnostic]:
    """Warnings about the mount, none of which prevents its use."""
    warning = files.mounted(Path(settings.scenarios_mount))[1] if settings.scenarios_mount else None
    return [] if warning is None else [warning]


def _keys(settings: Settings) -> KeyPair | None:
    """The key pair for encrypted fields, if there is one."""
    if not settings.keys:
        return None
    # Most servers have none, and start without what reads keys.
    from mockface.network.keys import load_keys

    return load_keys(Path(settings.keys))


def new_run() -> str:
    """What the ids of a server's calls begin with."""
    return os.urandom(3).hex()


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
        any_video=settings.videos == "any",
        strict_digits=settings.digits == "strict",
        identity_at_top=settings.identity_failures == "code",
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
        run=new_run(),
        timer=passing.perf_counter,
        recorder=Recorder(
            emulated, settings.journal, masks=Masks(show_pii=settings.show_pii, names=nameless(emulated))
        ),
    )
    return emulator, loading, clock
