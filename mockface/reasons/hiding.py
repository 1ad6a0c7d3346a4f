"""What nobody may see of a sentence is hidden in both its languages.

A Said and what hides go in, a Said comes out.
"""

from __future__ import annotations

from collections.abc import Callable

from mockface.reasons.said import Said

_HIDDEN = "***"


def masked(said: Said, mask: Callable[[str], str], line: Callable[[str], str] = str) -> Said:
    """The sentence as `mask` and then `line` leave it, each of its values masked alike.

    Where the whole hides more than its values did one by one, no value is told in Chinese.
    """
    told, values = mask(said), said.values
    if told != said:
        values = {
            name: masked(value, mask) if isinstance(value, Said) else mask(value) for name, value in values.items()
        }
        if said.reason.en.format_map(values) != told:
            values = dict.fromkeys(values, _HIDDEN)
    return Said(line(told), said.reason, values)
