"""What a process holds, from /proc: the pid of a server goes in, samples over time and a judgement come out."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

MIB = 1024 * 1024
GROWTH_BYTES = 20 * MIB
"""How much more memory may be resident at the end than after the first minute: the tables that are still filling then
(single-use signatures, dropped numbers, the choices of numbers; each has its bound) and what the allocator keeps."""
LATE_GROWTH_BYTES = 4 * MIB
"""How much more at the end than half way, in a run of LONG_SECONDS at least: by then the tables are full."""
LONG_SECONDS = 600
MORE_FILES = 4
"""How many more descriptors may be open when the load has gone than before it came."""
MORE_THREADS = 8
"""How many threads may have joined: those in which files are looked at, of which Python starts six on two cores."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What the process held at a time, in seconds of the run."""

    at_s: float
    resident_bytes: int
    files: int
    threads: int


NOTHING = Sample(0, 0, 0, 0)


def sample(pid: int, began: float) -> Sample:
    """What this process holds now. Raises OSError if it has ended."""
    here = Path(f"/proc/{pid}")
    pages = int((here / "statm").read_text().split()[1])
    files, threads = len(os.listdir(here / "fd")), len(os.listdir(here / "task"))  # noqa: PTH208 - only the number counts
    return Sample(time.monotonic() - began, pages * resource.getpagesize(), files, threads)


def around(samples: list[Sample], at_s: float, width_s: float) -> Sample:
    """The middle of the samples of so many seconds up to this time, each figure for itself."""
    near = [one for one in samples if at_s - width_s <= one.at_s <= at_s] or [
        min(samples, key=lambda one: abs(one.at_s - at_s))
    ]
    return Sample(
        at_s,
        round(median(one.resident_bytes for one in near)),
        round(median(one.files for one in near)),
        round(median(one.threads for one in near)),
    )


def early_s(seconds: float) -> float:
    """After how long a run of so many seconds is in its stride: a minute, or its first tenth where that is shorter."""
    return min(60.0, seconds / 10)


def diagnostics(start: Sample, early: Sample, half: Sample, end: Sample, rest: Sample) -> list[str]:
    """What is wrong with a run: sampled before, early, half way, at its end under load, and when the load had gone."""
    wrong = []
    late = end.resident_bytes - half.resident_bytes
    if end.at_s >= LONG_SECONDS and late > LATE_GROWTH_BYTES:
        wrong.append(f"{late / MIB:.1f} MiB more were resident than half way; {LATE_GROWTH_BYTES // MIB} are allowed")
    for what, found in (("under load at the end", end), ("when the load had gone", rest)):
        more = found.resident_bytes - early.resident_bytes
        if more > GROWTH_BYTES:
            wrong.append(
                f"{what} {more / MIB:.1f} MiB more were resident than early on; {GROWTH_BYTES // MIB} are allowed"
            )
    if rest.files > start.files + MORE_FILES:
        wrong.append(f"{rest.files} descriptors stayed open, {start.files} were before; {MORE_FILES} more are allowed")
    if rest.threads > start.threads + MORE_THREADS:
        wrong.append(f"{rest.threads} threads stayed, {start.threads} were before; {MORE_THREADS} more are allowed")
    return wrong
