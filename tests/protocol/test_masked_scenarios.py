"""The list of scenarios shows no number and no name of a person who may be real, and stays of use."""

import pytest

from mockface.errors import ApiError
from mockface.network.client import Client

REAL, ALIKE, NAME = "310104198807215532", "310203198807215532", "欧阳婉清"
MASKED = "310*************32"


def added(api):
    return [one for one in api.get("/_mockface/scenarios")["scenarios"] if one["added"]]


@pytest.mark.long
def test_a_number_that_may_be_a_persons_is_masked_with_its_name_and_a_reserved_one_is_not(launch):
    api = Client(launch().url)
    api.post("/_mockface/scenarios", {"number": REAL, "code": 15, "name": NAME})
    minted = api.post("/_mockface/scenarios", {"code": 15, "name": NAME})["idcard_number"]
    told = {one["number"]: one for one in added(api)}
    assert set(told) == {MASKED, minted}
    assert (told[MASKED]["name"], told[MASKED]["fields"]) == ("****", {"code": 15, "name": "****"})
    assert told[minted]["fields"] == {"code": 15, "name": NAME}
    assert api.get(f"/_mockface/scenarios/{REAL}")["number"] == MASKED


@pytest.mark.long
def test_with_show_pii_it_is_shown_as_it_came(launch):
    api = Client(launch("--show-pii").url)
    api.post("/_mockface/scenarios", {"number": REAL, "code": 15, "name": NAME})
    (told,) = added(api)
    assert (told["number"], told["name"], told["fields"]["name"]) == (REAL, NAME, NAME)


@pytest.mark.long
def test_what_the_list_shows_can_be_removed_unless_two_look_the_same(launch):
    api = Client(launch().url)
    for number in (REAL, ALIKE):
        api.post("/_mockface/scenarios", {"number": number, "code": 15})
    with pytest.raises(ApiError, match="no added scenario has"):
        api.delete(f"/_mockface/scenarios/{MASKED}")
    api.delete(f"/_mockface/scenarios/{ALIKE}")
    api.delete(f"/_mockface/scenarios/{MASKED}")
    assert added(api) == []


@pytest.mark.long
def test_a_masked_number_is_not_taken_for_a_new_one(launch):
    api = Client(launch().url)
    with pytest.raises(ApiError, match="is not an ID number"):
        api.post("/_mockface/scenarios", {"number": MASKED, "code": 15})
