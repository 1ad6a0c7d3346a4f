"""An operation is one record: a toy of two fields, another envelope and another key goes the way that every call goes."""

import json
import urllib.request

import pytest
from click.testing import CliRunner

from mockface import operations
from mockface.cli.group import main
from mockface.model import AnswerHead
from mockface.operation import Dialect
from mockface.testing import Mockface
from tests.toy import TOY


@pytest.fixture
def m(monkeypatch):
    monkeypatch.setattr(operations, "OPERATIONS", (*operations.OPERATIONS, TOY))
    with Mockface() as served:
        yield served


def ask(m, path="/toy/check", **fields):
    sent = urllib.request.Request(m.url + path, json.dumps(fields).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(sent) as answer:
            return answer.status, dict(answer.headers), json.load(answer)
    except urllib.error.HTTPError as fault:
        with fault:
            return fault.code, dict(fault.headers), json.load(fault)


def run(*arguments):
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def told(m, path, body=None):
    sent = urllib.request.Request(m.url + path, body, {"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(sent) as answer:
        return json.load(answer)


def test_it_is_served_in_its_envelope_and_finds_the_persons_scenario_by_its_own_key(m):
    person = m.add(similarity=81.5)
    assert ask(m, card=person.idcard_number)[2] == {"ok": True, "said": "Fine", "score": 81.5}


def test_a_reason_is_said_in_its_own_word_and_the_why_says_so(m):
    refused = m.add(code=-5803)
    status, headers, body = ask(m, card=refused.idcard_number)
    assert (status, body["said"]) == (200, "OtherOwner")
    assert "answers -5803 NAME_MISMATCH; toy says OtherOwner for NAME_MISMATCH" in headers["X-Mockface-Why"]


def test_a_reason_without_a_word_is_its_unknown_error_never_a_success(m):
    refused = m.add(code=-5817)
    _, headers, body = ask(m, card=refused.idcard_number)
    assert (body["ok"], body["said"]) == (False, "Broken")
    assert "toy has no word for -5817 REGISTER_PHOTO_POOR" in headers["X-Mockface-Why"]
    assert "mockface codes --operation toy" in headers["X-Mockface-Why"]


def test_one_shipped_number_has_the_same_reason_in_both_operations(m):
    number = run("id", "-5803").strip()
    assert run("id", "OtherOwner").strip() == number
    assert ask(m, card=number)[2]["said"] == "OtherOwner"


def test_a_scenario_names_its_own_code_and_the_other_operation_says_that_it_has_no_word(m):
    person = m.add(code="NoCard")
    assert ask(m, card=person.idcard_number)[2]["said"] == "NoCard"
    fields = {"idcard_number": person.idcard_number, "idcard_name": person.idcard_name, "url": "http://e/f"}
    made = told(m, "/_mockface/operations/idcardcompare/example", json.dumps(fields).encode())
    sent = urllib.request.Request(m.url + made["path"], made["body"].encode(), made["headers"])
    with pytest.raises(urllib.error.HTTPError) as fault:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(sent)
    with fault.value:
        assert json.load(fault.value)["code"] == 213
        assert "idcardcompare has no word for NoCard NO_CARD" in fault.value.headers["X-Mockface-Why"]


def test_its_own_check_refuses_and_is_explained(m):
    status, headers, body = ask(m, colour="red")
    assert (status, body["ok"], body["said"]) == (200, False, "NoCard")
    assert headers["X-Mockface-Why"] == "no card came; send one, such as 1101\\u2026"
    (call,) = m.all_calls
    explained = m.explain(call)
    assert "card_given" in explained
    assert "signature_given" not in explained
    assert (call.operation, call.code, call.code_name) == ("toy", "NoCard", "NO_CARD")
    m.verify(code="NoCard", times=1)
    assert len(m.all_calls.where(code="NO_CARD")) == 1


def test_it_is_covered_by_its_own_codes(m):
    ask(m, colour="red")
    report = m.coverage()
    (own_part,) = [one for one in report["operations"] if one["operation"] == "toy"]
    assert (own_part["met"], own_part["of"], own_part["calls"]) == (1, 4, 1)
    assert {row["code"] for row in report["codes"]} == {"Fine", "NoCard", "OtherOwner", "Broken"}
    assert "toy: 1 of 4 codes, 25.0 %, in 1 calls" in run("coverage", "--url", m.url)


def test_the_command_line_lists_its_codes_and_tries_it(m):
    assert "OtherOwner" in run("codes", "--operation", "toy")
    assert "idcardcompare" in run("codes")
    person = m.add(similarity=70.5)
    tried = run("try", person.idcard_number, "--operation", "toy", "--url", m.url)
    assert '"said": "Fine", "score": 70.5' in tried
    assert "card_given" in tried
    assert '"said": "OtherOwner"' in run("try", "OtherOwner", "--operation", "toy", "--url", m.url)


def test_it_is_in_the_journal_by_its_key_and_a_stranger_is_masked(m):
    person = m.add()
    ask(m, card=person.idcard_number, colour="red", more="x")
    ask(m, card="310104198807215532")
    known, stranger = m.all_calls
    assert (known.number, known.fields["colour"]) == (person.idcard_number, "red")
    assert "more" not in known.fields
    assert stranger.number == "310*************32"
    m.verify(person, times=1)


def test_the_other_operation_answers_as_before_and_unknown_paths_name_both(m):
    person = m.add(code=-5803)
    fields = {
        "appid": m.credentials.appid,
        "idcard_number": person.idcard_number,
        "idcard_name": "x",
        "url": "http://e/f",
    }
    sent = urllib.request.Request(
        f"{m.url}/face/idcardcompare", json.dumps(fields).encode(),
        {"Content-Type": "application/json", "Authorization": m.sign()},
    )  # fmt: skip
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(sent) as answer:
        assert json.load(answer)["code"] == -5803
    status, headers, _ = ask(m, path="/elsewhere")
    assert (status, "/face/compare, /auth/idcard, /, /toy/check" in headers["X-Mockface-Why"]) == (404, True)


def test_it_is_described_and_listed_beside_the_other(m):
    assert told(m, "/openapi.json")["paths"]["/toy/check"]["post"]["summary"] == "Check a toy"
    assert told(m, "/_mockface/")["operations"] == [
        "POST /face/idcardcompare",
        "POST /face/livegetfour",
        "POST /face/livedetectfour",
        "POST /face/idcardlivedetectfour",
        "POST /face/livedetectpicture",
        "POST /face/compare",
        "POST /auth/idcard",
        "POST / (X-TC-Action: ImageRecognition)",
        "POST / (X-TC-Action: ImageRecognitionV2)",
        "POST / (X-TC-Action: IdCardVerification)",
        "POST / (X-TC-Action: GetLiveCode)",
        "POST / (X-TC-Action: GetActionSequence)",
        "POST / (X-TC-Action: LivenessRecognition)",
        "POST / (X-TC-Action: LivenessCompare)",
        "POST /toy/check",
    ]
    listed = {one["name"]: one for one in told(m, "/_mockface/operations")}
    assert listed["toy"]["text_fields"] == ["card", "colour"]
    assert listed["toy"]["number_field"] == "card"


def test_operations_of_one_path_are_told_apart_by_their_action_and_have_heads_of_their_own(monkeypatch):
    said = {"one": b"application/json", "two": b"text/plain"}
    twins = [
        TOY._replace(
            name=name, action=name, path="/twins",
            dialect=Dialect(
                head=AnswerHead((b"Content-Type", said[name]), ((b"Access-Control-Allow-Credentials", b"true"),))
            ),
        )
        for name in said
    ]  # fmt: skip
    monkeypatch.setattr(operations, "OPERATIONS", (*operations.OPERATIONS, *twins))
    with Mockface() as m:
        for action, content_type in ("one", "application/json"), ("two", "text/plain"), ("three", "application/json"):
            sent = urllib.request.Request(
                f"{m.url}/twins", b"{}", {"X-TC-Action": action, "Content-Type": "application/json"}
            )
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(sent) as answer:
                head = [name for name, _ in answer.headers.items()][:6]
                assert answer.headers["Content-Type"] == content_type
        expected = [
            "Server",
            "Date",
            "Content-Type",
            "Content-Length",
            "Connection",
            "Access-Control-Allow-Credentials",
        ]
        assert head == expected
        assert [call.operation for call in m.all_calls] == ["one", "two", "one"]
