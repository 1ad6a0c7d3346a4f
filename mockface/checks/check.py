"""What a check is: one record, which is all that is written of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from mockface.checks.rules import Rules
from mockface.checks.showing import Shown
from mockface.model import Call, Refused
from mockface.reasons import Said, words

OWN = words("mockface's own", "mockface 自有")
"""The evidence of a rule that the service did not have."""
Test = Callable[[Call, Rules], Refused | None]


class Check(NamedTuple):
    """A check, named after what must be true.

    `test` answers None, or a Refused. `title` says in a few words what must be true, `evidence` where the rule comes
    from, `wanted` what would pass, `came` what a call brought, of the call as it may be shown: words, or a value that
    is the same in every language.
    """

    name: str
    test: Test
    title: Said
    evidence: Said
    wanted: Said
    came: Callable[[Shown], str]


def check(
    *, title: Said, wanted: Said, came: Callable[[Shown], str], evidence: Said = OWN
) -> Callable[[Test], Check]:  # fmt: skip
    """Make a Check of a function; its name is the check's."""
    return lambda test: Check(test.__name__, test, title, evidence, wanted, came)
