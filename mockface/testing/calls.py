"""The calls as a test reads them: immutable, in order, with filters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypedDict, Unpack, overload

from mockface import idcard
from mockface.control.wanted import code_number
from mockface.scenarios.lookup import WILDCARDS, as_key, matches
from mockface.testing.people import Person


@dataclass(frozen=True, slots=True)
class Call:
    """One call and its answer. Numbers and names are masked unless reserved; if masked, `answer` is empty.

    `form` is how the picture came ("json url", "multipart raw", …), or how a call of API 3.0 did and was signed ("json
    v3", "form v1", "query v1", …); `request_id` is the RequestId of its answer, "" for the image API. `also` is a
    second code of the answer, as of a video that is not live and was compared. Where the operation's requests have no
    ID number, `number` is the operation's name.
    `call_of_number` counts a number's calls from 1 (None where its scenario does not count), `by_default` says that no
    scenario has the number, `fields` are the text fields as they came, `headers` have names in lower case. `at` is
    seconds since 1970 of mockface's clock.
    """

    id: str
    at: float
    elapsed_ms: float
    number: str
    name: str
    form: str
    size_bytes: int
    operation: str
    code: int | str
    code_name: str
    status: int
    similarity: float | None
    why: str | None
    scenario: str | None
    origin: str | None
    by_default: bool
    call_of_number: int | None
    delay_s: float
    fault: str | None
    method: str
    path: str
    headers: Mapping[str, str]
    fields: Mapping[str, str]
    answer: str
    request_id: str = ""
    also: int | str | None = None

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Call:
        """The call from the API's data; unknown fields, of a newer server, are ignored."""
        request = told["request"]
        flat = {"request_id": "", "also": None, **told, **request, "headers": dict(request["headers"])}
        return cls(**{one.name: flat[one.name] for one in fields(cls)})

    def has(self, key: str, value: object) -> bool:
        """Whether a property, one of FILTERS, has this value; a code may be the second one of the answer."""
        return getattr(self, key) == value or (key == "code" and self.also is not None and self.also == value)

    def line(self) -> str:
        """The call in one line."""
        from mockface.journal.text import call_line

        return call_line({one.name: getattr(self, one.name) for one in fields(self)})

    def lines(self) -> list[str]:
        """The call in lines of at most 100 columns: request and answer, and below them the reason of a refusal."""
        from mockface.journal.text import call_lines

        return call_lines({one.name: getattr(self, one.name) for one in fields(self)})


class CallFilters(TypedDict, total=False):
    """The properties of a call that can be filtered, besides its number; a code by number or name."""

    code: int | str
    similarity: float | None
    name: str
    form: str
    fault: str | None
    status: int
    scenario: str | None
    by_default: bool


FILTERS = tuple(CallFilters.__annotations__)


class Calls(Sequence[Call]):
    """Calls, oldest first. `where` filters them; printed, they are one line each."""

    def __init__(self, calls: Iterable[Call] = ()) -> None:
        self._calls = tuple(calls)

    def where(self, who: Person | str | None = None, **wanted: Unpack[CallFilters]) -> Calls:
        """The calls of a person, a number or a pattern, with these values of FILTERS; a code by number or name.

        Raises TypeError for an unknown property, BadValue for an unknown code.
        """
        __tracebackhide__ = True
        unknown = set(wanted) - set(FILTERS)
        if unknown:
            hint = "; a result or an error of API 3.0 is a code: code=…" if unknown & {"result", "error"} else ""
            raise TypeError(
                f"calls cannot be filtered by {', '.join(sorted(unknown))}; expected {', '.join(FILTERS)}{hint}"
            )
        if "code" in wanted:
            wanted["code"] = code_number(wanted["code"])
        number = number_of(who)
        return Calls(
            call
            for call in self._calls
            if (number is None or _is_of(call, number)) and all(call.has(key, value) for key, value in wanted.items())
        )

    @property
    def last(self) -> Call:
        """The newest call. Raises IndexError if there is none."""
        return self._calls[-1]

    @overload
    def __getitem__(self, index: int) -> Call: ...

    @overload
    def __getitem__(self, index: slice) -> Calls: ...

    def __getitem__(self, index: int | slice) -> Call | Calls:
        found = self._calls[index]
        return found if isinstance(found, Call) else Calls(found)

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[Call]:
        return iter(self._calls)

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Calls | list | tuple) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "\n".join(call.line() for call in self) or "no calls"


def _is_of(call: Call, number: str) -> bool:
    """Whether the call has this number or matches this pattern; a masked number is compared as masked."""
    if set(WILDCARDS) & set(number):
        return matches(number, call.number.upper())
    return as_key(call.number) == number or call.number == idcard.masked(number)


def number_of(who: Person | str | None) -> str | None:
    """The number of a person, or the number itself in upper case; the name of an operation as it is."""
    number = who.idcard_number if isinstance(who, Person) else who
    return None if number is None else as_key(number)
