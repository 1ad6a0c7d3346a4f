"""The state of watched files and folders: equal for two checks if nothing relevant to a start changed between them.

Takes paths, returns a comparable value. `files` decides which files are read and what is wrong with them; here a pipe,
a broken link or an unreadable folder counts like a file, since the next start refuses it.
"""

from __future__ import annotations

import os
import stat
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from mockface.scenariofiles.files import SUFFIXES

RECENT_SECONDS = 3.0
"""A file this recent may change again with the same time and size where timestamps are coarse (2 s on FAT), so its
content is compared too."""
_COMPARED_BYTES = 17 * 1024 * 1024
"""Larger files are not read (`reading.FILE_LIMIT_BYTES`)."""
_PIECE_BYTES = 1024 * 1024
_FOLDER = (stat.S_IFDIR,)

Look = dict[str, tuple[int, ...]]
"""By path: mode, device, inode, size, times and a checksum; or the error number of the access."""


class Watched:
    """Watched files and folders; each may be missing."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._before: Look = {}

    def look(self) -> Look:
        """Their current state."""
        now = time.time()
        found: Look = {}
        folders: list[str] = []
        for path in self._paths:
            name = os.fspath(path)
            found[name] = self._facts(name, path.stat, now)
            if found[name] == _FOLDER:
                folders.append(name)
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if entry.name.startswith("."):
                            continue
                        if entry.is_dir():
                            if not entry.is_symlink() or _leads_down(entry.path, folder):
                                folders.append(entry.path)
                        elif entry.name.lower().endswith(SUFFIXES):
                            found[entry.path] = self._facts(entry.path, entry.stat, now)
            except OSError as fault:
                found[folder] = (-(fault.errno or 1),)
        self._before = found
        return found

    def _facts(self, path: str, look_at: Callable[[], os.stat_result], now: float) -> tuple[int, ...]:
        try:
            told = look_at()
        except (OSError, ValueError) as fault:
            return (-(getattr(fault, "errno", None) or 1),)
        if stat.S_ISDIR(told.st_mode):
            return _FOLDER
        facts = (told.st_mode, told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns)
        before = self._before.get(path, ())
        checksum = before[-1] if before[:-1] == facts else 0
        if stat.S_ISREG(told.st_mode) and now - max(told.st_mtime, told.st_ctime) < RECENT_SECONDS:
            checksum = _checksum(path)
        return (*facts, checksum)


def _leads_down(link: str, folder: str) -> bool:
    """Whether a link leads to a folder that does not contain it; following it would otherwise never end."""
    target = os.path.realpath(link)
    return os.path.commonpath([target, os.path.realpath(folder)]) != target


def _checksum(path: str) -> int:
    """A checksum of the content; negative if it cannot be read."""
    checksum = 0
    try:
        with Path(path).open("rb", buffering=0) as file:
            for _ in range(_COMPARED_BYTES // _PIECE_BYTES):
                piece = file.read(_PIECE_BYTES)
                if not piece:
                    break
                checksum = zlib.crc32(piece, checksum)
    except OSError as fault:
        return -(fault.errno or 1)
    return checksum
