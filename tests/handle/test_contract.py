"""The handle, held to one contract over both servers: one of its own, and one in another process."""

import base64
import json
import re
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mockface import codes, idcard
from mockface.network import client
from mockface.scenariofiles.step_fields import SCENARIO_FIELDS
from mockface.scenarios import family
from mockface.testing import ApiError, BadScenario, BadValue, Mockface, Person, ScenarioFields, Unknown
from tests.conftest import start
from tests.making import JPEG
from tests.stores import replicas, several, store, workers  # noqa: F401 - fixtures


@pytest.fixture(scope="module")
def elsewhere():
    running = start()
    yield running
    assert running.stop() == 0


@pytest.fixture(params=["own", "elsewhere", *several()])
def m(request):
    if request.param == "own":
        with Mockface() as handle:
            yield handle
    else:
        with Mockface.connect(request.getfixturevalue(request.param).url) as handle:
            yield handle


def call(m, who, name=None, form="json-url", sign=None):
    number = who.idcard_number if isinstance(who, Person) else who
    name = name or (who.idcard_name if isinstance(who, Person) else "张三")
    return client.Client(m.url).call(form, number, name, sign or m.sign())


def code(m, who, **changes):
    body = call(m, who, **changes).body
    return int(body.split(b'"code":')[1].split(b",")[0])


def test_a_person_is_added_with_any_code_and_frozen(m):
    person = m.add(code=-5803)
    assert (person.idcard_name, code(m, person)) == ("张三", -5803)
    assert idcard.is_reserved(person.idcard_number)
    assert code(m, m.add(code="TOO_FREQUENT")) == 15
    with pytest.raises(AttributeError):
        person.idcard_name = "李四"


def test_a_person_has_the_similarity_and_the_name_that_were_given(m):
    person = m.add(similarity=74.9, name="李四")
    assert person.idcard_name == "李四"
    assert b'"similarity":74.9' in call(m, person).body
    assert code(m, person, name="张三") == codes.NAME_MISMATCH.number


@pytest.mark.parametrize("fields", [{}, {"name": "李四"}, {"delay": "1ms"}, {"status": 201}, {"note": "passes"}])
def test_a_person_without_an_outcome_passes(m, fields):
    person = m.add(**fields)
    assert person.idcard_name == fields.get("name", "张三")
    assert code(m, person) == 0
    assert m.calls.last.similarity == 100


def test_calls_in_an_order_over_several_persons_are_verified(m):
    first, second = m.add(), m.add(sequence=[{"code": 15}, {"similarity": 90}])
    for person in (first, second, first, second):
        call(m, person)
    assert [one.code for one in m.verify_in_order(first, (second, {"code": 15}), first, (second, {"code": 0}))] == [
        0,
        15,
        0,
        0,
    ]
    assert m.verify_in_order() == []
    assert len(m.verify_in_order(first.idcard_number, "1101101999070?????", within="1s")) == 2
    with pytest.raises(AssertionError) as failure:
        m.verify_in_order((second, {"code": "TOO_FREQUENT"}), first, first)
    assert re.match(
        rf"step 3 of 3 is missing: expected a call of {first.idcard_number} after \S+\.\nCalls that came \(4\):",
        str(failure.value),
    )
    with pytest.raises(AssertionError, match=r"step 1 of 2 .* with code 21 first"):
        m.verify_in_order((first, {"code": 21}), second, within=0.05)
    with pytest.raises(TypeError, match="cannot be filtered by colour"):
        m.verify_in_order((first, {"colour": "red"}))


@pytest.mark.parametrize("word", ["result", "error"])
def test_who_verifies_a_result_as_it_is_added_is_told_that_it_is_a_code(m, word):
    with pytest.raises(TypeError, match=rf"cannot be filtered by {word}; .*: code=…"):
        m.verify(m.add(), **{word: "FailedOperation.IdNameMisMatch"})


def test_a_scenario_that_cannot_be_is_refused_without_the_errors_that_led_to_it(m):
    with pytest.raises(BadScenario, match="no fault trunkate") as caught:
        m.add(fault="trunkate")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert [entry.name for entry in caught.traceback][1:] == ["add"]


