"""Issues unused numbers of the reserved family, months 07 to 09, each to one caller only."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from mockface.errors import Exhausted
from mockface.reasons import Reason
from mockface.scenarios import family

_ALL_IN_USE = Reason(
    "all {count} numbers of months 07 to 09 are in use; remove some scenarios, or reset them",
    "07 至 09 月的 {count} 个号码全部在用；应删除一些场景，或重置",
)
SEQUENCES = 1000
COUNT = len(family.MONTHS_OF_USERS) * len(family.LANES) * SEQUENCES
"""How many numbers exist: 84,000. After the last one the mint starts again with the first unused number."""


class Mint:
    """Issues numbers in order; a number is reused only after all others."""

    def __init__(self) -> None:
        self._next = 0
        self._lock = Lock()

    def fresh(self, in_use: Callable[[str], bool]) -> str:
        """A number that is not in use. Raises Exhausted."""
        with self._lock:
            for _ in range(COUNT):
                number = self.number(self._next)
                self._next = (self._next + 1) % COUNT
                if not in_use(number):
                    return number
        raise all_in_use()

    @staticmethod
    def number(index: int) -> str:
        """The number that is issued at this turn; after COUNT turns they come again."""
        index %= COUNT
        rest, sequence = divmod(index, SEQUENCES)
        month, lane = divmod(rest, len(family.LANES))
        return family.number_for(family.MONTHS_OF_USERS[month], family.LANES[lane], sequence)


def all_in_use() -> Exhausted:
    """What is raised when there is no unused number."""
    return Exhausted(_ALL_IN_USE.of(count=COUNT))
