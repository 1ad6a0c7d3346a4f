"""What the actions of faceid say for the codes of the old API, and the old API for theirs, from `gateway/twins.py`."""

from __future__ import annotations

from mockface import codes as old
from mockface.codes import Code, CodeTable
from mockface.gateway import twins
from mockface.operation import Word
from mockface.reasons import Reason, Said, words

_BY_EVIDENCE = Reason("mockface's table of twins, {grade}", "mockface 的对应表，{grade}")
_GRADES: dict[twins.Grade, Said] = {
    "sure": words("sure", "确定"), "text": words("text", "文本相同"), "list": words("list", "列表"),
    "fair": words("fair", "较可信"), "analogy": words("analogy", "类比"), "weak": words("weak", "较弱"),
    "open": words("open", "未定"),
}  # fmt: skip


def words_of(table: CodeTable, others: dict[str, Code] | None = None) -> dict[str, Word]:
    """By the names of old codes, the codes of this table that say the same.

    `others` are codes of the table by those of ImageRecognition, for an action that has its own.
    """
    found = {}
    for number, row in twins.FROM_OLD.items():
        reason = old.PAGE.by_number[number]
        for twin in row:
            code = (others or {}).get(twin.code) or table.by_number.get(twin.code)
            if code is not None and code.group != "success":
                found[reason.name] = Word(code, _BY_EVIDENCE.of(grade=_GRADES[twin.grade]))
                break
    for name, code in (others or {}).items():
        found.setdefault(name, Word(code, _BY_EVIDENCE.of(grade=_GRADES["text"])))
    return found


def old_words(of_verification: dict[str, Code]) -> dict[str, Word]:
    """By the names of the successor's codes, those of the old API; `of_verification` are numeric results by them."""
    found = {}
    for name, numbers in twins.TO_OLD.items():
        if not numbers:
            continue
        grade = next(twin.grade for twin in twins.FROM_OLD[numbers[0]] if twin.code == name)
        found[name] = Word(old.PAGE.by_number[numbers[0]], _BY_EVIDENCE.of(grade=_GRADES[grade]))
    for name, code in of_verification.items():
        if name in found:
            found[code.name] = found[name]
    return {name: word for name, word in found.items() if word.code is not old.OK}
