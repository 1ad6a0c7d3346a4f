"""The command line, run as its user runs it: processes, exit codes, texts."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

import pytest

from mockface import codes, idcard
from mockface.gateway.outcomes import OUTCOMES
from mockface.model import Claims
from mockface.operations import OPERATIONS
from mockface.operations.faceid.recognition import CODES
from mockface.scenarios import family
from mockface.settings import TABLE, flag, variable
from mockface.signature import hmac_sha1
from mockface.signature.accounts import TEST_ACCOUNT
from tests.conftest import CLEAN_ENVIRONMENT
from tests.making import sign_now
from tests.protocol.wire import exchange, request


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "mockface", *arguments], capture_output=True, encoding="utf-8", check=False, timeout=30,
        env={**CLEAN_ENVIRONMENT, "PYTHONIOENCODING": "utf-8", **environment},
    )  # fmt: skip


def out(*arguments):
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.thorough
def test_id_prints_the_number_of_a_code_by_number_and_by_name():
    expected = family.number_for_code(codes.NAME_MISMATCH, 7) + "\n"
    assert out("id", "-5803", "--lane", "7") == out("id", "NAME_MISMATCH", "--lane", "7") == expected


def test_id_prints_the_number_of_a_similarity():
    assert out("id", "--similarity", "74.9") == "110110199912017492\n"


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("arguments", "text"),
    [(("id", "99"), "there is no code 99"), (("id",), "give a code"), (("id", "0"), "--similarity 100"),
     (("id", "3", "--lane", "29"), "1<=x<=28"), (("id", "--similarity", "74.95"), "one decimal"),
     (("serv",), "Did you mean 'serve'"), (("sign", "--expired", "--single-use"), "no expiry time"),
     (("--port", "70000"), "0 to 65535"), (("--signature", "strict"), "'shape', 'verify', 'off'")],
)  # fmt: skip
def test_what_cannot_be_used_is_named_and_exits_with_2(arguments, text):
    done = run(*arguments)
    assert done.returncode == 2
    assert text in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.thorough
def test_ids_prints_a_number_for_each_code_and_around_the_threshold():
    rows = json.loads(out("ids", "--lane", "28", "--json"))
    assert {row["code"] for row in rows if "code" in row} == {*codes.PAGE.by_number, *OUTCOMES}
    assert [row["similarity"] for row in rows if "similarity" in row] == [0.0, 59.9, 74.9, 75.0, 75.1, 99.9, 100.0]
    assert all(idcard.is_well_formed(row["idcard_number"]) and row["idcard_number"][12:14] == "28" for row in rows)
    assert len(out("ids").splitlines()) == len(rows) + 1


@pytest.mark.thorough
def test_codes_prints_the_table_as_text_and_as_json():
    rows = json.loads(out("codes", "--json"))
    of_page = [row["code"] for row in rows if row["operation"] == "idcardcompare"]
    assert of_page == [code.number for code in codes.TABLE]
    of_v2 = {row["code"]: row for row in rows if row["operation"] == "ImageRecognitionV2"}
    assert set(of_v2) == {"Success", *(name for name in OUTCOMES if name in CODES.by_number)}
    assert of_v2["UnauthorizedOperation.Nonactivated"]["message_zh"] == "未开通服务。"
    assert of_v2["UnauthorizedOperation.Nonactivated"]["message_zh_evidence"] == "wire"
    assert rows[0]["message_evidence"] == "wire"
    text = out("codes")
    for code in codes.TABLE:
        assert re.search(rf"^{code.number} .*{code.name} .*{re.escape(code.message)}", text, re.MULTILINE)


def claims(*flags):
    read = hmac_sha1.read(out("sign", *flags).strip())
    assert isinstance(read, Claims)
    return read


@pytest.mark.thorough
def test_sign_signs_for_the_test_account_and_lives_30_days():
    made = claims()
    assert (made.appid, made.secret_id, made.bucket) == (TEST_ACCOUNT.appid, TEST_ACCOUNT.secret_id, "mockbucket")
    assert hmac_sha1.is_signed_with(made, TEST_ACCOUNT.secret_key)
    assert made.expires_at - made.signed_at == 30 * 24 * 3600


@pytest.mark.thorough
def test_sign_signs_for_another_account_an_expired_one_and_a_single_use_one():
    made = claims("--appid", "1", "--secret-id", "AKID", "--secret-key", "k")
    assert (made.appid, made.secret_id, made.bucket) == ("1", "AKID", "")
    assert hmac_sha1.is_signed_with(made, "k")
    expired = claims("--expired")
    assert expired.signed_at < expired.expires_at < time.time()
    single = claims("--single-use")
    assert single.expires_at == 0
    assert single.resource
    assert out("sign", "--single-use") != out("sign", "--single-use")


@pytest.mark.thorough
def test_check_says_what_is_good_and_names_every_mistake(tmp_path):
    assert "no mistakes" in out("check", "scenarios")
    bad = tmp_path / "bad.yaml"
    bad.write_text('scenarios:\n  "1": { code: 3 }\n  "110110199907010018": { cod: 3 }\n', encoding="utf-8")
    done = run("check", str(bad))
    assert done.returncode == 2
    assert f"{bad}:2:3: " in done.stderr
    assert f"{bad}:3:27: a scenario has no field cod; did you mean code?" in done.stderr
    assert done.stderr.endswith("mockface: 2 mistakes in the scenario files\n")


@pytest.mark.thorough
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no device that is always full")  # noqa: PTH110
@pytest.mark.parametrize("command", ["codes", "--help", "schema", "sign"])
def test_a_full_disk_is_one_line_and_no_traceback(command):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "mockface", command], stdout=full, stderr=subprocess.PIPE, encoding="utf-8",
            check=False, timeout=30, env=CLEAN_ENVIRONMENT,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "mockface: the output cannot be written: No space left on device\n"


def test_a_file_that_cannot_be_written_is_one_line_and_no_traceback(tmp_path):
    done = run("init", str(tmp_path / "none" / "x.yaml"))
    assert done.returncode == 2
    assert done.stderr == f"mockface: {tmp_path / 'none' / 'x.yaml'}: No such file or directory\n"


@pytest.mark.thorough
def test_the_variable_of_scenarios_takes_several_paths_as_its_help_says(tmp_path):
    for name, number in (("a", "110110199907010018"), ("b", "110110199907010026")):
        (tmp_path / f"{name} 1.yaml").write_text(f'scenarios: {{ "{number}": {{ code: 15 }} }}', encoding="utf-8")
    paths = os.pathsep.join(str(tmp_path / f"{name} 1.yaml") for name in "ab")
    done = run("--port", "0", MOCKFACE_SCENARIOS=f"{paths}{os.pathsep}{tmp_path / 'none.yaml'}")
    assert [line.split(":")[0] for line in done.stderr.splitlines()[:-1]] == [str(tmp_path / "none.yaml")]


def test_serve_refuses_mistakes_with_2_before_it_listens(tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("scenarios: [", encoding="utf-8")
    done = run("--port", "0", "--scenarios", str(bad))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{bad}:1:12: this is not valid YAML" in done.stderr


def test_a_taken_port_is_said_at_once_with_2(server):
    done = run("--port", str(server.port))
    assert done.returncode == 2
    assert "--port 0" in done.stderr
    assert "MOCKFACE_PORT=8700 make run" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.thorough
def test_health_is_0_for_a_running_server_and_1_for_none(server):
    assert "ok" in run("health", "--port", str(server.port)).stdout
    assert run("health", MOCKFACE_PORT=str(server.port), MOCKFACE_HOST="0.0.0.0", http_proxy="http://x").returncode == 0
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = str(silent.getsockname()[1])
        done = run("health", "--port", port, "--timeout", "0.2")
    assert done.returncode == 1
    assert "down" in done.stderr


@pytest.mark.thorough
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_is_ready_within_a_second_and_gone_within_one(launch, how):
    starts, stops = [], []
    for _ in range(3):  # the best of three: the suite keeps both cores busy
        began = time.monotonic()
        server = launch()
        starts.append(time.monotonic() - began)
        assert exchange(server, request()).code == 0
        began = time.monotonic()
        server.process.send_signal(how)
        assert server.process.wait(5) == 0
        stops.append(time.monotonic() - began)
        assert not any("Traceback" in line for line in server.lines)
    assert min(starts) < 1
    assert min(stops) < 1


@pytest.mark.thorough
def test_the_banner_names_the_address_three_numbers_and_their_outcome(launch):
    server = launch()
    exchange(server, request())
    text = "\n".join(server.lines)
    assert server.url in text
    for number in ("110110199909090909", "110110199912017492", "110110199905018032"):
        assert f"  {number}  " in text
    assert "  image API: /face/idcardcompare, /face/livegetfour" in text
    assert "API 3.0 at /: ImageRecognition, ImageRecognitionV2, IdCardVerification, GetLiveCode, " in text


@pytest.mark.thorough
def test_the_banner_names_the_operations_that_were_chosen_alone(launch):
    text = "\n".join(launch("--operations", "IdCardVerification").lines)
    assert "API 3.0 at /: IdCardVerification  " in text
    assert "/face/idcardcompare" not in text


@pytest.mark.thorough
def test_an_operation_that_does_not_exist_is_told_in_a_line():
    done = subprocess.run(
        [sys.executable, "-m", "mockface", "serve", "--port", "0", "--operations", "Nonsense"], capture_output=True,
        text=True, encoding="utf-8", timeout=30, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (
        2, "mockface: --operations has Nonsense, which is not an operation; there are "
        f"{', '.join(one.name for one in OPERATIONS)}\n",
    )  # fmt: skip


def test_every_setting_is_a_flag_and_a_variable():
    text = re.sub(r"\s+", " ", out("serve", "--help"))
    for row in TABLE:
        assert flag(row.name) in text
        assert variable(row.name) in text


@pytest.mark.thorough
def test_variables_set_what_flags_set_and_flags_win(launch, monkeypatch):
    from tests import conftest

    monkeypatch.setitem(conftest.CLEAN_ENVIRONMENT, "MOCKFACE_SIGNATURE", "off")
    monkeypatch.setitem(conftest.CLEAN_ENVIRONMENT, "MOCKFACE_NO_HINTS", "1")
    monkeypatch.setitem(conftest.CLEAN_ENVIRONMENT, "MOCKFACE_HOSTS", "a.example b.example")
    reply = exchange(launch(), request(authorization="", host="b.example"))
    assert reply.code == 0
    assert "x-mockface-request-id" not in reply.headers
    assert exchange(launch("--signature", "verify"), request(authorization="", host="a.example")).code == 4


@pytest.mark.thorough
def test_small_commands_import_no_web_framework():
    script = "import sys; sys.argv = ['mockface', 'sign']\nfrom mockface.cli import main\n" \
        "try: main()\nexcept SystemExit: pass\n" \
        "heavy = {'fastapi', 'starlette', 'uvicorn', 'pydantic', 'yaml', 'asyncio'} & set(sys.modules)\n" \
        "assert not heavy, heavy"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode == 0, done.stderr


FREEZES = """
import gc, os, pathlib, signal, sys, threading, time
from mockface.cli import main
ready = pathlib.Path(sys.argv[1])
sys.argv = ["mockface", "serve", "--port", "0", "--ready-file", str(ready)]

def look():
    until = time.monotonic() + 15
    while (not ready.exists() or gc.get_freeze_count() < 1000) and time.monotonic() < until:
        time.sleep(0.01)
    print("frozen", gc.isenabled(), gc.get_freeze_count() > 1000, flush=True)
    os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=look, daemon=True).start()
main()
"""


@pytest.mark.thorough
def test_a_server_looks_for_garbage_but_not_in_what_it_loaded(tmp_path):
    command = [sys.executable, "-c", FREEZES, str(tmp_path / "ready")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    assert "frozen True True" in done.stdout, done.stderr


@pytest.mark.thorough
def test_a_server_that_was_asked_nothing_else_never_imports_fastapi(launch):
    server = launch()
    exchange(server, request(authorization=sign_now()))
    with open(f"/proc/{server.process.pid}/maps", encoding="utf-8") as maps:  # noqa: PTH123 - no file of a folder
        assert "pydantic_core" not in maps.read()


if sys.platform != "linux" or not os.path.isdir("/proc"):  # noqa: PTH112
    del test_a_server_that_was_asked_nothing_else_never_imports_fastapi
