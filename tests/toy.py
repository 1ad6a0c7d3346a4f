"""A toy operation: two fields, another envelope, another key than the ID number, codes that are texts."""

import json

from mockface.checks import REQUEST_CHECKS, showing
from mockface.checks.check import check
from mockface.codes import Code, CodeTable
from mockface.model import FieldTable, Refused
from mockface.operation import Example, Operation, Word
from mockface.reasons import words

WHY_NO_CARD = words("no card came; send one, such as 1101…", "没有收到卡号；应发送，例如 1101…")


@check(
    title=words("A card is given", "给出了卡号"),
    evidence=words("a toy's", "玩具"),
    wanted=words("a card", "卡号"),
    came=lambda call: showing.field(call, "card"),
)
def card_given(call, rules):
    """The card is there."""
    return None if call.number else Refused(NO_CARD, WHY_NO_CARD)


def own(number, name, group, message):
    return Code(number, name, message, message, message, "assumed", 200, "assumed", group)


FINE = own("Fine", "FINE", "success", "all is well")
NO_CARD = own("NoCard", "NO_CARD", "request", "the card is missing")
OTHER_OWNER = own("OtherOwner", "OTHER_OWNER", "identity", "another person has the card")
BROKEN = own("Broken", "BROKEN", "service", "the toy is broken")


def envelope(step, call):
    code = step.code or FINE
    return json.dumps({"ok": step.code is None, "said": code.number, "score": step.similarity or 0}).encode()


def example(fields, account, now, nonce, host):
    return Example({"Content-Type": "application/json"}, json.dumps({"colour": "red", **fields}).encode())


TOY = Operation(
    name="toy",
    path="/toy/check",
    table=FieldTable(text=("card", "colour"), number="card"),
    codes=CodeTable((FINE, NO_CARD, OTHER_OWNER, BROKEN)),
    words={"NAME_MISMATCH": Word(OTHER_OWNER, "a toy's page"), "INVALID_PARAMETER": Word(NO_CARD, "a toy's page")},
    checks=dict.fromkeys(("shape", "verify", "off"), (*REQUEST_CHECKS[:-1], card_given)),
    body=envelope,
    echoes=frozenset(),
    success=FINE,
    mismatch=OTHER_OWNER,
    unknown=BROKEN,
    describe=lambda: {"summary": "Check a toy", "responses": {}},
    example=example,
)
