"""The four digits that a person reads aloud in a video: which are dealt, and which code some of them spell.

In a test the digits say how a video fares: 5008 is code -5008, the misread digits. Nobody is dealt such digits, so a
test that sends those that it was dealt never meets a failure that it did not ask for.
"""

from __future__ import annotations

from hashlib import blake2b

from mockface.codes import PAGE, Code

SPELLING = (range(4006, 4019), range(5001, 5017), range(5801, 5818))
"""The digits that are never dealt, in order: those of the codes of videos and persons, whether there is one or not."""
_DEALT = 10_000 - sum(map(len, SPELLING))


def dealt(seed: int, call_id: str) -> str:
    """Four digits, each of those that spell nothing as likely as any other; with a seed the same ones again."""
    # As with request ids: without a seed a process deals digits that no other deals.
    unique = f"digits {seed} {call_id.rpartition('-')[2]}" if seed else f"digits {call_id}"
    number = int.from_bytes(blake2b(unique.encode(), digest_size=8).digest(), "big") % _DEALT
    for left_out in SPELLING:
        if number >= left_out.start:
            number += len(left_out)
    return f"{number:04d}"


def spelled(digits: str) -> Code | None:
    """The code of the image API that these digits spell, without its minus: of videos and of persons alone."""
    if len(digits) != 4 or not (digits.isascii() and digits.isdigit()):
        return None
    number = int(digits)
    return PAGE.by_number.get(-number) if any(number in one for one in SPELLING) else None
