"""What a check is: one record, which is all that is written of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from mockface.checks.rules import Rules
from mockface.checks.showing import Shown
from mockface.model import Call, Refused

OWN = "mockface's own"
"""The evidence of a rule that the service did not have."""
Test = Callable[[Call, Rules], Refused | None]


class Check(NamedTuple):
    """A check, named after what must be true.

    `test` answers None, or a Refused. `evidence` is where the rule comes from, `wanted` what would pass, `came` what a
    call brought, of the call as it may be shown.
    """

    name: str
    test: Test
    evidence: str
    wanted: str
    came: Callable[[Shown], str]


def check(*, wanted: str, came: Callable[[Shown], str], evidence: str = OWN) -> Callable[[Test], Check]:
    """Make a Check of a function; its name is the check's."""
    return lambda test: Check(test.__name__, test, evidence, wanted, came)
