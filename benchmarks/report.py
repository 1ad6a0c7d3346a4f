"""Stored measurements in, rows of a table out: for the terminal and for docs/performance.md in both languages.

Everything is derived from the rounds as they were stored: medians of the rounds' ratios, with the lowest and highest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

MIB = 1024 * 1024
Measured = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One line: what was measured, the figures beside it, and what it is to reach."""

    en: str
    zh: str
    bare: str
    mockface: str
    relation: str
    reach: str
    holds: bool

    def cells(self, language: str) -> list[str]:
        """The cells of a table's row."""
        what = self.zh if language == "zh" else self.en
        mark = ("是" if self.holds else "否") if language == "zh" else "yes" if self.holds else "no"
        return [what, self.bare, self.mockface, self.relation, self.reach, mark]


HEADS = {
    "en": ["what", "bare", "mockface", "beside bare", "reach", "reached"],
    "zh": ["测量项", "空 ASGI 应用", "mockface", "与空应用相比", "目标", "达到"],
}


def ratios(
    rounds: list[dict[str, dict[str, float]]], name: str, beside: str, figure: Callable[[Any], float]
) -> list[float]:
    """Of each round, one server's figure divided by the other's."""
    return [figure(found[name]) / figure(found[beside]) for found in rounds]


def per_second(run: Measured) -> float:
    """Requests answered in a second."""
    return float(run["requests"] / run["seconds"])


def spread(values: list[float], places: int = 2) -> str:
    """Median, lowest and highest."""
    return f"{median(values):.{places}f} ({min(values):.{places}f}–{max(values):.{places}f})"


def _middle(rounds: list[dict[str, Any]], name: str, figure: Callable[[Any], float]) -> float:
    return median(figure(found[name]) for found in rounds)


def _speed(rounds: list[dict[str, Any]], name: str) -> str:
    return f"{_middle(rounds, name, per_second):,.0f}/s, {_middle(rounds, name, lambda run: run['cpu_us']):,.0f} µs"


def _throughput(rounds: list[dict[str, Any]], name: str, reach: float, en: str, zh: str) -> Row:
    shares = ratios(rounds, name, "bare", per_second)
    return Row(
        en, zh, _speed(rounds, "bare"), _speed(rounds, name), spread(shares), f"≥ {reach:.2f}", median(shares) >= reach
    )


def _json(measured: Measured, connections: int) -> Iterator[Row]:
    rounds = measured["rounds"]
    en, zh = f"small JSON, {connections} connections", f"小 JSON，{connections} 个连接"
    yield _throughput(rounds, "mockface", 0.70, en, zh)
    yield _throughput(rounds, "verify", 0.60, f"{en}, `--signature verify`", f"{zh}，`--signature verify`")


def _upload(measured: Measured, reach: float, en: str, zh: str) -> Iterator[Row]:
    yield _throughput(measured["rounds"], "mockface", reach, en, zh)


def _memory(measured: Measured) -> Row:
    bare, mockface = measured["memory"]["bare"], measured["memory"]["mockface"]

    def shown(of: Measured) -> str:
        return f"{of['peak_bytes'] / MIB:.1f} / {of['settled_bytes'] / MIB:.1f} MiB"

    return Row(
        "memory under these uploads, peak / settled", "上述上传时的内存：峰值 / 稳定后", shown(bare), shown(mockface),
        f"{mockface['peak_bytes'] / bare['peak_bytes']:.2f}", "< 80 MiB", mockface["peak_bytes"] < 80 * MIB,
    )  # fmt: skip


def _refused(measured: Measured) -> Iterator[Row]:
    yield Row(
        "announced 64 MiB refused, median (99th percentile)", "声明 64 MiB 即被拒绝：中位数（99 分位）", "",
        f"{measured['median_ms']:.2f} ({measured['p99_ms']:.2f}) ms", "", "< 2 ms", measured["median_ms"] < 2,
    )  # fmt: skip
    yield Row(
        "memory that this adds, though clients send it all", "由此增加的内存（客户端仍全部发送）", "",
        f"{measured['growth_bytes'] / MIB:.2f} MiB", "", "< 2 MiB", measured["growth_bytes"] < 2 * MIB,
    )  # fmt: skip


def _cold(measured: Measured) -> Iterator[Row]:
    rounds = measured["rounds"]
    times = ratios(rounds, "mockface", "bare", lambda run: run["ms"])
    bare, own = (_middle(rounds, name, lambda run: run["ms"]) for name in ("bare", "mockface"))
    yield Row("exec to first right answer", "从启动到第一个正确应答", f"{bare:.0f} ms", f"{own:.0f} ms", spread(times),
              "≤ 1.50", median(times) <= 1.5)  # fmt: skip
    bare, own = (_middle(rounds, name, lambda run: run["rss_bytes"] / MIB) for name in ("bare", "mockface"))
    yield Row(
        "idle memory", "空闲内存", f"{bare:.1f} MiB", f"{own:.1f} MiB", f"{own / bare:.2f}", "≤ 45 MiB", own <= 45
    )


