"""Which scenario a number gets, and what it answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockface import codes
from mockface.model import Scenario, Step
from mockface.operations.listing import THRESHOLD_SIMILARITIES
from mockface.scenarios import family
from mockface.scenarios.lookup import Layer
from tests.making import NAME, ask, emulator, fields_of, json_body

SHIPPED = emulator()


def answer_for(number, *, of=SHIPPED, **changes):
    return ask(json_body(idcard_number=number, **changes), of=of)


@pytest.mark.parametrize("lane", [1, 7, 28])
@pytest.mark.parametrize("code", codes.TABLE[1:], ids=lambda code: code.name)
def test_every_code_is_reached_by_its_number_in_every_lane(code, lane):
    answer = answer_for(family.number_for_code(code, lane))
    assert (answer.code, answer.status) == (code.number, code.status)
    assert str(code.number) in answer.why


@pytest.mark.parametrize("similarity", [*THRESHOLD_SIMILARITIES, 0.1, 33.3, 42, 99])
def test_every_similarity_is_reached_by_its_number(similarity):
    answer = answer_for(family.number_for_similarity(similarity, lane=3))
    assert answer.body.endswith(f'"similarity":{float(similarity)}}}}}'.encode())
    assert answer.why is None


def test_a_number_that_spells_more_than_100_per_cent_is_one_without_a_scenario():
    assert fields_of(answer_for(family.number_for(11, 1, 101)))["data"]["similarity"] == 100.0


def test_the_number_of_code_3_is_in_arrears():
    message = fields_of(answer_for(family.number_for_code(codes.BAD_REQUEST)))["message"]
    assert message == "account abnormal,errorno is:2"


def test_the_vendors_sample_answers_its_name_and_refuses_another():
    assert answer_for("110110199909090909").code == 0
    other = answer_for("110110199909090909", idcard_name="李四")
    assert other.code == codes.NAME_MISMATCH.number
    assert "registers another name" in other.why
    assert NAME not in other.why


def test_a_number_of_nobody_is_a_success_if_well_formed_and_else_minus_5804():
    assert answer_for("440524188001010014").code == 0
    assert answer_for("110110990909090").code == 0
    malformed = answer_for("440524188001010015")
    assert malformed.code == codes.NUMBER_INVALID.number
    assert "expected 4" in malformed.why
    assert "440524188001010015" not in malformed.why


def test_a_refusal_of_the_engine_has_zeroed_data_and_one_of_the_gateway_has_none():
    refused = answer_for(family.number_for_code(codes.PHOTO_NO_FACE), session_id="s")
    assert refused.body == (
        b'{"code":-4012,"message":"SDK_IMAGE_FACEDETECT_FAILED","data":{"session_id":"s","similarity":0.0}}'
    )
    assert answer_for(family.number_for_code(codes.SIGNATURE_WRONG)).body == b'{"code":14,"message":"sign no pass"}'


OWN = """
default:
  malformed: { similarity: 1 }
scenarios:
  "110110199905018032": { similarity: 12.5 }
  "4405241880010100??": { code: PHOTO_NO_FACE, message: gone, status: 418, data: { retry: [1, true, null, x] } }
  "44052418800101001X": { similarity: 50, data: {} }
  "11010519491231002?": { similarity: 50, message: fine, status: 202 }
"""


def test_a_teams_own_numbers_and_defaults_win_over_the_shipped_ones():
    own = emulator(OWN)
    assert fields_of(answer_for("110110199905018032", of=own))["data"]["similarity"] == 12.5
    assert fields_of(answer_for("nonsense", of=own))["data"]["similarity"] == 1.0
    assert answer_for(family.number_for_code(codes.NAME_MISMATCH, 2), of=own).code == codes.NAME_MISMATCH.number


def test_message_status_and_data_replace_those_of_the_code():
    answer = answer_for("440524188001010014", of=emulator(OWN))
    assert answer.status == 418
    assert answer.body == b'{"code":-4012,"message":"gone","data":{"retry":[1,true,null,"x"]}}'


def test_an_exact_number_beats_a_pattern_and_a_lower_case_x_is_the_same_number():
    own = emulator(OWN)
    assert answer_for("44052418800101001x", of=own).body == b'{"code":0,"message":"OK","data":{}}'
    altered = answer_for("11010519491231002x", of=own)
    assert (altered.status, fields_of(altered)["message"]) == (202, "fine")
    assert "team.yaml" in altered.why


def test_without_the_shipped_scenarios_every_well_formed_number_is_a_success():
    bare = emulator(no_shipped=True)
    assert answer_for(family.number_for_code(codes.NAME_MISMATCH), of=bare).code == 0
    assert answer_for("1", of=bare).code == codes.NUMBER_INVALID.number


patterns = st.text("12?", min_size=15, max_size=15)


def _matches(pattern, number):
    return all(wanted in ("?", came) for wanted, came in zip(pattern, number, strict=True))


@given(st.sets(st.text("12?", min_size=3, max_size=3).map(lambda tail: "1" * 12 + tail), max_size=6), st.data())
def test_find_agrees_with_trying_every_pattern(pattern_set, data):
    layer = Layer([Scenario(pattern, (Step(similarity=1.0),), "x:1") for pattern in pattern_set])
    number = "1" * 12 + data.draw(st.text("12", min_size=3, max_size=3))
    matching = {pattern for pattern in pattern_set if _matches(pattern, number)}
    found = layer.find(number)
    assert (found is not None and found.number in matching) if matching else found is None
    if number in pattern_set:
        assert found is not None
        assert found.number == number


@given(st.sets(st.text("12?", min_size=3, max_size=3).map(lambda tail: "1" * 12 + tail), max_size=5))
def test_overlaps_are_found_exactly_when_two_patterns_share_a_number(pattern_set):
    layer = Layer([Scenario(pattern, (Step(similarity=1.0),), "x:1") for pattern in pattern_set])
    wild = [pattern for pattern in pattern_set if "?" in pattern]
    overlapping = any(
        all("?" in pair or pair[0] == pair[1] for pair in zip(one, other, strict=True))
        for index, one in enumerate(wild)
        for other in wild[index + 1 :]
    )
    assert bool(list(layer.overlaps())) is overlapping


@pytest.mark.long
def test_look_up_makes_as_many_probes_with_100_000_scenarios_as_with_60():
    def probes(count):
        numbers = [f"{index:015d}" for index in range(count)] + [f"{index:013d}??" for index in range(count)]
        layer = Layer([Scenario(number, (Step(similarity=1.0),), "x:1") for number in numbers])
        return len(layer._shapes)

    assert probes(60) == probes(100_000) == 1


def test_digits_that_spell_more_than_100_get_the_default_and_a_why():
    answer = ask(json_body(idcard_number=family.number_for(11, 1, 250)))
    assert b'"similarity":100.0' in answer.body
    assert answer.why is not None
    assert "the # digits of 1101101999" in answer.why
    assert "are not a similarity of 0 to 100" in answer.why
    assert ask(json_body(idcard_number=family.number_for(11, 1, 100))).why is None
