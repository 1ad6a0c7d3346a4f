"""The ready file: one line of JSON that tells other processes where a server listens, once it does.

A file that is there means a server that listens: one that an earlier server left behind goes before this one begins, it
appears whole or not at all, and a server that stops takes its own away.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path

ADMIN_PATH = "/_mockface/"


class ReadyFile:
    """The file at a path, for the server at a URL and perhaps at one of https as well.

    What is written is `url`, `admin_url`, `pid`, and `https_url` where there is one.
    """

    def __init__(self, path: Path, url: str, https_url: str | None = None) -> None:
        """Make it ready to appear. Raises OSError where nothing can be written, or something other than a file is."""
        self._path = path
        if not path.name or (os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode)):
            # To remove and replace a device, a pipe or a folder is not what anybody asks for.
            raise OSError(errno.EEXIST, "something that is not a file is there")
        told = {"url": url, "admin_url": url + ADMIN_PATH, "pid": os.getpid()}
        self._line = json.dumps(told if https_url is None else {**told, "https_url": https_url}) + "\n"
        self._draft = path.with_name(f".{path.name}.{os.getpid()}")
        path.unlink(missing_ok=True)
        self._draft.write_text(self._line, encoding="utf-8")

    def appear(self) -> None:
        """The server listens."""
        self._draft.replace(self._path)

    def vanish(self) -> None:
        """The server has stopped: what it wrote goes, what somebody put there meanwhile stays, whatever it is.

        Raises OSError where its own file cannot be removed.
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
            return False  # it has gone, or is another user's
