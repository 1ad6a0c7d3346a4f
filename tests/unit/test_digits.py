"""The digits of a video: dealt evenly, the same again with a seed, and never such as spell a code."""

from collections import Counter

from mockface import codes
from mockface.operations.digits import SPELLING, dealt, spelled


def test_digits_are_dealt_evenly_and_never_spell_a_code():
    counted = Counter(dealt(1, f"run-{n}") for n in range(60_000))
    left_out = {f"{number:04d}" for one in SPELLING for number in one}
    assert not left_out & set(counted)
    assert all(len(one) == 4 and one.isdigit() for one in counted)
    # 9,954 digits, 6 times each on the average: nearly all of them come, and none of them often.
    assert len(counted) > 9_800
    assert max(counted.values()) < 25
    by_first = Counter(one[0] for one in counted.elements())
    assert set(by_first) == set("0123456789")
    assert all(5_000 < count < 7_000 for count in by_first.values())


def test_a_seed_deals_the_same_digits_again_in_any_run():
    assert [dealt(7, f"a-{n}") for n in range(20)] == [dealt(7, f"b-{n}") for n in range(20)]
    assert [dealt(7, f"a-{n}") for n in range(20)] != [dealt(8, f"a-{n}") for n in range(20)]
    assert [dealt(0, f"a-{n}") for n in range(20)] != [dealt(0, f"b-{n}") for n in range(20)]


def test_the_digits_of_a_code_of_videos_or_persons_spell_it():
    said = {digits: spelled(digits) for digits in (f"{number:04d}" for number in range(10_000))}
    found = {code.number for code in said.values() if code is not None}
    assert found == {code.number for code in codes.PAGE if isinstance(code.number, int) and code.number <= -4006}, (
        "every code of the face engine is spelled by its own digits"
    )
    assert said["5008"] is codes.VIDEO_WRONG_DIGITS
    assert said["5003"] is None, "there is no such code"
    assert said["0003"] is None, "codes of the gateway are no matter of a video"


def test_what_is_not_four_ascii_digits_spells_nothing():
    for text in ("", "508", "05008", "50 8", "-508", "５００８", "5008 ", "+508"):
        assert spelled(text) is None, text
