"""What is remembered of calls: bounded, masked, and enough to explain each."""

import gc
import json
import re
import types
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockface import codes, idcard
from mockface.journal.entry import Masks
from mockface.journal.recorder import Recorder
from mockface.journal.summary import call_summary
from mockface.journal.text import call_line
from mockface.journal.verdict import FAILED, NOT_REACHED, PASSED, WOULD_FAIL, verdict
from mockface.model import Claims
from mockface.operations import OPERATIONS
from mockface.operations.idcardcompare import OPERATION as IDCARDCOMPARE
from mockface.operations.idcardcompare.checklist import checklist
from mockface.scenarios import family
from mockface.signature import hmac_sha1
from mockface.signature.accounts import TEST_ACCOUNT
from mockface.signature.explain import mistakes_in
from tests.making import (
    GIF,
    JPEG,
    LEFT_OUT,
    MULTIPART_TYPE,
    NAME,
    NOW,
    USUAL_CODES,
    ask,
    emulator,
    json_body,
    multipart_body,
    sign,
    sign_text,
)

STRANGER = "310104198807215532"

REAL = "440524199003070013"
PERSON = {"idcard_number": REAL, "idcard_name": "欧阳震华"}


def entry_after(content=None, of=None, **changes):
    server = of or emulator()
    ask(content, of=server, **changes)
    return server.recorder.journal.entries()[-1]


def explained(content=None, of=None, **changes):
    server = of or emulator()
    entry = entry_after(content, of=server, **changes)
    return verdict(entry, IDCARDCOMPARE.checks[server.mode], server.rules, server.scenarios)


def states(told):
    return {one_check["check"]: one_check["state"] for one_check in told["checks"]}


def test_a_call_is_in_the_journal_before_its_answer_is():
    server = emulator()
    answer = ask(of=server)
    (entry,) = server.recorder.journal.entries()
    assert (entry.id, entry.code, entry.number, entry.name) == (answer.id, 0, "110110199909090909", NAME)
    assert entry.form == "json url"


def test_the_journal_keeps_the_last_calls_and_says_how_many_it_dropped():
    server = emulator(journal=3)
    ids = [ask(of=server).id for _ in range(5)]
    assert [entry.id for entry in server.recorder.journal.entries()] == ids[2:]
    assert server.recorder.journal.dropped == 2
    server.recorder.journal.clear()
    assert (server.recorder.journal.entries(), server.recorder.journal.dropped) == ([], 0)


@pytest.mark.thorough
def test_the_journal_is_bounded_in_bytes_too():
    server = emulator()
    server.recorder = Recorder(OPERATIONS, 10_000, limit_bytes=100_000)
    for _ in range(200):
        ask(json_body(session_id="x" * 60_000), of=server)
    assert server.recorder.journal.size_bytes <= 100_000
    assert 10 < len(server.recorder.journal.entries()) < 60


LEAKS: dict[str, dict[str, Any]] = {
    "in its fields": {"content": json_body(**PERSON)},
    "in a refused call": {"content": json_body(**PERSON), "authorization": ""},
    "in other fields": {"content": json_body(**PERSON, session_id=REAL, url=f"http://x/{REAL}?n=欧阳震华", bucket=REAL)},
    "as the appid": {"content": json_body(**{**PERSON, "appid": REAL})},
    "as a bad url": {"content": json_body(**PERSON, url=REAL)},
    "as a bad url by name": {"content": json_body(**PERSON, url="欧阳震华")},
    "in the path": {"path": f"/face/{REAL}"},
    "in the headers": {
        "content": json_body(**PERSON), "headers": [(b"user-agent", REAL.encode()), (b"x-id", REAL.encode())]},
    "in the signature": {"content": json_body(**PERSON), "authorization": sign(appid=REAL, bucket=REAL)},
    "in the content type": {"content_type": f"text/{REAL}".encode()},
    "as a scenario of its own": {
        "content": json_body(**PERSON), "of": emulator(f'scenarios: {{ "{REAL}": {{ code: 213 }} }}')},
    "in multipart": {"content": multipart_body(**PERSON, session_id=REAL), "content_type": MULTIPART_TYPE},
}  # fmt: skip


@pytest.mark.parametrize("case", LEAKS)
def test_a_number_that_is_not_reserved_and_its_name_are_nowhere_in_the_entry(case):
    changes = dict(LEAKS[case])
    server = changes.pop("of", None) or emulator()
    entry = entry_after(of=server, **changes)
    told = repr(entry) + json.dumps(
        verdict(entry, IDCARDCOMPARE.checks[server.mode], server.rules, server.scenarios), ensure_ascii=False
    )
    assert REAL not in told
    assert "欧阳震华" not in told
    assert "欧阳震华".encode("unicode_escape").decode() not in told


