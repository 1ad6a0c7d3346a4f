"""Fresh numbers: from the reserved family, months 07 to 09, each given to one asker alone."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from mockface.errors import Exhausted
from mockface.scenarios import family

SEQUENCES = 1000
COUNT = len(family.MONTHS_OF_USERS) * len(family.LANES) * SEQUENCES
"""How many numbers there are: 84,000. Behind the last one it begins anew with those that are free again."""


class Mint:
    """Hands out numbers in order; a number comes back only when all others were handed out since."""

    def __init__(self) -> None:
        self._next = 0
        self._lock = Lock()

    def fresh(self, in_use: Callable[[str], bool]) -> str:
        """A number that nobody has. Raises Exhausted."""
        with self._lock:
            for _ in range(COUNT):
                number = self._number(self._next)
                self._next = (self._next + 1) % COUNT
                if not in_use(number):
                    return number
        raise Exhausted(f"all {COUNT} numbers of months 07 to 09 are in use; remove some scenarios, or reset them")

    @staticmethod
    def _number(index: int) -> str:
        rest, sequence = divmod(index, SEQUENCES)
        month, lane = divmod(rest, len(family.LANES))
        return family.number_for(family.MONTHS_OF_USERS[month], family.LANES[lane], sequence)
