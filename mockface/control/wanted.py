"""Selection of calls, and its result; shared by the API and the test handle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from mockface import operations
from mockface.errors import BadValue
from mockface.operation import every_code
from mockface.privacy.masking import quoted
from mockface.reasons import Reason

NO_CODE = Reason("there is no code {code}; 'mockface codes' lists them", "没有错误码 {code}；'mockface codes' 列出全部")

Row = TypeVar("Row")


class Found(NamedTuple, Generic[Row]):
    """Calls, oldest first; how many such calls the journal has dropped; the id of the newest call of all, or ""."""

    calls: Sequence[Row]
    dropped: int
    newest: str


class Wanted(NamedTuple):
    """Which calls to select; None or "" matches any.

    `numbers` are ID numbers and patterns, `since` is seconds since 1970, `after` is the id of a call.
    """

    numbers: Sequence[str] | None = None
    code: int | str | None = None
    since: float | None = None
    after: str = ""


def code_number(code: int | str) -> int | str:
    """The number of a code given by number or name. Raises BadValue."""
    found = every_code(operations.OPERATIONS).find(code)
    if found is None:
        raise BadValue(NO_CODE.of(code=quoted(code) if isinstance(code, str) else code))
    return found.number
