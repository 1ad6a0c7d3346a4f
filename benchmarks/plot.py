"""Draw stored measurements as SVG text: shares per workload, and what more scenarios and more calls cost.

Two drawings of one file: bars for the shares with their spread and the share to reach, curves for growth. No library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import log10
from statistics import median
from typing import Any

from benchmarks.report import MIB, Row, per_second, rows
from benchmarks.wording import BESIDE, PLOT, WHAT

WIDTH = 760
LEFT = 300
RIGHT = 60
BAR = 16
ROW = 34
INK, MUTED, GRID, BLUE, RED = "#24292f", "#57606a", "#d0d7de", "#0969da", "#cf222e"


def draw(taken: Mapping[str, Any], language: str) -> str:
    """The whole picture."""
    shares = [row for row in rows(taken) if row.shares and row.key != "late"]
    top = _bars(shares, language)
    curves = _curves(taken["measurements"], language, 70 + ROW * len(shares))
    height = 70 + ROW * len(shares) + (220 if curves else 0)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'font-family="system-ui, sans-serif" font-size="12">'
    )
    return "\n".join([head, f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>', *top, *curves, "</svg>", ""])


def _text(x: float, y: float, words: str, *, anchor: str = "start", fill: str = INK, weight: str = "normal") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} fill="{fill}" font-weight="{weight}">{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1.0) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"/>'


def _bars(shares: Sequence[Row], language: str) -> list[str]:
    longest = max(1.2, *(max(row.shares) for row in shares)) if shares else 1.2

    def x_of(share: float) -> float:
        return LEFT + share / longest * (WIDTH - LEFT - RIGHT)

    bottom = 44 + ROW * len(shares)
    drawn = [_text(12, 22, PLOT["shares"][language == "zh"], weight="bold")]
    for tenths in range(0, int(longest * 10) + 1, 2):
        x = x_of(tenths / 10)
        drawn += [
            _line(x, 40, x, bottom, GRID),
            _text(x, bottom + 14, f"{tenths / 10:.1f}", anchor="middle", fill=MUTED),
        ]
    for at, row in enumerate(shares):
        drawn += _bar(row, 44 + ROW * at, x_of, language)
    return drawn


def _bar(row: Row, y: float, x_of: Any, language: str) -> list[str]:
    share, reach = median(row.shares), float(row.reach.removeprefix("≥ "))
    middle = y + BAR / 2
    what, _, other = WHAT[row.key][language == "zh"].replace("`", "").replace(BESIDE[language], "\n").partition("\n")
    what += f" ({other.strip()})" if other else ""
    if row.key.endswith("-verify"):
        what = f"{WHAT[row.key.removesuffix('-verify')][language == 'zh']}, verify"
    return [
        _text(LEFT - 8, middle + 4, what, anchor="end"),
        f'<rect x="{LEFT}" y="{y}" width="{x_of(share) - LEFT:.1f}" height="{BAR}" fill="{BLUE}" opacity="0.75"/>',
        _line(x_of(min(row.shares)), middle, x_of(max(row.shares)), middle, INK),
        _line(x_of(reach), y - 4, x_of(reach), y + BAR + 4, RED, 2),
        _text(x_of(max(*row.shares, reach)) + 6, middle + 4, f"{share:.2f}"),
    ]


def _curves(found: Mapping[str, Any], language: str, top: float) -> list[str]:
    if not found.get("scenarios"):
        return []
    zh = language == "zh"
    counts = sorted(map(int, found["scenarios"]["starts"]))
    starts, rounds = found["scenarios"]["starts"], found["scenarios"]["rounds"]
    throughput = [median(per_second(row[str(count)]) for row in rounds) / 1000 for count in counts]
    seconds = [median(start["ms"] for start in starts[str(count)]) / 1000 for count in counts]
    memory = [median(start["rss_bytes"] for start in starts[str(count)]) / MIB for count in counts]
    places = [log10(count) for count in counts]
    labels = [f"{count // 1000}k" if count >= 1000 else f"{count}" for count in counts]
    panels = [
        (PLOT["throughput"][zh], places, throughput, labels),
        (PLOT["start"][zh], places, seconds, labels),
        (PLOT["memory"][zh], places, memory, labels),
    ]
    if found.get("long-run"):
        samples = found["long-run"]["samples"][1:]
        calls = [sample["calls"] / 1000 for sample in samples]
        panels.append(
            (PLOT["calls"][zh], calls, [sample["rss_bytes"] / MIB for sample in samples],
             [f"{calls[0]:,.0f}k", *[""] * (len(calls) - 2), f"{calls[-1]:,.0f}k"])
        )  # fmt: skip
    width = (WIDTH - 24) / len(panels)
    return [part for at, panel in enumerate(panels) for part in _panel(12 + at * width, top + 12, width - 16, *panel)]


def _panel(
    x: float, y: float, width: float, title: str, across: Sequence[float], up: Sequence[float], labels: Sequence[str]
) -> list[str]:
    """One curve from zero upwards; its points are labelled with their values."""
    height, low, high, most = 130.0, min(across), max(across), max(up) * 1.25
    points = [
        (x + 16 + (place - low) / ((high - low) or 1) * (width - 46), y + 24 + height * (1 - value / most))
        for place, value in zip(across, up, strict=True)
    ]
    path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
    drawn = [
        _text(x, y, title, weight="bold"), _line(x, y + 24 + height, x + width, y + 24 + height, GRID),
        f'<polyline points="{path}" fill="none" stroke="{BLUE}" stroke-width="2"/>',
    ]  # fmt: skip
    for (px, py), value, label in zip(points, up, labels, strict=True):
        drawn.append(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3" fill="{BLUE}"/>')
        if label:
            drawn += [
                _text(px, py - 8, f"{value:.3g}", anchor="middle"),
                _text(px, y + 24 + height + 16, label, anchor="middle", fill=MUTED),
            ]
    return drawn
