"""What the console switches and asks for, by the API that everyone uses: signatures to order, modes, states, heads."""

import json
from typing import get_args

import pytest

from mockface.errors import ApiError
from mockface.model import ACCOUNT_STATES
from mockface.network import client
from mockface.scenarios import family
from mockface.signature import making
from mockface.web.admin.switches import Broken, Mode, State
from tests.making import json_body, sign_now
from tests.protocol.wire import exchange, request


def call(admin, authorization=None, **changes):
    return exchange(admin, request(json_body(**changes), authorization=authorization))


@pytest.mark.long
@pytest.mark.parametrize("broken", making.BREAKAGES)
def test_a_signature_broken_to_order_gets_the_code_that_was_promised(admin, api, broken):
    made = api.post("/_mockface/sign", {"broken": broken})
    if made["verify_only"]:
        assert call(admin, made["authorization"]).code == 0
        api.put("/_mockface/switches/signature", {"signature": "verify"})
    headers = {"Content-Type": "application/json"}
    if made["authorization"]:
        headers["Authorization"] = made["authorization"]
    reply = api.send("POST", "/face/idcardcompare", json_body(), headers)
    assert json.loads(reply.body)["code"] == made["code"] != 0


def test_a_good_signature_is_good_in_verify_too_and_by_the_servers_clock(admin, api):
    api.put("/_mockface/switches/signature", {"signature": "verify"})
    api.put("/_mockface/clock", {"now": 1_600_000_000})
    made = api.post("/_mockface/sign", {})
    assert (made["code"], call(admin, made["authorization"]).code) == (0, 0)


def test_the_api_offers_every_breakage_mode_and_state_that_there_is():
    assert set(get_args(Broken)) == set(making.BREAKAGES)
    assert set(get_args(State)) == set(ACCOUNT_STATES)
    assert set(get_args(Mode)) == {"shape", "verify", "off"}


def test_an_unknown_account_gets_no_signature_and_is_not_switched(api):
    with pytest.raises(ApiError, match=r"404.*known: 1250000000"):
        api.post("/_mockface/sign", {"appid": "1"})
    with pytest.raises(ApiError, match=r"404.*known: 1250000000"):
        api.put("/_mockface/switches/accounts/1", {"state": "arrears"})
    with pytest.raises(ApiError, match="422"):
        api.put("/_mockface/switches/accounts/1250000000", {"state": "poor"})


def test_an_account_is_switched_and_a_reset_brings_it_back(admin, api):
    told = api.put("/_mockface/switches/accounts/1250000000", {"state": "not_authorised"})
    assert (told["at_default"], told["accounts"][0]["state"]) == (False, "not_authorised")
    assert call(admin).code == 24
    api.post("/_mockface/reset", {"journal": True})
    assert call(admin).code == 24
    api.post("/_mockface/reset", {"switches": True})
    assert call(admin).code == 0
    assert api.get("/_mockface/switches")["at_default"]


def test_a_state_that_is_switched_back_by_hand_is_at_its_default(api):
    api.put("/_mockface/switches/accounts/1250000000", {"state": "auth_down"})
    assert api.put("/_mockface/switches/accounts/1250000000", {"state": "active"})["at_default"]


@pytest.mark.long
def test_a_switched_state_outlives_a_reload(launch, tmp_path):
    team = tmp_path / "team.yaml"
    team.write_text("scenarios: {}\n", encoding="utf-8")
    server = launch("--scenarios", str(team))
    api = client.Client(server.url)
    api.put("/_mockface/switches/accounts/1250000000", {"state": "arrears"})
    account = '{ appid: "1251111111", secret_id: AKIDteam, secret_key: team-key, state: arrears }'
    team.write_text(f"accounts:\n  - {account}\n", encoding="utf-8")
    while api.get("/_mockface/health")["reloads"] == 0:
        pass
    switched = api.get("/_mockface/switches")
    states = {one["appid"]: (one["state"], one["default_state"], one["built_in"]) for one in switched["accounts"]}
    assert states == {"1250000000": ("arrears", "active", True), "1251111111": ("arrears", "arrears", False)}
    assert call(server).code == 3
    assert api.post("/_mockface/sign", {"appid": "1251111111"})["secret_key"] is None


