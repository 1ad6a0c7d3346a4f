"""Sentences for people in both languages: two templates with named holes, and the values that fill them.

A Reason and its values come in; a Said goes out: the English text, which knows its Chinese. Whatever cuts or changes a
Said gets plain text, so that nothing is told in Chinese that was hidden in English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

_NO_VALUES: Mapping[str, str] = {}


class Reason(NamedTuple):
    """What is said, in English and in Chinese; `{name}` is a hole, the same ones in both, in any order."""

    en: str
    zh: str

    def of(self, **values: object) -> Said:
        """The sentence with its holes filled; what fills one may be a sentence itself."""
        texts = {name: value if isinstance(value, str) else str(value) for name, value in values.items()}
        return Said(self.en.format_map(texts), self, texts)


class Said(str):
    """An English sentence that was made of a Reason. Its Chinese is made when somebody asks for it."""

    __slots__ = ("reason", "values")

    reason: Reason
    values: Mapping[str, str]

    def __new__(cls, text: str, reason: Reason, values: Mapping[str, str]) -> Said:
        """The text as it is told in English, what it was made of, and with which values."""
        said = super().__new__(cls, text)
        said.reason = reason
        said.values = values
        return said

    def __reduce__(self) -> tuple[type[Said], tuple[str, Reason, Mapping[str, str]]]:
        """How it is copied."""
        return Said, (str(self), self.reason, self.values)

    @property
    def zh(self) -> str:
        """The same in Chinese."""
        return self.reason.zh.format_map({name: chinese(value) for name, value in self.values.items()})


def words(en: str, zh: str) -> Said:
    """A sentence without holes."""
    return Said(en, Reason(_plain(en), _plain(zh)), _NO_VALUES)


def _plain(text: str) -> str:
    """A template that says just this."""
    return text.replace("{", "{{").replace("}", "}}")


def chinese(text: str) -> str:
    """The text in Chinese; itself where it has none: a value is the same in both languages."""
    return text.zh if isinstance(text, Said) else text


def chinese_or_none(text: str | None) -> str | None:
    """The same of a text that may be missing."""
    return None if text is None else chinese(text)


def joined(parts: Iterable[str], en: str = ", ", zh: str = "、") -> Said:
    """The parts as one sentence, with what stands between them in each language."""
    values = {f"part{at}": part for at, part in enumerate(parts)}
    holes = [f"{{{name}}}" for name in values]
    return Reason(en.join(holes), zh.join(holes)).of(**values)
