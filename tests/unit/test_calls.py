"""Which calls of the journal are a test's: those behind a call, of its numbers and patterns; and what was dropped."""

from mockface.journal import queries
from mockface.journal.coverage import Coverage
from mockface.journal.recorder import Recorder
from mockface.operations import OPERATIONS
from tests.making import ask, emulator, json_body

ONE, OTHER = "110110199907010018", "110110199907010026"


def remembered(*numbers, limit=100):
    own = emulator()
    own.recorder = Recorder(OPERATIONS, limit)
    for number in numbers:
        ask(json_body(idcard_number=number), of=own)
    return own.recorder


def test_calls_behind_a_call_are_found_by_its_id_even_when_it_was_dropped():
    entries = remembered(ONE, OTHER, ONE).journal.entries()
    assert queries.came_after(entries, entries[0].id) == entries[1:]
    assert queries.came_after(entries[2:], entries[0].id) == entries[2:]
    assert queries.came_after(entries, entries[2].id) == []


def test_an_id_of_another_run_or_none_leaves_all_calls():
    entries = remembered(ONE, OTHER).journal.entries()
    for strange in ("", "none", "abcdef-1", "-", "abcdef-٣"):
        assert queries.came_after(entries, strange) == entries
    assert queries.came_after([], "abcdef-1") == []


def test_calls_are_found_by_number_and_by_pattern():
    memory = remembered(ONE, OTHER, "440524199003070013", ONE)
    entries = memory.journal.entries()
    assert len(queries.of_numbers(entries, [ONE], memory.masks)) == 2
    assert len(queries.of_numbers(entries, ["1101101999070100??"], memory.masks)) == 3
    assert len(queries.of_numbers(entries, ["440524199003070013", OTHER], memory.masks)) == 2
    assert queries.of_numbers(entries, [], memory.masks) == []


def test_what_was_dropped_is_told_for_a_number_apart_from_others():
    memory = remembered(ONE, ONE, OTHER, ONE, limit=2)
    journal, masks = memory.journal, memory.masks
    entries = journal.entries()
    assert queries.lost(journal, entries, [ONE], masks, "") == 2
    assert queries.lost(journal, entries, [OTHER], masks, "") == 0
    assert queries.lost(journal, entries, None, masks, "") == 2
    assert queries.lost(journal, entries, None, masks, entries[0].id) == 0
    journal.clear()
    assert queries.lost(journal, journal.entries(), None, masks, "") == queries.lost(journal, [], [ONE], masks, "") == 0


def test_the_memory_of_what_was_dropped_is_bounded(monkeypatch):
    monkeypatch.setattr("mockface.journal.journal.DROPPED_NUMBERS", 1)
    memory = remembered(ONE, OTHER, ONE, limit=1)
    assert memory.journal.dropped_of(memory.masks.key(ONE)) == 0
    assert memory.journal.dropped_of(memory.masks.key(OTHER)) == 1


def test_reports_of_several_servers_add_up_and_can_be_taken_away_again():
    one, other = remembered(ONE, OTHER).coverage, remembered(ONE, "110110199905018032", "110110199912017492").coverage
    whole = Coverage(OPERATIONS)
    whole.add(one.report())
    whole.add(other.report())
    assert (whole.report()["calls"], whole.report()["met"]) == (5, 2)
    assert whole.report()["warnings"] == []
    whole.add(other.report(), -1)
    assert whole.report() == one.report()
