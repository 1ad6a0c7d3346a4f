"""An operation is one record: a toy of two fields, another envelope and another key goes the way that every call goes."""

import json
import urllib.request

import pytest

from mockface import codes
from mockface.checks import REQUEST_CHECKS, showing
from mockface.checks.check import check
from mockface.model import FieldTable, Refused
from mockface.operation import Operation
from mockface.operations import OPERATIONS
from mockface.reasons import words
from mockface.testing import Mockface

CARD = "110110199908010017"
NO_CARD = words("no card came; send one, such as 1101…", "没有收到卡号；应发送，例如 1101…")


@check(
    title=words("A card is given", "给出了卡号"),
    evidence=words("a toy's", "玩具"),
    wanted=words("a card", "卡号"),
    came=lambda call: showing.field(call, "card"),
)
def card_given(call, rules):
    """The card is there."""
    return None if call.number else Refused(codes.INVALID_PARAMETER, NO_CARD)


def envelope(step, call):
    code = step.code or codes.OK
    return json.dumps({"ok": step.code is None, "said": code.name, "score": step.similarity or 0}).encode()


TOY = Operation(
    name="toy",
    path="/toy/check",
    table=FieldTable(text=("card", "colour"), number="card"),
    checks=dict.fromkeys(("shape", "verify", "off"), (*REQUEST_CHECKS[:-1], card_given)),
    body=envelope,
    echoes=frozenset(),
    success=codes.OK,
    mismatch=codes.NAME_MISMATCH,
    describe=lambda: {"summary": "Check a toy", "responses": {}},
)


@pytest.fixture
def m(monkeypatch):
    monkeypatch.setattr("mockface.control.loading.OPERATIONS", (*OPERATIONS, TOY))
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


def test_it_is_served_in_its_envelope_and_finds_the_persons_scenario_by_its_own_key(m):
    person = m.add(similarity=81.5)
    assert ask(m, card=person.idcard_number)[2] == {"ok": True, "said": "OK", "score": 81.5}
    refused = m.add(code=-5803)
    status, headers, body = ask(m, card=refused.idcard_number)
    assert (status, body["said"]) == (200, "NAME_MISMATCH")
    assert "answers -5803 NAME_MISMATCH" in headers["X-Mockface-Why"]


def test_its_own_check_refuses_and_is_explained(m):
    status, headers, body = ask(m, colour="red")
    assert (status, body["ok"], headers["X-Mockface-Why"]) == (
        400,
        False,
        "no card came; send one, such as 1101\\u2026",
    )
    (call,) = m.all_calls
    told = m.explain(call)
    assert "card_given" in told
    assert "signature_given" not in told


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
    assert (status, "POST /face/idcardcompare or /toy/check is here" in headers["X-Mockface-Why"]) == (404, True)


def test_it_is_described_and_listed_beside_the_other(m):
    def told(path):
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(m.url + path) as answer:
            return json.load(answer)

    assert told("/openapi.json")["paths"]["/toy/check"]["post"]["summary"] == "Check a toy"
    assert told("/_mockface/")["operations"] == ["POST /face/idcardcompare", "POST /toy/check"]
