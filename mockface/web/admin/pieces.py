"""Writes long lists as JSON row by row, so that calls are never blocked for long."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.responses import Response

from mockface.texts.escaping import json_text


def in_pieces(before: str, rows: Iterable[object], after: str) -> Response:
    """A JSON response: the rows, separated by commas, between `before` and `after`."""
    body = ",".join(map(json_text, rows))
    return Response(f"{before}{body}{after}".encode(), media_type="application/json")
