"""What more scenarios and more calls cost: throughput, start and memory with 10 to 100,000 numbers; a long run."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import islice, product
from pathlib import Path
from typing import Any

from benchmarks import workloads
from benchmarks.load import Load
from benchmarks.servers import Checkout
from benchmarks.starting import first_answer
from benchmarks.throughput import in_turns
from benchmarks.workloads import APPID

COUNTS = (10, 10_000, 100_000)
ASKED = 1_000
"""How many different numbers are asked for in turn, spread over all that there are."""


def numbers(count: int) -> list[str]:
    """So many numbers of the reserved family, in the months that are left to users and in 01."""
    places = product((7, 8, 9, 1), range(1, 29), range(1000))
    return [workloads.number_for(*place) for place in islice(places, count)]


def write_scenarios(file: Path, known: Sequence[str]) -> Path:
    """A scenario file in which each number has a success of its own."""
    lines = (f'  "{number}": {{ similarity: {at % 1000 / 10} }}\n' for at, number in enumerate(known))
    file.write_text("scenarios:\n" + "".join(lines), encoding="utf-8")
    return file


def scenarios(checkout: Checkout, authorization: str, *, rounds: int, starts: int, seconds: float) -> dict[str, Any]:
    """Starts with 10, 10,000 and 100,000 scenarios; then throughput with the fewest and the most, in turns."""
    with tempfile.TemporaryDirectory(prefix="mockface-bench-") as folder, ExitStack() as stack:
        files = {count: write_scenarios(Path(folder) / f"{count}.yaml", numbers(count)) for count in COUNTS}
        started: dict[str, list[dict[str, float]]] = {str(count): [] for count in COUNTS}
        for _ in range(starts):
            for count in COUNTS:
                body = workloads.small_json(APPID, numbers(count)[-1])
                flags = ("--scenarios", str(files[count]))
                began = first_answer(lambda flags=flags: checkout.serve(*flags), authorization, body)  # type: ignore[misc]
                started[str(count)].append(began)
        servers = {
            str(count): stack.enter_context(checkout.serve("--scenarios", str(files[count]))) for count in COUNTS
        }
        measured: dict[str, list[dict[str, dict[str, float]]]] = {}
        loads = {str(count): _load_over(count, authorization) for count in COUNTS}
        rows = []
        for name, load in loads.items():
            load.check(servers[name].url)
        for _ in range(rounds):
            row = {}
            for name, load in loads.items():
                row.update(in_turns({name: servers[name]}, load, 16, rounds=1, seconds=seconds)[0])
            rows.append(row)
        measured["rounds"] = rows
        return {"starts": started, **measured}


def _load_over(count: int, authorization: str) -> Load:
    known = numbers(count)
    step = max(count // ASKED, 1)
    return Load(authorization, *(workloads.small_json(APPID, number) for number in known[::step]))


def long_run(checkout: Checkout, authorization: str, *, calls: int) -> dict[str, Any]:
    """Memory while so many calls come: sampled each time that a run of the generator ends."""
    with checkout.serve() as server:
        tenths = [workloads.number_for(12, lane, sequence) for lane in (1, 2, 3, 4) for sequence in range(0, 1000, 4)]
        stories = [workloads.number_for(6, lane, 4) for lane in range(1, 29)]
        load = Load(authorization, *(workloads.small_json(APPID, number) for number in tenths + stories))
        done, samples = 0, [{"calls": 0, "rss_bytes": server.rss_bytes()}]
        seconds = 2 if calls <= 200_000 else 8
        while done < calls:
            done += load.run(server, 16, seconds).requests
            samples.append({"calls": done, "rss_bytes": server.rss_bytes()})
        return {"samples": samples}
