"""Sentences for people in English and Chinese: two templates with named placeholders, and their values.

A Reason with values makes a Said: the English text, which carries its Chinese. Slicing or changing a Said gives plain
text, so that the Chinese cannot show what was hidden in the English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

_NO_VALUES: Mapping[str, str] = {}


class Reason(NamedTuple):
    """A sentence in English and in Chinese; both use the same `{name}` placeholders, in any order."""

    en: str
    zh: str

    def of(self, **values: object) -> Said:
        """The sentence with its placeholders filled; a value may be a sentence itself."""
        texts = {name: value if isinstance(value, str) else str(value) for name, value in values.items()}
        return Said(self.en.format_map(texts), self, texts)


class Said(str):
    """An English sentence made from a Reason. Its Chinese is built on demand."""

    __slots__ = ("reason", "values")

    reason: Reason
    values: Mapping[str, str]

    def __new__(cls, text: str, reason: Reason, values: Mapping[str, str]) -> Said:
        """The English text, with its Reason and the values that were filled in."""
        said = super().__new__(cls, text)
        said.reason = reason
        said.values = values
        return said

    def __reduce__(self) -> tuple[type[Said], tuple[str, Reason, Mapping[str, str]]]:
        """Keeps the reason and the values in copies and pickles."""
        return Said, (str(self), self.reason, self.values)

    @property
    def zh(self) -> str:
        """The sentence in Chinese."""
        return self.reason.zh.format_map({name: chinese(value) for name, value in self.values.items()})


def words(en: str, zh: str) -> Said:
    """A sentence without placeholders."""
    return Said(en, Reason(_plain(en), _plain(zh)), _NO_VALUES)


def _plain(text: str) -> str:
    """The text as a template, with braces escaped."""
    return text.replace("{", "{{").replace("}", "}}")


def chinese(text: str) -> str:
    """The text in Chinese; unchanged if it is not a Said, since a plain value is the same in both languages."""
    return text.zh if isinstance(text, Said) else text


def chinese_or_none(text: str | None) -> str | None:
    """`chinese`, for a text that may be None."""
    return None if text is None else chinese(text)


def joined(parts: Iterable[str], en: str = ", ", zh: str = "、") -> Said:
    """The parts as one sentence, with a separator for each language."""
    values = {f"part{at}": part for at, part in enumerate(parts)}
    holes = [f"{{{name}}}" for name in values]
    return Reason(en.join(holes), zh.join(holes)).of(**values)