def test_a_picture_a_secret_and_a_whole_token_are_nowhere_in_the_entry():
    authorization = sign()
    server = emulator(signature="verify")
    entry = entry_after(multipart_body(JPEG), of=server, content_type=MULTIPART_TYPE, authorization=authorization)
    told = repr(entry)
    assert authorization not in told
    assert authorization[:40] not in told
    assert TEST_ACCOUNT.secret_key not in told
    assert "JFIF" not in told


def reachable(start):
    """Every text and byte string that this object holds, however deep."""
    found, seen, rest = [], set(), [start]
    while rest:
        one = rest.pop()
        if id(one) in seen or isinstance(one, type | types.ModuleType | types.FunctionType):
            continue
        seen.add(id(one))
        if isinstance(one, str | bytes):
            found.append(one if isinstance(one, bytes) else one.encode("utf-8", "replace"))
        rest += gc.get_referents(one)
    return b"\n".join(found)


@pytest.mark.parametrize("own", [{}, {"idcard_number": "110110199911010759", "session_id": REAL}])
def test_a_journal_holds_no_token_and_no_number_of_a_person_anywhere_before_anybody_looks(own):
    server = emulator()
    authorization = sign(nonce=777)
    headers = [(b"cookie", b"oatmeal"), (b"user-agent", REAL.encode())]
    ask(json_body(**{**PERSON, "idcard_name": NAME, **own}), of=server, authorization=authorization, headers=headers)
    held = reachable(server.recorder.journal)
    assert b"/face/idcardcompare" in held
    assert authorization.encode() not in held
    assert REAL.encode() not in held
    assert b"oatmeal" not in held
    assert (NAME.encode() in held) is bool(own)


def test_entries_behind_a_count_are_given_once_and_counted():
    server = emulator(journal=3)
    journal = server.recorder.journal
    ids = [ask(of=server).id for _ in range(5)]
    entries, taken = journal.after(1, 10)
    assert ([entry.id for entry in entries], taken) == (ids[2:], 3)
    assert ([entry.id for entry in journal.after(3, 1)[0]], list(journal.after(5, 9)[0])) == (ids[3:4], [])


def test_show_pii_shows_numbers_and_names():
    entry = entry_after(json_body(**PERSON), of=emulator(show_pii=True))
    assert (entry.number, entry.name) == (REAL, "欧阳震华")


@given(st.text(max_size=30), st.text(max_size=10))
def test_the_calls_of_a_masked_number_are_found_by_a_key_that_does_not_name_it(number, name):
    masks = Masks()
    assert masks.key(number) == masks.key(number.lower())
    if len(number) > 6 and not idcard.is_reserved(number):
        assert number not in masks.key(number)
        assert number not in masks.number(number)


def test_a_good_call_passes_every_rung():
    told = explained(json_body(idcard_number=family.number_for_similarity(90)), of=emulator(signature="verify"))
    assert set(states(told).values()) == {PASSED}
    assert [one_check["check"] for one_check in told["checks"][:-1]] == [
        check.name for check in checklist("verify")
    ]  # fmt: skip
    assert told["answered_by"].startswith("scenario 110110199911??###?")


def test_a_refused_call_fails_at_one_rung_and_the_rest_is_not_reached():
    told = states(explained(json_body(idcard_name="")))
    assert told["signature_fresh"] == PASSED
    assert told["identity_given"] == FAILED
    assert told["picture_given"] == NOT_REACHED


@pytest.mark.parametrize(
    ("authorization", "one_check"),
    [(sign(secret_key="wrong"), "signature_verified"), (sign(secret_id="AKIDnobody"), "secret_id_known"),
     (sign(bucket="elsewhere"), "bucket_known"), (sign(expires_at=NOW + 10**8), "signature_life_allowed")],
)  # fmt: skip
def test_shape_tells_which_rung_would_fail_with_verify(authorization, one_check):
    told = states(explained(authorization=authorization))
    assert [check for check, state in told.items() if state == WOULD_FAIL] == [one_check]
    assert WOULD_FAIL not in states(explained()).values()


def test_every_rung_says_what_came_what_was_wanted_and_where_the_rule_is_from():
    for one_check in explained(multipart_body(GIF), content_type=MULTIPART_TYPE)["checks"]:
        assert one_check["came"]
        assert one_check["wanted"]
        assert one_check["evidence"]


