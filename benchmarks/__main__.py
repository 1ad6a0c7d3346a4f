"""`python -m benchmarks`: measure a checkout of mockface beside a bare ASGI app, and store what was measured.

python -m benchmarks                                  this checkout, quick (under five minutes)
python -m benchmarks --checkout ../other --only json-16 --only multipart-5.5m
python -m benchmarks --full --out measured.json
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import growth, handle, machine, others, refusal, report, starting, successor, throughput
from benchmarks.servers import Checkout

HERE = Path(__file__).parent


def measures(checkout: Checkout, authorization: str, *, full: bool, rounds: int) -> dict[str, Callable[[], Any]]:
    """Every measurement by its name, in the order in which they are taken."""
    seconds = 3.0 if full else 1.0
    sizes = throughput.UPLOAD_SIZES
    return {
        "mix-16": lambda: throughput.mixed(checkout, authorization, 16, rounds=rounds, seconds=max(seconds, 2.0)),
        "json-16": lambda: throughput.small_json(checkout, authorization, 16, rounds=rounds, seconds=seconds),
        "json-64": lambda: throughput.small_json(checkout, authorization, 64, rounds=rounds, seconds=seconds),
        "multipart-100k": lambda: throughput.upload(
            checkout, authorization, sizes["multipart-100k"], 16, rounds=rounds, seconds=seconds, form=True
        ),
        "multipart-5.5m": lambda: throughput.upload(
            checkout, authorization, sizes["multipart-5.5m"], 16, rounds=rounds, seconds=2 * seconds
        ),
        "tc3-16": lambda: successor.verified(checkout, "tc3-16", 16, rounds=rounds, seconds=seconds),
        "tc3-3m": lambda: successor.verified(checkout, "tc3-3m", 16, rounds=rounds, seconds=seconds),
        "refused-64m": lambda: refusal.announced(checkout, authorization, times=1000 if full else 300),
        "cold-start": lambda: starting.cold_start(checkout, authorization, rounds=2 * rounds),
        "commands": lambda: starting.commands(checkout, rounds=2 * rounds),
        "scenarios": lambda: growth.scenarios(
            checkout, authorization, rounds=rounds, starts=3 if full else 1, seconds=seconds
        ),
        "long-run": lambda: growth.long_run(checkout, authorization, calls=1_000_000 if full else 100_000),
        "handle": lambda: handle.measure(checkout, rounds=rounds),
        "delays": lambda: throughput.waiting(checkout, authorization, rounds=3, seconds=2),
        "others": lambda: others.measure(checkout, authorization, seconds=seconds),
    }


def main() -> None:
    """Measure, print, store."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition("\n")[0])
    parser.add_argument("--checkout", type=Path, default=HERE.parent, help="folder that holds the package mockface")
    parser.add_argument("--python", default=sys.executable, help="Python with mockface's dependencies")
    parser.add_argument("--full", action="store_true", help="longer runs, a million calls; about 15 minutes")
    parser.add_argument("--rounds", type=int, help="rounds in turns (5, with --full 9)")
    parser.add_argument("--only", action="append", metavar="NAME", help="only this measurement; repeatable")
    parser.add_argument("--out", type=Path, help="where to store them (default: benchmarks/results/local.json)")
    given = parser.parse_args()
    if sys.platform != "linux" or not shutil.which("wrk"):
        raise SystemExit("this needs Linux (/proc) and wrk: apt-get install wrk")
    checkout = Checkout(given.checkout.resolve(), given.python)
    rounds = given.rounds or (9 if given.full else 5)
    every = measures(checkout, checkout.run("sign"), full=given.full, rounds=rounds)
    unknown = set(given.only or ()) - set(every)
    if unknown:
        raise SystemExit(f"there is no measurement {', '.join(unknown)}; there are {', '.join(every)}")
    taken: dict[str, Any] = {
        "taken_at": datetime.now(UTC).strftime("%Y-%m-%d"), "mode": "full" if given.full else "quick",
        "machine": machine.description(checkout), "measurements": {},
    }  # fmt: skip
    began = time.monotonic()
    for name in given.only or every:
        print(f"{time.monotonic() - began:6.1f} s  {name}", file=sys.stderr, flush=True)
        taken["measurements"][name] = every[name]()
    taken["took_s"] = round(time.monotonic() - began, 1)
    print(report.as_text(taken))
    if taken["measurements"].get("others"):
        print(report.others_as_markdown(taken["measurements"]["others"], "en"))
    out = given.out or HERE / "results" / "local.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(taken, indent=1) + "\n", encoding="utf-8")
    print(f"stored in {out}", file=sys.stderr)


if __name__ == "__main__":
    main()
