"""YAML text as nodes with their positions.

`load` parses without building Python objects: every value keeps its line and column, and duplicate keys can be
reported. Knows nothing of scenarios.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from mockface.codes import CodeTable
from mockface.gateway.codes import WITH_PAGE
from mockface.privacy.masking import printable
from mockface.reasons import Reason, Said, joined, masked, words
from mockface.scenariofiles.diagnostic import WORD_LIMIT, Diagnostic, cut
from mockface.scenariofiles.yaml.errors import LOADER, NOT_VALID, explained, full_width, unread
from mockface.scenariofiles.yaml.limits import TooMuch, must_be_bounded

Node = yaml.Node
Scalar = yaml.ScalarNode
Mapping = yaml.MappingNode
Sequence = yaml.SequenceNode

MISTAKE_LIMIT = 100
"""The most mistakes reported for one file."""
_MANY = Reason("more than {limit} mistakes; reading stops here", "错误超过 {limit} 处；读取到此为止")
_ODD_TAG = Reason("the tag {tag} is not supported; remove it", "不支持标签 {tag}；应去掉")
_NO_MAPPING = Reason("{what} is {kind}; expected a mapping", "{what}是{kind}；应为映射")
_MERGE_KEY = words(
    "a merge key (<<) is not supported; name the fields, or repeat a whole value with an alias",
    "不支持合并键（<<）；应写出各字段，或用别名重复整个值",
)
_ODD_KEY = Reason("a key of {what} is {kind}; expected a string", "{what} 的键是{kind}；应为字符串")
_TWICE = Reason(
    "{key} is given twice in {what}; the first is in line {line}", "{key} 在{what}中出现两次；第一次在第 {line} 行"
)
_OTHER_KIND = Reason("a {tag}", "{tag}")
_A_NUMBER = words("a number", "数字")
KINDS = {
    "tag:yaml.org,2002:str": words("a string", "字符串"),
    "tag:yaml.org,2002:int": _A_NUMBER,
    "tag:yaml.org,2002:float": _A_NUMBER,
    "tag:yaml.org,2002:bool": words("true or false", "布尔值"),
    "tag:yaml.org,2002:null": words("nothing", "空值"),
    "tag:yaml.org,2002:map": words("a mapping", "映射"),
    "tag:yaml.org,2002:seq": words("a list", "列表"),
    "tag:yaml.org,2002:timestamp": words("a date", "日期"),
    "tag:yaml.org,2002:merge": words("a merge key", "合并键"),
    "tag:yaml.org,2002:value": words("the sign =", "符号 ="),
}


class TooManyMistakes(Exception):
    """The file has more than MISTAKE_LIMIT mistakes; the last diagnostic says so."""


class Document:
    """A file's text, its root node (None for an empty file) and its diagnostics so far.

    `codes` are the codes that its scenarios may use.
    """

    def __init__(self, file: str, text: str, codes: CodeTable = WITH_PAGE) -> None:
        self.codes = codes
        self.file = printable(file)
        self._lines = text.splitlines()
        self._mistakes = 0
        self.diagnostics: list[Diagnostic] = []
        self.root = self._compose(text)

    def _compose(self, text: str) -> Node | None:
        try:
            must_be_bounded(text, LOADER)
            root: Node | None = yaml.compose(text, Loader=LOADER)
        except TooMuch as fault:
            self._complain_at(fault.line + 1, fault.column + 1, fault.why)
        except yaml.MarkedYAMLError as fault:
            self._complain_at(*explained(fault, text))
        except yaml.YAMLError as fault:
            self._complain_at(0, 0, NOT_VALID.of(why=unread(str(fault))))
        else:
            return None if root is None or self._has_odd_tag(root) else root
        return None

    def _has_odd_tag(self, root: Node) -> bool:
        """Report the first value with a tag that JSON has no type for, such as an object of a programming language."""
        left, seen = [root], {id(root)}
        while left:
            node = left.pop()
            if node.tag not in KINDS:
                tag = node.tag.replace("tag:yaml.org,2002:", "!!")
                self.report(node, _ODD_TAG.of(tag=tag[:WORD_LIMIT]))
                return True
            if isinstance(node, Scalar):
                continue
            pairs = isinstance(node, Mapping)
            for inner in (one for pair in node.value for one in pair) if pairs else node.value:
                if id(inner) not in seen:
                    seen.add(id(inner))
                    left.append(inner)
        return False

    def diagnostic(self, node: Node, text: Said) -> Diagnostic:
        """A mistake at this node, found after reading; it is not recorded here."""
        line = node.start_mark.line + 1
        return Diagnostic(self.file, line, node.start_mark.column + 1, masked(text, printable), self._line(line))

    def _line(self, line: int) -> str:
        return self._lines[line - 1] if 0 < line <= len(self._lines) else ""

    def report(self, node: Node, text: Said, *, warning: bool = False) -> None:
        """Record a mistake or a warning at this node."""
        if isinstance(node, Scalar) and not node.style:
            hint = full_width(node.value)
            text = joined((text, hint), "; ", "；") if hint else text
        self._complain_at(node.start_mark.line + 1, node.start_mark.column + 1, text, warning=warning)

    def _complain_at(self, line: int, column: int, text: Said, *, warning: bool = False) -> None:
        if not warning and self._mistakes == MISTAKE_LIMIT:
            self.diagnostics.append(Diagnostic(self.file, 0, 0, _MANY.of(limit=MISTAKE_LIMIT)))
            raise TooManyMistakes
        text = masked(text, printable, lambda whole: printable(cut(text)))
        self.diagnostics.append(Diagnostic(self.file, line, column, text, self._line(line), warning))
        self._mistakes += not warning

    def mistakes(self) -> int:
        """How many mistakes were recorded so far, without warnings."""
        return self._mistakes

    def place(self, node: Node) -> str:
        """`file:line` of a node, for origins."""
        return f"{self.file}:{node.start_mark.line + 1}"

    def pairs(self, node: Node, what: str) -> Iterator[tuple[Scalar, Node]]:
        """The entries of a mapping; reports a node that is not one, invalid keys and repeated keys."""
        if not isinstance(node, Mapping):
            self.report(node, _NO_MAPPING.of(what=what, kind=kind(node)))
            return
        seen: dict[str, Node] = {}
        for key, value in node.value:
            if key.tag == _MERGE and key.value == "<<":
                self.report(key, _MERGE_KEY)
            elif not isinstance(key, Scalar):
                self.report(key, _ODD_KEY.of(what=what, kind=kind(key)))
            elif key.value in seen:
                first = seen[key.value].start_mark.line + 1
                self.report(key, _TWICE.of(key=key.value, what=what, line=first))
            else:
                seen[key.value] = key
                yield key, value


_MERGE = "tag:yaml.org,2002:merge"


def kind(node: Node) -> Said:
    """The type of a node, in words."""
    return KINDS.get(node.tag) or _OTHER_KIND.of(tag=node.tag)
