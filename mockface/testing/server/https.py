"""HTTPS for a server in the test's process: takes settings; returns a bound socket with a context, a URL and the CA."""

from __future__ import annotations

import os
import tempfile

from mockface.settings import Settings
from mockface.web.serving import run, tls
from mockface.web.serving.hangup import Secure


class Https:
    """HTTPS by these settings. Raises CannotServeTls, CannotListen."""

    def __init__(self, settings: Settings) -> None:
        served = tls.prepare(settings, _real_time())
        assert served is not None, "asked for by settings that serve HTTPS"
        bound = run.listen(settings, "tls_port")
        self.secure: Secure = (bound, served)
        self.url = run.address_of(bound, "https")
        self.ca = served.ca

    def close(self) -> None:
        """Close the port, unless a server has taken it over."""
        self.secure[0].close()


def _real_time() -> float:
    """Seconds since 1970, even in a test that froze or moved time: OpenSSL checks certificates by the system's clock.

    A new file has that time; time freezers replace only functions of `time` and `datetime`.
    """
    with tempfile.TemporaryFile() as file:
        return os.fstat(file.fileno()).st_mtime
