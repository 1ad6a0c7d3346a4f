"""The ready file: one line of JSON that tells other processes where a server listens.

If the file exists, the server listens: a stale file is removed before the start, the file appears atomically, and a
server that stops removes its own file.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path

ADMIN_PATH = "/_mockface/"


class ReadyFile:
    """The file at a path, for a server with a URL and possibly an https URL.

    It contains `url`, `admin_url`, `pid`, and `https_url` if there is one.
    """

    def __init__(self, path: Path, url: str, https_url: str | None = None) -> None:
        """Prepare the file. Raises OSError if it cannot be written, or if the path is not a regular file."""
        self._path = path
        if not path.name or (os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode)):
            # Nobody wants a device, a pipe or a folder to be removed and replaced.
            raise OSError(errno.EEXIST, "the path exists and is not a file")
        told = {"url": url, "admin_url": url + ADMIN_PATH, "pid": os.getpid()}
        self._line = json.dumps(told if https_url is None else {**told, "https_url": https_url}) + "\n"
        self._draft = path.with_name(f".{path.name}.{os.getpid()}")
        path.unlink(missing_ok=True)
        self._draft.write_text(self._line, encoding="utf-8")

    def appear(self) -> None:
        """Write the file: the server listens."""
        self._draft.replace(self._path)

    def vanish(self) -> None:
        """Remove the file after the stop, unless somebody has replaced it meanwhile.

        Raises OSError if its own file cannot be removed.
        """
        if not self._path.parent.is_dir():
            return
        self._draft.unlink(missing_ok=True)
        if os.path.lexists(self._path) and stat.S_ISREG(self._path.lstat().st_mode) and self._is_own():
            self._path.unlink(missing_ok=True)

    def _is_own(self) -> bool:
        own = self._line.encode()
        try:
            with self._path.open("rb") as file:
                return file.read(len(own) + 1) == own
        except (FileNotFoundError, PermissionError):
            return False  # it was removed, or belongs to another user
