"""Time, chance and change: sequences, rates, delays and faults, and that each is atomic and repeatable."""

import json
import threading
from collections import Counter
from typing import Any

import pytest

from mockface import codes
from mockface.model import Delay
from mockface.operations import OPERATIONS
from mockface.scenarios import chance, family
from mockface.scenarios.faults import FAULTS
from mockface.state import COUNTED_NUMBERS, MemoryStore
from tests.making import ask, emulator, json_body

N = family.number_for(7, 1, 1)


def told(server, number=N, calls=1):
    """The outcomes of so many calls: codes of refusals, similarities of successes."""
    answers = [ask(json_body(idcard_number=number), of=server) for _ in range(calls)]
    return [answer.code or json.loads(answer.body)["data"]["similarity"] for answer in answers]


def scenario(text, **settings):
    return emulator(f'scenarios: {{ "{N}": {text} }}', **settings)


STEPS = "[{ code: 15 }, { code: 213 }, { similarity: 92.5 }]"


@pytest.mark.parametrize(
    ("then", "outcomes"),
    [("", [15, 213, 92.5, 92.5, 92.5]), (", then: repeat", [15, 213, 92.5, 92.5, 92.5]),
     (", then: loop", [15, 213, 92.5, 15, 213]), (", then: default", [15, 213, 92.5, 100.0, 100.0])],
)  # fmt: skip
def test_a_sequence_tells_its_steps_and_then_what_then_says(then, outcomes):
    assert told(scenario(f"{{ sequence: {STEPS}{then} }}"), calls=5) == outcomes


def test_each_number_of_a_pattern_has_a_story_of_its_own():
    server = emulator(f'scenarios: {{ "110110199907????1?": {{ sequence: {STEPS} }} }}')
    one, other = family.number_for(7, 1, 1), family.number_for(7, 2, 11)
    assert told(server, one, 2) == [15, 213]
    assert told(server, other, 3) == [15, 213, 92.5]
    assert told(server, one, 1) == [92.5]


def test_a_call_that_a_check_refuses_does_not_move_the_story_on():
    server = scenario(f"{{ sequence: {STEPS} }}")
    assert ask(json_body(idcard_number=N), authorization="", of=server).code == 4
    assert told(server) == [15]


def test_the_why_says_which_call_of_the_number_it_was():
    server = scenario(f"{{ sequence: {STEPS} }}")
    told(server)
    assert "call 2 of this number" in (ask(json_body(idcard_number=N), of=server).why or "")


def test_200_calls_at_once_on_three_looping_steps_see_each_step_exactly_as_often_as_they_must():
    server = scenario("{ sequence: [{ similarity: 1 }, { similarity: 2 }, { similarity: 3 }], then: loop }")
    seen, gate = [], threading.Barrier(20)

    def work():
        gate.wait()
        seen.extend(told(server, calls=10))

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(seen) == {1.0: 67, 2.0: 67, 3.0: 66}


RATE = "{ code: 213, rate: 0.2, otherwise: { similarity: 95 } }"


@pytest.mark.long
def test_a_rate_is_met_about_as_often_as_it_says_and_the_same_on_every_run():
    outcomes = told(scenario(RATE), calls=1000)
    assert 150 < Counter(outcomes)[213] < 250
    assert told(scenario(RATE), calls=1000) == outcomes
    assert told(scenario(RATE, seed=1), calls=1000) != outcomes


@pytest.mark.parametrize(("rate", "outcome"), [(0, 95.0), (1, 213)])
def test_a_rate_of_0_is_never_and_of_1_always(rate, outcome):
    assert set(told(scenario(RATE.replace("0.2", str(rate))), calls=50)) == {outcome}


def test_the_draws_of_a_seed_are_those_that_were_always_drawn():
    draws = chance.draws(0, N, 0)
    assert [round(draws.random(), 6) for _ in range(3)] == [0.009305, 0.630937, 0.879525]


def late(text, number=N, **settings):
    return ask(json_body(idcard_number=number), of=scenario(text, **settings))


def test_a_fixed_delay_is_kept_and_named():
    answer = late("{ similarity: 90, delay: 1500ms }")
    assert answer.delay_s == 1.5
    assert "after 1.5 s" in answer.why


