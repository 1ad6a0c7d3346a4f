"""The assumptions of all operations, those of the old API first."""

from __future__ import annotations

from mockface.operations.api3 import assumptions as api3
from mockface.operations.assumption import Assumption
from mockface.operations.face import assumptions as face
from mockface.operations.idcardcompare import assumptions as idcardcompare

ASSUMPTIONS: tuple[Assumption, ...] = (*idcardcompare.ASSUMPTIONS, *face.ASSUMPTIONS, *api3.ASSUMPTIONS)
"""What `mockface assumptions`, the API and docs/fidelity.md list; every id is there once."""