@pytest.mark.parametrize(
    ("sequence", "told"), [(106, "similarity 100.0  fault html  HTTP 502  "), (102, "similarity 100.0  fault drop  ")]
)
def test_a_line_of_a_broken_answer_says_what_broke_it(sequence, told):
    line = call_line(call_summary(entry_after(json_body(idcard_number=family.number_for(3, 1, sequence)))))
    assert told in line


def test_a_line_of_a_late_answer_has_its_planned_delay():
    line = call_line(call_summary(entry_after(json_body(idcard_number=family.number_for(2, 1, 30)))))
    assert "similarity 100.0  delay 3 s  " in line
    assert "delay" not in call_line(call_summary(entry_after(json_body())))


def test_which_call_of_its_number_it_was_is_said_where_that_matters_alone():
    own = emulator()
    for expected in (1, 2):
        told = entry_after(json_body(idcard_number=family.number_for(6, 1, 1)), of=own)
        assert call_summary(told)["call_of_number"] == expected
        explained = verdict(told, IDCARDCOMPARE.checks[own.mode], own.rules, own.scenarios)
        assert explained["answered_by"].endswith(f"), call {expected} of this number")
    for plain in (json_body(), json_body(idcard_number="110110199908090908"), b"{}"):
        told = entry_after(plain, of=own)
        assert call_summary(told)["call_of_number"] is None
        assert "call 1" not in verdict(told, IDCARDCOMPARE.checks[own.mode], own.rules, own.scenarios)["answered_by"]


@pytest.mark.parametrize(
    ("number", "named", "gave"),
    [("110110199907010018", "张三", "李四"), (REAL, "***", "**")],
    ids=["reserved", "masked"],
)
def test_for_a_wrong_name_the_verdict_says_which_name_is_registered(number, named, gave):
    own = emulator(f'scenarios: {{ "{number}": {{ name: 张三, similarity: 90 }} }}')
    told = explained(json_body(idcard_number=number, idcard_name="李四"), of=own)
    assert f"the registered name is {named}, the call has {gave}" in told["answered_by"]
    one_check = told["checks"][-1]
    assert (one_check["state"], one_check["came"], one_check["wanted"]) == (
        FAILED, gave, f"the registered name: {named}",
    )  # fmt: skip
    assert ("张三" in json.dumps(told, ensure_ascii=False)) is (named == "张三")


def test_near_misses_are_told_when_the_default_answered():
    told = explained(json_body(idcard_number="110110199908090909"))
    assert told["near_misses"][0].startswith("110110199909090909 ")
    assert "character 12" in told["near_misses"][0]
    assert explained()["near_misses"] == []


ODD: dict[str, tuple[dict[str, Any], str]] = {
    "numeric appid": ({"content": json_body(appid=5)}, "appid is a JSON number"),
    "null of the Java SDK": ({"content": multipart_body(session_id="null"), "content_type": MULTIPART_TYPE}, "null"),
    "text fields as files": (
        {"content": multipart_body().replace(b'name="appid"', b'name="appid"; filename="appid"'),
         "content_type": MULTIPART_TYPE}, "file parts: appid"),
    "a final boundary without its --": (
        {"content": multipart_body().removesuffix(b"--\r\n"), "content_type": MULTIPART_TYPE}, "lacks its --"),
    "hand-set Content-Type": ({"content": multipart_body(), "content_type": b"multipart/form-data"}, "set by hand"),
    "appid in the query": ({"content": json_body(appid=LEFT_OUT), "query": b"appid=1250000000"}, "query string"),
    "url and image": ({"content": json_body(image="abcd")}, "only url is used"),
    "h2c": ({"headers": [(b"upgrade", b"h2c")]}, "h2c"),
}  # fmt: skip


@pytest.mark.parametrize("case", ODD)
def test_what_is_odd_on_the_wire_is_told(case):
    changes, odd = ODD[case]
    assert any(odd in told for told in explained(**changes)["notes"])


def test_a_plain_call_is_not_odd():
    assert explained()["notes"] == []


