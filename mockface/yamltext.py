"""YAML text as nodes that know their place, and complaints that name it.

`load` parses without building Python objects, so every value keeps its line and column; duplicate keys survive to be
complained of. It knows nothing of scenarios.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml

from mockface.why import masked_numbers, printable
from mockface.yamlbounds import DEPTH_LIMIT, TooMuch, must_be_bounded
from mockface.yamlfaults import LOADER, explained, full_width

__all__ = ["DEPTH_LIMIT", "MISTAKE_LIMIT", "Complaint", "Document", "TooManyMistakes", "kind", "nearest"]

Node = yaml.Node
Scalar = yaml.ScalarNode
Mapping = yaml.MappingNode
Sequence = yaml.SequenceNode

MISTAKE_LIMIT = 100
"""How many mistakes of one file are named."""
_TEXT_LIMIT = 400
_SOURCE_COLUMNS = 100
"""How much of a long line is shown around its mistake."""
_WORD_LIMIT = 60
_LOOKED_AT = 2000
"""How many characters on each side of a mistake are looked through for what must not be shown."""
_VALUE = r"""(\s*:\s*)("[^"]*"?|'[^']*'?|[^,}\]#]+)"""
_KEY = re.compile(r"""(?<![\w-])([\w-]{0,40}key["']?)""" + _VALUE, re.IGNORECASE)
_NAME = re.compile(r"""(name["']?)""" + _VALUE, re.IGNORECASE)

