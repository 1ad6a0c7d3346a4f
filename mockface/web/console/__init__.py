"""Serves the console's files: a page, its styles, its scripts. Takes a file name; sends its bytes with strict headers.

Knows nothing of calls or scenarios: the page uses the API under `/_mockface/` like any client. All files are read at
the first request; later names are looked up among these, never opened. The sample videos, which no script could make,
are made when they are asked for.

The page consists of plain modules without a library: lists, forms and a stream are built into browsers, so there is
nothing to build, vendor or update.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from mockface.privacy.masking import masked_numbers
from mockface.texts.escaping import json_text
from mockface.web.effects import Send

FOLDER = Path(__file__).parent / "static"
PAGE = "index.html"
DOCS = "docs.html"
"""The description of the API at /docs. FastAPI's own page loads scripts from a CDN, but mockface works offline."""

_TYPES = {
    ".html": b"text/html; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".svg": b"image/svg+xml",
}
_POLICY = (
    b"default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; "
    b"require-trusted-types-for 'script'; trusted-types 'none'"
)
"""No inline scripts or styles, no eval, nothing from other sites; strings never become markup (trusted types)."""
_HEADERS = (
    (b"Content-Security-Policy", _POLICY),
    (b"X-Content-Type-Options", b"nosniff"),
    (b"X-Frame-Options", b"DENY"),
    (b"Referrer-Policy", b"no-referrer"),
    (b"Permissions-Policy", b"camera=(self), microphone=(self), geolocation=()"),
    (b"Cross-Origin-Opener-Policy", b"same-origin"),
    (b"Cache-Control", b"no-cache"),
)


@cache
def files() -> dict[str, tuple[bytes, bytes]]:
    """Media type and content of each file, by name."""
    found = (file for file in FOLDER.iterdir() if file.suffix in _TYPES)
    return {file.name: (_TYPES[file.suffix], file.read_bytes()) for file in found}


def _video(name: str) -> tuple[bytes, bytes] | None:
    """Media type and content of a sample video, None where none has this name."""
    from mockface import samples

    found = next((one for one in samples.SAMPLES if one.operation == samples.LIVE and one.name == name), None)
    return None if found is None else (found.media_type.encode(), found.make())


async def serve(path: str, send: Send) -> None:
    """Answer a GET: `/` or "" is the page, any other path a file name."""
    name = path.strip("/") or PAGE
    status = 200
    found = files().get(name) or (_video(name) if name.startswith("live") else None)
    if found is None:
        status = 404
        body = json_text({"error": masked_numbers(f"the console has no file {name[:60]!r}; its page is at /")}).encode()
        found = (b"application/json", body)
    kind, body = found
    headers = [(b"Content-Type", kind), (b"Content-Length", b"%d" % len(body)), *_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