def test_a_random_delay_stays_in_its_bounds_and_repeats():
    server, again = (scenario("{ similarity: 90, delay: { uniform: [100ms, 2s] } }") for _ in range(2))
    delays = [ask(json_body(idcard_number=N), of=server).delay_s for _ in range(200)]
    assert 0.1 <= min(delays) < 0.3
    assert 1.8 < max(delays) <= 2
    assert [ask(json_body(idcard_number=N), of=again).delay_s for _ in range(200)] == delays


def test_a_lognormal_delay_has_its_median_and_its_maximum():
    delay = Delay("lognormal", 0.3, 1.0, 0.5)
    delays = sorted(chance.delay_s(delay, chance.draws(0, N, nth), 0) for nth in range(2001))
    assert delays[1000] == pytest.approx(0.3, rel=0.1)
    assert delays[-1] == 1.0


def test_the_number_spells_its_delay_in_tenths_of_a_second():
    assert ask(json_body(idcard_number=family.number_for_delay(3.2, 5))).delay_s == pytest.approx(3.2)
    assert ask(json_body(idcard_number=family.number_for_delay(0))).why is None


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_has_a_number(name):
    number = family.number_for(family.MONTH_OF_FAULTS, 4, family.FAULT_SEQUENCES[name])
    answer = ask(json_body(idcard_number=number))
    assert answer.fault is not None
    assert answer.fault.name == name
    assert answer.why is not None
    assert f"with fault {name}" in answer.why


def test_wrong_type_swaps_the_types_garbage_is_no_json_and_html_is_a_page():
    def body(fault):
        return late(f"{{ similarity: 90.4, fault: {fault} }}")

    assert body("wrong_type").body == b'{"code":"0","message":"OK","data":{"session_id":"","similarity":90}}'
    with pytest.raises(ValueError, match=r"decode|JSON|Expecting"):
        json.loads(body("garbage").body)
    page = body("html")
    assert (page.status, page.fault.name) == (502, "html")
    assert page.body.startswith(b"<html>")


BUSY, ERROR, ARREARS = codes.TOO_FREQUENT.number, codes.INTERNAL_ERROR.number, codes.BAD_REQUEST.number
STORIES: dict[str, list[Any]] = {
    "busy_then_success": [BUSY, BUSY, 92.5, 92.5],
    "error_then_success": [ERROR, 92.5, 92.5],
    "success_then_arrears": [92.5, ARREARS, ARREARS],
    "varying": [60.0, 74.9, 75.1, 90.0, 60.0],
}


@pytest.mark.parametrize("story", STORIES)
def test_each_story_has_a_number(story):
    number = family.number_for(family.MONTH_OF_STORIES, 9, family.STORY_SEQUENCES[story])
    assert told(emulator(), number, len(STORIES[story])) == STORIES[story]


def test_one_call_in_five_of_its_number_fails():
    number = family.number_for(family.MONTH_OF_FAULTS, 1, family.FAULT_SEQUENCES["one_in_five"])
    assert 20 < Counter(told(emulator(), number, 200))[ERROR] < 60


def test_every_shipped_family_is_listed_and_every_listed_number_has_a_scenario_of_its_own():
    from mockface.operations import listing

    shipped = emulator().scenarios
    listed = {shipped.find(row["idcard_number"]).number for row in listing.numbers(OPERATIONS, 3)}
    every = {one.number for layer in shipped.layers for one in layer}
    assert listed == every - {"110110199909090909", "11204416541220243X"}, (
        "list it: family.STORY_SEQUENCES, or what 'mockface ids' prints"
    )


def test_the_store_forgets_the_first_of_very_many_numbers():
    store = MemoryStore()
    for number in range(COUNTED_NUMBERS + 10):
        store.count(str(number))
    assert len(store.counted()) == COUNTED_NUMBERS
    assert store.count("0") == 0


def test_counts_can_be_cleared_for_some_numbers_or_all():
    store = MemoryStore()
    for number in "aabbc":
        store.count(number)
    store.clear_counts(["a", "x"])
    assert store.counted() == {"b": 2, "c": 1}
    store.clear_counts()
    assert store.counted() == {}
