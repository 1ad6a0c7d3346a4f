"""CORS for the emulated operation: response headers for pages of other origins, and answers to preflights.

Only for the operation; the API under /_mockface/ has a guard instead. The real service sent none of this: it is
mockface's own, on by default since a page cannot reach a mock without it. Only requests with an Origin, which only
browsers send, cost time.
"""

from __future__ import annotations

from mockface.settings import Settings
from mockface.texts.hostnames import origin_as_sent
from mockface.web.effects import Headers

_EXPOSED = (b"Access-Control-Expose-Headers", b"X-Mockface-Request-Id, X-Mockface-Why")
_CREDENTIALS = (b"Access-Control-Allow-Credentials", b"true")
_VARY = (b"Vary", b"Origin")
_METHODS = (b"Access-Control-Allow-Methods", b"POST")
_MAX_AGE = (b"Access-Control-Max-Age", b"600")


class Cors:
    """The allowed origins; an empty set allows any."""

    def __init__(self, origins: tuple[str, ...]) -> None:
        self._origins = frozenset(origin_as_sent(origin).encode() for origin in origins)

    def admits(self, origin: bytes) -> bool:
        """Whether a page of this origin may call."""
        return not self._origins or origin.lower() in self._origins

    def told(self, origin: bytes) -> Headers:
        """The headers that let a page of this origin read the answer; none if it may not."""
        return [*_allowed(origin), _EXPOSED] if self.admits(origin) else []

    def preflight(self, method: str, headers: Headers, origin: bytes) -> Headers | None:
        """The headers of the answer (204) to a preflight that is allowed; else None."""
        if method != "OPTIONS" or not self.admits(origin):
            return None
        asked = dict(headers)
        if b"access-control-request-method" not in asked:
            return None
        told = [*_allowed(origin), _METHODS, _MAX_AGE]
        wanted = asked.get(b"access-control-request-headers")
        return [*told, (b"Access-Control-Allow-Headers", wanted)] if wanted else told


def _allowed(origin: bytes) -> Headers:
    return [(b"Access-Control-Allow-Origin", origin), _CREDENTIALS, _VARY]


def cors_of(settings: Settings) -> Cors | None:
    """The CORS rules of these settings, None if CORS is off."""
    return None if settings.no_cors else Cors(settings.cors_origins)