def test_an_order_is_waited_for(m):
    first, second = m.add(), m.add()
    callers = [threading.Timer(at, call, [m, person]) for at, person in ((0.05, first), (0.2, second))]
    for caller in callers:
        caller.start()
    assert len(m.verify_in_order(first, second, within="10s")) == 2
    for caller in callers:
        caller.join()


def test_a_person_who_was_never_called_is_named(m):
    first, second, pattern = m.add(), m.add(), m.add(number="110110199909??75??", code=3)
    with pytest.raises(AssertionError, match=rf"3 of 3 added were never called: {first.idcard_number}, "):
        m.verify_all_called()
    call(m, first)
    call(m, family.number_for(9, 5, 751))
    with pytest.raises(AssertionError, match=rf"1 of 3 added were never called: {second.idcard_number}$"):
        m.verify_all_called()
    m.remove(second)
    m.verify_all_called()
    assert pattern.idcard_number in {person.idcard_number for person in (first, pattern)}


def test_a_sequence_is_played_a_step_a_call(m):
    person = m.add(sequence=[{"code": 15}, {"code": "INTERNAL_ERROR"}, {"similarity": 92.5}])
    assert [code(m, person) for _ in range(4)] == [15, 213, 0, 0]


def test_a_person_may_be_late_broken_random_and_hold_data(m):
    began = time.monotonic()
    assert code(m, m.add(similarity=90, delay="200ms")) == 0
    assert time.monotonic() - began >= 0.2
    assert b"502" in call(m, m.add(fault="html")).body
    assert code(m, m.add(code=213, rate=1, otherwise={"similarity": 95})) == 213
    assert call(m, m.add(similarity=90, data=None)).body.endswith(b'"data":null}')
    assert call(m, m.add(code=15, message="slow down", status=429)).status == 429


def test_a_number_or_a_pattern_of_the_tests_own_can_be_added_and_is_seen(m):
    number = family.number_for(9, 28, 999)
    assert m.add(number=number, code=21).idcard_number == number
    assert code(m, number) == 21
    m.add(number="110110199909??77??", code=3)
    assert code(m, family.number_for(9, 5, 771)) == 3
    assert [one.code for one in m.calls] == [21, 3]
    assert len(m.verify("110110199909??77??", times=1)) == 1


def test_two_persons_never_share_a_number(m):
    assert len({m.add(code=15).idcard_number for _ in range(50)}) == 50


def test_every_field_of_a_scenario_can_be_given():
    assert set(ScenarioFields.__annotations__) == set(SCENARIO_FIELDS)


@pytest.mark.parametrize(
    ("fields", "text"),
    [({"cod": -5803}, "did you mean code"), ({"sequence": [{"delay": "1s"}]}, "neither similarity nor code"), ({"code": 9999}, "no code 9999"),
     ({"similarity": 101}, "out of range"), ({"number": "12", "code": 15}, "is not an ID number")],
)  # fmt: skip
def test_what_is_no_scenario_is_refused_with_what_would_work(m, fields, text):
    with pytest.raises(BadScenario, match=text):
        m.add(**fields)


