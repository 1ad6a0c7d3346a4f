"""The store's verbs for a core that never waits: a verb whose result is not known yet raises Asks.

Whoever answers the call then has the store asked, and answers the call once more with the results so far. A call that
needs no verb is answered at once. The results belong to one call: they are told before it and taken back behind it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from mockface import idcard
from mockface.scenarios.lookup import WILDCARDS
from mockface.state import COUNTED_NUMBERS, LONGEST_NUMBER, Asks


class AskingStore:
    """A Store whose verbs are answered elsewhere; `key_of` gives the name under which a number is counted."""

    def __init__(self, key: Callable[[str], str]) -> None:
        self.key_of = key
        self._names: dict[str, str] = {}
        self._told: Sequence[tuple[str, Any]] = ()
        self._next = 0

    def tell(self, told: Sequence[tuple[str, Any]]) -> None:
        """The results of the verbs that the call asked before, in order; () behind the call."""
        self._told = told
        self._next = 0

    def _ask(self, verb: str, *args: Any) -> Any:
        at = self._next
        if at < len(self._told) and self._told[at][0] == verb:
            self._next = at + 1
            return self._told[at][1]
        raise Asks((verb, *args))

    def first_time(self, token: str) -> bool:
        """Whether this token is new; records its digest."""
        return bool(self._ask("first", digest(token)))

    def count(self, number: str) -> int:
        """How often this number was counted before; counts it."""
        number = number[:LONGEST_NUMBER]
        key = self.key_of(number)
        if key != number and len(self._names) < COUNTED_NUMBERS:
            self._names[key] = number
        return cast(int, self._ask("count", key))

    def numbers_of(self, names: Iterable[str]) -> list[tuple[str, str]]:
        """The names of counted numbers, each with its number; without those that this server has not counted."""
        known = ((name, self._names.get(name, name)) for name in names)
        return [(name, number) for name, number in known if not number.startswith("~")]

    def within_rate(self, key: str, calls: int, seconds: float, now: float) -> bool:
        """Whether at most `calls` calls of this key came in the last `seconds`, this one included; if so, counts it."""
        return bool(self._ask("rate", key, calls, repr(seconds), repr(now)))

    def deal(self, digits: str, now: float) -> None:
        """Remember that these digits were dealt."""
        self._ask("deal", digits, repr(now))

    def spend(self, digits: str, now: float, life_s: float) -> str:
        """Use dealt digits once: "" if they were fresh, else "never", "spent" or "stale"."""
        return cast(str, self._ask("spend", digits, repr(now), repr(life_s)))

    # What is cleared is cleared in the store, by whoever changes what all go by: see `member`.

    def counted(self) -> dict[str, int]:
        """Nothing: no server knows what the others count."""
        return {}

    def clear_counts(self, numbers: Iterable[str] | None = None) -> None:
        """Nothing, see above."""

    def clear_signatures(self) -> None:
        """Nothing, see above."""


def digest(text: str) -> str:
    """A text that is not to be read in the store, such as a signature."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


ANY_DIGEST = "~?"
"""What stands for every number that is counted under a digest."""
FEWEST_WILDCARDS = 4
"""A pattern with fewer is almost a number: it could point at a person."""
_SHORTEST = 15


def may_be_stored(number: str) -> bool:
    """Whether a scenario's number or pattern may stand in the store as it is: it points at no person."""
    wildcards = sum(number.count(wildcard) for wildcard in WILDCARDS)
    return (
        idcard.is_operation(number)
        or bool(idcard.is_of_family(number))
        or wildcards >= FEWEST_WILDCARDS
        or len(number) < _SHORTEST
    )
