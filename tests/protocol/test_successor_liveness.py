"""The actions of API 3.0 that look at a video, and those that say what is to be seen in it, on a real socket."""

import re

import pytest

from mockface.gateway import codes, errors
from mockface.operations.digits import spelled
from mockface.operations.faceid.livecodes import CODES as OF_LIVE_CODES
from mockface.testing import Mockface
from tests.successor import ask, ask_v1

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


@pytest.fixture(scope="module")
def server():
    with Mockface(signature="verify") as m:
        yield m


@pytest.fixture
def url(server):
    return server.url


# What is to be said or done


def test_a_live_code_is_four_digits_and_nothing_else(url):
    body = ask(url, "GetLiveCode", {}).body.decode()
    assert re.fullmatch(rf'\{{"Response":\{{"LiveCode":"[0-9]{{4}}","RequestId":"{UUID}"\}}\}}', body)


def test_an_action_sequence_is_one_of_two_and_the_type_does_not_matter(url):
    body = ask(url, "GetActionSequence", {}).body.decode()
    assert re.fullmatch(rf'\{{"Response":\{{"ActionSequence":"(1,2|2,1)","RequestId":"{UUID}"\}}\}}', body)
    given = {ask(url, "GetActionSequence", {"ActionType": kind}).said["ActionSequence"] for kind in "0123456789abcdef"}
    assert given == {"1,2", "2,1"}


def test_live_codes_differ_are_repeated_by_a_seed_and_never_spell_a_code():
    def dealt():
        with Mockface(seed=7) as m:
            return [ask(m.url, "GetLiveCode", {}).said["LiveCode"] for _ in range(30)]

    found = dealt()
    assert found == dealt()
    assert len(set(found)) > 20
    assert not any(spelled(digits) for digits in found)


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(("action", "field"), [("GetLiveCode", "LiveCode"), ("GetActionSequence", "ActionSequence")])
def test_they_are_given_to_a_call_of_signature_v1(url, action, field, method):
    assert field in ask_v1(url, action, {}, method=method).said


def test_they_take_no_other_fields(url):
    answer = ask(url, "GetLiveCode", {"Name": "x"})
    assert (answer.code, answer.why) == ("UnknownParameter", "'Name' is not a field of this action; it has none")
    assert ask(url, "GetActionSequence", {"ActionType": 1}).code == "InvalidParameter"


@pytest.mark.parametrize("action", ["GetLiveCode", "GetActionSequence"])
def test_they_are_found_by_their_name_and_fail_in_an_error(server, tmp_path, action):
    scenarios = tmp_path / "a.yaml"
    scenarios.write_text(f"scenarios:\n  {action}: {{ result: FailedOperation.UnKnown }}\n", encoding="utf-8")
    with Mockface(scenarios=scenarios) as m:
        assert ask(m.url, action, {}).said["Error"]["Code"] == "FailedOperation.UnKnown"
        assert m.calls[-1].number == action


def test_their_codes_are_the_gateways_and_the_accounts():
    numbers = {code.number for code in OF_LIVE_CODES}
    assert numbers == {"Success", "FailedOperation.UnKnown", *errors.BY_CODE} | {
        name for name in codes.EVERY if name.startswith("UnauthorizedOperation")
    }