MANY_SHAPES = ["".join("?" if at >> bit & 1 else "1" for bit in range(18)) for at in range(1, 67)]
FIND, VERIFY, RESET = "/_mockface/calls/find", "/_mockface/calls/verify", "/_mockface/reset"
CLOCK, ADVANCE, ADD = "/_mockface/clock", "/_mockface/clock/advance", "/_mockface/scenarios"
WRONG: dict[str, tuple[Any, ...]] = {
    "a call that is not there": (lambda m: m.explain("none"), "get", "/_mockface/calls/none"),
    "a call with a number": (lambda m: m.explain("440524199003070013"), "get", "/_mockface/calls/440524199003070013"),
    "a person who is not there": (lambda m: m.remove("110101X"), "delete", "/_mockface/scenarios/110101X"),
    "a number that was not added": (
        lambda m: m.remove("440524199003070013"), "delete", "/_mockface/scenarios/440524199003070013",
    ),
    "a code that is not there": (lambda m: m.verify(code=9999), "post", VERIFY, {"code": 9999}),
    "a name of no code": (lambda m: m.verify(code="NOPE"), "post", VERIFY, {"code": "NOPE"}),
    "a word that is no time": (lambda m: m.verify(within="soon"), "post", VERIFY, {"within": "soon"}),
    "a time below none": (lambda m: m.verify(within=-1), "post", VERIFY, {"within": -1}),
    "a time without end": (lambda m: m.verify(within=1e12), "post", VERIFY, {"within": 1e12}),
    "fewer than none": (lambda m: m.verify(times=-1), "post", VERIFY, {"times": -1}),
    "two counts": (lambda m: m.verify(times=1, at_least=1), "post", VERIFY, {"times": 1, "at_least": 1}),
    "no count": (lambda m: m.verify(at_least=2, at_most=1), "post", VERIFY, {"at_least": 2, "at_most": 1}),
    "a field that is not there": (lambda m: m.add(cod=-5803), "post", ADD, {"cod": -5803}),
    "several mistakes": (lambda m: m.add(code=9999, delay="x"), "post", ADD, {"code": 9999, "delay": "x"}),
    "a number that is none": (
        lambda m: m.add(number="44052419900307001", code=3), "post", ADD, {"number": "44052419900307001", "code": 3},
    ),
    "an advance that is no time": (lambda m: m.clock.advance("soon"), "post", ADVANCE, {"by": "soon"}),
    "an advance without end": (lambda m: m.clock.advance(10**12), "post", ADVANCE, {"by": 10**12}),
    "an advance that is no number": (
        lambda m: m.clock.advance(float("nan")), "post", ADVANCE, {"by": float("nan")},
    ),
    "a time before 1970": (lambda m: m.clock.set(-5), "put", CLOCK, {"now": -5}),
    "a time behind 2286": (lambda m: m.clock.set(1e11), "put", CLOCK, {"now": 1e11}),
    "too many patterns to forget": (
        lambda m: m._server.forget(MANY_SHAPES), "post", RESET, {"numbers": MANY_SHAPES},
    ),
    "too many patterns to find": (lambda m: m._server.find(MANY_SHAPES, ""), "post", FIND, {"numbers": MANY_SHAPES}),
}  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("what", WRONG)
def test_the_same_mistake_is_told_in_the_same_words_by_the_api_and_the_handle(m, what):
    by_handle, method, path, *body = WRONG[what]
    with pytest.raises((BadScenario, BadValue, Unknown)) as raised:
        by_handle(m)
    with pytest.raises(ApiError) as refused:
        getattr(client.Client(m.url), method)(path, *body)
    assert str(raised.value) == "; ".join(refused.value.reasons)
    assert refused.value.status == (404 if isinstance(raised.value, Unknown) else 422)
    if isinstance(raised.value, BadScenario):
        assert raised.value.mistakes == refused.value.reasons


def test_a_clock_that_would_leave_the_calendar_stays_and_is_brought_back(m):
    m.clock.set(9.9e9)
    with pytest.raises(BadValue, match="the clock can be set to 1970 to 2286") as raised:
        m.clock.advance(2e8)
    with pytest.raises(ApiError) as refused:
        client.Client(m.url).post(ADVANCE, {"by": 2e8})
    assert refused.value.reasons == (raised.value.reason,)
    m.reset()
    assert abs(m.clock.now().timestamp() - time.time()) < 5


def test_removing_a_person_gives_the_number_its_default_again(m):
    person = m.add(code=-5803)
    m.remove(person)
    assert code(m, person) == 0
    with pytest.raises(KeyError, match=person.idcard_number):
        m.remove(person)


def test_a_signature_is_good_expired_or_good_once(m):
    person = m.add(similarity=90)
    assert code(m, person, sign=m.sign()) == 0
    assert code(m, person, sign=m.sign(-60)) == codes.SIGNATURE_EXPIRED.number
    once = m.sign(single_use=True)
    assert [code(m, person, sign=once) for _ in range(2)] == [0, codes.SIGNATURE_REPLAYED.number]


