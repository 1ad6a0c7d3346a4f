"""ID numbers: the standard's examples, the families, and what is shown of a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockface import codes, idcard
from mockface.scenarios import family


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014", "110105194912310023"[:17] + "X"])
def test_the_examples_of_the_standard_are_well_formed(number):
    assert idcard.is_well_formed(number)


@pytest.mark.parametrize("number", ["110110199909090909", "11204416541220243X"])
def test_the_samples_of_the_vendor_are_not(number):
    assert not idcard.is_well_formed(number)
    assert "expected 4" in idcard.shortcoming(number)


@pytest.mark.parametrize(
    ("number", "well_formed"),
    [("11010519491231002x", True), ("110110990909090", True), ("11010519491231002", False), ("", False),
     ("1101101999090909０4", False), ("１" * 15, False), ("11010519491231X02X", False)],
)  # fmt: skip
def test_a_lower_case_x_and_15_digits_will_do_other_digits_will_not(number, well_formed):
    assert idcard.is_well_formed(number) is well_formed


@given(st.text(max_size=20))
def test_any_text_gets_a_verdict_and_a_shortcoming_in_ascii(number):
    if not idcard.is_well_formed(number):
        assert idcard.shortcoming(number).isascii()
    assert idcard.masked(number).isascii()


@pytest.mark.parametrize("code", codes.TABLE[1:], ids=lambda code: code.name)
def test_the_number_of_a_code_is_well_formed_reserved_and_spells_the_code(code):
    number = family.number_for_code(code, lane=7)
    assert idcard.is_well_formed(number)
    assert idcard.is_reserved(number)
    month = abs(code.number) // 1000 or 10
    assert number[10:17] == f"{month:02d}07{abs(code.number) % 1000:03d}"


@pytest.mark.parametrize(("similarity", "spelled"), [(0, "11-000"), (75, "11-075"), (100, "11-100"), (74.9, "12-749")])
def test_the_number_of_a_similarity_spells_it_in_per_cent_or_tenths(similarity, spelled):
    number = family.number_for_similarity(similarity)
    assert f"{number[10:12]}-{number[14:17]}" == spelled
    assert idcard.is_well_formed(number)


@pytest.mark.parametrize("similarity", [-1, 100.1, 74.95, float("nan"), float("inf")])
def test_a_similarity_without_a_number_is_refused(similarity):
    with pytest.raises(ValueError, match=r"0 to 100"):
        family.number_for_similarity(similarity)


def test_only_reserved_numbers_are_shown_whole():
    assert idcard.masked("110110199905018032") == "110110199905018032"
    assert idcard.masked("440524188001010014") == "440*************14"
    assert idcard.masked("12345") == "*****"
