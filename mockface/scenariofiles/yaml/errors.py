"""Explains PyYAML's errors to people who write YAML by hand.

Takes an error and the text; returns a line, a column (both from 1) and a message. Knows nothing of scenarios.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import NamedTuple

import yaml

from mockface.reasons import Reason, Said, joined, words

_FASTEST: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's loader if PyYAML has it: ten times as fast, with the same positions."""


class LOADER(_FASTEST):  # type: ignore[misc, valid-type]
    """The loader, which also reads 1e3, 08 and 0o17 as numbers; PyYAML reads them as text."""


LOADER.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+$"), list("-+.0123456789")
)
LOADER.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?0(o[0-7]+|[0-9_]*[89][0-9_]*)$"), list("-+0"))

FULL_WIDTH = {
    "：": ":", "，": ",", "“": '"', "”": '"', "‘": "'", "’": "'", "｛": "{", "｝": "}", "［": "[", "］": "]", "＃": "#",
    "\u3000": words("a space", "空格"),
}  # fmt: skip
"""Full-width characters of Chinese input methods, with the characters that YAML needs."""

_OPENED = {"while parsing a flow mapping": "{", "while parsing a flow sequence": "["}
_MISSING = {
    "did not find expected ',' or '}'": words("a , or }", "逗号 , 或 }"),
    "did not find expected ',' or ']'": words("a , or ]", "逗号 , 或 ]"),
}
NOT_VALID = Reason("this is not valid YAML: {why}", "不是有效的 YAML：{why}")
_FULL_WIDTH_ONE = Reason("{found} is full-width; YAML needs {wanted}", "{found} 是全角字符，YAML 需要 {wanted}")
_FULL_WIDTH_MORE = Reason("{found} are full-width; YAML needs {wanted}", "{found} 是全角字符，YAML 需要 {wanted}")
_QUOTE = words("this quote is never closed", "这个引号没有闭合")
_LATE_QUOTE = Reason(
    "this quote is closed only at {place}; is one missing before?", "这个引号直到{place}才闭合；之前是否缺少引号？"
)
_BRACKET = words("bracket", "括号")
_OPEN_BRACKET = Reason(
    "this {bracket} is not closed; {missing} is missing before {place}",
    "这个 {bracket} 没有闭合；{place}之前缺少{missing}",
)
_MISSING_HERE = Reason("{missing} is missing before this", "此处之前缺少{missing}")
_NEVER_CLOSED = words("this bracket is never closed", "这个括号没有闭合")
_PLACE = Reason("line {line}, column {column}", "第 {line} 行第 {column} 列")
_A_TAB = words("this is a TAB; indent with spaces", "此处是制表符（TAB）；缩进应使用空格")
_NO_VALUE = Reason("a value cannot begin with {character}; put it in quotes", "值不能以 {character} 开头；应加引号")
_COLON = words(
    "a : is not allowed here; put the value in quotes, or start a new line after it",
    "此处不能有冒号 :；应给值加引号，或把后面的内容另起一行",
)
_NO_SPACE = words("a : needs a space after it", "冒号 : 之后需要空格")
_NO_FIT = Reason(
    "this does not belong to the mapping at {place}; check indentation, quotes and :",
    "此处不属于{place}处的映射；请检查缩进、引号和冒号 :",
)
_PARSER_SAYS = {
    "control characters are not allowed": "不允许控制字符",
    "found undefined alias": "引用了未定义的别名",
    "expected a single document in the stream": "文件中只能有一个文档",
    "could not find expected ':'": "缺少冒号 :",
    "found unexpected end of stream": "文件意外结束",
}
"""Messages of libyaml that are clear in English, with their Chinese."""
_UNDEFINED = re.compile(r"found undefined alias (.+)", re.DOTALL)
_CHARACTER = re.compile(
    r"(unacceptable character) #(\w+): (control|special)( characters are not allowed in )(.+), position (\d+)"
)
_UNACCEPTABLE = {
    "control": Reason(
        "unacceptable character #{character}: control characters are not allowed in {text}, position {at}",
        "{text} 含有不允许的控制字符 #{character}（位置 {at}）",
    ),
    "special": Reason(
        "unacceptable character #{character}: special characters are not allowed in {text}, position {at}",
        "{text} 含有不允许的特殊字符 #{character}（位置 {at}）",
    ),
}


class Explained(NamedTuple):
    """The position of an error, and its explanation."""

    line: int
    column: int
    text: Said


