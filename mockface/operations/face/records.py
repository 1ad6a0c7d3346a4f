"""The records of the sisters of `POST /face/idcardcompare`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mockface import codes
from mockface.checks import Check, Rules
from mockface.codes import Code, CodeTable
from mockface.model import Account, Call, FieldTable, Step
from mockface.operation import Example, Operation, Word
from mockface.operations import digits
from mockface.operations.face import bodies, checks, levels
from mockface.operations.face import codes as own
from mockface.operations.face.checks.videos import compares
from mockface.operations.faceid.verification import BY_RECOGNITION
from mockface.operations.faceid.words import old_words
from mockface.reasons import Said, words

_BY_MEANING = words("the meanings of both", "两者的含义")
_ALL_WORDS = old_words(BY_RECOGNITION)
_COMMON = ("appid", "bucket")
_HARD: Mapping[str, frozenset[str]] = {
    "livegetfour": frozenset({"photo", "video", "identity"}),
    "livedetectpicture": frozenset({"video", "identity"}),
}
"""The groups of codes that an operation's page lists and the operation can hardly give."""


def _words(table: CodeTable, more: Mapping[str, Word] | None = None) -> dict[str, Word]:
    """The codes of a table by the names of reasons of other operations."""
    found = {name: word for name, word in _ALL_WORDS.items() if table.by_number.get(word.code.number) is word.code}
    return found | dict(more or {})


def _operation(
    name: str, path: str, table: FieldTable, code_table: CodeTable, own_checks: tuple[Check, ...],
    body: Callable[[Step, Call | None], bytes], *, cached: bool = True,
    settle: Callable[[Step, Call, Rules], tuple[Step, Said | None]] | None = None,
    words: Mapping[str, Word] | None = None, rare: Callable[[Code], bool] | None = None,
) -> Operation:  # fmt: skip
    hard = _HARD.get(name, frozenset())

    def description() -> dict[str, Any]:
        # Asked for by /docs alone: a start needs none of it.
        from mockface.operations.face.openapi import describe

        return describe(made)

    def example(fields: Mapping[str, str], account: Account, now: float, nonce: int, host: str) -> Example:
        # Asked for by who tries a call: a start needs none of it.
        from mockface.operations.face.example import example

        return example(made, fields, account, now, nonce)

    made = Operation(
        name=name,
        path=path,
        table=table,
        codes=code_table,
        checks={mode: checks.checklist(mode, own_checks) for mode in ("shape", "verify", "off")},
        body=body,
        echoes=frozenset() if cached else None,
        success=codes.OK,
        mismatch=codes.NAME_MISMATCH,
        unknown=codes.INTERNAL_ERROR,
        describe=description,
        example=example,
        settle=settle,
        live=bool(table.videos),
        words=_words(code_table, words),
        hard_to_get=rare or (lambda code: code.group in hard),
        rare="that belong to other operations",
    )
    return made


def _deal(step: Step, call: Call, rules: Rules) -> tuple[Step, Said | None]:
    """livegetfour: the digits of a success, or those that a scenario has for it."""
    if step.code is not None:
        return step, None
    data = step.data if step.data_given else {"validate_data": digits.dealt(call.seed, call.id)}
    if rules.strict_digits and isinstance(data, Mapping):
        rules.store.deal(str(data.get("validate_data")), call.now)
    return step._replace(data=data, data_given=True, similarity=None), None


def _without_similarity(step: Step, call: Call, rules: Rules) -> tuple[Step, Said | None]:
    """auth/idcard: a success says no similarity, whatever the scenario has."""
    return step._replace(similarity=None), None


def _always(call: Call) -> bool:
    return True


LIVE_GET_FOUR = _operation(
    "livegetfour",
    "/face/livegetfour",
    FieldTable(text=(*_COMMON, "seq")),
    own.OF_DIGITS,
    checks.OF_DIGITS,
    bodies.digits_body,
    cached=False,
    settle=_deal,
)

LIVE_DETECT_FOUR = _operation(
    "livedetectfour",
    "/face/livedetectfour",
    FieldTable(text=(*_COMMON, "validate_data", "compare_flag", "seq"), pictures=("card",), videos=("video",)),
    own.OF_DIGITS,
    checks.OF_VIDEO,
    bodies.video_body("photo", compares),
    cached=False,
    settle=levels.settler("livedetectfour", own.OF_DIGITS, _ALL_WORDS, compares),
    rare=levels.hardly_without_number,
)

ID_CARD_LIVE_DETECT_FOUR = _operation(
    "idcardlivedetectfour",
    "/face/idcardlivedetectfour",
    FieldTable(
        text=(*_COMMON, "validate_data", "idcard_number", "idcard_name", "seq"),
        videos=("video",),
        number="idcard_number",
        name="idcard_name",
    ),
    own.OF_IDENTITY_VIDEO,
    checks.OF_IDENTITY_VIDEO,
    bodies.video_body("video_photo", _always),
    cached=False,
    settle=levels.settler("idcardlivedetectfour", own.OF_IDENTITY_VIDEO, _ALL_WORDS, _always),
    rare=levels.hardly_with_number,
)

LIVE_DETECT_PICTURE = _operation(
    "livedetectpicture",
    "/face/livedetectpicture",
    FieldTable(text=(*_COMMON, "url"), pictures=("image",)),
    own.OF_PICTURE,
    checks.OF_PICTURE,
    bodies.picture_body,
    words={
        "PHOTO_NO_FACE": Word(own.FACE_NOT_DETECTED, _BY_MEANING),
        "PHOTO_UNDECODABLE": Word(own.FACE_IMAGE_UNDECODABLE, _BY_MEANING),
    },
)

COMPARE = _operation(
    "compare",
    "/face/compare",
    FieldTable(text=(*_COMMON, "urlA", "urlB"), pictures=("imageA", "imageB")),
    own.OF_COMPARE,
    checks.OF_COMPARE,
    bodies.compare_body,
    words={
        "PHOTO_NO_FACE": Word(own.FACE_NOT_DETECTED, _BY_MEANING),
        "PHOTO_UNDECODABLE": Word(own.FACE_IMAGE_UNDECODABLE, _BY_MEANING),
        "PHOTO_MISSING": Word(own.FACE_IMAGE_EMPTY, _BY_MEANING),
    },
)

ID_CARD = _operation(
    "authidcard",
    "/auth/idcard",
    FieldTable(text=("appid", "idcard_number", "idcard_name"), number="idcard_number", name="idcard_name"),
    own.OF_IDENTITY,
    checks.OF_IDENTITY,
    bodies.identity_body,
    cached=False,
    settle=_without_similarity,
)

SISTERS = (LIVE_GET_FOUR, LIVE_DETECT_FOUR, ID_CARD_LIVE_DETECT_FOUR, LIVE_DETECT_PICTURE, COMPARE, ID_CARD)
"""All of them, in the order of the documentation."""
