"""Drive one target with atheris: `python -m fuzz.run TARGET [--seconds N]`.

Seeds come from fuzz/corpora/TARGET; what is new goes to build/fuzz/TARGET, so that the next run goes on from there. An
input that breaks a promise is kept in tests/found/ and runs with the suite from then on.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import atheris

TOP = Path(__file__).parent.parent
INPUT_SECONDS = 20
"""An input that takes longer is a finding."""
MEMORY_MB = 2048
LENGTHS = {"number": 200, "authorization": 2000, "picture": 2000, "video": 5000}
"""The longest input of a target, 4096 bytes if it is not named."""

with atheris.instrument_imports(include=["mockface"]):
    from fuzz.targets import TARGETS
    from mockface.operations.idcardcompare import OPERATION as IDCARDCOMPARE
    from mockface.scenariofiles.account_fields import ACCOUNT_FIELDS
    from mockface.scenariofiles.step_fields import SCENARIO_FIELDS
    from mockface.scenarios.faults import FAULTS

_YAML = ("default:", "well_formed", "malformed", "scenarios:", "accounts:", "uniform", "lognormal", "digits_times", "&a ",
         "*a", "<<: *a", "!!int ", "!!binary ", "!!python/object:x ", "- ", "? ", ": ", "{ ", " }", "[", "]", '"', "|", ">",
         "0x1F", "1:30", ".inf", ".nan", "~", "110110199907010018", "1101101999072?###?", "300ms", "5/s")  # fmt: skip


def words() -> list[str]:
    """What the fuzzer puts into its inputs: the words of the formats."""
    return [*SCENARIO_FIELDS, *ACCOUNT_FIELDS, *FAULTS, *IDCARDCOMPARE.table.text, *_YAML]


def _dictionary(folder: Path) -> Path:
    file = folder / "words.dict"
    escaped = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words())
    file.write_text("".join(f'"{word}"\n' for word in escaped), encoding="utf-8")
    return file


def main() -> None:
    """Fuzz until the time is over or a promise is broken; the exit code says which."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=60)
    given = parser.parse_args()
    work = TOP / "build" / "fuzz"
    corpus, found, seeds = work / given.target, TOP / "tests" / "found", TOP / "fuzz" / "corpora" / given.target
    for folder in (corpus, found, seeds):
        folder.mkdir(parents=True, exist_ok=True)
    flags = [
        f"-max_total_time={given.seconds}", f"-timeout={INPUT_SECONDS}", f"-rss_limit_mb={MEMORY_MB}",
        f"-max_len={LENGTHS.get(given.target, 4096)}", f"-artifact_prefix={found}/{given.target}-",
        f"-dict={_dictionary(work)}", "-print_final_stats=1", "-verbosity=1",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *flags, str(corpus), str(seeds)], TARGETS[given.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
