"""An operation: one record, which everything that reads, checks, answers and remembers calls is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from mockface.checks import Check
from mockface.codes import Code
from mockface.model import Call, FieldTable, Step


class Operation(NamedTuple):
    """What one emulated operation alone knows.

    `checks` are by the mode of `--signature`, in the order in which the service refuses. `body` renders a step: for a
    call, or for any call that gives none of the fields in `echoes`, where it is given None. `success` and `mismatch`
    are the codes of a success, and of a name other than the one that is registered. `describe` gives what OpenAPI says
    of it.
    """

    name: str
    path: str
    table: FieldTable
    checks: Mapping[str, tuple[Check, ...]]
    body: Callable[[Step, Call | None], bytes]
    echoes: frozenset[str]
    success: Code
    mismatch: Code
    describe: Callable[[], dict[str, Any]]
