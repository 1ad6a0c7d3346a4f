"""Fresh numbers, and scenarios at run time."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from mockface import idcard
from mockface.errors import BadScenario, Exhausted
from mockface.scenarios import family, mint
from mockface.scenarios.lookup import Layer
from mockface.scenarios.mint import Mint
from mockface.settings import Settings
from mockface.web.app import App
from tests.making import NAME, ask, json_body, sign_now


@pytest.mark.long
def test_no_two_askers_get_the_same_number_not_even_at_once():
    fresh = Mint()
    with ThreadPoolExecutor(16) as pool:
        numbers = list(pool.map(lambda _: fresh.fresh(lambda number: False), range(5000)))
    assert len(set(numbers)) == 5000


@pytest.mark.long
def test_minted_numbers_are_well_formed_reserved_and_of_months_07_to_09():
    fresh = Mint()
    numbers = [fresh.fresh(lambda number: False) for _ in range(mint.COUNT)]
    assert len(set(numbers)) == mint.COUNT == 84_000
    assert {number[10:12] for number in numbers} == {"07", "08", "09"}
    assert all(idcard.is_well_formed(number) and idcard.is_reserved(number) for number in numbers[::997])


@pytest.mark.long
def test_behind_the_last_number_only_free_ones_come_again():
    fresh = Mint()
    first = [fresh.fresh(lambda number: False) for _ in range(mint.COUNT)]
    assert fresh.fresh(lambda number: number in first[:3]) == first[3]
    with pytest.raises(Exhausted, match="84000"):
        fresh.fresh(lambda number: True)


@pytest.fixture
def app():
    return App(Settings())


def outcome(app, number, name=NAME):
    return ask(json_body(idcard_number=number, idcard_name=name), of=app.emulator, authorization=sign_now()).code


def test_an_added_scenario_wins_over_all_files_until_it_is_removed(app):
    number = family.number_for_similarity(90)
    app.controls.added.add({"number": number, "code": -5803})
    assert outcome(app, number) == -5803
    assert app.controls.added.remove(number)
    assert outcome(app, number) == 0
    assert not app.controls.added.remove(number)


def test_a_scenario_without_a_number_gets_one(app):
    one, other = (app.controls.added.add({"code": code}).number for code in (-5803, "PHOTO_NO_FACE"))
    assert one != other
    assert (outcome(app, one), outcome(app, other)) == (-5803, -4012)


def test_an_added_story_begins_anew_when_it_is_replaced(app):
    story = {"sequence": [{"code": 15}, {"code": 213}, {"similarity": 90}]}
    number = app.controls.added.add(story).number
    assert [outcome(app, number) for _ in range(2)] == [15, 213]
    app.controls.added.add({"number": number, **story})
    assert outcome(app, number) == 15


def test_an_added_pattern_works_and_may_not_overlap_another(app):
    app.controls.added.add({"number": "1101101999070100??", "code": 15})
    assert outcome(app, "110110199907010018") == 15
    with pytest.raises(BadScenario, match="match a common number"):
        app.controls.added.add({"number": "11011019990701001?", "code": 21})
    app.controls.added.add({"number": "1101101999070100??", "code": 21})
    assert outcome(app, "110110199907010018") == 21
    assert app.controls.added.remove("1101101999070100??")
    assert outcome(app, "110110199907010018") == 0


@pytest.mark.parametrize(
    ("given", "why"),
    [({"sequence": [{"delay": "1s"}]}, "neither similarity nor code"), ({"cod": 3}, "did you mean code?"), ({"number": "1", "code": 3}, "1 characters"),
     ({"number": 5, "code": 3}, "1 characters"), ({"code": 3, "delay": 5}, "300ms"), ({"code": {"a": []}}, "no code")],
)  # fmt: skip
def test_what_is_no_scenario_is_refused_in_the_words_of_files(app, given, why):
    with pytest.raises(BadScenario, match=why.replace("?", r"\?")):
        app.controls.added.add(given)


def test_clear_takes_out_all_that_were_added_and_nothing_else(app):
    numbers = [app.controls.added.add({"code": -5803}).number for _ in range(3)]
    app.controls.added.clear()
    assert [outcome(app, number) for number in numbers] == [0, 0, 0]
    assert outcome(app, family.number_for(10, 1, 15)) == 15


def test_a_layer_forgets_a_shape_with_its_last_pattern():
    layer = Layer()
    app = App(Settings())
    app.controls.added.added = layer
    app.controls.added.add({"number": "1101101999070100??", "code": 15})
    layer.remove("1101101999070100??")
    assert list(layer) == []
    assert not layer._shapes
