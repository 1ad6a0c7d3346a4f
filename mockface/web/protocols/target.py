"""The target of a request line, as uvicorn can take it."""

from __future__ import annotations

import httptools


def with_path(url: bytes) -> bytes:
    """A target in absolute form with its path, `/` where it has none: uvicorn takes one for granted."""
    try:
        parsed = httptools.parse_url(url)
    except httptools.HttpParserInvalidURLError:
        return url
    return url if parsed.path is not None or not parsed.schema else b"/"
