"""Every input that fuzzing ever found keeps what it broke mended; the seeds run too."""

import pytest

from fuzz.targets import TARGETS
from tests.conftest import HERE

FOUND = sorted((HERE / "found").glob("*-*"))
SEEDS = HERE.parent / "fuzz" / "corpora"


@pytest.mark.parametrize("file", FOUND, ids=[file.name for file in FOUND])
def test_what_was_found_once_stays_mended(file):
    TARGETS[file.name.partition("-")[0]](file.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_of_each_target_keep_its_promises(name):
    seeds = sorted((SEEDS / name).iterdir())
    assert seeds
    for seed in seeds:
        TARGETS[name](seed.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_says_what_it_promises(name):
    assert TARGETS[name].__doc__
