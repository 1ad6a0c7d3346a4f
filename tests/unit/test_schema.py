"""The JSON Schema for editors: up to date, and of one mind with the reader."""

import jsonschema
import pytest
import yaml

from mockface.scenariofiles import reader
from mockface.scenariofiles.merged import Loaded
from mockface.scenariofiles.schema import MODELINE, schema, schema_text
from tests.conftest import HERE
from tests.unit.test_reading import CASES

SCENARIOS = HERE.parent / "scenarios"
VALIDATOR = jsonschema.Draft202012Validator(schema())


def test_the_committed_schema_is_the_one_that_the_program_prints():
    committed = (SCENARIOS / "schema.json").read_text(encoding="utf-8")
    assert committed == schema_text(), "stale: run make generate"


@pytest.mark.parametrize("file", sorted(SCENARIOS.glob("*.yaml")), ids=lambda file: file.name)
def test_the_shipped_files_are_valid_and_carry_the_modeline(file):
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"{MODELINE}schema.json\n")
    VALIDATOR.validate(yaml.safe_load(text))


N = '"110110199907010018"'
GOOD = [
    f"scenarios: {{ {N}: {{ sequence: [{{ code: 15 }}, {{ fault: {{ slow: 5 }} }}], then: loop, name: x, note: y }} }}",
    f"scenarios: {{ {N}: {{ similarity: 1, delay: {{ uniform: [100ms, 2s] }} }} }}",
    f"scenarios: {{ {N}: {{ similarity: 1, delay: {{ lognormal: {{ median: 300ms, sigma: 0.5, max: 10s }} }} }} }}",
    'scenarios: { "110110199902??###?": { similarity: 1, delay: { digits_times: 100ms } } }',
    f"scenarios: {{ {N}: {{ code: OK_NOT, rate: 0.2, otherwise: {{ fault: hang, delay: 2m }} }} }}".replace(
        "OK_NOT", "-5803"
    ),
    'accounts: [{ appid: "1", secret_id: a, secret_key: b, state: arrears, rate_limit: 5/s, buckets: [x] }]',
    "scenarios:",
]


@pytest.mark.parametrize("text", GOOD)
def test_what_the_reader_takes_the_schema_takes(text):
    loaded = Loaded()
    reader.read_text(loaded, "f.yaml", text)
    assert [str(diagnostic) for diagnostic in loaded.diagnostics] == []
    if text != "scenarios:":
        VALIDATOR.validate(yaml.safe_load(text))


BAD = ["an unknown field", "an unknown code", "code 0", "a similarity over 100", "a status out of range", "both outcomes",
       "no outcome", "a list for a scenario", "an unknown section", "an unknown default", "an account without a key",
       "a code in quotes", "a code's name in small letters", "a status in quotes", "a status without a body",
       "an unchanged status", "an empty name", "a sequence of nothing", "an empty similarity", "an empty delay",
       "an empty fault", "a scenario that is a number"]  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_the_reader_refuses_the_schema_refuses(case):
    assert not VALIDATOR.is_valid(yaml.safe_load(CASES[case][0]))