def test_a_call_is_told_whole(m):
    person = m.add(code=-4012, name="李四")
    call(m, person, form="multipart")
    (told,) = m.calls
    assert (told.code, told.status, told.number, told.name) == (-4012, 200, person.idcard_number, "李四")
    assert (told.form, told.call_of_number, told.by_default, told.similarity) == ("multipart raw", None, False, None)
    assert told.fields["idcard_name"] == "李四"
    assert told.headers["content-type"].startswith("multipart/form-data")
    assert told.answer.startswith('{"code":-4012,')
    assert told.why == f"scenario {person.idcard_number} (added at run time) answers -4012 PHOTO_NO_FACE"
    assert person.idcard_number in told.line()


def ask_api3(m, action, fields, headers=None):
    body = json.dumps(fields)
    signed = {**m.tc3(action, body), **(headers or {})}
    asked = urllib.request.Request(m.url, body.encode(), signed)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked) as answer:
        return json.load(answer)["Response"]


def of_person(person, **more):
    picture = base64.b64encode(JPEG).decode()
    return {"IdCard": person.idcard_number, "Name": person.idcard_name, "ImageBase64": picture, **more}


def test_a_call_of_api_3_is_signed_and_told_with_its_request_id(m):
    person = m.add(result="FailedOperation.LifePhotoDetectFake")
    answer = ask_api3(m, "ImageRecognition", of_person(person))
    assert answer["Result"] == "FailedOperation.LifePhotoDetectFake"
    (told,) = m.verify(person, code="FailedOperation.LifePhotoDetectFake", times=1)
    assert (told.operation, told.code, told.code_name, told.form) == (
        "ImageRecognition",
        answer["Result"],
        answer["Result"],
        "json v3",
    )
    assert (told.request_id, m.calls[0].request_id) == (answer["RequestId"], answer["RequestId"])
    explained = m.explain(answer["RequestId"])
    assert answer["RequestId"] in explained
    assert "FAILED" not in explained
    assert f"ImageRecognition json v3  {answer['Result']}  " in told.line()


def test_a_signature_of_api_3_is_that_of_its_body_and_of_the_servers_clock(m):
    person = m.add(similarity=88.5)
    m.clock.advance("3h")
    assert ask_api3(m, "ImageRecognitionV2", of_person(person, Extra="e1"))["Sim"] == 88.5
    assert ask_api3(m, "IdCardVerification", {"IdCard": person.idcard_number, "Name": "张三"})["Result"] == "0"
    assert [(one.similarity, one.code) for one in m.calls] == [(88.5, "Success"), (None, "0")]
    detail = client.Client(m.url).get(f"/_mockface/calls/{m.calls[0].id}")
    assert (detail["signature"], detail["verdict"]["signature"]["mistakes"]) == ("verified", [])
    assert all(row["meaning"] and row["meaning_zh"] for row in detail["verdict"]["signature"]["fields"])
    ask_api3(m, "IdCardVerification", of_person(person), {"X-TC-Timestamp": "1"})
    assert m.calls.last.code == "AuthFailure.SignatureExpire"


def test_what_is_signed_must_be_what_is_sent(m):
    with pytest.raises(BadValue, match="the body is a dict; sign the bytes"):
        m.tc3("ImageRecognition", {"IdCard": "1"})


def test_the_image_api_gives_no_request_id(m):
    call(m, m.add())
    assert m.calls.last.request_id == ""


def test_calls_are_filtered_by_person_and_by_value(m):
    one, other = m.add(code=15), m.add(similarity=80)
    for who in (one, other, one):
        call(m, who)
    assert [told.code for told in m.calls] == [15, 0, 15]
    assert len(m.calls.where(one)) == 2
    assert len(m.calls.where(one.idcard_number, code="TOO_FREQUENT", form="json url")) == 2
    assert len(m.calls.where(code=0, similarity=80)) == 1
    assert m.calls.where(other) == m.calls[1:2]
    assert m.calls.last.code == 15
    assert repr(m.calls).count("\n") == 2
    with pytest.raises(TypeError, match="expected code, similarity"):
        m.calls.where(colour="red")
    with pytest.raises(ValueError, match="no code 9999"):
        m.calls.where(code=9999)


