"""A mistake in a scenario file with its position, as `check` prints it, and hints at correct words.

Does not import YAML, so that a server without its own files need not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from mockface.privacy.masking import masked_numbers, printable
from mockface.reasons import Reason, Said, chinese, words

TEXT_LIMIT = 400
"""The longest message, in characters."""
_DID_YOU_MEAN = Reason("did you mean {word}?", "是否应为 {word}？")
_KNOWN = Reason("known are {words}", "可用的有 {words}")
_WARNING = words("warning: ", "警告：")
WORD_LIMIT = 60
"""The most characters of a wrong word that are shown or compared."""
_SOURCE_COLUMNS = 100
"""The most columns shown of a long source line."""
_LOOKED_AT = 2000
"""How many characters on each side of a mistake are searched for text to mask."""
_VALUE = r"""(\s*:\s*)("[^"]*"?|'[^']*'?|[^,}\]#]+)"""
_KEY = r"""(?i)(?<![\w-])([\w-]{0,40}key["']?)""" + _VALUE
_NAME = r"""(?i)(name["']?)""" + _VALUE


class Diagnostic(NamedTuple):
    """One mistake: position (lines and columns count from 1; 0 is the whole file), message and suggestion."""

    file: str
    line: int
    column: int
    text: Said
    source: str = ""
    warning: bool = False

    @property
    def label(self) -> str:
        """The prefix of a warning."""
        return _WARNING if self.warning else ""

    @property
    def place(self) -> str:
        """`file:line:column`, or the file alone."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def told(self) -> Said:
        """The message after its position, in both languages, with ID numbers of real people masked."""
        line = masked_numbers(f"{self.place}: {self.text}")
        told = masked_numbers(cut(f"{self.place}: {chinese(self.text)}"))
        return words(line, told)

    def __str__(self) -> str:
        text = masked_numbers(self.text)
        if not self.source.strip():
            return f"{self.place}: {self.label}{text}"
        margin = f"{self.line:>6} | "
        before, source = self._piece()
        caret = " " * (len(margin) + _columns(before)) + "^"
        return f"{self.place}: {self.label}{text}\n{margin}{source}\n{caret}"

    def _piece(self) -> tuple[str, str]:
        """The source line, or the part around the mistake, and its text before the mistake."""
        around = max(self.column - 1 - _LOOKED_AT, 0)
        source = self.source[:around] + _showable(self.source[around : self.column + _LOOKED_AT])
        first = 0 if len(source) <= 2 * _SOURCE_COLUMNS else max(self.column - 1 - _SOURCE_COLUMNS // 2, 0)
        before = printable(source[first : self.column - 1])
        return before, before + printable(source[self.column - 1 : first + 2 * _SOURCE_COLUMNS])


def cut(text: str) -> str:
    """The text, with its middle replaced if it is long."""
    return text if len(text) <= TEXT_LIMIT else f"{text[: TEXT_LIMIT // 2]} ... {text[-TEXT_LIMIT // 2 :]}"


def _showable(line: str) -> str:
    """A source line of the same length, with keys, and ID numbers and names of people who may be real, masked.

    In CI anybody may be able to read the output.
    """
    line = re.sub(_KEY, _starred, line)
    masked = masked_numbers(line)
    if masked == line:
        return line
    masked = re.sub(_NAME, _starred, masked)
    return "".join(character if character.isascii() else "*" for character in masked)


def _starred(found: re.Match[str]) -> str:
    return found[1] + found[2] + "*" * len(found[3])


def _columns(text: str) -> int:
    """The columns that the text takes in a terminal; a Chinese character takes two."""
    return sum(2 if ord(character) >= 0x1100 else 1 for character in text)


def nearest(word: str, choices: Iterable[str], all_of_them: Said | None = None) -> Said:
    """A hint to append to a diagnostic: the nearest correct word, or all (as `all_of_them` words it, if given)."""
    from difflib import get_close_matches  # rarely needed

    choices = list(choices)
    word = word[:WORD_LIMIT]
    close = get_close_matches(word.lower(), [choice.lower() for choice in choices], n=1, cutoff=0.5)
    if close:
        right = next(choice for choice in choices if choice.lower() == close[0])
        return _DID_YOU_MEAN.of(word=right)
    return all_of_them or _KNOWN.of(words=", ".join(choices))
