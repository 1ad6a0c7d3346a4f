"""`python -m benchmarks.publish FILE`: make a file of measurements the stored one, and draw the docs from it anew.

Without FILE the docs are drawn from the stored one as it is. In docs/performance.md and its Chinese twin the lines
between `<!-- measured -->` and `<!-- /measured -->` are replaced; the picture goes beside them.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import plot, report
from benchmarks.wording import CONDITIONS, OTHERS

HERE = Path(__file__).parent
STORED = HERE / "results" / "published.json"
DOCS = HERE.parent / "docs"
GUIDES = {"en": "performance.md", "zh": "performance.zh-CN.md"}
PICTURES = {"en": "performance.svg", "zh": "performance.zh-CN.svg"}
_MEASURED = re.compile(r"(<!-- measured -->\n).*?(<!-- /measured -->)", re.DOTALL)


def stored() -> dict[str, Any]:
    """The measurements that the docs are drawn from."""
    taken: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))
    return taken


def section(taken: Mapping[str, Any], language: str) -> str:
    """What stands between the two marks: the conditions, the table, the picture, and other mock servers if measured."""
    machine = taken["machine"]
    built = CONDITIONS["optimised" if machine["python_optimised"] else "plain"][language == "zh"]
    conditions = CONDITIONS["text"][language == "zh"].format(**machine, built=built, taken_at=taken["taken_at"])
    alt = CONDITIONS["alt"][language == "zh"]
    parts = [conditions, report.as_markdown(taken, language), f"![{alt}]({PICTURES[language]})"]
    others = taken["measurements"].get("others")
    if others:
        parts += [OTHERS[language == "zh"], report.others_as_markdown(others, language)]
    return "\n\n".join(parts)


def redrawn(guide: str, taken: Mapping[str, Any], language: str) -> str:
    """The guide's text with the measured section replaced."""
    return _MEASURED.sub(lambda found: f"{found[1]}\n{section(taken, language)}\n\n{found[2]}", guide)


def main() -> None:
    """Store and draw."""
    if len(sys.argv) > 1:
        shutil.copyfile(sys.argv[1], STORED)
    taken = stored()
    for language, name in GUIDES.items():
        path = DOCS / name
        path.write_text(redrawn(path.read_text(encoding="utf-8"), taken, language), encoding="utf-8")
        (DOCS / PICTURES[language]).write_text(plot.draw(taken, language), encoding="utf-8")


if __name__ == "__main__":
    main()
