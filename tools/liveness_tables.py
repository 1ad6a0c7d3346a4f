"""The tables of docs/liveness.md, in both languages: their rows follow from the code."""

from __future__ import annotations

from mockface import codes
from mockface.codes import Code
from mockface.gateway import codes as successor
from mockface.gateway import liveness
from mockface.operation import Operation
from mockface.operations.digits import spelled
from mockface.operations.face.levels import level_of
from mockface.operations.face.records import ID_CARD_LIVE_DETECT_FOUR, LIVE_DETECT_FOUR
from mockface.operations.faceid.liveness import LIVENESS_COMPARE, LIVENESS_RECOGNITION
from mockface.reasons import chinese
from mockface.samples import LIVE, SAMPLES
from mockface.scenarios import family
from tools.successor_tables import below

CODES = {
    "": "| code | meaning | level | met at | digits | number, lane 1 | LivenessRecognition | LivenessCompare |",
    ".zh-CN": "| 错误码 | 含义 | 层级 | 出现于 | 数字 | 号码（01 号泳道） | LivenessRecognition | LivenessCompare |",
}
VIDEOS = {
    "": "| file | what it is | `live_status` | `Result` with LIP |",
    ".zh-CN": "| 文件 | 内容 | `live_status` | LIP 模式的 `Result` |",
}
NEW_CODES = {
    "": "| code | text in Chinese | text in English | action | number, lane 1 |",
    ".zh-CN": "| 错误码 | 中文文本 | 英文文本 | 接口 | 号码（01 号泳道） |",
}
"""The head of each table, by the ending of the page's name; rows stand below it."""

_VIDEO_OPERATIONS = (LIVE_DETECT_FOUR, ID_CARD_LIVE_DETECT_FOUR)
_ACTIONS = (LIVENESS_RECOGNITION, LIVENESS_COMPARE)
_FAILED = "FailedOperation."


def _twin(action: Operation, code: Code) -> str:
    """What an action says for an old code; the prefix of nearly all of them is left out."""
    word = action.words.get(code.name)
    return f"`{str((word.code if word else action.unknown).number).removeprefix(_FAILED)}`"


def table_of_codes(text: str, language: str) -> str:
    """Where each code of the old engine stands in the answer to a video, and how a test meets it."""
    rows = []
    for code in codes.TABLE:
        digits = str(code.number).removeprefix("-")
        if spelled(digits) is not code:
            continue
        met = [one.name for one in _VIDEO_OPERATIONS if code in one.codes and not one.hard_to_get(code)]
        all_or_none = {0: ("none", "无"), len(_VIDEO_OPERATIONS): ("both", "两者")}.get(len(met))
        where = all_or_none[bool(language)] if all_or_none else met[0]
        meaning = code.meaning_zh if language else code.meaning_en
        level = f"`{level_of(code)}`"
        told = f"| {code.number} | {meaning} | {level} | {where} | `{digits}` "
        twins = " | ".join(_twin(action, code) for action in _ACTIONS)
        rows.append(f"{told}| `{family.number_for_code(code)}` | {twins} |")
    return below(text, CODES[language], rows)


def table_of_videos(text: str, language: str) -> str:
    """The sample videos, with what each earns in both generations."""
    rows = []
    for sample in SAMPLES:
        if sample.operation == LIVE:
            about = sample.about_zh if language else sample.about
            said = "`Success`" if sample.code is codes.OK else _twin(LIVENESS_RECOGNITION, sample.code)
            rows.append(f"| `{sample.name}` | {about} | {sample.code.number} | {said} |")
    return below(text, VIDEOS[language], rows)


def table_of_new_codes(text: str, language: str) -> str:
    """The codes that the actions with a video have and ImageRecognition has not."""
    rows = []
    for row in liveness.TABLE:
        code = successor.EVERY[row.code]
        having = [one.name for one in _ACTIONS if code in one.codes]
        action = ("两者" if language else "both") if len(having) == len(_ACTIONS) else "".join(having)
        marks = ["*" if one == "assumed" else "" for one in (row.chinese_evidence, row.english_evidence)]
        told = f"| `{row.code}` | {chinese(code.message)}{marks[0]} | {code.message}{marks[1]} "
        rows.append(f"{told}| {action} | `{family.number_for_code(code)}` |")
    return below(text, NEW_CODES[language], rows)


def page(text: str, language: str) -> str:
    """docs/liveness.md with all of its tables."""
    for make in (table_of_codes, table_of_videos, table_of_new_codes):
        text = make(text, language)
    return text
