"""An operation: one record, which everything that reads, checks, answers and remembers calls is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from mockface.checks import Check, Rules
from mockface.codes import Code, CodeTable
from mockface.model import USUAL_HEAD, Account, AnswerHead, Call, FieldTable, Head, RawRequest, Step
from mockface.reasons import Reason, Said
from mockface.request.body import Reader, reader_for
from mockface.request.call import hear

OWN_WORD = Reason(
    "{operation} says {code} for {reason} (evidence: {evidence})",
    "{operation} 对 {reason} 给出 {code}（证据：{evidence}）",
)
NO_WORD = Reason(
    "{operation} has no word for {reason}; give the scenario one of its codes too, in code: (image API), result: or "
    "error: (API 3.0); 'mockface codes --operation {operation}' lists them",
    "{operation} 没有与 {reason} 对应的错误码；场景中应另外写出它的错误码："
    "code:（图像接口）、result: 或 error:（API 3.0）；'mockface codes --operation {operation}' 可列出",
)


class Word(NamedTuple):
    """What an operation says for a reason that another operation has a code for, and how sure that is."""

    code: Code
    evidence: str


class Example(NamedTuple):
    """A request that an operation answers, ready to be sent: headers, and the body's bytes."""

    headers: Mapping[str, str]
    body: bytes


class SignatureView(NamedTuple):
    """What people are told of the signatures of an API. The values that `keep` gives stand in an `Entry`.

    `keep` makes of a Noted call and the secrets of its person what may be kept: the claims without their digest, how
    the digest begins, and whether it is the account's (None without one). `badge` says it in a word or two; `told`
    gives the verdict's `signature`; `would_fail` says whether a check of `verify` would have refused a call that
    `shape` let pass.
    """

    keep: Callable[[Any, tuple[str, ...]], tuple[Any, str, bool | None]]
    badge: Callable[[Any], str]
    told: Callable[[Any], dict[str, Any]]
    would_fail: Callable[[Any, Check, Any], bool]


def _hear(raw: RawRequest, now: float, call_id: str, table: FieldTable, seed: int, rules: Rules) -> Call:
    return hear(raw, now, call_id, table, seed)


def _reader(head: Head, table: FieldTable) -> Reader:
    return reader_for(head.content_types, table)


FORMS = ("json url", "json base64", "json data-url", "multipart raw", "multipart base64", "multipart data-url",
         "multipart url")  # fmt: skip
"""The forms in which a picture can come to the image API."""


class Dialect(NamedTuple):
    """How the operations of one API of the vendor are spoken with.

    `reader` reads a body by its head; `limit_bytes` is the largest one, None for `--body-limit`; `hashed` says that
    signatures cover it. `hear` makes a call of a request, at a time, with an id, for the fields of a table, a seed and
    the rules. `action_in` finds the action of a request whose head has none. `head` is what answers say beside their
    body, and `view` what is told of signatures, None for those of the image API. `forms` are the forms of input that
    coverage counts.
    """

    reader: Callable[[Head, FieldTable], Reader] = _reader
    hear: Callable[[RawRequest, float, str, FieldTable, int, Rules], Call] = _hear
    head: AnswerHead = USUAL_HEAD
    limit_bytes: Callable[[Head], int] | None = None
    hashed: bool = False
    action_in: Callable[[RawRequest], bytes] | None = None
    view: SignatureView | None = None
    forms: tuple[str, ...] = FORMS


IMAGE_API = Dialect()
"""That of /face/idcardcompare and its sisters."""


class Operation(NamedTuple):
    """What one emulated operation alone knows.

    It is recognised by `path`, and where it has one by `action`, the value of X-TC-Action; `dialect` is its API's.
    `checks` are by the mode of `--signature`, in the order in which the service refuses. `body` renders a step: for a
    call, or for any call that gives none of the fields in `echoes`, where it is given None; None in place of `echoes`
    says that no two answers are alike. `codes` are those that it can answer; `success`, `mismatch` (a name other than
    the one that is registered) and `unknown` (a reason for which it has no word) are of them. `words` says the reasons
    of other operations' codes, by their names, in its own codes.
    `settle` turns a step into what this operation makes of it for a call under the rules, and says why where that is
    another one; `live` says that it looks at a video, so that it has a use for a step's `live`.
    `hard_to_get` says which of its codes are documented, but hardly given; `rare` what those are. `describe` gives what
    OpenAPI says of it. `example` makes a request with these fields of its table, signed by an account at a time
    (seconds since 1970) with a nonce, for a Host; fields that it needs and that are not given have usual values.
    """

    name: str
    path: str
    table: FieldTable
    codes: CodeTable
    checks: Mapping[str, tuple[Check, ...]]
    body: Callable[[Step, Call | None], bytes]
    echoes: frozenset[str] | None
    success: Code
    mismatch: Code
    unknown: Code
    describe: Callable[[], dict[str, Any]]
    example: Callable[[Mapping[str, str], Account, float, int, str], Example]
    action: str = ""
    dialect: Dialect = IMAGE_API
    settle: Callable[[Step, Call, Rules], tuple[Step, Said | None]] | None = None
    live: bool = False
    words: Mapping[str, Word] = {}
    hard_to_get: Callable[[Code], bool] = lambda code: False
    rare: str = "that are hardly given"

    def owns(self, code: Code) -> bool:
        """Whether the code is one of its own."""
        return self.codes.by_number.get(code.number) is code

    def said_for(self, reason: Code) -> tuple[Code, Said]:
        """Its own code for the reason of another operation's code, and why it is that one."""
        word = self.words.get(reason.name)
        if word is not None:
            why = OWN_WORD.of(operation=self.name, code=word.code.number, reason=reason.name, evidence=word.evidence)
            return word.code, why
        return self.unknown, NO_WORD.of(operation=self.name, reason=reason.shown)


def every_code(operations: Iterable[Operation]) -> CodeTable:
    """The codes of all these operations, each once; where two share a number or a name, the first has it."""
    return CodeTable(dict.fromkeys(code for operation in operations for code in operation.codes))


def nameless(operations: Iterable[Operation]) -> frozenset[str]:
    """The names of those whose requests name no person: in scenario files they stand in place of a number."""
    return frozenset(operation.name for operation in operations if not operation.table.number)
