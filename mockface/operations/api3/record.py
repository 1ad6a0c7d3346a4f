"""The record of an action of API 3.0: what all of them have, filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mockface.checks import Check, Rules
from mockface.codes import SCENARIO, Code, CodeTable
from mockface.gateway import codes as gateway
from mockface.model import Account, Call, FieldTable, Step
from mockface.operation import Example, Operation, Word
from mockface.operations.api3.checks import checklist
from mockface.operations.api3.dialect import API3, PATH
from mockface.reasons import Said


def _is_rare(code: Code) -> bool:
    """Whether no check of mockface gives the code: the gateway's errors are documented for every product."""
    return code.raised_by == (SCENARIO,) and code in gateway.OF_GATEWAY


def action(
    name: str, *, table: FieldTable, codes: CodeTable, values: tuple[Check, ...],
    body: Callable[[Step, Call | None], bytes], success: Code, mismatch: Code,
    settle: Callable[[Step, Call, Rules], tuple[Step, Said | None]], words: Mapping[str, Word], live: bool = False,
) -> Operation:  # fmt: skip
    """The operation of this action; `values` are the checks of its fields' values, `live` is Operation's."""

    def description() -> dict[str, Any]:
        # Asked for by /docs alone: a start needs none of it.
        from mockface.operations.api3.openapi import describe

        return describe(made)

    def example(fields: Mapping[str, str], account: Account, now: float, nonce: int, host: str) -> Example:
        # Asked for by who tries a call: a start needs none of it.
        from mockface.operations.api3.example import example

        return example(name, table, fields, account, now, host)

    made = Operation(
        name=name,
        path=PATH,
        action=name,
        dialect=API3,
        table=table,
        codes=codes,
        checks={mode: checklist(mode, values) for mode in ("shape", "verify", "off")},
        body=body,
        echoes=None,
        success=success,
        mismatch=mismatch,
        unknown=gateway.EVERY["InternalError"],
        settle=settle,
        live=live,
        words=words,
        describe=description,
        example=example,
        hard_to_get=_is_rare,
    )
    return made
