"""Masks secrets in a sentence, in both languages: takes a Said and a mask, returns a Said."""

from __future__ import annotations

from collections.abc import Callable

from mockface.reasons.said import Said

_HIDDEN = "***"


def masked(said: Said, mask: Callable[[str], str], line: Callable[[str], str] = str) -> Said:
    """The sentence after `mask` and then `line`, each of its values masked too.

    If the mask hides more in the whole sentence than in its values, all values become ***.
    """
    told, values = mask(said), said.values
    if told != said:
        values = {
            name: masked(value, mask) if isinstance(value, Said) else mask(value) for name, value in values.items()
        }
        if said.reason.en.format_map(values) != told:
            values = dict.fromkeys(values, _HIDDEN)
    return Said(line(told), said.reason, values)
