"""`python -m soak [--seconds N]`: run the load, print what the server held, exit 1 if a promise was broken."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from soak import watch
from soak.run import Run, soak


def table(run: Run, seconds: float) -> str:
    """What the server held, as a table for people."""
    early = watch.early_s(seconds)
    width = max(early / 2, 1)
    rows = {
        "before the load": run.start,
        f"after {early:g} s": watch.around(run.samples, early, width),
        "half way": watch.around(run.samples, seconds / 2, width),
        f"after {seconds:g} s": watch.around(run.samples, seconds, width),
        "most": watch.Sample(
            0,
            max(one.resident_bytes for one in run.samples),
            max(one.files for one in run.samples),
            max(one.threads for one in run.samples),
        ),
        "when the load had gone": run.rest,
    }
    lines = [f"{'':24}{'resident MiB':>14}{'descriptors':>14}{'threads':>10}"]
    for name, one in rows.items():
        lines.append(f"{name:24}{one.resident_bytes / watch.MIB:14.1f}{one.files:14}{one.threads:10}")
    return "\n".join(lines)


def judged(run: Run, seconds: float) -> list[str]:
    """Every promise that the run broke."""
    early = watch.early_s(seconds)
    width = max(early / 2, 1)
    soon, half, end = (watch.around(run.samples, at_s, width) for at_s in (early, seconds / 2, seconds))
    return [*run.wrong, *watch.diagnostics(run.start, soon, half, end, run.rest)]


def main() -> None:
    """Run, print, judge."""
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--clients", type=int, default=6, help="how many clients at a time (6)")
    parser.add_argument("--seed", type=int, default=1, help="of the clients' choices (1)")
    given = parser.parse_args()
    if not Path("/proc/self/statm").exists():
        raise SystemExit("this needs Linux: it reads a process's memory from /proc")
    run = soak(given.seconds, given.clients, given.seed)
    print(table(run, given.seconds))
    print(f"\n{run.calls} calls counted by the server, {run.reloads} changes of the scenario file taken over")
    print(", ".join(f"{name} {times}" for name, times in sorted(run.done.items())))
    wrong = judged(run, given.seconds)
    for one in wrong:
        print(f"broken: {one[:600]}", file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
