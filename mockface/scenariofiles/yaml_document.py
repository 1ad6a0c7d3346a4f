"""YAML text as nodes that know their place.

`load` parses without building Python objects, so every value keeps its line and column; duplicate keys survive to be
reported. It knows nothing of scenarios.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from mockface.codes import PAGE, CodeTable
from mockface.masking import printable
from mockface.scenariofiles.diagnostic import WORD_LIMIT, Diagnostic
from mockface.scenariofiles.yaml_errors import LOADER, explained, full_width
from mockface.scenariofiles.yaml_limits import TooMuch, must_be_bounded

Node = yaml.Node
Scalar = yaml.ScalarNode
Mapping = yaml.MappingNode
Sequence = yaml.SequenceNode

MISTAKE_LIMIT = 100
"""How many mistakes of one file are named."""
_TEXT_LIMIT = 400

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


class TooManyMistakes(Exception):
    """The file has more mistakes than are worth naming; the last diagnostic says so."""


class Document:
    """A file's text, its root node (None for an empty file), and the diagnostics about it so far.

    `codes` are those that its scenarios may name.
    """

    def __init__(self, file: str, text: str, codes: CodeTable = PAGE) -> None:
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
            self._complain_at(fault.line + 1, fault.column + 1, str(fault))
        except yaml.MarkedYAMLError as fault:
            self._complain_at(*explained(fault, text))
        except yaml.YAMLError as fault:
            self._complain_at(0, 0, f"this is not valid YAML: {' '.join(str(fault).split())}")
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
                self.report(node, f"the tag {tag[:WORD_LIMIT]} is not supported; leave it out")
                return True
            if isinstance(node, Scalar):
                continue
            pairs = isinstance(node, Mapping)
            for inner in (one for pair in node.value for one in pair) if pairs else node.value:
                if id(inner) not in seen:
                    seen.add(id(inner))
                    left.append(inner)
        return False

    def diagnostic(self, node: Node, text: str) -> Diagnostic:
        """A mistake at this node that was found after reading; it is not noted here."""
        line = node.start_mark.line + 1
        return Diagnostic(self.file, line, node.start_mark.column + 1, printable(text), self._line(line))

    def _line(self, line: int) -> str:
        return self._lines[line - 1] if 0 < line <= len(self._lines) else ""

    def report(self, node: Node, text: str, *, warning: bool = False) -> None:
        """Note a mistake at this node, or a thing to think about."""
        if isinstance(node, Scalar) and not node.style:
            text += full_width(node.value)
        self._complain_at(node.start_mark.line + 1, node.start_mark.column + 1, text, warning=warning)

    def _complain_at(self, line: int, column: int, text: str, *, warning: bool = False) -> None:
        if not warning and self._mistakes == MISTAKE_LIMIT:
            self.diagnostics.append(
                Diagnostic(self.file, 0, 0, f"more than {MISTAKE_LIMIT} mistakes; reading stops here")
            )
            raise TooManyMistakes
        if len(text) > _TEXT_LIMIT:
            text = f"{text[: _TEXT_LIMIT // 2]} ... {text[-_TEXT_LIMIT // 2 :]}"
        self.diagnostics.append(Diagnostic(self.file, line, column, printable(text), self._line(line), warning))
        self._mistakes += not warning

    def mistakes(self) -> int:
        """How many mistakes were noted so far, warnings apart."""
        return self._mistakes

    def place(self, node: Node) -> str:
        """`file:line` of a node, for origins."""
        return f"{self.file}:{node.start_mark.line + 1}"

    def pairs(self, node: Node, what: str) -> Iterator[tuple[Scalar, Node]]:
        """The entries of a mapping; reports another kind of node, of odd keys, and of repeated ones."""
        if not isinstance(node, Mapping):
            self.report(node, f"{what} is {kind(node)}; expected a mapping")
            return
        seen: dict[str, Node] = {}
        for key, value in node.value:
            if key.tag == _MERGE and key.value == "<<":
                wanted = "name the fields, or repeat a whole value with an alias"
                self.report(key, f"a merge key (<<) is not supported; {wanted}")
            elif not isinstance(key, Scalar):
                self.report(key, f"a key of {what} is {kind(key)}; expected a word")
            elif key.value in seen:
                first = seen[key.value].start_mark.line + 1
                self.report(key, f"{key.value} is given twice in {what}; the first is in line {first}")
            else:
                seen[key.value] = key
                yield key, value


_MERGE = "tag:yaml.org,2002:merge"


def kind(node: Node) -> str:
    """What a node is, in words."""
    return KINDS.get(node.tag, f"a {node.tag}")
