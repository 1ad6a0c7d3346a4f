"""What an emulator remembers of its calls: the journal and the coverage, noted together."""

from __future__ import annotations

from mockface.checks import Check
from mockface.coverage import Coverage
from mockface.journal import Journal, Masks, entry_of
from mockface.model import Answer, Call


class Memory:
    """Notes each call once, before its answer's first byte leaves."""

    def __init__(self, journal: Journal | None = None, masks: Masks | None = None) -> None:
        self.journal = journal or Journal()
        self.coverage = Coverage()
        self.masks = masks or Masks()

    def note(
        self, call: Call, answer: Answer, elapsed_ms: float, verified: bool | None, default: bool,
        ran: tuple[Check, ...],
    ) -> None:  # fmt: skip
        """Remember a call and its answer."""
        entry = entry_of(call, answer, self.masks, elapsed_ms, verified, default, ran)
        self.coverage.note(entry)
        self.journal.note(entry)
