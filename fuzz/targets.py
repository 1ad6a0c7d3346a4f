"""The targets by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fuzz import readers, scenarios, whole_calls

TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "body": readers.body,
    "parts": readers.parts,
    "picture": readers.picture,
    "authorization": readers.authorization,
    "number": readers.number,
    "scenarios": scenarios.scenarios,
    "added": scenarios.added,
    "calls": whole_calls.whole_call,
}
