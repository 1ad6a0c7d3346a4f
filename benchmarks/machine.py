"""What the figures were measured on. No name and no path of the machine goes in."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.servers import ENVIRONMENT, Checkout

_VERSIONS = """
import importlib.metadata, json, platform, sysconfig
def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
print(json.dumps({
    "python": platform.python_implementation() + " " + platform.python_version(),
    "python_optimised": "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or ""),
    **{name: version(name) for name in ("uvicorn", "httptools", "uvloop", "fastapi", "pyyaml")},
}))
"""


def description(checkout: Checkout) -> dict[str, Any]:
    """The machine, the versions, and which mockface: for the stored measurements."""
    return {
        "cpu": _cpu(), "cores": len(os.sched_getaffinity(0)), "memory_gib": _memory_gib(),
        "kernel": platform.release(), "load_average_before": round(os.getloadavg()[0], 2), "wrk": _wrk(),
        **_versions(checkout), "commit": _commit(checkout.folder),
    }  # fmt: skip


def _cpu() -> str:
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    family = re.search(r"^cpu family\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    name = found[1] if found else platform.machine()
    return f"{name} (family {family[1]})" if family else name


def _memory_gib() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _wrk() -> str:
    # `wrk -v` prints its version and ends as if that were a mistake.
    printed = subprocess.run(["wrk", "-v"], check=False, capture_output=True, text=True)
    found = re.search(r"wrk \D*([\d.]+)", printed.stdout + printed.stderr)
    return found[1] if found else "unknown"


def _versions(checkout: Checkout) -> dict[str, Any]:
    printed = subprocess.run(
        [checkout.python, "-c", _VERSIONS], check=True, capture_output=True, text=True, env=ENVIRONMENT
    ).stdout
    versions: dict[str, Any] = json.loads(printed)
    return versions


def _commit(folder: Path) -> str:
    """The commit that was measured; with a + behind it if the package differed from it."""
    said = subprocess.run(["git", "rev-parse", "--short=10", "HEAD"], cwd=folder, check=False, capture_output=True)
    if said.returncode:
        return "unknown"
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", "mockface", "scenarios"], cwd=folder, check=False)
    return said.stdout.decode().strip() + ("+" if changed.returncode else "")
