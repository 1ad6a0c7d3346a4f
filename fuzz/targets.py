"""The targets by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fuzz import gateway, readers, scenarios, whole_calls

TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "body": readers.body,
    "parts": readers.parts,
    "picture": readers.picture,
    "video": readers.video,
    "authorization": readers.authorization,
    "tc3": gateway.signature_v3,
    "v1": gateway.signature_v1,
    "api3": gateway.api3,
    "number": readers.number,
    "scenarios": scenarios.scenarios,
    "added": scenarios.added,
    "calls": whole_calls.whole_call,
}
