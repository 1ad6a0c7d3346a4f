"""Writes a certificate to a file: takes PEM, returns a path."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


class CaFile:
    """A CA certificate (PEM) as a file, for clients that need a path: written on first use."""

    def __init__(self, certificate: bytes) -> None:
        self._certificate = certificate
        self._path = ""

    def path(self) -> str:
        """The path of the file."""
        if not self._path:
            descriptor, self._path = tempfile.mkstemp(prefix="mockface-ca-", suffix=".pem")
            with os.fdopen(descriptor, "wb") as file:
                file.write(self._certificate)
        return self._path

    def remove(self) -> None:
        """Remove the file if it exists."""
        if self._path:
            Path(self._path).unlink(missing_ok=True)
            self._path = ""
