"""The commands that ask a running server, run as their user runs them."""

import json
import re
import signal
import subprocess
import sys
import threading
import time

import pytest

from mockface.network import client
from mockface.network.client import PHOTO
from mockface.request.picture import sniff
from mockface.scenarios import family
from tests.conftest import CLEAN_ENVIRONMENT, start
from tests.making import USUAL_CODES, sign_now
from tests.test_cli import out, run


@pytest.fixture(scope="module")
def other():
    running = start()
    yield running
    assert running.stop() == 0


@pytest.fixture
def at(other):
    client.Client(other.url).post("/_mockface/reset", {})
    return "--url", other.url


@pytest.mark.thorough
@pytest.mark.parametrize("form", client.FORMS)
def test_try_makes_the_call_in_any_form_and_shows_answer_and_verdict(at, form):
    text = out("try", "-5803", "--form", form, *at)
    assert text.startswith('HTTP 200  {"code":-5803,')
    assert "answered by scenario 110110199905??803?" in text
    assert re.search(r"^ok +picture_decodable ", text, re.MULTILINE)


@pytest.mark.thorough
def test_try_takes_a_name_a_number_or_nothing(at):
    assert '"code":-4012' in out("try", "PHOTO_NO_FACE", *at)
    assert '"code":0' in out("try", *at)
    assert '"code":15' in out("try", family.number_for(6, 1, 1), *at)
    assert "registers another name" in out("try", "110110199909090909", "--name", "李四", *at)
    assert run("try", "nonsense", *at).returncode == 2


def test_the_picture_that_try_sends_is_a_whole_png():
    assert sniff(PHOTO) == "PNG"
    assert PHOTO.endswith(b"IEND\xaeB`\x82")


def test_try_says_why_there_is_no_verdict_where_hints_are_off(launch):
    server = launch("--no-hints")
    done = run("try", "--url", server.url)
    assert (done.returncode, '"code":0' in done.stdout) == (0, True)
    assert "the server runs with --no-hints" in done.stderr


def test_health_takes_a_url_as_the_others_do(other):
    assert f"up: {other.url} says" in out("health", "--url", other.url)
    assert run("health", MOCKFACE_URL="http://127.0.0.1:9").returncode == 1


@pytest.mark.thorough
def test_verdict_explains_a_call_by_its_id(at):
    found = re.search(r"[0-9a-f]{6}-\d+", out("try", *at))
    assert found
    call_id = found[0]
    assert "answered by scenario 110110199909090909" in out("verdict", call_id, *at)
    assert json.loads(out("verdict", call_id, "--json", *at))["id"] == call_id
    done = run("verdict", "none", *at)
    assert done.returncode == 2
    assert "the journal has no call none" in done.stderr


@pytest.mark.thorough
def test_calls_prints_one_line_each(at):
    out("try", "-5803", *at)
    out("try", "15", *at)
    lines = out("calls", "--no-follow", *at).splitlines()
    assert [line.split("  ")[-2].strip() != "" for line in lines] == [True, True]
    assert "NAME_MISMATCH" in lines[0]
    assert "TOO_FREQUENT" in lines[1]
    assert len(out("calls", "--no-follow", "--code", "15", *at).splitlines()) == 1