@pytest.mark.parametrize(
    ("wanted", "verified"),
    [({}, True), ({"times": 2}, True), ({"times": 1}, False), ({"times": 3}, False), ({"at_least": 2}, True),
     ({"at_least": 3}, False), ({"at_most": 2}, True), ({"at_most": 1}, False), ({"at_least": 1, "at_most": 2}, True),
     ({"code": 15, "times": 0}, True), ({"code": 15}, False), ({"similarity": 80.0, "times": 2}, True),
     ({"form": "multipart raw"}, False), ({"by_default": False, "times": 2}, True)],
)  # fmt: skip
def test_verify_counts_exactly_at_least_and_at_most(m, wanted, verified):
    person = m.add(similarity=80)
    for _ in range(2):
        call(m, person)
    if verified:
        assert len(m.verify(person, **wanted)) in (0, 2)
    else:
        with pytest.raises(AssertionError, match="expected"):
            m.verify(person, **wanted)


def test_a_failed_verify_says_what_was_wanted_what_came_and_how_near_it_was(m):
    person = m.add(code=-5803)
    call(m, person)
    with pytest.raises(AssertionError) as failed:
        m.verify(person, code=-4012, form="json url")
    lines = str(failed.value).splitlines()
    assert lines[0] == (
        f"expected at least 1 call of {person.idcard_number} with code -4012 with form 'json url', got 0."
    )
    assert lines[1].endswith(": code is -5803, not -4012.")
    assert lines[2] == "Calls that came (1):"
    assert "NAME_MISMATCH" in lines[3]


def test_a_failed_verify_without_any_call_asks_for_the_url(m):
    with pytest.raises(AssertionError, match="No call came at all: does the client under test call"):
        m.verify(m.add(code=15))


def test_a_verify_that_contradicts_itself_is_refused(m):
    with pytest.raises(ValueError, match="without at_least and at_most"):
        m.verify(times=1, at_least=1)
    with pytest.raises(ValueError, match="greater than at_most"):
        m.verify(at_least=2, at_most=1)
    with pytest.raises(ValueError, match='"2s", "300ms"'):
        m.verify(within="soon")
    with pytest.raises(TypeError, match="expected code"):
        m.verify(cod=15)


def test_verify_within_a_time_waits_for_the_call_and_ends_as_soon_as_it_is_there(m):
    person, other = m.add(similarity=80), m.add(code=15)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(m.verify, person, similarity=80, times=2, within="8s")
        began = time.monotonic()
        for who in (other, person, person):
            call(m, who)
        assert len(waiting.result()) == 2
        assert time.monotonic() - began < 4


def test_verify_within_a_time_gives_up_behind_it_and_says_so(m):
    began = time.monotonic()
    with pytest.raises(AssertionError, match=r"within 300ms, got 0"):
        m.verify(m.add(code=15), within="300ms")
    assert 0.3 <= time.monotonic() - began < 3
    with pytest.raises(AssertionError, match=r"within 0.1 s, got 0"):
        m.verify(m.add(code=15), within=0.1)


def test_a_number_that_was_not_added_is_verified_by_its_name(m):
    number = family.number_for_similarity(80, lane=17)
    call(m, number)
    assert m.verify(number, times=1).last.similarity == 80
    assert m.verify(number.lower(), times=1)
    assert number in [one.number for one in m.all_calls]


def test_the_calls_of_a_number_that_is_masked_are_found_by_the_number(m):
    call(m, "440524199003070013")
    assert m.verify("440524199003070013", times=1).last.number == "440*************13"
    assert len(m.all_calls.where("440524199003070013")) == 1


