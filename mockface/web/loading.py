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

from mockface import checks, files
from mockface.accounts import known
from mockface.checks import Rules
from mockface.checks.request import host_name
from mockface.complaint import Complaint
from mockface.emulator import Emulator
from mockface.entry import Masks
from mockface.loaded import Loaded, assemble
from mockface.memory import Memory
from mockface.model import Account
from mockface.scenarios import Layer, ScenarioSet
from mockface.settings import Settings
from mockface.shipped import shipped
from mockface.state import Clock

logger = logging.getLogger("mockface")

POLL_SECONDS = 0.25
"""How often watched files are looked at. A change is read once two looks saw the same: half-written files wait."""


Fingerprint = tuple[tuple[str, int, int, int], ...]


class ScenarioMistakes(Exception):
    """The scenario files hold mistakes; `complaints` are all of them."""

    def __init__(self, complaints: list[Complaint]) -> None:
        super().__init__("\n".join(map(str, complaints)))
        self.complaints = complaints


@dataclass
class Loading:
    """The scenario files of a server: reads them, watches them, and remembers how that went.

    `added` holds the scenarios that were added at run time; they come before all files and outlive a reload.
    `loaded_at` is when the set in use was read, in seconds since 1970; `complaints` are of the last reading. `accounts`
    are by SecretId as the files have them, `states` the states by appid that were switched at run time. `alone` says
    that the process is mockface's own, whose garbage collection it may switch.
    """

    settings: Settings
    clock: Clock
    added: Layer = field(default_factory=Layer)
    loaded_at: float = 0.0
    complaints: list[Complaint] = field(default_factory=list)
    reloads: int = 0
    accounts: dict[str, Account] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    alone: bool = False
    _read: Fingerprint = ()

    @property
    def mistakes(self) -> list[Complaint]:
        """What keeps the files from being used; empty when the set in use is the files'."""
        return [complaint for complaint in self.complaints if not complaint.warning]

    def read(self) -> tuple[ScenarioSet, dict[str, Account]]:
        """Read all files. Raises ScenarioMistakes and leaves what is in use alone."""
        settings = self.settings
        # Taken before the files are read: what changes meanwhile differs from it, and is read again.
        paths = scenario_paths(settings)
        self._read = fingerprint(paths)
        with _no_collecting() if self.alone else nullcontext():
            own = self._own(paths) if paths else Loaded()
            built_in = Loaded() if settings.no_shipped else shipped()
            scenarios, self.complaints = assemble(own, built_in)
        if self.mistakes:
            raise ScenarioMistakes(self.complaints)
        self.loaded_at = time.time()
        self.accounts = known(own.accounts, built_in.accounts)
        return replace(scenarios, layers=(self.added, *scenarios.layers)), self.in_force()

    def _own(self, paths: tuple[Path, ...]) -> Loaded:
        # A server without files of its own starts without what reads YAML.
        from mockface import reading

        return reading.load(paths, self.clock.now(), deny_real_ids=self.settings.deny_real_ids)

    def in_force(self) -> dict[str, Account]:
        """The accounts of the files, in the states that they were switched to."""
        return {
            secret_id: account._replace(state=self.states.get(account.appid, account.state))
            for secret_id, account in self.accounts.items()
        }

    async def watch(self, emulator: Emulator) -> None:
        """Reload when a file or folder changes, until cancelled. Polls: that works on container volumes too."""
        seen = self._read
        while True:
            await asyncio.sleep(POLL_SECONDS)
            now = await asyncio.to_thread(lambda: fingerprint(scenario_paths(self.settings)))
            if now == seen and now != self._read:
                await self.reload(emulator)
            seen = now

    async def reload(self, emulator: Emulator) -> None:
        """Read the files; go by them if they are good, else say what is wrong and go on with the last good set."""
        try:
            scenarios, accounts = await asyncio.to_thread(self.read)
        except ScenarioMistakes as mistakes:
            logger.error("scenario files not reloaded, the last good set stays in use:\n%s", mistakes)
        else:
            emulator.replace(replace(emulator.rules, accounts=accounts), scenarios)
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
    """The files and folders that these settings mean now: the mount only while it has a file."""
    mount = Path(settings.scenarios_mount)
    if (
        not settings.scenarios_mount
        or mount in settings.scenarios
        or not (mount.is_dir() and files.files_in([mount])[0])
    ):
        return settings.scenarios
    return (*settings.scenarios, mount)


def fingerprint(paths: tuple[Path, ...]) -> Fingerprint:
    """What tells whether any of these files or folders changed: name, time, size and inode of every YAML file."""
    yaml_files, _ = files.files_in(paths)
    found = []
    for file in yaml_files:
        try:
            stat = file.stat()
        except OSError:
            continue
        found.append((str(file), stat.st_mtime_ns, stat.st_size, stat.st_ino))
    return tuple(found)


def build(settings: Settings, machine: Callable[[], float] = time.time) -> tuple[Emulator, Loading, Clock]:
    """The emulator that these settings describe, its loading and its clock. Raises ScenarioMistakes."""
    clock = Clock(machine)
    loading = Loading(settings, clock)
    scenarios, accounts = loading.read()
    for complaint in loading.complaints:
        logger.warning("%s", complaint)
    rules = Rules(
        body_limit_bytes=settings.body_limit,
        hosts=frozenset(host_name(host) for host in settings.hosts),
        any_picture=settings.pictures == "any",
        final_boundary_required=settings.final_boundary == "required",
        deny_real_ids=settings.deny_real_ids,
        accounts=accounts,
    )
    emulator = Emulator(
        checks.checklist(settings.signature),
        rules,
        scenarios,
        clock.now,
        seed=settings.seed,
        run=os.urandom(3).hex(),
        timer=time.perf_counter,
        memory=Memory(settings.journal, masks=Masks(show_pii=settings.show_pii)),
    )
    return emulator, loading, clock