MISTAKES = {
    "milliseconds": (sign(expires_at=NOW * 1000 + 60_000, signed_at=NOW * 1000), "milliseconds"),
    "a duration for an end": (sign(expires_at=300), "not a duration"),
    "ended": (sign(expires_at=NOW - 120), "ended 2 min ago"),
    "four months": (sign(expires_at=NOW + 120 * 86400), "three months"),
    "a clock ahead": (sign(signed_at=NOW + 600), "clock"),
    "single use without f": (sign(expires_at=0), "f= must name"),
    "a and k swapped": (sign_text(f"a=AKIDx&k=1250000000&e={NOW + 9}&t={NOW}"), "swapped"),
    "URL-safe": ("a-b_", "standard Base64"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_the_usual_mistakes_in_a_signature_are_named(case):
    authorization, named = MISTAKES[case]
    assert any(named in mistake for mistake in mistakes_in(hmac_sha1.read(authorization), NOW))


def test_a_good_signature_has_no_mistake():
    claims = hmac_sha1.read(sign())
    assert isinstance(claims, Claims)
    assert mistakes_in(claims, NOW) == []


def test_coverage_counts_codes_forms_and_faults_and_warns_when_no_low_success_came():
    server = emulator()
    report = server.recorder.coverage.report
    assert (report()["percent"], report()["warnings"]) == (0.0, [])
    ask(of=server)
    assert "similarity of 75 or less" in report()["warnings"][0]
    ask(json_body(idcard_number=family.number_for_similarity(74.9)), of=server)
    ask(json_body(idcard_number=family.number_for(3, 1, 105)), of=server)
    ask(json_body(idcard_number=family.number_for_code(codes.LIVENESS)), of=server)
    ask(multipart_body(), content_type=MULTIPART_TYPE, of=server)
    told = report()
    assert told["warnings"] == []
    assert (told["forms"]["json url"], told["forms"]["multipart raw"], told["faults"]["garbage"]) == (4, 1, 1)
    assert (told["met"], told["of"], told["hard_to_get"]["met"]) == (1, USUAL_CODES, 1)
    server.recorder.coverage.clear()
    assert report()["calls"] == 0


def test_all_codes_of_the_operation_are_100_per_cent():
    server = emulator()
    ask(of=server)
    for code in codes.TABLE[1:]:
        ask(json_body(idcard_number=family.number_for_code(code)), of=server)
    assert server.recorder.coverage.report()["percent"] == 100.0


def test_a_call_that_is_kept_holds_no_scenario_whose_steps_may_be_large():
    own = emulator('scenarios: { "110110199907010018": { similarity: 90, data: { text: large } } }')
    ask(json_body(idcard_number="110110199907010018"), of=own)
    (held,) = own.recorder.journal._calls
    assert not isinstance(held.answer, bytes)
    assert held.answer.scenario is None
    (entry,) = own.recorder.journal.entries()
    assert (entry.scenario, (entry.origin or "").rpartition("/")[2]) == ("110110199907010018", "team.yaml:1")


@pytest.mark.parametrize("text", ["a=1&k=2&e=Zhangsan&t=1", "a=1&k=2&e=1&t=1&Zhangsan=1&Zhangsan=2"])
def test_a_name_in_a_signature_that_cannot_be_read_is_hidden_wherever_it_is_told(text):
    own = emulator()
    ask(json_body(idcard_number=STRANGER, idcard_name="Zhangsan", appid="7"), of=own, authorization=sign_text(text))
    (entry,) = own.recorder.journal.entries()
    told = json.dumps(verdict(entry, entry.ran, own.rules, own.scenarios))
    assert "zhangsan" not in (repr(entry) + told).lower()


@pytest.mark.parametrize(("name", "agent"), [("Ouyang", "Ouyang Xiaofang"), ("Zhangsan", "app/ZHANGSAN")])
def test_a_name_is_hidden_in_capitals_and_within_a_longer_secret(name, agent):
    own = emulator()
    fields = {"idcard_number": STRANGER, "idcard_name": name, "bucket": "Ouyang Xiaofang"}
    ask(json_body(**fields), of=own, headers=[(b"user-agent", agent.encode())])
    (entry,) = own.recorder.journal.entries()
    assert not {"ouyang", "xiaofang", "zhangsan"} & set(re.split(r"\W+", dict(entry.headers)["user-agent"].lower()))


def test_a_secret_id_in_the_place_of_the_appid_is_told_by_its_first_characters_alone():
    own = emulator()
    swapped = sign(appid="AKIDabcdefghijklmnop1234", secret_id="1250000000")
    answer = ask(json_body(), of=own, authorization=swapped)
    (entry,) = own.recorder.journal.entries()
    told = json.dumps(verdict(entry, entry.ran, own.rules, own.scenarios)) + repr(entry) + (answer.why or "")
    assert "AKIDabcd" in told
    assert "AKIDabcdefghij" not in told