def unread(message: str) -> str:
    """A message of PyYAML or libyaml, with its Chinese if known."""
    message = " ".join(message.split())
    if message in _PARSER_SAYS:
        return words(message, _PARSER_SAYS[message])
    if undefined := _UNDEFINED.fullmatch(message):
        return Reason("found undefined alias {alias}", "引用了未定义的别名 {alias}").of(alias=undefined[1])
    if odd := _CHARACTER.fullmatch(message):
        return _UNACCEPTABLE[odd[3]].of(character=odd[2], text=odd[5], at=odd[6])
    return message


def full_width(*texts: str) -> Said | None:
    """A hint at full-width punctuation in these texts, to append to a diagnostic; None if there is none."""
    found = [character for character in FULL_WIDTH if any(character in text for text in texts)]
    if not found:
        return None
    wanted = dict.fromkeys(FULL_WIDTH[character] for character in found)
    shown = ["U+3000" if character == "\u3000" else character for character in found]
    reason = _FULL_WIDTH_ONE if len(found) == 1 else _FULL_WIDTH_MORE
    return reason.of(found=" ".join(shown), wanted=joined(wanted, " ", " "))


def explained(fault: yaml.MarkedYAMLError, text: str) -> Explained:
    """An error in plain words, at the place to correct: often where something was opened, not where parsing failed."""
    problem = fault.problem_mark or fault.context_mark
    if problem is None:
        return Explained(0, 0, NOT_VALID.of(why=unread(fault.problem or fault.context or "")))
    lines = text.splitlines()
    at, told = _told(fault, problem, text, _character(lines, problem))
    near = {number: lines[number] for number in (at.line, problem.line, problem.line - 1) if 0 <= number < len(lines)}
    hint = full_width(*near.values())
    why = joined((told, hint), "; ", "；") if hint else told
    return Explained(at.line + 1, at.column + 1, NOT_VALID.of(why=why))


def _character(lines: list[str], mark: yaml.Mark) -> str:
    line = lines[mark.line] if mark.line < len(lines) else ""
    return line[mark.column : mark.column + 1]


def _told(fault: yaml.MarkedYAMLError, problem: yaml.Mark, text: str, character: str) -> tuple[yaml.Mark, str]:
    quote, bracket = _open_at(problem, text)
    context = fault.context_mark or problem
    missing = _MISSING.get(fault.problem or "")
    if fault.context == "while scanning a quoted scalar":
        return context, _QUOTE
    if quote is not None:
        return quote, _LATE_QUOTE.of(place=_place(problem))
    if missing and context.line < problem.line:
        opened = _OPENED.get(fault.context or "", _BRACKET)
        return context, _OPEN_BRACKET.of(bracket=opened, missing=missing, place=_place(problem))
    if missing:
        return problem, _MISSING_HERE.of(missing=missing)
    if fault.context == "while parsing a flow node" and not character and bracket is not None:
        return bracket, _NEVER_CLOSED
    return problem, _in_words(fault, character)


def _place(mark: yaml.Mark) -> Said:
    return _PLACE.of(line=mark.line + 1, column=mark.column + 1)


def _in_words(fault: yaml.MarkedYAMLError, character: str) -> str:
    message = str(fault.problem or fault.context)
    if message == "found character that cannot start any token":
        if character == "\t":
            return _A_TAB
        return _NO_VALUE.of(character=character)
    if message == "mapping values are not allowed in this context":
        return _COLON
    if message == "did not find expected key" and fault.context_mark is not None:
        if character == ":":
            return _NO_SPACE
        return _NO_FIT.of(place=_place(fault.context_mark))
    return unread(message)


def _open_at(problem: yaml.Mark, text: str) -> tuple[yaml.Mark | None, yaml.Mark | None]:
    """The start of a multi-line quoted text that ends at the problem, and the bracket that is open there."""
    quote = None
    brackets: list[yaml.Mark] = []
    with suppress(yaml.YAMLError):
        for token in yaml.scan(text, Loader=LOADER):
            if token.start_mark.line > problem.line:
                break
            if isinstance(token, yaml.FlowMappingStartToken | yaml.FlowSequenceStartToken):
                brackets.append(token.start_mark)
            elif isinstance(token, yaml.FlowMappingEndToken | yaml.FlowSequenceEndToken) and brackets:
                brackets.pop()
            elif isinstance(token, yaml.ScalarToken) and _spans_lines_to(problem, token):
                quote = token.start_mark
    return quote, brackets[-1] if brackets else None


def _spans_lines_to(problem: yaml.Mark, token: yaml.ScalarToken) -> bool:
    end = token.end_mark
    ends_there = (end.line, end.column) == (problem.line, problem.column)
    return bool(token.style) and token.start_mark.line < end.line and ends_there
