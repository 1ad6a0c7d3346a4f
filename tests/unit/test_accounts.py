"""Account states and rates, and numbers of real people."""

import pytest

from mockface import codes, idcard
from mockface.scenariofiles import reader
from mockface.scenariofiles.merged import Loaded
from mockface.scenarios import family
from tests.making import NOW, ask, emulator, json_body, sign

TEAM = {"appid": "1251111111", "secret_id": "AKIDteam", "secret_key": "k", "bucket": ""}
REAL = "11010519900307" + "002"
REAL += idcard.check_digit(REAL)


def with_account(more, **settings):
    return emulator(f'accounts: [{{ appid: "1251111111", secret_id: AKIDteam, secret_key: k, {more} }}]', **settings)


def call(server, **changes):
    return ask(json_body(appid=TEAM["appid"], **changes), authorization=sign(**TEAM), of=server)


STATES = {
    "active": (codes.OK, "OK"),
    "arrears": (codes.BAD_REQUEST, "account abnormal,errorno is:2"),
    "not_authorised": (codes.NOT_AUTHORISED, codes.NOT_AUTHORISED.message),
    "auth_down": (codes.AUTH_DOWN, codes.AUTH_DOWN.message),
    "auth_down_2": (codes.AUTH_DOWN_2, codes.AUTH_DOWN_2.message),
}


@pytest.mark.parametrize("mode", ["shape", "verify", "off"])
@pytest.mark.parametrize("state", STATES)
def test_an_accounts_state_answers_for_its_appid_alone(state, mode):
    server = with_account(f"state: {state}", signature=mode)
    code, message = STATES[state]
    answer = call(server)
    assert answer.code == code.number
    assert f'"message":"{message}"'.encode() in answer.body
    assert ask(of=server).code == 0


def test_an_account_of_a_file_wins_over_the_built_in_one_of_its_appid():
    server = emulator('accounts: [{ appid: "1250000000", secret_id: AKIDmine, secret_key: k, state: arrears }]')
    assert ask(of=server).code == codes.BAD_REQUEST.number


def test_accounts_of_one_appid_may_have_several_keys_but_one_state_and_one_rate():
    def diagnostics(*more):
        loaded = Loaded()
        for at, one in enumerate(more):
            account = f'{{ appid: "1251111111", secret_id: AKID{at}, secret_key: k{one} }}'
            reader.read_text(loaded, f"{'ab'[at]}.yaml", f"accounts:\n  - {account}\n")
        return [str(one).splitlines()[0] for one in loaded.diagnostics]

    assert diagnostics("", "") == diagnostics(", state: arrears", ", state: arrears") == []
    (state,) = diagnostics(", state: arrears", ", state: active")
    assert state.startswith("b.yaml:2:5: appid 1251111111 is active here and arrears at a.yaml:2; ")
    (rate,) = diagnostics(", rate_limit: 5/s", "")
    assert "has no rate_limit here and 5 calls in 1 s at a.yaml:2; " in rate


def test_a_rate_limit_answers_15_and_passes_with_time():
    clock = [float(NOW)]
    server = with_account("rate_limit: 2/s")
    server._clock = lambda: clock[0]
    assert [call(server).code for _ in range(4)] == [0, 0, 15, 15]
    clock[0] += 0.5
    assert call(server).code == codes.TOO_FREQUENT.number
    clock[0] += 0.5
    assert [call(server).code for _ in range(3)] == [0, 0, 15]
    assert "rate_limit" in call(server).why


def test_a_clock_that_is_set_back_does_not_lock_a_rate():
    clock = [float(NOW)]
    server = with_account("rate_limit: 1/h")
    server._clock = lambda: clock[0]
    assert [call(server).code, call(server).code] == [0, 15]
    clock[0] -= 30
    assert call(server).code == 0


def test_two_accounts_whose_keys_are_crossed_are_12():
    server = emulator(
        """accounts:
          - { appid: "1251111111", secret_id: AKIDteam, secret_key: k }
          - { appid: "1252222222", secret_id: AKIDother, secret_key: j }
        """,
        signature="verify",
    )
    crossed = sign(appid="1251111111", secret_id="AKIDother", secret_key="j", bucket="")
    assert ask(json_body(appid="1251111111"), authorization=crossed, of=server).code == codes.SECRET_ID_MISMATCH.number


@pytest.mark.parametrize(
    ("number", "real"),
    [(REAL, True), (family.number_for_code(codes.NAME_MISMATCH), False), ("440524188001010014", False),
     (REAL[:-1] + "0", False), ("990105199003070023", False), ("110105900307002", True), ("110105901307002", False)],
)  # fmt: skip
def test_a_real_looking_number_has_province_date_and_check_digit(number, real):
    assert idcard.looks_real(number, NOW) is real


def read(text, **options):
    loaded = Loaded(now=NOW, **options)
    reader.read_text(loaded, "team.yaml", text)
    return loaded


def test_a_real_looking_number_in_a_file_is_warned_of_and_refused_with_deny_real_ids():
    text = f'scenarios: {{ "{REAL}": {{ similarity: 90 }} }}'
    (warning,) = read(text).diagnostics
    assert str(warning).startswith("team.yaml:1:14: warning: this number looks like a real person's")
    assert read(text).scenarios
    (mistake,) = read(text, deny_real_ids=True).diagnostics
    assert not mistake.warning
    assert read(text.replace(REAL, REAL[:-1] + "?"), deny_real_ids=True).diagnostics == []


def test_with_deny_real_ids_a_call_with_such_a_number_is_21_and_its_why_does_not_repeat_it():
    assert ask(json_body(idcard_number=REAL)).code == 0
    answer = ask(json_body(idcard_number=REAL), of=emulator(deny_real_ids=True))
    assert answer.code == codes.INVALID_PARAMETER.number
    assert answer.why is not None
    assert REAL not in answer.why