def test_a_call_keeps_the_checks_that_it_met_when_the_mode_is_switched_behind_it(admin, api):
    api.put("/_mockface/switches/signature", {"signature": "verify"})
    call_id = call(admin, sign_now(secret_key="another")).headers["x-mockface-request-id"]
    api.put("/_mockface/switches/signature", {"signature": "off"})
    checks = api.get(f"/_mockface/calls/{call_id}")["verdict"]["checks"]
    states = {one_check["check"]: one_check["state"] for one_check in checks}
    assert (states["signature_verified"], states["picture_given"]) == ("failed", "not reached")


@pytest.mark.own_connection
def test_the_head_of_an_answer_is_told_as_it_was_sent(admin, api):
    for changes in ({}, {"idcard_number": family.number_for(10, 1, 15)}, {"idcard_number": "440524199003070013"}):
        reply = call(admin, **changes)
        told = api.get(f"/_mockface/calls/{reply.headers['x-mockface-request-id']}")
        assert told["answer_head"] == reply.raw[: -len(reply.body)].decode().replace("\r\n", "\n").strip()
        assert told["answer"].encode() == reply.body
        assert told["request"]["head"].startswith("POST /face/idcardcompare HTTP/1.1\nhost: ")
        assert "authorization: <" in told["request"]["head"]


def test_an_answer_that_repeats_what_a_masked_call_sent_is_not_kept(admin, api):
    reply = call(admin, idcard_number="440524199003070013", session_id="of a person")
    told = api.get(f"/_mockface/calls/{reply.headers['x-mockface-request-id']}")
    assert (told["answer"], told["answer_bytes"]) == ("", len(reply.body))


def test_a_call_in_a_line_says_how_its_signature_was_and_whether_it_was_odd(admin, api):
    call(admin)
    for broken in ("missing", "malformed", "other_appid", "expired", "wrong_key"):
        value = api.post("/_mockface/sign", {"broken": broken})["authorization"]
        headers = {"Authorization": value} if value else {}
        api.send(
            "POST", "/face/idcardcompare", json_body(session_id="null"), {**headers, "Content-Type": "application/json"}
        )
    told = [(one["signature"], one["notes"]) for one in reversed(api.get("/_mockface/calls"))]
    assert told == [
        ("verified", 0), ("missing", 1), ("malformed", 1), ("other target", 1), ("expired", 1), ("wrong key", 1)
    ]  # fmt: skip


def test_numbers_are_those_of_the_lane_of_a_similarity_or_of_a_delay(api):
    rows = {row["outcome"]: row["idcard_number"] for row in api.get("/_mockface/numbers?lane=7")}
    assert rows["NAME_MISMATCH"] == "110110199905078035"[:14] + rows["NAME_MISMATCH"][14:]
    (dialled,) = api.get("/_mockface/numbers?lane=2&similarity=74.9")
    assert dialled["idcard_number"] == family.number_for_similarity(74.9, 2)
    assert (dialled["kind"], dialled["name"], dialled["similarity"]) == ("similarity", "74.9", 74.9)
    (late,) = api.get("/_mockface/numbers?delay=0.3")
    assert late["idcard_number"] == family.number_for_delay(0.3)
    for wrong in ("similarity=74.99", "delay=100", "lane=29"):
        with pytest.raises(ApiError, match="422"):
            api.get(f"/_mockface/numbers?{wrong}")


@pytest.mark.long
def test_the_settings_are_told_without_the_token(launch):
    api = client.Client(launch("--admin-token", "hush", "--signature", "off").url)
    told = api.get("/_mockface/settings")
    assert told["signature"] == "off"
    assert "hush" not in json.dumps(told)


def test_a_scenario_of_run_time_can_be_had_as_it_was_given(api):
    given = {"sequence": [{"code": "TOO_FREQUENT"}, {"similarity": 92.5}], "name": "李四"}
    number = api.post("/_mockface/scenarios", given)["idcard_number"]
    assert api.get(f"/_mockface/scenarios/{number}")["fields"] == given
    assert api.get("/_mockface/scenarios/110110199905018032")["fields"] is None
