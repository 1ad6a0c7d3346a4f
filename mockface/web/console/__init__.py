"""The console's files: a page, its styles, its scripts. A file's name comes in, its bytes and strict headers go out.

It knows nothing of calls or scenarios: the page asks the API under `/_mockface/` like everybody else. The files are
read when the first is asked for, and only what was read then can be had: a name is looked up, never opened.

The page is plain modules without a library: it needs a list, some forms and a stream, which browsers have, and so there
is nothing to build, to vendor or to keep up to date.
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
"""The description of the API at /docs. FastAPI's own page loads its scripts from a CDN, and mockface is offline."""

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
"""No inline script or style, no eval, nothing of another site; and no string ever becomes markup (trusted types)."""
_HEADERS = (
    (b"Content-Security-Policy", _POLICY),
    (b"X-Content-Type-Options", b"nosniff"),
    (b"X-Frame-Options", b"DENY"),
    (b"Referrer-Policy", b"no-referrer"),
    (b"Permissions-Policy", b"camera=(self), microphone=(), geolocation=()"),
    (b"Cross-Origin-Opener-Policy", b"same-origin"),
    (b"Cache-Control", b"no-cache"),
)


@cache
def files() -> dict[str, tuple[bytes, bytes]]:
    """Media type and bytes of every file, by name."""
    found = (file for file in FOLDER.iterdir() if file.suffix in _TYPES)
    return {file.name: (_TYPES[file.suffix], file.read_bytes()) for file in found}


async def serve(path: str, send: Send) -> None:
    """Answer a GET: `/` or "" is the page, any other path the name of a file."""
    name = path.strip("/") or PAGE
    status = 200
    found = files().get(name)
    if found is None:
        status = 404
        body = json_text({"error": masked_numbers(f"the console has no file {name[:60]!r}; its page is at /")}).encode()
        found = (b"application/json", body)
    kind, body = found
    headers = [(b"Content-Type", kind), (b"Content-Length", b"%d" % len(body)), *_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
