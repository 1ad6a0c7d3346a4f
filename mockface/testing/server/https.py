"""HTTPS of a server in the test's process: settings in; a bound socket with its context, a URL and the CA out."""

from __future__ import annotations

import os
import tempfile

from mockface.settings import Settings
from mockface.web.serving import run, tls
from mockface.web.serving.hangup import Secure


class Https:
    """HTTPS as these settings ask for it. Raises CannotServeTls, CannotListen."""

    def __init__(self, settings: Settings) -> None:
        served = tls.prepare(settings, _real_time())
        assert served is not None, "asked for by settings that serve HTTPS"
        bound = run.listen(settings, "tls_port")
        self.secure: Secure = (bound, served)
        self.url = run.address_of(bound, "https")
        self.ca = served.ca

    def close(self) -> None:
        """Let go of the port, where no server has taken it over."""
        self.secure[0].close()


def _real_time() -> float:
    """Seconds since 1970, also in a test that froze or moved time: OpenSSL judges a certificate by the system's clock.

    A new file has it; what freezes time replaces the functions of `time` and `datetime`.
    """
    with tempfile.TemporaryFile() as file:
        return os.fstat(file.fileno()).st_mtime
