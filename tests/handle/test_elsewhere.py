"""A server that others use too: a handle sees, resets and changes only what is its own."""

import pytest

from mockface import codes
from mockface.errors import ApiError, Unreachable
from mockface.network import client
from mockface.scenarios import family
from mockface.testing import Mockface, SharedServer
from tests.conftest import start
from tests.handle.test_contract import call, code


@pytest.fixture(scope="module")
def url():
    running = start()
    yield running.url
    assert running.stop() == 0


@pytest.mark.thorough
def test_two_handles_on_one_server_neither_see_nor_reset_each_other(url):
    with Mockface.connect(url) as one, Mockface.connect(url) as other:
        mine, theirs = (
            one.add(sequence=[{"code": 15}, {"code": 213}]),
            other.add(sequence=[{"code": 15}, {"code": 213}]),
        )
        assert [code(one, mine), code(other, theirs)] == [15, 15]
        assert [told.number for told in one.calls] == [mine.idcard_number]
        assert len(one.all_calls) == 2
        one.reset()
        assert code(one, mine) == 0
        assert code(other, theirs) == 213
        assert len(other.calls) == 2


def test_the_end_of_a_handle_leaves_nothing_of_it_behind(url):
    before = client.Client(url).get("/_mockface/health")["scenarios"]
    with Mockface.connect(url) as m:
        m.add(code=15)
        m.add(number="110110199907??33??", code=21)
    assert client.Client(url).get("/_mockface/health")["scenarios"] == before


def test_a_failed_verify_tells_of_calls_of_numbers_that_the_handle_did_not_add(url):
    with Mockface.connect(url) as m:
        call(m, family.number_for_code(codes.NAME_MISMATCH, 20))
        with pytest.raises(AssertionError, match=r"1 calls of other numbers came, which this handle did not add"):
            m.verify(code=-5803)


def test_with_several_workers_what_changes_the_whole_server_is_refused(url):
    with Mockface.connect(url, workers=8) as m:
        for change in (lambda: m.clock.advance("1s"), lambda: m.clock.set(0), lambda: m.reset(everything=True)):
            with pytest.raises(SharedServer, match=r"8 workers use .* use a server of the test's own"):
                change()
        m.reset()


def test_no_server_and_something_else_are_named():
    with pytest.raises(Unreachable, match="cannot be reached"):
        Mockface.connect("http://127.0.0.1:9")


def test_a_reset_of_numbers_goes_with_nothing_else(url):
    api = client.Client(url)
    with pytest.raises(ApiError, match="numbers and journal"):
        api.post("/_mockface/reset", {"numbers": ["1"], "journal": True})
    assert api.post("/_mockface/reset", {"numbers": []})["numbers"] == []
