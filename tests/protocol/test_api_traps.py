"""What would break the admin API if its parts were taken as they come: odd text, odd numbers, odd headers."""

import http.client
import json

import pytest

from mockface.control.clock import LATEST
from tests.making import json_body, sign_now

TEXT_BEYOND = "\U00020bb7"


def ask(server, method, path, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json", **headers})
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read())
    finally:
        connection.close()


ODD = {
    "half a surrogate pair as a number": ("/calls/verify", rb'{"number":"\ud800"}', 200),
    "half a surrogate pair as a time": ("/calls/verify", rb'{"within":"\ud800"}', 422),
    "half a surrogate pair as a field": ("/reset", rb'{"\ud800":1}', 422),
    "half a surrogate pair in a scenario": ("/scenarios", rb'{"code":3,"message":"\ud800"}', 422),
    "NaN in a scenario": ("/scenarios", b'{"code":3,"data":NaN}', 422),
    "a number without end in a scenario": ("/scenarios", b'{"code":3,"data":1e999}', 422),
    "a list 300 levels deep": ("/scenarios", b'{"code":3,"data":' + b"[" * 300 + b"]" * 300 + b"}", 422),
    "a list 950 levels deep": ("/scenarios", b'{"code":3,"data":' + b"[" * 950 + b"]" * 950 + b"}", 422),
    "otherwise 320 levels deep": (
        "/scenarios",
        b'{"code":3,"rate":0.5,"otherwise":' * 320 + b'{"code":3}' + b"}" * 320,
        422,
    ),
    "a list 100,000 levels deep": ("/scenarios", b"[" * 100_000, 400),
    "a number of 5,000 digits": ("/calls/verify", b'{"times":' + b"9" * 5000 + b"}", 400),
    "no JSON": ("/reset", b"\xff", 400),
    "a time of 5,000 digits": ("/clock/advance", b'{"by":"' + b"9" * 5000 + b's"}', 422),
    "an advance that is no number": ("/clock/advance", b'{"by":NaN}', 422),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_json_is_refused_or_taken_but_never_a_fault(server, case):
    path, body, wanted = ODD[case]
    status, answer = ask(server, "POST", f"/_mockface{path}", body)
    assert status == wanted, answer
    assert wanted == 200 or len(answer["error"]) < 400


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//", "null", "http://\xff", "http://x:y:z"])
def test_an_origin_that_is_no_url_is_another_site(server, origin):
    assert ask(server, "GET", "/_mockface/codes", Origin=origin)[0] == 403


def test_a_number_that_grows_in_upper_case_can_be_looked_up(server):
    status, answer = ask(server, "GET", "/_mockface/scenarios/11011019990909090%C3%9F")
    assert (status, answer["by_default"]) == (200, True)


def test_a_scenario_is_taken_with_every_character_that_json_can_say(server):
    odd = f"{TEXT_BEYOND}\x1b\x00\x7f\x85\u2028\\ud842 '\"#"
    number = ask(server, "POST", "/_mockface/scenarios", json.dumps({"code": 15, "message": odd}))[1]["idcard_number"]
    status, answer = ask(
        server, "POST", "/face/idcardcompare", json_body(idcard_number=number), Authorization=sign_now()
    )
    assert (status, answer["message"]) == (400, odd)


@pytest.mark.long
def test_the_clock_stays_within_the_calendar(launch):
    server = launch()
    assert ask(server, "PUT", "/_mockface/clock", json.dumps({"now": LATEST - 10}))[0] == 200
    for by in (20, "1d"):
        status, answer = ask(server, "POST", "/_mockface/clock/advance", json.dumps({"by": by}))
        assert (status, "the clock can be set to 1970 to 2286" in answer["error"]) == (422, True)
    assert ask(server, "PUT", "/_mockface/clock", json.dumps({"now": 10}))[0] == 200
    assert ask(server, "POST", "/_mockface/clock/advance", json.dumps({"by": -20}))[0] == 422
    assert 10 <= ask(server, "GET", "/_mockface/clock")[1]["now"] < 20


@pytest.mark.long
def test_a_call_with_halves_of_surrogate_pairs_can_be_looked_at(launch):
    server = launch()
    body = json_body(idcard_number="110110199907010018", idcard_name="\ud800", session_id="\udfff", appid="\ud800")
    assert ask(server, "POST", "/face/idcardcompare", body, Authorization=sign_now())[1]["code"] == 6
    status, calls = ask(server, "GET", "/_mockface/calls")
    assert (status, calls[0]["name"]) == (200, "\\ud800")
    assert ask(server, "GET", f"/_mockface/calls/{calls[0]['id']}")[0] == 200