def test_the_clock_is_advanced_and_set_and_signatures_follow(m):
    person = m.add(similarity=90)
    signed = m.sign(30)
    assert code(m, person, sign=signed) == 0
    m.clock.advance("31s")
    assert code(m, person, sign=signed) == codes.SIGNATURE_EXPIRED.number
    assert code(m, person) == 0
    m.clock.advance(-31)
    assert code(m, person, sign=signed) == 0
    m.clock.set(datetime(2030, 1, 1, tzinfo=UTC))
    assert abs(m.clock.now() - datetime(2030, 1, 1, tzinfo=UTC)) < timedelta(seconds=5)
    m.clock.advance(timedelta(days=1))
    assert m.clock.now().day == 2
    m.clock.set(1_700_000_000)
    assert m.clock.now().year == 2023


@pytest.mark.parametrize("by", ["soon", float("nan"), 1e12])
def test_what_is_no_time_does_not_move_the_clock(m, by):
    with pytest.raises(ValueError, match="is not a time"):
        m.clock.advance(by)
    with pytest.raises(ValueError, match="time zone"):
        m.clock.set(datetime(2030, 1, 1))
    assert abs(m.clock.now().timestamp() - time.time()) < 5


def test_reset_takes_back_what_the_handle_did_and_forgets_its_calls(m):
    person = m.add(code=15)
    call(m, person)
    m.clock.advance("1d")
    m.reset()
    assert m.calls == []
    assert code(m, person) == 0
    assert abs(m.clock.now().timestamp() - time.time()) < 5
    again = m.add(sequence=[{"code": 15}, {"similarity": 90}])
    assert code(m, again) == 15
    assert [one.code for one in m.calls][-1:] == [15]


def test_a_scope_sees_its_own_calls_and_takes_back_what_it_did_alone(m):
    outer = m.add(sequence=[{"code": 15}, {"similarity": 90}])
    call(m, outer)
    with m.scope() as inner:
        person = inner.add(code=-5803)
        call(inner, person)
        inner.verify(person, times=1)
        assert [one.code for one in inner.calls] == [-5803]
        inner.clock.advance("1h")
    assert code(m, person) == 0
    assert code(m, outer) in (0, 15)
    assert abs(m.clock.now().timestamp() - time.time()) < 5
    assert m.verify(outer, times=2)


def test_coverage_counts_what_was_asked_for(m):
    before = m.coverage()
    call(m, m.add(code=-5014))
    after = m.coverage()
    assert after["calls"] == before["calls"] + 1
    assert next(row for row in after["codes"] if row["code"] == -5014)["times"] >= 1


def test_resetting_everything_forgets_the_whole_server(m):
    person = m.add(code=15)
    call(m, person)
    m.reset(everything=True)
    assert m.coverage()["calls"] == 0
    assert m.all_calls == []
    assert code(m, person) == 0


def test_a_call_is_explained(m):
    call(m, m.add(code=-5803))
    told = m.explain(m.calls.last)
    assert "answered by scenario" in told
    assert "signature_fresh" in told
    with pytest.raises(KeyError, match="none"):
        m.explain("none")


def test_no_call_fell_to_the_default_or_it_is_named(m):
    person = m.add(code=15)
    call(m, person)
    m.verify_none_fell_to_default()
    m.remove(person)
    call(m, person)
    with pytest.raises(AssertionError, match=f"(?s)1 call.*{person.idcard_number}"):
        m.verify_none_fell_to_default()


def test_url_port_and_credentials_are_those_of_the_server(m):
    assert m.url == f"http://127.0.0.1:{m.port}"
    assert (m.credentials.appid, m.credentials.bucket) == ("1250000000", "mockbucket")
    assert m.url in repr(m)


@pytest.mark.thorough
def test_many_threads_add_call_and_verify_at_once(m):
    def work(_):
        for _ in range(10):
            person = m.add(sequence=[{"code": 15}, {"similarity": 90}])
            assert [code(m, person), code(m, person)] == [15, 0]
            m.verify(person, times=2)
            m.remove(person)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))


def test_a_waiting_verify_does_not_hold_up_the_server(m):
    person = m.add(similarity=90)
    waiting = threading.Thread(target=lambda: m.verify(person, at_least=0, within="5s"))
    waiting.start()
    assert code(m, person) == 0
    waiting.join(5)
    assert not waiting.is_alive()
