"""Long lists as JSON: row by row, so that the thread that makes one never keeps the calls waiting for long."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.responses import Response

from mockface.texts.escaping import json_text


def in_pieces(before: str, rows: Iterable[object], after: str) -> Response:
    """A response of JSON: the rows, parted by commas, between what stands before and after them."""
    body = ",".join(map(json_text, rows))
    return Response(f"{before}{body}{after}".encode(), media_type="application/json")
