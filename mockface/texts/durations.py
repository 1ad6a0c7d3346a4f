"""Durations as people write them: 300ms, 3s, 1.5m, 2h, 1d. Standard library only: the test handle imports it."""

from __future__ import annotations

import math
import re

DURATION_PATTERN = r"^[0-9]+(\.[0-9]+)?(ms|s|m|h)$"
"""For the schema of scenario files."""
LONGEST_S = 3600.0
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(ms|s|m|h|d)", re.ASCII)
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def seconds_of(text: str, longest_s: float = LONGEST_S) -> float | None:
    """The seconds of a duration such as 300ms, 1.5s, 2m, 1h or 1d; None if the text is not a duration or too long."""
    match = _DURATION.fullmatch(text.strip())
    seconds = float(match[1]) * _UNITS[match[2]] if match else math.inf
    return seconds if seconds <= longest_s else None
