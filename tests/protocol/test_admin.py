"""mockface's own API, from another process: scenarios, calls, verification that waits, reset, clock, events, guard."""

import http.client
import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mockface import idcard
from mockface.codes import TABLE
from mockface.errors import ApiError
from mockface.network import client
from mockface.operations import OPERATIONS
from mockface.operations.assumed import ASSUMPTIONS
from mockface.scenarios import family
from tests.making import SHIPPED, USUAL_CODES, json_body, sign_now
from tests.protocol.wire import Wire, exchange, request


def call(server, number, name="张三", **changes):
    return exchange(server, request(json_body(idcard_number=number, idcard_name=name, **changes)))


def test_health_says_what_is_served(api):
    health = api.get("/_mockface/health")
    assert (health["status"], health["ready"], health["errors"]) == ("ok", True, [])
    assert health["scenarios"] == SHIPPED


@pytest.mark.thorough
@pytest.mark.parametrize("path", ["/_mockface/", "/_mockface"])
def test_who_follows_the_admin_url_is_shown_the_way(admin, api, path):
    shown = api.get("/_mockface/")
    if path != "/_mockface/":
        with Wire(admin) as wire:
            wire.send(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            reply = wire.reply()
        assert (reply.status, reply.headers["location"]) == (307, "http://127.0.0.1/_mockface/")
    assert shown.pop("operations")[0] == "POST /face/idcardcompare"
    assert shown.pop("version") == api.get("/_mockface/health")["version"]
    for where in shown.values():
        with Wire(admin) as wire:
            wire.send(f"GET {where} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n\r\n".encode())
            assert wire.reply().status == 200, where


def test_codes_are_data_with_advice_and_a_number(api):
    codes = api.get("/_mockface/codes")
    assert [row["code"] for row in codes if row["operation"] == "idcardcompare"] == [code.number for code in TABLE]
    assert {row["operation"] for row in codes} == {one.name for one in OPERATIONS}
    busy = next(row for row in codes if row["code"] == 15)
    assert (busy["retry"], busy["mended_by"], busy["advice_evidence"]) == (True, "account owner", "assumed")
    assert idcard.is_well_formed(busy["idcard_number"])


def test_assumptions_have_a_reason_and_a_switch(api):
    assert [one["id"] for one in api.get("/_mockface/assumptions")] == [one.id for one in ASSUMPTIONS]


def test_a_person_is_minted_called_verified_and_removed(admin, api):
    person = api.post("/_mockface/scenarios", {"code": -5803})
    number = person["idcard_number"]
    assert call(admin, number, person["idcard_name"]).code == -5803
    assert api.post("/_mockface/calls/verify", {"number": number, "code": -5803, "times": 1})["verified"]
    api.delete(f"/_mockface/scenarios/{number}")
    assert call(admin, number).code == 0
    with pytest.raises(ApiError, match="404"):
        api.delete(f"/_mockface/scenarios/{number}")


def test_a_person_has_the_name_that_was_given(admin, api):
    person = api.post("/_mockface/scenarios", {"similarity": 74.9, "name": "李四"})
    assert person["idcard_name"] == "李四"
    assert call(admin, person["idcard_number"], "李四").code == 0
    assert call(admin, person["idcard_number"], "张三").code == -5803


def test_scenarios_are_listed_and_a_number_is_looked_up(api):
    added = api.post("/_mockface/scenarios", {"code": 15})["idcard_number"]
    listed = api.get("/_mockface/scenarios?limit=2")
    assert (listed["total"], listed["scenarios"][0]["number"], listed["scenarios"][0]["added"]) == (
        SHIPPED + 1,
        added,
        True,
    )
    found = api.get(f"/_mockface/scenarios/{family.number_for(6, 3, 1)}")
    assert (found["by_default"], found["steps"]) == (False, ["15 TOO_FREQUENT", "15 TOO_FREQUENT", "similarity 92.5"])
    missed = api.get("/_mockface/scenarios/110110199908090909")
    assert missed["by_default"]
    assert missed["near_misses"][0].startswith("110110199909090909")


def test_a_bad_scenario_is_refused_with_a_readable_cause(api):
    with pytest.raises(ApiError, match=r"422.*did you mean code\?"):
        api.post("/_mockface/scenarios", {"cod": -5803})


def test_calls_are_listed_newest_first_and_filtered(admin, api):
    for number in ("110110199909090909", family.number_for(10, 1, 15), "110110199909090909"):
        call(admin, number)
    assert [one["code"] for one in api.get("/_mockface/calls")] == [0, 15, 0]
    assert [one["code"] for one in api.get("/_mockface/calls?code=15")] == [15]
    assert len(api.get("/_mockface/calls?number=110110199909090909")) == 2
    assert api.get(f"/_mockface/calls?since={time.time() + 60}") == []
    assert len(api.get("/_mockface/calls?limit=1")) == 1


def test_the_request_id_of_an_answer_leads_to_its_verdict(admin, api):
    call_id = call(admin, "110110199909090909", "李四").headers["x-mockface-request-id"]
    told = api.get(f"/_mockface/calls/{call_id}")
    assert told["code"] == -5803
    assert told["verdict"]["checks"][-1]["state"] == "failed"
    assert told["request"]["fields"]["idcard_name"] == "李四"
    with pytest.raises(ApiError, match="404"):
        api.get("/_mockface/calls/none")


@pytest.mark.parametrize(
    ("wanted", "verified"),
    [({"times": 2}, True), ({"times": 1}, False), ({"times": 3}, False), ({"at_least": 2}, True), ({"at_least": 3}, False),
     ({"at_most": 2}, True), ({"at_most": 1}, False), ({"at_least": 1, "at_most": 2}, True), ({}, True),
     ({"code": 15, "times": 0}, True), ({"code": 15}, False)],
)  # fmt: skip
def test_verify_counts_exactly_at_least_and_at_most(admin, api, wanted, verified):
    number = family.number_for_similarity(80)
    for _ in range(2):
        call(admin, number)
    told = api.post("/_mockface/calls/verify", {"number": number, **wanted})
    assert told["verified"] is verified
    assert f" of {number}" in told["why"]
    assert told["why"].endswith(f", got {told['count']}")


def test_verify_finds_the_calls_of_a_number_that_is_masked(admin, api):
    call(admin, "440524199003070013")
    assert api.get("/_mockface/calls")[0]["number"] == "440*************13"
    assert api.post("/_mockface/calls/verify", {"number": "440524199003070013", "times": 1})["verified"]


def test_verify_within_a_time_waits_on_the_server_and_ends_as_soon_as_it_is_so(admin, api):
    number = api.post("/_mockface/scenarios", {"similarity": 90})["idcard_number"]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(api.post, "/_mockface/calls/verify", {"number": number, "times": 2, "within": "8s"})
        began = time.monotonic()
        call(admin, number)
        call(admin, number)
        assert waiting.result()["verified"]
        assert time.monotonic() - began < 5


def test_verify_within_a_time_gives_up_behind_it(api):
    began = time.monotonic()
    told = api.post("/_mockface/calls/verify", {"number": "110110199909090909", "within": "300ms"})
    assert not told["verified"]
    assert 0.3 <= time.monotonic() - began < 3


def test_a_delayed_call_counts_as_soon_as_it_is_answered_not_when_it_is_sent(admin, api):
    number = family.number_for_delay(2)
    with Wire(admin) as wire:
        wire.send(request(json_body(idcard_number=number)))
        began = time.monotonic()
        assert api.post("/_mockface/calls/verify", {"number": number, "within": "5s"})["verified"]
        assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("wanted", [{"times": 0}, {"at_most": 1}, {"at_least": 0, "at_most": 0}])
def test_verify_that_no_more_come_waits_the_whole_time(admin, api, wanted):
    number = family.number_for_similarity(81)
    began = time.monotonic()
    assert api.post("/_mockface/calls/verify", {"number": number, "within": "400ms", **wanted})["verified"]
    assert 0.4 <= time.monotonic() - began < 3


def test_verify_that_none_comes_ends_with_the_first_that_does(admin, api):
    number = family.number_for_similarity(82)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(api.post, "/_mockface/calls/verify", {"number": number, "times": 0, "within": "8s"})
        began = time.monotonic()
        while not waiting.done() and time.monotonic() - began < 8:
            call(admin, number)
        assert time.monotonic() - began < 5
        assert waiting.result()["why"].startswith(f"expected exactly 0 calls of {number}, got ")


IMPOSSIBLE = {
    "at_least 3 is greater than at_most 1": {"at_least": 3, "at_most": 1},
    "times is an exact count; expected it without": {"times": 1, "at_least": 1},
    "body.tmies: there is no such field; did you mean times?": {"tmies": 1},
    "body.zzz: there is no such field; known are number, ": {"zzz": 1},
}


@pytest.mark.parametrize("cause", IMPOSSIBLE)
def test_a_wrong_request_is_told_in_words(api, cause):
    with pytest.raises(ApiError, match=re.escape(cause)):
        api.post("/_mockface/calls/verify", IMPOSSIBLE[cause])


def test_a_field_that_reset_has_not_is_told_with_those_that_it_has(api):
    with pytest.raises(ApiError, match="there is no such field; known are counters, journal, scenarios, clock"):
        api.post("/_mockface/reset", {"everything": True})


@pytest.mark.parametrize("wanted", [{"within": "2"}, {"times": -1}, {"tmies": 1}])
def test_a_verify_that_makes_no_sense_is_refused(api, wanted):
    with pytest.raises(ApiError, match="422"):
        api.post("/_mockface/calls/verify", wanted)


def test_reset_takes_each_part_alone(admin, api):
    story = family.number_for(6, 12, 1)
    added = api.post("/_mockface/scenarios", {"code": 21})["idcard_number"]
    assert call(admin, story).code == 15
    api.post("/_mockface/clock/advance", {"by": "1m"})

    api.post("/_mockface/reset", {"journal": True})
    assert api.get("/_mockface/calls") == []
    assert [call(admin, story).code, call(admin, story).code] == [15, 0]

    api.post("/_mockface/reset", {"counters": True})
    assert call(admin, story).code == 15
    assert call(admin, added).code == 21

    api.post("/_mockface/reset", {"scenarios": True})
    assert call(admin, added).code == 0
    assert api.get("/_mockface/clock")["offset_s"] == 60

    api.post("/_mockface/reset", {"clock": True})
    assert api.get("/_mockface/clock")["offset_s"] == 0


def test_a_signature_expires_when_the_clock_is_advanced(admin, api):
    now = int(time.time())
    content = request(authorization=sign_now(signed_at=now, expires_at=now + 30))
    assert exchange(admin, content).code == 0
    api.post("/_mockface/clock/advance", {"by": "31s"})
    assert exchange(admin, content).code == 9
    api.post("/_mockface/clock/advance", {"by": -31})
    assert exchange(admin, content).code == 0


def test_the_clock_can_be_set(admin, api):
    assert api.put("/_mockface/clock", {"now": 1_700_000_000})["now"] == pytest.approx(1_700_000_000, abs=1)
    assert exchange(admin, request(authorization=sign_now(signed_at=1_699_999_999, expires_at=1_700_000_500))).code == 0
    with pytest.raises(ApiError, match="422"):
        api.post("/_mockface/clock/advance", {"by": "soon"})


def test_coverage_comes_as_json_text_and_markdown(admin, api):
    call(admin, family.number_for(10, 1, 15))
    assert api.get("/_mockface/coverage")["met"] == 1
    assert f"1 of {USUAL_CODES} codes".encode() in api.send("GET", "/_mockface/coverage?format=text", None, {}).body
    assert b"| 15 | TOO_FREQUENT | 1 |" in api.send("GET", "/_mockface/coverage?format=markdown", None, {}).body


def test_events_come_as_the_calls_come(admin, api):
    came: list[dict[str, Any]] = []
    ready = threading.Event()

    def listen():
        connection = http.client.HTTPConnection("127.0.0.1", admin.port, timeout=10)
        connection.request("GET", "/_mockface/events")
        response = connection.getresponse()
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.readline() == b": mockface\n"
        ready.set()
        while len(came) < 2:
            line = response.readline()
            if line.startswith(b"data: "):
                came.append(json.loads(line[6:]))
        connection.close()

    listener = threading.Thread(target=listen)
    listener.start()
    assert ready.wait(10)
    for number in ("110110199909090909", family.number_for(10, 1, 15)):
        call(admin, number)
    listener.join(10)
    assert [one["code"] for one in came] == [0, 15]


def test_events_can_be_of_one_number_or_code_also_of_one_that_is_masked(admin, api):
    real = "440524199003070013"

    def first(query):
        """The first event of the query, when two other calls came before it; what is found at the opening comes too."""

        def calls():
            for number in ("110110199909090909", family.number_for(10, 1, 15), real):
                call(admin, number)

        return next(iter(client.Client(admin.url).events(query, opened=calls)))

    assert first(client.query(number=real))["number"] == "440*************13"
    assert first(client.query(code=15))["code"] == 15


def test_errors_are_json_with_a_readable_cause(api):
    for path, status in (("/_mockface/nothing", 404), ("/_mockface/reset", 405)):
        reply = api.send("GET", path, None, {})
        assert reply.status == status
        assert "/docs" in json.loads(reply.body)["error"]
    reply = api.send("POST", "/_mockface/reset", b"{", {"Content-Type": "application/json"})
    assert reply.status == 422
    assert "JSON" in json.loads(reply.body)["error"]


HOSTILE = {
    "a page of another site": {"Origin": "https://evil.example"},
    "a page whose name was rebound": {"Host": "evil.example:8641", "Origin": "http://evil.example:8641"},
    "a rebound name without an origin": {"Host": "evil.example"},
    "a sandboxed page": {"Origin": "null"},
    "another port of this machine": {"Origin": "http://127.0.0.1:1"},
}


@pytest.mark.parametrize("path", ["/_mockface/reset", "/_mockface/clock/advance", "/_mockface/scenarios"])
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_page_changes_nothing(api, case, path):
    body = json.dumps({"by": 60, "code": 3}).encode()
    reply = api.send("POST", path, body, {"Content-Type": "application/json", **HOSTILE[case]})
    assert reply.status == 403
    assert "access-control-allow-origin" not in reply.headers
    assert api.get("/_mockface/clock")["offset_s"] == 0


@pytest.mark.parametrize(
    "host", ["localhost:8641", "127.0.0.1", "[::1]:8641", "mockface:8641", "10.0.0.7", "x.localhost"]
)
def test_own_names_and_addresses_may_use_the_api(api, host):
    assert api.send("GET", "/_mockface/clock", None, {"Host": host}).status == 200
    same = {"Host": host, "Origin": f"http://{host}"}
    assert api.send("GET", "/_mockface/clock", None, same).status == 200


def test_a_page_may_not_read_the_calls_by_a_rebound_name(api):
    assert api.send("GET", "/_mockface/calls", None, {"Host": "evil.example"}).status == 403


@pytest.mark.long
def test_no_admin_leaves_only_the_health(launch):
    without = client.Client(launch("--no-admin").url)
    assert without.get("/_mockface/health")["status"] == "ok"
    for path in ("/_mockface/calls", "/_mockface/scenarios", "/_mockface/clock"):
        assert without.send("GET", path, None, {}).status == 404


def test_the_token_is_wanted_off_loopback_and_compared_whole():
    from mockface.settings import Settings
    from mockface.web.admin.guard import refusal

    settings = Settings(admin_token="secret-u")

    def refused(address, **headers):
        scope = {"client": (address, 1), "headers": [(k.encode(), v.encode("latin-1")) for k, v in headers.items()]}
        return refusal(scope, settings)

    assert refused("127.0.0.1") is None
    assert refused("::1") is None
    assert refused("::ffff:127.0.0.1") is None
    assert refused("::ffff:192.168.1.5")[0] == 401
    assert refused("192.168.1.5")[0] == 401
    assert refused("192.168.1.5", **{"x-mockface-token": "secret"})[0] == 401
    assert refused("192.168.1.5", **{"x-mockface-token": "secret-ü"})[0] == 401
    plain = Settings(admin_token="secret")
    scope = {"client": ("192.168.1.5", 1), "headers": [(b"authorization", b"Bearer secret")]}
    assert refusal(scope, plain) is None
    assert refusal({"client": ("192.168.1.5", 1), "headers": []}, Settings()) is None
