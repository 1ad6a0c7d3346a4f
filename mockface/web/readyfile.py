"""The ready file: one line of JSON that tells other processes where a server listens, once it does.

A file that is there means a server that listens: one that an earlier server left behind goes before this one begins, it
appears whole or not at all, and a server that stops takes its own away.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

ADMIN_PATH = "/_mockface/"


class ReadyFile:
    """The file at a path, for the server at a URL and perhaps at one of https as well.

    What is written is `url`, `admin_url`, `pid`, and `https_url` where there is one.
    """

    def __init__(self, path: Path, url: str, https_url: str | None = None) -> None:
        """Make it ready to appear. Raises OSError where nothing can be written."""
        self._path = path
        told = {"url": url, "admin_url": url + ADMIN_PATH, "pid": os.getpid()}
        self._line = json.dumps(told if https_url is None else {**told, "https_url": https_url}) + "\n"
        self._draft = path.with_name(f".{path.name}.{os.getpid()}")
        path.unlink(missing_ok=True)
        self._draft.write_text(self._line, encoding="utf-8")

    def appear(self) -> None:
        """The server listens."""
        self._draft.replace(self._path)

    def vanish(self) -> None:
        """The server has stopped; a file that another server wrote meanwhile stays."""
        self._draft.unlink(missing_ok=True)
        try:
            if self._path.read_text(encoding="utf-8") == self._line:
                self._path.unlink()
        except FileNotFoundError:
            pass
