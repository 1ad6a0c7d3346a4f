"""Values that say something else to YAML 1.1 than to their readers: each is told, wherever it stands."""

import pytest

from mockface.settings import Settings
from mockface.web.app import App
from tests.unit.test_hostile_files import N, read

TRAPS = {
    "0123": "83", "-017": "-15", "00": "0", "010": "8", "0o17": "15", "0_17": "15",
    "12:30": "750", "-1:30": "-90", "1:30:00": "5400", "1:30.5": "90.5", "190:20:30": "685230",
    "0x1F": "31", "0b101": "5", "1_000": "1000", "1_000.5": "1000.5",
    "NO": "false", "no": "false", "No": "false", "yes": "true", "Yes": "true", "YES": "true",
    "on": "true", "On": "true", "ON": "true", "off": "false", "Off": "false", "OFF": "false",
    '!!int "0123"': "83", '!!bool "no"': "false",
}  # fmt: skip
"""What a value says to YAML 1.1, by what it seems to be."""


@pytest.mark.parametrize("seems", TRAPS)
@pytest.mark.parametrize("place", ["data: {}", "data: {{ a: [ {} ] }}", "data: {{ a: {{ b: {} }} }}"])
def test_a_value_in_data_that_yaml_1_1_reads_otherwise_is_a_mistake(seems, place):
    _, (diagnostic,) = read(f"scenarios:\n  {N}: {{ code: 3, {place.format(seems)} }}")
    text = seems.rpartition(" ")[2].strip('"')
    said = f'{text} is read as {TRAPS[seems]} by the rules of YAML 1.1; write {TRAPS[seems]}, or "{text}" in quotes'
    assert said in diagnostic
    assert "team.yaml:2:" in diagnostic


@pytest.mark.parametrize("seems", ["08", "-09", "0189", "00_8"])
def test_a_number_with_a_leading_zero_that_is_not_octal_is_a_mistake(seems):
    _, (diagnostic,) = read(f"scenarios: {{ {N}: {{ code: 3, data: {seems} }} }}")
    assert f"{seems} has a leading zero; write " in diagnostic


PLACES = [
    "{{ similarity: {} }}", "{{ code: {} }}", "{{ code: 3, status: {} }}", "{{ code: 3, note: {} }}",
    "{{ code: 3, name: {} }}", "{{ code: 3, delay: {} }}", "{{ code: 3, delay: {{ uniform: [1s, {}] }} }}",
    "{{ code: 3, delay: {{ lognormal: {{ median: 1s, max: 2s, sigma: {} }} }} }}",
    "{{ code: 3, fault: {} }}", "{{ code: 3, fault: {{ slow: {} }} }}",
    "{{ code: 3, rate: {}, otherwise: {{ code: 3 }} }}", "{{ sequence: {} }}", "{{ sequence: [ {} ] }}",
    "{{ sequence: [ {{ code: 3 }} ], then: {} }}", "{}",
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("seems", ["012", "08", "1:30", "NO", "off", "0x10", "1_0"])
def test_no_other_value_of_a_scenario_is_taken_for_what_it_does_not_seem_to_be(place, seems):
    assert read(f"scenarios: {{ {N}: {place.format(seems)} }}")[1]


@pytest.mark.parametrize("field", ["appid", "secret_id", "secret_key", "buckets", "state", "rate_limit"])
@pytest.mark.parametrize("seems", ["0123", "08", "12:30", "NO", "on", "1e3"])
def test_no_value_of_an_account_is_taken_for_what_it_does_not_seem_to_be(field, seems):
    given = {"appid": '"1"', "secret_id": "a", "secret_key": "b", field: f"[{seems}]" if field == "buckets" else seems}
    assert read(f"accounts: [ {{ {', '.join(f'{name}: {value}' for name, value in given.items())} }} ]")[1]


@pytest.mark.long
@pytest.mark.parametrize("number", [1e22, 5e-7, -1.5e300, 123456789012345678901234567890])
def test_a_number_added_at_run_time_stays_a_number(number):
    app = App(Settings())
    added = app.controls.added.add({"code": 3, "data": {"n": number}})
    assert added.steps[0].data == {"n": number}
