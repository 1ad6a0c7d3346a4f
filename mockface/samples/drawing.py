"""A head and shoulders, drawn by arithmetic: no real face, so it may be put into any repository.

Returns rows of colours; knows no file formats.
"""

from __future__ import annotations

WIDTH, HEIGHT = 96, 128
"""Pixels; both are multiples of eight, so that a JPEG needs no padding."""

Colour = tuple[int, int, int]
Rows = list[list[Colour]]

PALETTE: tuple[Colour, ...] = (
    (214, 224, 236),  # background
    (58, 70, 98),  # clothes
    (233, 190, 160),  # skin
    (52, 42, 40),  # hair and eyes
    (176, 84, 84),  # mouth
    (255, 255, 255),  # shirt
)
_BACKGROUND, _CLOTHES, _SKIN, _DARK, _MOUTH, _SHIRT = PALETTE


def portrait(*, eyes_shut: bool = False) -> Rows:
    """The drawing, rows from the top, each a list of (red, green, blue); `eyes_shut` is the second frame of a blink."""
    return [[_colour(x - WIDTH // 2, y, eyes_shut=eyes_shut) for x in range(WIDTH)] for y in range(HEIGHT)]


def _colour(x: int, y: int, *, eyes_shut: bool) -> Colour:
    """The colour at `x` right of the middle and `y` below the top: the first shape that covers it."""
    eye = _in_ellipse(abs(x) - 10, y - 54, 4, 1 if eyes_shut else 3)
    if eye or (abs(abs(x) - 10) < 6 and 45 <= y < 47):
        return _DARK
    if _in_ellipse(x, y - 76, 9, 3):
        return _MOUTH
    if _in_ellipse(x, y - 40, 27, 24) and y < 40 - abs(x) // 8:
        return _DARK
    if _in_ellipse(x, y - 58, 24, 32) or (abs(x) < 9 and 80 < y < 100):
        return _SKIN
    if abs(x) < (y - 92) // 2 and abs(x) < 10:
        return _SHIRT
    return _CLOTHES if _in_ellipse(x, y - 132, 42, 38) else _BACKGROUND


def _in_ellipse(x: int, y: int, half_width: int, half_height: int) -> bool:
    return (x * half_height) ** 2 + (y * half_width) ** 2 <= (half_width * half_height) ** 2
