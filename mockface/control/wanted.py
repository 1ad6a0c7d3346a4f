"""Which calls are wanted and what was found: for the API and the handle, in the same words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from mockface import codes
from mockface.errors import BadValue
from mockface.masking import quoted

Row = TypeVar("Row")


class Found(NamedTuple, Generic[Row]):
    """Calls, the oldest first; how many such calls the journal has dropped; the id of the newest of all, or ""."""

    calls: Sequence[Row]
    dropped: int
    newest: str


class Wanted(NamedTuple):
    """Which calls are wanted: each None or "" stands for any.

    `numbers` are ID numbers and patterns, `since` is seconds since 1970, `after` the id of a call.
    """

    numbers: Sequence[str] | None = None
    code: int | None = None
    since: float | None = None
    after: str = ""


def code_number(code: int | str) -> int:
    """The number of a code that is given by number or name. Raises BadValue."""
    found = codes.BY_NUMBER.get(code) if isinstance(code, int) else codes.BY_NAME.get(code.upper())
    if found is None:
        said = quoted(code) if isinstance(code, str) else code
        raise BadValue(f"there is no code {said}; 'mockface codes' lists them")
    return found.number
