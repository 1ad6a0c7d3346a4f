"""What PyYAML's faults mean, in the words of people who write YAML by hand.

A fault and its text go in; a line, a column (both from 1) and words come out. It knows nothing of scenarios.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import NamedTuple

import yaml

_FASTEST: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's loader where PyYAML was built with it: ten times as fast, with the same marks."""


class LOADER(_FASTEST):  # type: ignore[misc, valid-type]
    """The loader, which takes for numbers what looks like numbers: PyYAML takes 1e3, 08 and 0o17 for text."""


LOADER.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+$"), list("-+.0123456789")
)
LOADER.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?0(o[0-7]+|[0-9_]*[89][0-9_]*)$"), list("-+0"))

FULL_WIDTH = {
    "：": ":", "，": ",", "“": '"', "”": '"', "‘": "'", "’": "'", "｛": "{", "｝": "}", "［": "[", "］": "]", "＃": "#",
    "\u3000": "a blank",
}  # fmt: skip
"""What a Chinese keyboard gives, and what YAML wants in its place."""

_OPENED = {"while parsing a flow mapping": "{", "while parsing a flow sequence": "["}
_MISSING = {"did not find expected ',' or '}'": "a , or }", "did not find expected ',' or ']'": "a , or ]"}


class Explained(NamedTuple):
    """Where a fault is, and what it is."""

    line: int
    column: int
    text: str


def full_width(*texts: str) -> str:
    """A hint at the full-width punctuation in these texts, to go behind a diagnostic; "" if they have none."""
    found = [character for character in FULL_WIDTH if any(character in text for text in texts)]
    if not found:
        return ""
    wanted = dict.fromkeys(FULL_WIDTH[character] for character in found)
    shown = ["U+3000" if character == "\u3000" else character for character in found]
    be = "is" if len(found) == 1 else "are"
    return f"; {' '.join(shown)} {be} full-width, YAML wants {' '.join(wanted)}"


def explained(fault: yaml.MarkedYAMLError, text: str) -> Explained:
    """A fault in words, at the place that is to be mended: often where something was opened, not where it shows."""
    problem = fault.problem_mark or fault.context_mark
    if problem is None:
        return Explained(0, 0, f"this is not valid YAML: {fault.problem or fault.context}")
    lines = text.splitlines()
    at, words = _told(fault, problem, text, _character(lines, problem))
    near = {number: lines[number] for number in (at.line, problem.line, problem.line - 1) if 0 <= number < len(lines)}
    return Explained(at.line + 1, at.column + 1, f"this is not valid YAML: {words}{full_width(*near.values())}")


def _character(lines: list[str], mark: yaml.Mark) -> str:
    line = lines[mark.line] if mark.line < len(lines) else ""
    return line[mark.column : mark.column + 1]


def _told(fault: yaml.MarkedYAMLError, problem: yaml.Mark, text: str, character: str) -> tuple[yaml.Mark, str]:
    quote, bracket = _open_at(problem, text)
    context = fault.context_mark or problem
    missing = _MISSING.get(fault.problem or "")
    if fault.context == "while scanning a quoted scalar":
        return context, "this quote is never closed"
    if quote is not None:
        return quote, f"this quote is closed only at {_place(problem)}; is one missing before?"
    if missing and context.line < problem.line:
        bracket_words = f"this {_OPENED.get(fault.context or '', 'bracket')} is not closed"
        return context, f"{bracket_words}; {missing} is missing before {_place(problem)}"
    if missing:
        return problem, f"{missing} is missing before this"
    if fault.context == "while parsing a flow node" and not character and bracket is not None:
        return bracket, "this bracket is never closed"
    return problem, _in_words(fault, character)


def _place(mark: yaml.Mark) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}"


def _in_words(fault: yaml.MarkedYAMLError, character: str) -> str:
    words = str(fault.problem or fault.context)
    if words == "found character that cannot start any token":
        if character == "\t":
            return "this is a TAB; indent with spaces"
        return f"no value begins with {character}; put it in quotes"
    if words == "mapping values are not allowed in this context":
        return "a : is not allowed here; put the value in quotes, or what follows on its own line"
    if words == "did not find expected key" and fault.context_mark is not None:
        if character == ":":
            return "a : needs a space after it"
        place = _place(fault.context_mark)
        return f"this does not fit into the mapping of {place}; are indentation, quotes and : right?"
    return words


def _open_at(problem: yaml.Mark, text: str) -> tuple[yaml.Mark | None, yaml.Mark | None]:
    """Where a quoted text of several lines begins that ends at the problem; and the bracket that is open there."""
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
