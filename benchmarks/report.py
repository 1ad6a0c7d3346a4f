"""Stored measurements in, rows of a table out: for the terminal and for docs/performance.md in both languages.

Everything is derived from the rounds as they were stored: medians of the rounds' ratios, with the lowest and highest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any

from benchmarks.wording import HEADS, MARKS, OTHERS_HEADS, WHAT

MIB = 1024 * 1024
FLAT = 1.05
"""How far memory may lie above that of the first tenth of a long run: 5 %."""
Measured = Mapping[str, Any]
Rounds = list[dict[str, dict[str, float]]]
Figure = Callable[[Mapping[str, float]], float]


@dataclass(frozen=True)
class Row:
    """One line: what was measured, the figures beside it, and what it is to reach. `shares` are the rounds' ratios."""

    key: str
    bare: str
    mockface: str
    relation: str
    by_cpu: str
    reach: str
    holds: bool
    shares: list[float] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def cells(self, language: str) -> list[str]:
        """The cells of a table's row."""
        what = WHAT[self.key][language == "zh"].format(**self.counts)
        return [what, self.bare, self.mockface, self.relation, self.by_cpu, self.reach, MARKS[language][self.holds]]


def per_second(run: Mapping[str, float]) -> float:
    """Requests answered in a second."""
    return run["requests"] / run["seconds"]


def of(name: str, unit: float = 1) -> Figure:
    """A figure of a round, in this unit."""
    return lambda run: run[name] / unit


def ratios(rounds: Rounds, name: str, beside: str, figure: Figure) -> list[float]:
    """Of each round, one server's figure divided by the other's."""
    return [figure(found[name]) / figure(found[beside]) for found in rounds]


def spread(values: list[float], places: int = 2) -> str:
    """Median, lowest and highest."""
    return f"{median(values):.{places}f} ({min(values):.{places}f}–{max(values):.{places}f})"


def _middle(rounds: Rounds, name: str, figure: Figure) -> float:
    return median(figure(found[name]) for found in rounds)


def _speed(rounds: Rounds, name: str) -> str:
    return f"{_middle(rounds, name, per_second):,.0f}/s, {_middle(rounds, name, of('cpu_us')):,.0f} µs"


def _share(key: str, rounds: Rounds, name: str, beside: str, reach: float) -> Row:
    """A share of throughput; beside it the share of CPU time for each request, which noise hardly moves."""
    shares = ratios(rounds, name, beside, per_second)
    by_cpu = f"{median(ratios(rounds, beside, name, of('cpu_us'))):.2f}"
    return Row(
        key,
        _speed(rounds, beside),
        _speed(rounds, name),
        spread(shares),
        by_cpu,
        f"≥ {reach:.2f}",
        median(shares) >= reach,
        shares,
    )


def _mix(measured: Measured) -> Iterator[Row]:
    rounds = measured["rounds"]
    yield _share("mix-16", rounds, "mockface", "bare", 0.60)
    tails = ratios(rounds, "mockface", "bare", of("p99_us"))
    bare, own = (
        " / ".join(f"{_middle(rounds, name, of(which, 1000)):.2f}" for which in ("p50_us", "p99_us", "max_us")) + " ms"
        for name in ("bare", "mockface")
    )
    yield Row("mix-16-tail", bare, own, spread(tails), "", "≤ 5.00", median(tails) <= 5)


def _json(key: str, measured: Measured) -> Iterator[Row]:
    yield _share(key, measured["rounds"], "mockface", "bare", 0.70)
    yield _share(f"{key}-verify", measured["rounds"], "verify", "bare", 0.60)


def _small_upload(measured: Measured) -> Iterator[Row]:
    yield _share("multipart-100k", measured["rounds"], "mockface", "bare", 0.60)
    if "form" in measured["rounds"][0]:
        # Not drawn: it is no share of the bare app.
        yield replace(_share("multipart-100k-form", measured["rounds"], "mockface", "form", 3.0), shares=[])


def _large_upload(measured: Measured) -> Iterator[Row]:
    yield _share("multipart-5.5m", measured["rounds"], "mockface", "bare", 1.5)
    memory = measured["memory"]
    bare, own = (
        f"{memory[name]['peak_bytes'] / MIB:.1f} / {memory[name]['settled_bytes'] / MIB:.1f} MiB"
        for name in ("bare", "mockface")
    )
    peak = memory["mockface"]["peak_bytes"]
    yield Row("multipart-5.5m-memory", bare, own, "", "", "< 80 MiB", peak < 80 * MIB)


def _refused(measured: Measured) -> Iterator[Row]:
    took = f"{measured['median_ms']:.2f} ({measured['p99_ms']:.2f}) ms"
    yield Row("refused-64m", "", took, "", "", "< 2 ms", measured["median_ms"] < 2)
    for key, name in (("refused-64m-memory", "growth_bytes"), ("refused-64m-sent", "growth_sent_bytes")):
        grown = measured[name] / MIB
        yield Row(key, "", f"{grown:.2f} MiB", "", "", "< 2 MiB", grown < 2)


def _cold(measured: Measured) -> Iterator[Row]:
    rounds = measured["rounds"]
    times = ratios(rounds, "mockface", "bare", of("ms"))
    by_cpu = f"{median(ratios(rounds, 'mockface', 'bare', of('cpu_ms'))):.2f}"
    bare_ms, own_ms = (f"{_middle(rounds, name, of('ms')):.0f} ms" for name in ("bare", "mockface"))
    yield Row("cold-start", bare_ms, own_ms, spread(times), by_cpu, "≤ 1.50", median(times) <= 1.5)
    bare, own = (_middle(rounds, name, of("rss_bytes", MIB)) for name in ("bare", "mockface"))
    yield Row("idle-memory", f"{bare:.1f} MiB", f"{own:.1f} MiB", "", "", "≤ 45 MiB", own <= 45)


