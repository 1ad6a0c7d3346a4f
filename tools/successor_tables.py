"""The tables of docs/successor.md and docs/migrating.md, in both languages: their rows follow from the code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from mockface import codes as old
from mockface.checks import Check
from mockface.gateway import codes, errors, results, twins
from mockface.gateway.twins import Grade, Twin
from mockface.operation import Operation
from mockface.operations import OPERATIONS, listing
from mockface.operations.api3.dialect import API3
from mockface.operations.faceid.verification import ID_CARD_VERIFICATION, RESULTS
from mockface.reasons import chinese
from mockface.scenarios import family

TOP = Path(__file__).parent.parent
_MODES = ("shape", "verify", "off")

ORDER = {
    "": "| # | check | code | where | evidence |",
    ".zh-CN": "| # | 检查 | 错误码 | 适用范围 | 依据 |",
}
OF_ACTION = {
    "": "| code | stands in | text in Chinese | text in English | number, lane 1 |",
    ".zh-CN": "| 错误码 | 位置 | 中文文本 | 英文文本 | 号码（01 号泳道） |",
}
OF_GATEWAY = {
    "": "| code | when | message in English | message in Chinese | comes by | number, lane 1 |",
    ".zh-CN": "| 错误码 | 何时 | 英文 Message | 中文 Message | 如何得到 | 号码（01 号泳道） |",
}
OF_VERIFICATION = {
    "": "| Result | Description in Chinese | in English | number, lane 1 |",
    ".zh-CN": "| Result | 中文 Description | 英文 Description | 号码（01 号泳道） |",
}
TWINS = {
    "": "| old code | what it says | successor | stands in | grade | when |",
    ".zh-CN": "| 旧错误码 | 含义 | 后继接口 | 位置 | 等级 | 何时 |",
}
NEW_CODES = {
    "": "| code without an old one | what it says | number, lane 1 |",
    ".zh-CN": "| 没有旧错误码的错误码 | 含义 | 号码（01 号泳道） |",
}
"""The head of each table, by the ending of the page's name; rows stand below it."""

_GRADES: dict[Grade, str] = {
    "sure": "确定", "text": "文本相同", "list": "列表", "fair": "较可信", "analogy": "类比", "weak": "较弱",
    "open": "未定",
}  # fmt: skip
_WHEN = {
    "V2, Sim below 70": "V2，Sim 低于 70",
    "the text is the same, but the action's list has no such code": "文本相同，但接口的错误码列表中没有",
    "the method or the Content-Type is wrong": "方法或 Content-Type 不对",
    "the scope has another service or date": "签名范围中是其他服务或日期",
    "the person's limit of a day": "个人当日次数超限",
    "signature v1, above 1 MB": "签名方法 v1，超过 1 MB",
    "a picture above 3 M": "图片超过 3 M",
    "LivenessCompare": "LivenessCompare",
    "it is empty or too large": "为空或过大",
    "it is an empty string": "为空字符串",
    "the number is an empty string": "号码为空字符串",
    "the name is an empty string": "姓名为空字符串",
    "its shape or its check digit is wrong": "格式或校验码错误",
    "the register has no such number, as after a change of registration": "库中无此号，例如户籍变更之后",
}
"""The Chinese of what `gateway/twins.py` says of when a twin comes; of old messages there is none."""


def below(text: str, head: str, rows: Iterable[str]) -> str:
    """The text with these rows under the table's head and its line of dashes, in place of those that are there."""
    lines = text.split("\n")
    start = lines.index(head) + 2
    end = next(at for at in range(start, len(lines) + 1) if at == len(lines) or not lines[at].startswith("|"))
    return "\n".join([*lines[:start], *rows, *lines[end:]])


def _in(language: str, english: object, of_chinese: object) -> str:
    return str(of_chinese if language else english)


def _quoted(text: str, evidence: str) -> str:
    shown = re.sub(r"\{([xyz])\}", lambda hole: hole[1].upper(), text).replace("\n", "\\n").replace("|", "\\|")
    marks = "``" if "`" in shown else "`"
    blank = " " if "`" in shown else ""
    return f"{marks}{blank}{shown}{blank}{marks}{'*' if evidence == 'assumed' else ''}"


def _actions() -> list[Operation]:
    return [one for one in OPERATIONS if one.dialect is API3]


def _all_checks() -> list[Check]:
    """Every check of API 3.0 once, in an order that is that of each action and mode."""
    lists = [one.checks[mode] for one in _actions() for mode in ("verify", "shape", "off")]
    order = list(lists[0])
    for given in lists[1:]:
        for at, check in enumerate(given):
            if check not in order:
                behind = next((later for later in given[at + 1 :] if later in order), None)
                order.insert(len(order) if behind is None else order.index(behind), check)
    return order


def _where(check: Check, language: str) -> str:
    modes = [mode for mode in _MODES if any(check in one.checks[mode] for one in _actions())]
    actions = [one.name for one in _actions() if any(check in given for given in one.checks.values())]
    found = []
    if len(modes) < len(_MODES):
        found.append("`--signature` " + _in(language, " or ", "、").join(modes))
    if len(actions) < len(_actions()):
        found.append(_in(language, ", ", "、").join(actions))
    return _in(language, ", ", "、").join(found) or _in(language, "every call", "所有调用")


