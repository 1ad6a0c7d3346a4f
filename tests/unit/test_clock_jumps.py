"""The machine's clock is set back an hour, or a year ahead, between two calls: what is promised still holds."""

import json
import time
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import pytest

from mockface.control.loading import build
from mockface.settings import Settings
from mockface.web import effects
from mockface.web.admin.metrics import Collector
from mockface.web.app import App
from mockface.web.log import CallLog, Json, Text
from tests.making import NOW, ask, fields_of, json_body, sign

HOUR, YEAR = 3600, 365 * 86400
FILE = """
scenarios:
  "110110199907010018": { sequence: [ { code: 15 }, { similarity: 61 }, { similarity: 62 } ] }
accounts:
  - { appid: "1251111111", secret_id: AKIDteam, secret_key: k, rate_limit: 2/m }
"""
TEAM = {"appid": "1251111111", "secret_id": "AKIDteam", "secret_key": "k", "bucket": "", "expires_at": NOW + 2 * YEAR}


class Machine:
    """A machine's clock that jumps."""

    def __init__(self):
        self.at = float(NOW)

    def __call__(self):
        return self.at


@pytest.fixture
def machine():
    return Machine()


@pytest.fixture
def own(machine, tmp_path):
    (tmp_path / "own.yaml").write_text(FILE, encoding="utf-8")
    return build(Settings(scenarios=(tmp_path,)), machine=machine)[0]


def codes_of(own, machine, jumps, **changes):
    found = []
    for jump in jumps:
        machine.at += jump
        found.append(ask(of=own, **changes).code)
    return found


JUMPS = pytest.mark.parametrize("jump", [-HOUR, YEAR], ids=["back an hour", "ahead a year"])


def test_a_signature_is_good_or_over_by_the_time_that_it_is_now(own, machine):
    assert codes_of(own, machine, [0, -HOUR, YEAR, HOUR - YEAR], authorization=sign(expires_at=NOW + 60)) == [
        0,
        0,
        9,
        0,
    ]


@JUMPS
def test_a_single_use_signature_stays_used(own, machine, jump):
    once = sign(expires_at=0, resource="/1250000000/mockbucket/face")
    assert codes_of(own, machine, [0, jump, -jump], authorization=once) == [0, 13, 13]


@JUMPS
def test_a_rate_neither_locks_a_client_out_nor_is_void(own, machine, jump):
    given = {"content": json_body(appid="1251111111"), "authorization": sign(**TEAM)}
    assert codes_of(own, machine, [0, 0, 0], **given) == [0, 0, 15]
    assert codes_of(own, machine, [jump, 0, 0, 61], **given) == [0, 0, 15, 0]


@JUMPS
def test_a_sequence_goes_on_where_it_was(own, machine, jump):
    said = []
    for step in (0, jump, -jump):
        machine.at += step
        answer = ask(
            json_body(idcard_number="110110199907010018"), of=own, authorization=sign(expires_at=NOW + 2 * YEAR)
        )
        said.append(fields_of(answer).get("data", {}).get("similarity"))
    assert said == [None, 61.0, 62.0]


@JUMPS
def test_the_journal_keeps_the_order_in_which_calls_came_and_since_asks_for_their_times(own, machine, jump):
    ids = []
    for step in (0, jump, -jump):
        machine.at += step
        ids.append(ask(of=own).id)
    journal = own.recorder.journal
    entries = journal.entries()
    assert [entry.id for entry in entries] == ids
    assert [entry.at - NOW for entry in entries] == [0, jump, 0]
    late = [entry.id for entry in journal.matching(since=NOW + 1)]
    assert late == ([ids[1]] if jump > 0 else [])


@JUMPS
@pytest.mark.parametrize("form", [Text, Json])
def test_the_log_has_every_call_once_in_the_order_in_which_they_came(own, machine, jump, form, caplog):
    log, ids = CallLog(own.recorder.journal), []
    caplog.set_level("INFO", "mockface")
    for step in (0, jump, -jump):
        machine.at += step
        ids.append(ask(of=own).id)
        log.tick()
    lines = [form().format(record) for record in caplog.records if hasattr(record, "call")]
    assert [next(one for one in ids if one in line) for line in lines] == ids


@JUMPS
def test_metrics_measure_by_a_timer_that_does_not_jump(jump):
    app = App(Settings())
    for step in (0, jump, -jump):
        app.controls.clock.advance(step)
        ask(of=app.emulator)
    told = {family.name: family for family in Collector(app).collect()}
    samples = {sample.name: sample.value for sample in told["mockface_call_duration_seconds"].samples}
    assert samples["mockface_call_duration_seconds_count"] == 3
    # A builder's call began at 0 of the timer.
    assert 0 < samples["mockface_call_duration_seconds_sum"] <= 3 * time.perf_counter()


@JUMPS
def test_the_date_header_says_what_the_machine_says(jump, monkeypatch):
    now = [float(NOW)]
    monkeypatch.setattr(effects, "time", SimpleNamespace(time=lambda: now[0]))
    date, said = effects._Date(), []
    for step in (0, jump, -jump):
        now[0] += step
        said.append(parsedate_to_datetime(date.header()[1].decode()).timestamp() - NOW)
    assert said == [0, jump, 0]


def test_a_clock_before_1970_or_far_ahead_gets_an_answer(own, machine):
    for at in (-1e6, 0.0, 2e10):
        machine.at = at
        answer = ask(of=own, authorization=sign())
        assert json.loads(answer.body)["code"] in (0, 9)
