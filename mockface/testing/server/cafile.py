"""A certificate as a file: PEM in, a path out."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


class CaFile:
    """A CA certificate (PEM) as a file, for clients that take nothing else: written when first asked for."""

    def __init__(self, certificate: bytes) -> None:
        self._certificate = certificate
        self._path = ""

    def path(self) -> str:
        """Where the file is."""
        if not self._path:
            descriptor, self._path = tempfile.mkstemp(prefix="mockface-ca-", suffix=".pem")
            with os.fdopen(descriptor, "wb") as file:
                file.write(self._certificate)
        return self._path

    def remove(self) -> None:
        """Remove the file, if there is one."""
        if self._path:
            Path(self._path).unlink(missing_ok=True)
            self._path = ""