def _commands(measured: Measured) -> Iterator[Row]:
    rounds = measured["rounds"]
    nothing = f"{_middle(rounds, 'python', lambda run: run['ms']):.0f} ms"
    for name, line, reach in (
        ("import", "import mockface", 60),
        ("sign", "mockface sign", 120),
        ("id", "mockface id", 120),
    ):
        took = [found[name]["ms"] for found in rounds]
        yield Row(f"`{line}`, exec to exit", f"`{line}`，启动到退出", nothing, f"{spread(took, 0)} ms", "", f"< {reach} ms",
                  median(took) < reach)  # fmt: skip


def _scenarios(measured: Measured) -> Iterator[Row]:
    rounds, starts = measured["rounds"], measured["starts"]
    shares = ratios(rounds, "100000", "10", per_second)
    yield Row("100,000 scenarios beside 10: throughput", "100,000 个场景对比 10 个：吞吐", f"10: {_speed(rounds, '10')}",
              _speed(rounds, "100000"), spread(shares), "≥ 0.90", median(shares) >= 0.9)  # fmt: skip

    def middle(count: str, figure: str) -> float:
        return median(start[figure] for start in starts[count])

    few, some, most = (middle(count, "ms") / 1000 for count in ("10", "10000", "100000"))
    yield Row("start with 10,000 scenarios", "10,000 个场景时的启动", f"10: {few:.2f} s", f"{some:.2f} s",
              f"+{some - few:.2f} s", "≤ +0.50 s", some - few <= 0.5)  # fmt: skip
    yield Row("start with 100,000 scenarios", "100,000 个场景时的启动", f"10: {few:.2f} s", f"{most:.2f} s", f"+{most - few:.2f} s",
              "< 5 s", most < 5)  # fmt: skip
    peak, rss = middle("100000", "peak_bytes") / MIB, middle("100000", "rss_bytes") / MIB
    yield Row("memory with 100,000 scenarios, peak / settled", "100,000 个场景时的内存：峰值 / 稳定后",
              f"10: {middle('10', 'rss_bytes') / MIB:.0f} MiB", f"{peak:.0f} / {rss:.0f} MiB", "", "< 450 MiB", peak < 450)  # fmt: skip


FLAT = 1.05
"""How far memory may lie above that of the first tenth of a long run: 5 %."""


def _long(measured: Measured) -> Iterator[Row]:
    samples = measured["samples"]
    calls = samples[-1]["calls"]
    early = next(one for one in samples[1:] if one["calls"] >= calls / 10)
    grown = samples[-1]["rss_bytes"] / early["rss_bytes"]
    yield Row(f"memory over {calls:,} calls", f"{calls:,} 次调用期间的内存", f"{early['calls']:,}: {early['rss_bytes'] / MIB:.1f} MiB",
              f"{samples[-1]['rss_bytes'] / MIB:.1f} MiB", f"{grown:.3f}", f"≤ {FLAT:.2f}", grown <= FLAT)  # fmt: skip


def _delays(measured: Measured) -> Iterator[Row]:
    rounds = measured["rounds"]
    waiting = ratios(rounds, "waiting_10s", "alone", per_second)
    alone = f"{_middle(rounds, 'alone', per_second):,.0f}/s"
    yield Row("others beside 2,000 calls that wait", "另有 2,000 次调用在等待时，其他调用", alone,
              f"{_middle(rounds, 'waiting_10s', per_second):,.0f}/s", spread(waiting), "≥ 0.90", median(waiting) >= 0.9)  # fmt: skip
    both = [
        (per_second(found["late_1s"]) + found["late_1s"]["late_per_second"]) / per_second(found["alone"])
        for found in rounds
    ]
    late = _middle(rounds, "late_1s", lambda run: run["late_per_second"])
    yield Row("others and 2,000 calls that come 1 s late, again and again, together",
              "其他调用与 2,000 个反复延迟 1 秒的调用合计", alone,
              f"{_middle(rounds, 'late_1s', per_second):,.0f} + {late:,.0f}/s", spread(both), "≥ 0.90", median(both) >= 0.9)  # fmt: skip


def rows(taken: Measured) -> list[Row]:
    """Every row that these measurements have."""
    makers: dict[str, Callable[[Measured], Iterator[Row]]] = {
        "json-16": lambda found: _json(found, 16),
        "json-64": lambda found: _json(found, 64),
        "multipart-100k": lambda found: _upload(found, 0.85, "multipart 100 KiB, 16 connections", "multipart 100 KiB，16 个连接"),
        "multipart-5.5m": lambda found: iter(
            [*_upload(found, 1.0, "multipart 5.5 MiB, 16 at once", "multipart 5.5 MiB，16 个同时"), _memory(found)]
        ),
        "refused-64m": _refused, "cold-start": _cold, "commands": _commands, "scenarios": _scenarios, "long-run": _long,
        "delays": _delays,
    }  # fmt: skip
    found = taken["measurements"]
    return [row for name, make in makers.items() if name in found for row in make(found[name])]


def as_text(taken: Measured) -> str:
    """The table for a terminal."""
    lines = [HEADS["en"], *(row.cells("en") for row in rows(taken))]
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEADS["en"]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def as_markdown(taken: Measured, language: str) -> str:
    """The table for the docs."""
    lines = [HEADS[language], ["---", *["---:"] * 4, "---"], *(row.cells(language) for row in rows(taken))]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