def order_of_checks(text: str, language: str) -> str:
    """The checks of all actions, each with the codes that it answers."""
    rows = []
    for at, check in enumerate(_all_checks(), 1):
        told = ", ".join(f"`{code.number}`" for code in codes.EVERY.values() if check.name in code.raised_by)
        title, evidence = (_in(language, one, chinese(one)) for one in (check.title, check.evidence))
        rows.append(f"| {at} | {title} | {told} | {_where(check, language)} | {evidence} |")
    return below(text, ORDER[language], rows)


def codes_of_action(text: str, language: str) -> str:
    """The codes of ImageRecognition and V2, in the order of their documentation."""
    rows = []
    for row in results.TABLE:
        code = codes.EVERY[row.code]
        place = "Error" if code.data == codes.ERROR else "Result"
        told = f"| `{row.code}` | {place}{'*' if row.where_evidence == 'assumed' else ''} "
        told += f"| {_quoted(row.chinese, row.chinese_evidence)} | {_quoted(row.english, row.english_evidence)} "
        rows.append(f"{told}| `{family.number_for_code(code)}` |")
    return below(text, OF_ACTION[language], rows)


def codes_of_gateway(text: str, language: str) -> str:
    """Every message of the gateway, with how it comes."""
    rows = []
    for name, row in errors.TABLE.items():
        code = codes.EVERY[row.code]
        is_first = errors.BY_CODE[row.code][0] is row and code not in codes.OF_ACTION
        earned = codes.MESSAGES_RAISED_BY.get(name, ())
        how = [
            _in(language, f"check {at}", f"检查 {at}")
            for at, check in enumerate(_all_checks(), 1)
            if check.name in earned
        ]
        how += [_in(language, "a scenario", "场景")] if is_first else []
        told = f"| `{row.code}` | {_in(language, row.meaning_en, row.meaning_zh)} "
        told += f"| {_quoted(row.english, row.english_evidence)} | {_quoted(row.chinese, row.chinese_evidence)} "
        comes = _in(language, ", ", "、").join(how) or _in(language, "`message` of a scenario", "场景的 `message`")
        rows.append(f"{told}| {comes} | {f'`{family.number_for_code(code)}`' if is_first else ''} |")
    return below(text, OF_GATEWAY[language], rows)


def results_of_verification(text: str, language: str) -> str:
    """What IdCardVerification answers in Result."""
    rows = []
    for code in RESULTS:
        number = listing.number_of_reason(ID_CARD_VERIFICATION, code)
        number = number or next(_numbers_by_recognition(code))
        told = f"| `{code.number}` | {_quoted(chinese(code.message), str(code.message_zh_evidence))} "
        rows.append(f"{told}| {_quoted(str(code.message), code.message_evidence)} | `{number}` |")
    return below(text, OF_VERIFICATION[language], rows)


def _numbers_by_recognition(code: old.Code) -> Iterator[str]:
    for name, word in ID_CARD_VERIFICATION.words.items():
        if word.code is code and name in codes.EVERY:
            yield family.number_for_code(codes.EVERY[name])


def _said_when(twin: Twin, language: str) -> str:
    about = f"`{twin.about}`" if twin.about else ""
    when = twin.when
    if when in (old.APPID_NOT_FOUND_MESSAGE, old.ARREARS_MESSAGE):
        when = _in(language, f"the old message is `{when}`", f"旧 message 为 `{when}`")
    elif when and language:
        when = _WHEN[when]
    return _in(language, ", ", "，").join(one for one in (about, when) if one)


def table_of_twins(text: str, language: str) -> str:
    """For each old code what the successor says for it, the default first."""
    rows = []
    for number, row in twins.FROM_OLD.items():
        code = old.PAGE.by_number[number]
        meaning = _in(language, code.meaning_en, code.meaning_zh)
        if not row:
            rows.append(f"| {number} | {meaning} | {_in(language, 'none', '无')} |  |  |  |")
        for twin in row:
            place = "Error" if twin.where == codes.ERROR else "Result"
            grade = _in(language, twin.grade, _GRADES[twin.grade])
            told = f"| {number} | {meaning} | `{twin.code}`{'' if twin.listed else ' †'} | {place} "
            rows.append(f"{told}| {grade} | {_said_when(twin, language)} |")
    return below(text, TWINS[language], rows)


def new_codes(text: str, language: str) -> str:
    """The codes that say what no old one said."""
    rows = []
    for name in twins.WITHOUT_OLD:
        code = codes.EVERY[name]
        meaning = _in(language, code.meaning_en, code.meaning_zh)
        rows.append(f"| `{name}` | {meaning} | `{family.number_for_code(code)}` |")
    return below(text, NEW_CODES[language], rows)


def successor(text: str, language: str) -> str:
    """docs/successor.md with all of its tables."""
    for make in (order_of_checks, codes_of_action, codes_of_gateway, results_of_verification):
        text = make(text, language)
    return text


def migrating(text: str, language: str) -> str:
    """docs/migrating.md with its tables, and the programs of examples/migration."""
    for make in (table_of_twins, new_codes):
        text = make(text, language)
    return with_programs(text)


def with_programs(text: str) -> str:
    """A page with each program that it shows as it is in examples/migration: its first line names the file."""

    def current(block: re.Match[str]) -> str:
        file = TOP / "examples" / "migration" / block[3]
        return f"```{block[1]}\n{file.read_text(encoding='utf-8')}```" if file.is_file() else block[0]

    return re.sub(r"^```(python|js)\n(#|//) (\w[\w.]+)\n.*?^```", current, text, flags=re.MULTILINE | re.DOTALL)