KINDS = {
    "tag:yaml.org,2002:str": "a string",
    "tag:yaml.org,2002:int": "a number",
    "tag:yaml.org,2002:float": "a number",
    "tag:yaml.org,2002:bool": "true or false",
    "tag:yaml.org,2002:null": "nothing",
    "tag:yaml.org,2002:map": "a mapping",
    "tag:yaml.org,2002:seq": "a list",
    "tag:yaml.org,2002:timestamp": "a date",
    "tag:yaml.org,2002:merge": "a merge key",
    "tag:yaml.org,2002:value": "the sign =",
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """One mistake: where (lines and columns count from 1; 0 is the whole file), what is wrong, what would work."""

    file: str
    line: int
    column: int
    text: str
    source: str = ""
    warning: bool = False

    @property
    def label(self) -> str:
        """What stands before the text of a warning."""
        return "warning: " if self.warning else ""

    @property
    def place(self) -> str:
        """`file:line:column`, or the file alone."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def __str__(self) -> str:
        text = masked_numbers(self.text)
        if not self.source.strip():
            return f"{self.place}: {self.label}{text}"
        margin = f"{self.line:>6} | "
        before, source = self._piece()
        caret = " " * (len(margin) + _columns(before)) + "^"
        return f"{self.place}: {self.label}{text}\n{margin}{source}\n{caret}"

    def _piece(self) -> tuple[str, str]:
        """The source line, or the piece of it around the mistake, and what of it stands before the mistake."""
        around = max(self.column - 1 - _LOOKED_AT, 0)
        source = self.source[:around] + _showable(self.source[around : self.column + _LOOKED_AT])
        first = 0 if len(source) <= 2 * _SOURCE_COLUMNS else max(self.column - 1 - _SOURCE_COLUMNS // 2, 0)
        before = printable(source[first : self.column - 1])
        return before, before + printable(source[self.column - 1 : first + 2 * _SOURCE_COLUMNS])


class TooManyMistakes(Exception):
    """The file has more mistakes than are worth naming; the last complaint says so."""


def _showable(line: str) -> str:
    """A line of a file, as long as it was, without keys, and without the number and name of a person who may be real.

    Where mockface starts in CI, anybody may read what it prints.
    """
    line = _KEY.sub(_starred, line)
    masked = masked_numbers(line)
    if masked == line:
        return line
    masked = _NAME.sub(_starred, masked)
    return "".join(character if character.isascii() else "*" for character in masked)


def _starred(found: re.Match[str]) -> str:
    return found[1] + found[2] + "*" * len(found[3])


def _columns(text: str) -> int:
    """How wide a terminal shows the text: Chinese characters take two columns."""
    return sum(2 if ord(character) >= 0x1100 else 1 for character in text)


class Document:
    """A file's text, its root node (None for an empty file), and the complaints about it so far."""

    def __init__(self, file: str, text: str) -> None:
        self.file = printable(file)
        self._lines = text.splitlines()
        self._mistakes = 0
        self.complaints: list[Complaint] = []
        self.root = self._compose(text)

    def _compose(self, text: str) -> Node | None:
        try:
            must_be_bounded(text, LOADER)
            root: Node | None = yaml.compose(text, Loader=LOADER)
        except TooMuch as fault:
            self._complain_at(fault.line + 1, fault.column + 1, str(fault))
        except yaml.MarkedYAMLError as fault:
            self._complain_at(*explained(fault, text))
        except yaml.YAMLError as fault:
            self._complain_at(0, 0, f"this is no YAML: {' '.join(str(fault).split())}")
        else:
            return None if root is None or self._has_odd_tag(root) else root
        return None

    def _has_odd_tag(self, root: Node) -> bool:
        """Complain of the first value with a tag that JSON has no word for, such as an object of some language."""
        left, seen = [root], {id(root)}
        while left:
            node = left.pop()
            if node.tag not in KINDS:
                tag = node.tag.replace("tag:yaml.org,2002:", "!!")
                self.complain(node, f"the tag {tag[:_WORD_LIMIT]} is not taken; leave it out")
                return True
            if isinstance(node, Scalar):
                continue
            pairs = isinstance(node, Mapping)
            for inner in (one for pair in node.value for one in pair) if pairs else node.value:
                if id(inner) not in seen:
                    seen.add(id(inner))
                    left.append(inner)
        return False

    def complaint(self, node: Node, text: str) -> Complaint:
        """A mistake at this node that was found after reading; it is not noted here."""
        line = node.start_mark.line + 1
        return Complaint(self.file, line, node.start_mark.column + 1, printable(text), self._line(line))

    def _line(self, line: int) -> str:
        return self._lines[line - 1] if 0 < line <= len(self._lines) else ""

    def complain(self, node: Node, text: str, *, warning: bool = False) -> None:
        """Note a mistake at this node, or a thing to think about."""
        if isinstance(node, Scalar) and not node.style:
            text += full_width(node.value)
        self._complain_at(node.start_mark.line + 1, node.start_mark.column + 1, text, warning=warning)

    def _complain_at(self, line: int, column: int, text: str, *, warning: bool = False) -> None:
        if not warning and self._mistakes == MISTAKE_LIMIT:
            self.complaints.append(Complaint(self.file, 0, 0, f"more than {MISTAKE_LIMIT} mistakes; here reading ends"))
            raise TooManyMistakes
        if len(text) > _TEXT_LIMIT:
            text = f"{text[: _TEXT_LIMIT // 2]} ... {text[-_TEXT_LIMIT // 2 :]}"
        self.complaints.append(Complaint(self.file, line, column, printable(text), self._line(line), warning))
        self._mistakes += not warning

    def mistakes(self) -> int:
        """How many mistakes were noted so far, warnings apart."""
        return self._mistakes

    def place(self, node: Node) -> str:
        """`file:line` of a node, for origins."""
        return f"{self.file}:{node.start_mark.line + 1}"

    def pairs(self, node: Node, what: str) -> Iterator[tuple[Scalar, Node]]:
        """The entries of a mapping; complains of another kind of node, of odd keys, and of repeated ones."""
        if not isinstance(node, Mapping):
            self.complain(node, f"{what} is {kind(node)}; a mapping is wanted")
            return
        seen: dict[str, Node] = {}
        for key, value in node.value:
            if key.tag == _MERGE and key.value == "<<":
                wanted = "name the fields, or repeat a whole value with an alias"
                self.complain(key, f"a merge key (<<) is not taken; {wanted}")
            elif not isinstance(key, Scalar):
                self.complain(key, f"a key of {what} is {kind(key)}; a word is wanted")
            elif key.value in seen:
                first = seen[key.value].start_mark.line + 1
                self.complain(key, f"{key.value} is given twice in {what}; the first is in line {first}")
            else:
                seen[key.value] = key
                yield key, value


_MERGE = "tag:yaml.org,2002:merge"


def kind(node: Node) -> str:
    """What a node is, in words."""
    return KINDS.get(node.tag, f"a {node.tag}")


def nearest(word: str, choices: Iterable[str], all_of_them: str = "") -> str:
    """A hint at the nearest right word, or at all of them (in words, if given): it goes behind a complaint."""
    choices = list(choices)
    word = word[:_WORD_LIMIT]
    close = difflib.get_close_matches(word.lower(), [choice.lower() for choice in choices], n=1, cutoff=0.5)
    if close:
        right = next(choice for choice in choices if choice.lower() == close[0])
        return f"did you mean {right}?"
    return all_of_them or f"known are {', '.join(choices)}"