@pytest.mark.thorough
def test_calls_follows_as_they_come_and_ends_with_the_server(at, launch):
    server = launch()
    process = subprocess.Popen(
        [sys.executable, "-m", "mockface", "calls", "--url", server.url], stdout=subprocess.PIPE, text=True,
        encoding="utf-8", env={**CLEAN_ENVIRONMENT, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert process.stdout
    with process, process.stdout as stdout:
        seen = ""
        while "-5803" not in seen:
            # The listener may not be there yet for the first calls.
            client.Client(server.url).call("json-url", "110110199905018032", "张三", sign_now())
            if process.poll() is not None:
                break
            seen = stdout.readline()
        assert "NAME_MISMATCH" in seen
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(3) == 0
        process.wait(5)


@pytest.mark.thorough
def test_calls_follows_one_masked_number_without_a_gap_and_without_doubles(launch):
    real = "440524199003070013"
    server = launch()
    asking = client.Client(server.url)
    process = subprocess.Popen(
        [sys.executable, "-m", "mockface", "calls", "--number", real, "--url", server.url], stdout=subprocess.PIPE,
        text=True, encoding="utf-8", env={**CLEAN_ENVIRONMENT, "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    lines: list[str] = []
    assert process.stdout
    with process, process.stdout as stdout:
        reader = threading.Thread(target=lambda: lines.extend(stdout))
        reader.start()
        deadline = time.monotonic() + 20
        # Calls come before, while and after it begins to listen; it begins with twenty at most.
        while len(lines) < 30 and time.monotonic() < deadline:
            for number in (real, "110110199905018032"):
                asking.call("json-url", number, "张三", sign_now())
        server.process.send_signal(signal.SIGTERM)
        reader.join(10)
    assert all("  440*************13  " in line for line in lines)
    numbers = [int(found[1]) for line in lines if (found := re.search(r"-(\d+)", line))]
    assert len(numbers) == len(lines)
    assert len(numbers) >= 30
    assert numbers == list(range(numbers[0], numbers[0] + 2 * len(numbers), 2))


@pytest.mark.thorough
def test_coverage_fails_under_what_is_wanted(at):
    out("try", "-5803", *at)
    assert f"1 of {USUAL_CODES} codes" in out("coverage", *at)
    assert "| -5803 | NAME_MISMATCH | 1 |" in out("coverage", "--format", "markdown", *at)
    assert json.loads(out("coverage", "--format", "json", *at))["met"] == 1
    assert out("coverage", "--fail-under", "3", *at)
    done = run("coverage", "--fail-under", "90", *at)
    assert done.returncode == 1
    assert "--fail-under expects 90 %" in done.stderr


@pytest.mark.thorough
def test_reset_resets_what_is_named_or_all(at):
    out("try", *at)
    assert out("reset", "--counters", *at) == "reset: counters\n"
    assert len(out("calls", "--no-follow", *at).splitlines()) == 1
    assert out("reset", *at) == "reset: counters, journal, scenarios, clock, switches\n"
    assert out("calls", "--no-follow", *at) == ""


@pytest.mark.thorough
@pytest.mark.parametrize("command", ["try", "calls", "coverage", "reset", "verdict x"])
def test_without_a_server_each_command_says_so(command):
    done = run(*command.split(), "--url", "http://127.0.0.1:9")
    assert done.returncode == 2
    assert "is it running?" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.thorough
def test_the_url_may_come_from_the_environment(other):
    assert '"code":0' in run("try", MOCKFACE_URL=other.url).stdout
    assert '"code":0' in run("try", MOCKFACE_PORT=str(other.port)).stdout


@pytest.mark.thorough
def test_something_else_than_mockface_is_named(tmp_path):
    import http.server
    import threading

    httpd = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    done = run("coverage", "--url", f"http://127.0.0.1:{httpd.server_port}")
    httpd.shutdown()
    httpd.server_close()
    assert done.returncode == 2
    assert "is that mockface?" in done.stderr


@pytest.mark.thorough
def test_explain_reads_an_authorization_field_by_field():
    text = out("explain", sign_now())
    assert "a  1250000000  " in text
    assert "digest: verifies" in text
    assert "mistake" not in text
    assert "does not verify (code 14)" in out("explain", sign_now(secret_key="wrong"))
    assert "not verified" in out("explain", sign_now(secret_id="AKIDother"))
    done = run("explain", "Bearer x")
    assert done.returncode == 1
    assert "standard Base64" in done.stdout


def test_assumptions_are_listed_with_id_reason_evidence_and_switch():
    from mockface.operations.assumed import ASSUMPTIONS

    rows = json.loads(out("assumptions", "--json"))
    assert [row["id"] for row in rows] == [one.id for one in ASSUMPTIONS]
    assert all(row["default"] and row["reason"] and row["evidence"] for row in rows)
    assert "limit-6-mib  [assumed]" in out("assumptions")


def test_every_switch_of_an_assumption_that_is_a_flag_exists():
    from mockface.operations.assumed import ASSUMPTIONS

    text = out("serve", "--help")
    for one in ASSUMPTIONS:
        for flag in re.findall(r"--[a-z-]+", one.switch):
            assert flag in text


def test_schema_prints_what_is_committed():
    from mockface.scenariofiles.schema import schema_text

    assert out("schema") == schema_text()


@pytest.mark.thorough
def test_init_writes_a_file_that_is_good_and_serves_and_never_overwrites(tmp_path, launch):
    file = tmp_path / "mockface.yaml"
    out("init", str(file))
    assert file.read_text("utf-8").startswith("# yaml-language-server: $schema=mockface.schema.json\n")
    assert json.loads((tmp_path / "mockface.schema.json").read_text("utf-8"))["title"] == "mockface scenario file"
    assert "3 scenarios, 0 accounts: no mistakes" in out("check", "--deny-real-ids", str(file))
    server = launch("--scenarios", str(file))
    assert '"similarity":92.5' in out("try", family.number_for(7, 1, 1), "--url", server.url)
    done = run("init", str(file))
    assert done.returncode == 2
    assert "is not changed" in done.stderr
