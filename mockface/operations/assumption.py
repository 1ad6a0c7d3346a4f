"""What an assumption is: one behaviour that nobody recorded of a service, and what changes it."""

from __future__ import annotations

from dataclasses import dataclass

from mockface.codes import Evidence


@dataclass(frozen=True, slots=True)
class Assumption:
    """One assumed behaviour. `switch` says how to change it; "" if nothing does but a change of the code."""

    id: str
    default: str
    reason: str
    evidence: Evidence
    switch: str
