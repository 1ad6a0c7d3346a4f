"""The targets by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fuzz import corridor, readers, scenarios

TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "body": readers.body,
    "parts": readers.parts,
    "picture": readers.picture,
    "authorization": readers.authorization,
    "number": readers.number,
    "scenarios": scenarios.scenarios,
    "added": scenarios.added,
    "corridor": corridor.corridor,
}
