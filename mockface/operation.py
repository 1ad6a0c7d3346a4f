"""An operation: one record, which everything that reads, checks, answers and remembers calls is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from mockface.checks import Check
from mockface.codes import Code, CodeTable
from mockface.model import USUAL_HEAD, Account, AnswerHead, Call, Claims, FieldTable, Refused, Step
from mockface.reasons import Reason, Said
from mockface.signature import hmac_sha1

OWN_WORD = Reason(
    "{operation} says {code} for {reason} (evidence: {evidence})",
    "{operation} 对 {reason} 给出 {code}（证据：{evidence}）",
)
NO_WORD = Reason(
    "{operation} has no word for {code} {reason}; a scenario for it needs a code of its own "
    "('mockface codes --operation {operation}' lists them)",
    "{operation} 没有与 {code} {reason} 对应的错误码；用于它的场景要写它自己的错误码"
    "（'mockface codes --operation {operation}' 列出）",
)


class Word(NamedTuple):
    """What an operation says for a reason that another operation has a code for, and how sure that is."""

    code: Code
    evidence: str


class Example(NamedTuple):
    """A request that an operation answers, ready to be sent: headers, and the body's bytes."""

    headers: Mapping[str, str]
    body: bytes


class Operation(NamedTuple):
    """What one emulated operation alone knows.

    It is recognised by `path`, and where it has one by `action`, the value of X-TC-Action. `read_signature` reads the
    Authorization header, `head` is what its answers say beside their body.
    `checks` are by the mode of `--signature`, in the order in which the service refuses. `body` renders a step: for a
    call, or for any call that gives none of the fields in `echoes`, where it is given None. `codes` are those that it
    can answer; `success`, `mismatch` (a name other than the one that is registered) and `unknown` (a reason for which
    it has no word) are of them. `words` says the reasons of other operations' codes, by their names, in its own codes.
    `hard_to_get` says which of its codes are documented, but hardly given. `describe` gives what OpenAPI says of it.
    `example` makes a request with these fields of its table, signed by an account at a time (seconds since 1970) with a
    nonce; fields that it needs and that are not given have usual values.
    """

    name: str
    path: str
    table: FieldTable
    codes: CodeTable
    checks: Mapping[str, tuple[Check, ...]]
    body: Callable[[Step, Call | None], bytes]
    echoes: frozenset[str]
    success: Code
    mismatch: Code
    unknown: Code
    describe: Callable[[], dict[str, Any]]
    example: Callable[[Mapping[str, str], Account, float, int], Example]
    action: str = ""
    read_signature: Callable[[str], Claims | Refused] = hmac_sha1.read
    head: AnswerHead = USUAL_HEAD
    words: Mapping[str, Word] = {}
    hard_to_get: Callable[[Code], bool] = lambda code: False

    def owns(self, code: Code) -> bool:
        """Whether the code is one of its own."""
        return self.codes.by_number.get(code.number) is code

    def said_for(self, reason: Code) -> tuple[Code, Said]:
        """Its own code for the reason of another operation's code, and why it is that one."""
        word = self.words.get(reason.name)
        if word is not None:
            why = OWN_WORD.of(operation=self.name, code=word.code.number, reason=reason.name, evidence=word.evidence)
            return word.code, why
        return self.unknown, NO_WORD.of(operation=self.name, code=reason.number, reason=reason.name)


def every_code(operations: Iterable[Operation]) -> CodeTable:
    """The codes of all these operations, each once; where two share a number or a name, the first has it."""
    return CodeTable(dict.fromkeys(code for operation in operations for code in operation.codes))