def _commands(measured: Measured) -> Iterator[Row]:
    rounds = measured["rounds"]
    nothing = f"{_middle(rounds, 'python', of('ms')):.0f} ms"
    for key, reach in (("import", 60), ("sign", 120), ("id", 120)):
        took = [found[key]["ms"] for found in rounds]
        yield Row(key, nothing, f"{spread(took, 0)} ms", "", "", f"< {reach} ms", median(took) < reach)


def _scenarios(measured: Measured) -> Iterator[Row]:
    yield _share("scenarios", measured["rounds"], "100000", "10", 0.90)

    def middle(count: str, figure: Figure) -> float:
        return median(figure(start) for start in measured["starts"][count])

    few, some, most = (middle(count, of("ms", 1000)) for count in ("10", "10000", "100000"))
    cpu, more_cpu, most_cpu = (middle(count, of("cpu_ms", 1000)) for count in ("10", "10000", "100000"))
    yield Row("start-10000", f"{few:.2f} s", f"{some:.2f} s", f"+{some - few:.2f} s", f"+{more_cpu - cpu:.2f} s",
              "≤ +0.50 s", some - few <= 0.5)  # fmt: skip
    yield Row("start-100000", f"{few:.2f} s", f"{most:.2f} s", f"+{most - few:.2f} s", f"+{most_cpu - cpu:.2f} s",
              "< 5 s", most < 5)  # fmt: skip
    peak, rss = (middle("100000", of(name, MIB)) for name in ("peak_bytes", "rss_bytes"))
    small = f"{middle('10', of('rss_bytes', MIB)):.0f} MiB"
    yield Row("memory-100000", small, f"{peak:.0f} / {rss:.0f} MiB", "", "", "< 450 MiB", peak < 450)


def _long(measured: Measured) -> Iterator[Row]:
    samples = measured["samples"]
    last = samples[-1]
    early = next(one for one in samples[1:] if one["calls"] >= last["calls"] / 10)
    grown = last["rss_bytes"] / early["rss_bytes"]
    then, now = (f"{one['rss_bytes'] / MIB:.1f} MiB" for one in (early, last))
    counts = {"calls": last["calls"], "early": early["calls"]}
    yield Row("long-run", then, now, f"{grown:.3f}", "", f"≤ {FLAT:.2f}", grown <= FLAT, counts=counts)


def _delays(measured: Measured) -> Iterator[Row]:
    rounds = measured["rounds"]
    yield _share("waiting", rounds, "waiting_10s", "alone", 0.90)
    alone = f"{_middle(rounds, 'alone', per_second):,.0f}/s"
    together = [
        (per_second(found["late_1s"]) + found["late_1s"]["late_per_second"]) / per_second(found["alone"])
        for found in rounds
    ]
    speeds = [_middle(rounds, "late_1s", figure) for figure in (per_second, of("late_per_second"))]
    shown = f"{speeds[0]:,.0f} + {speeds[1]:,.0f}/s"
    yield Row("late", alone, shown, spread(together), "", "≥ 0.90", median(together) >= 0.9, together)


def _handle(measured: Measured) -> Iterator[Row]:
    for key, reach in (("handle-up", 400), ("handle-again", 50), ("handle-steps", 3)):
        took = measured[key]
        places = 2 if reach < 10 else 0
        yield Row(key, "", f"{spread(took, places)} ms", "", "", f"< {reach} ms", median(took) < reach)


_MAKERS: dict[str, Callable[[Measured], Iterator[Row]]] = {
    "mix-16": _mix,
    "json-16": lambda measured: _json("json-16", measured),
    "json-64": lambda measured: _json("json-64", measured),
    "multipart-100k": _small_upload,
    "multipart-5.5m": _large_upload,
    "tc3-16": lambda measured: iter([_share("tc3-16", measured["rounds"], "mockface", "bare", 0.35)]),
    "tc3-3m": lambda measured: iter([_share("tc3-3m", measured["rounds"], "mockface", "bare", 0.5)]),
    "refused-64m": _refused,
    "cold-start": _cold,
    "commands": _commands,
    "scenarios": _scenarios,
    "long-run": _long,
    "handle": _handle,
    "delays": _delays,
}


def rows(taken: Measured) -> list[Row]:
    """Every row that these measurements have."""
    found = taken["measurements"]
    return [row for name, make in _MAKERS.items() if found.get(name) for row in make(found[name])]


def as_text(taken: Measured) -> str:
    """The table for a terminal."""
    lines = [HEADS["en"], *(row.cells("en") for row in rows(taken))]
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEADS["en"]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def as_markdown(taken: Measured, language: str) -> str:
    """The table for the docs."""
    heads = HEADS[language]
    lines = [heads, ["---", *["---:"] * (len(heads) - 2), "---"], *(row.cells(language) for row in rows(taken))]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def others_as_markdown(others: Mapping[str, Mapping[str, Any]], language: str) -> str:
    """The table of other mock servers."""
    lines = [OTHERS_HEADS[language], ["---", *["---:"] * 5]]
    for name, found in others.items():
        memory = [f"{found[key] / MIB:.0f} MiB" for key in ("rss_bytes", "peak_bytes")]
        cpu = f"{found['cpu_us']:,.0f} µs"
        lines.append([name, f"{per_second(found):,.0f}", cpu, f"{found['ms'] / 1000:.1f} s", *memory])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
