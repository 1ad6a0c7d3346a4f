"""Settings: what cannot mean what it says is refused in words, wherever it comes from."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

import pytest

from mockface import variables
from mockface.settings import DEFAULT_PORT, DEFAULT_TLS_PORT, TABLE, Settings, variable
from mockface.testing import Mockface
from mockface.texts.hostnames import host_as_sent, origin_as_sent
from tests.commands import COMMANDS
from tests.conftest import CLEAN_ENVIRONMENT
from tests.protocol.wire import exchange
from tests.test_cli import run

LINKS = {  # what Kubernetes sets in every pod for a Service called mockface with two ports, and Docker's --link
    "MOCKFACE_SERVICE_HOST": "10.0.0.1", "MOCKFACE_SERVICE_PORT": "8641", "MOCKFACE_SERVICE_PORT_HTTP": "8641",
    "MOCKFACE_PORT": "tcp://10.0.0.1:8641", "MOCKFACE_PORT_8641_TCP": "tcp://10.0.0.1:8641",
    "MOCKFACE_PORT_8641_TCP_PROTO": "tcp", "MOCKFACE_PORT_8641_TCP_PORT": "8641",
    "MOCKFACE_PORT_8641_TCP_ADDR": "10.0.0.1", "MOCKFACE_PORT_8643_TCP": "tcp://10.0.0.1:8643",
    "MOCKFACE_NAME": "/web/mockface", "MOCKFACE_ENV_PYTHON_VERSION": "3.13",
    # and for a Service called mockface-tls, whose port hides a setting of that name
    "MOCKFACE_TLS_SERVICE_HOST": "10.0.0.2", "MOCKFACE_TLS_PORT": "tcp://10.0.0.2:8643",
    "MOCKFACE_TLS_PORT_8643_TCP_ADDR": "10.0.0.2",
}  # fmt: skip


@dataclass
class Served:
    """A server's process, its first line, and what it wrote on standard error until its end."""

    process: subprocess.Popen[str]
    banner: str = ""
    told: str = ""


@contextlib.contextmanager
def serving(*flags, stderr=subprocess.PIPE, **environment):
    """A server with these variables, its port by the flag unless a test says otherwise."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mockface", "serve", *flags], env={**CLEAN_ENVIRONMENT, **environment}, text=True,
        stdout=subprocess.PIPE, stderr=stderr, encoding="utf-8",
    )  # fmt: skip
    served = Served(process)
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("mockface serves "), (line, process.communicate(timeout=10))
        served.banner = line
        yield served
    finally:
        process.send_signal(signal.SIGTERM)
        served.told = process.communicate(timeout=10)[1]


# Variables


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "right"),
    [("MOCKFACE_SIGNATUR", "MOCKFACE_SIGNATURE"), ("MOCKFACE_LOGLEVEL", "MOCKFACE_LOG_LEVEL"),
     ("MOCKFACE_SCENARIO", "MOCKFACE_SCENARIOS"), ("MOCKFACE_CORS_ORIGIN", "MOCKFACE_CORS_ORIGINS"),
     ("mockface_signature", "MOCKFACE_SIGNATURE"), ("MOCKFACE_TLSCERT", "MOCKFACE_TLS_CERT")],
)  # fmt: skip
def test_a_misspelt_variable_is_refused_with_the_right_name(name, right):
    done = run("serve", "--port", "0", **{name: "verify"})
    assert done.returncode == 2
    assert f"{name} is not a setting; did you mean {right}?" in " ".join(done.stderr.split())


@pytest.mark.thorough
def test_commands_that_ask_a_server_warn_of_a_misspelt_variable_and_others_do_not_read_any():
    done = run("health", "--port", "9", MOCKFACE_ADMIN_TOKN="x")
    assert "mockface: warning: MOCKFACE_ADMIN_TOKN is not a setting; did you mean MOCKFACE_ADMIN_TOKEN?" in done.stderr
    assert run("id", "-5803", MOCKFACE_ADMIN_TOKN="x").stderr == ""


def test_a_variable_of_somebody_else_is_warned_of_in_the_log_and_the_server_serves():
    with serving("--port", "0", MOCKFACE_BASE_URL="http://x", MOCKFACE_IMAGE_TAG="1") as process:
        pass
    told = [json.loads(line)["message"] for line in process.told.splitlines()]
    assert [text.split(";")[0] for text in told[:2]] == [
        "MOCKFACE_BASE_URL is not a setting",
        "MOCKFACE_IMAGE_TAG is not a setting",
    ]
    assert process.process.returncode == 0


def test_no_variable_that_is_read_or_that_a_cluster_sets_is_taken_for_misspelt():
    known = {variable(row.name): "x" for row in TABLE} | {variables.URL_VARIABLE: "http://x"}
    for environ in (known, LINKS):
        assert variables.misspelt(environ) == []
        assert variables.foreign(environ) == []
    assert set(variables.hidden_settings(LINKS)) == {"MOCKFACE_PORT", "MOCKFACE_TLS_PORT"}
    assert variables.hidden_settings({"MOCKFACE_PORT": "8641"}) == {}


def test_service_links_leave_the_server_and_every_command_with_the_default_ports(monkeypatch):
    for name, value in LINKS.items():
        monkeypatch.setenv(name, value)
    for name, command in COMMANDS.items():
        given = {option.name: option for option in command.params}
        if "port" in given and given["port"].envvar:
            wanted = [option.name for option in command.params if option.required]
            context = command.make_context(name, wanted)
            assert context.params["port"] == DEFAULT_PORT
            assert context.params.get("tls_port") in (None, DEFAULT_TLS_PORT)
    assert COMMANDS["serve"].make_context("serve", ["--port", "9"]).params["port"] == 9


@pytest.mark.thorough
def test_service_links_are_warned_of_where_they_hide_a_setting():
    with serving("--port", "0", **LINKS) as process:
        pass
    told = [json.loads(line)["message"] for line in process.told.splitlines()]
    assert told[0].startswith("MOCKFACE_PORT=tcp://10.0.0.1:8641 is a service link of Kubernetes or Docker")
    assert told[1].startswith("MOCKFACE_TLS_PORT=tcp://10.0.0.2:8643 is a service link")
    assert len([text for text in told if "MOCKFACE_" in text]) == 2
    for command in ("health", "doctor", "calls", "reset"):
        done = run(command, "--url", "http://127.0.0.1:9", **LINKS)
        assert "mockface: warning: MOCKFACE_PORT=tcp://10.0.0.1:8641 is a service link" in done.stderr
        assert "not a valid integer" not in done.stderr
        assert "Traceback" not in done.stderr


# Values


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("flags", "text"),
    [
        (["--host", ""], "it is empty; expected a value"), (["--host", " "], "it is empty; expected a value"),
        (["--hosts", ""], "it is empty; expected a value"), (["--hosts", " , "], "it is empty; expected a value"),
        (["--cors-origins", ""], "it is empty"), (["--admin-token", ""], "it is empty; expected a value"),
        (["--scenarios", ""], "it is empty; expected a value"), (["--ready-file", ""], "it is empty"),
        (["--tls-cert", "", "--tls-key", ""], "it is empty"),
        (["--head-seconds", "nan"], "--head-seconds is nan; expected a finite number"),
        (["--idle-seconds", "inf"], "--idle-seconds is inf"), (["--drain-seconds", "-inf"], "is -inf"),
        (["--hosts", "http://api.test"], "'http://api.test' is not a host name; expected one such as api.test"),
        (["--hosts", "*.test"], "not a host name"), (["--admin-hosts", "*"], "--admin-hosts: '*' is not a host name"),
        (["--admin-hosts", "a.test", "--no-admin"], "use only one of them"),
        (["--admin-token", "令牌"], "expected printable ASCII"), (["--admin-token", " x"], "printable ASCII"),
        (["--cors-origins", "*"], "'*' is not an origin; expected scheme, host and port"),
        (["--cors-origins", "http://a.test/path"], "not an origin"),
        (["--tls-port", "9443"], "--tls-port needs HTTPS"),
        (["--host", "ä" * 70], "cannot listen on ää"), (["--host", "müller.invalid"], "cannot listen on müller"),
        (["--host", "a\u3002.b"], "cannot listen on"),
        (["--ready-file", "."], "--ready-file .: the path exists and is not a file"),
        (["--ready-file", "/"], "--ready-file /: the path exists and is not a file"),
    ],
)  # fmt: skip
def test_a_flag_that_would_mean_something_else_is_refused_in_words(flags, text):
    done = run("serve", "--port", "0", *flags)
    assert done.returncode == 2, done
    assert text in " ".join(done.stderr.split()), done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.thorough
def test_an_empty_variable_is_one_that_is_not_set_and_an_empty_path_among_others_is_refused():
    empty = {variable(row.name): "" for row in TABLE if row.name != "port"}
    with serving("--port", "0", **empty) as process:
        assert "http://127.0.0.1:" in process.banner
        assert "every address" not in process.banner
    assert process.process.returncode == 0
    done = run("serve", "--port", "0", MOCKFACE_SCENARIOS=f"{os.pathsep}none.yaml")
    assert (done.returncode, "MOCKFACE_SCENARIOS has an empty path" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"host": ""}, "--host is empty"), ({"head_seconds": float("nan")}, "finite"), ({"scenarios": ""}, "empty path"),
        ({"scenarios": ["a", ""]}, "empty path"), ({"hosts": ["a.test,b.test"]}, "not a host name"),
        ({"hosts": ""}, "not a host name"), ({"cors_origins": "localhost"}, "not an origin"),
        ({"log_level": "debug"}, "logging.getLogger"), ({"log_format": "json"}, "handlers of the test's process"),
        ({"ready_file": "r.json"}, "here use the handle's url"), ({"admin_hosts": ["a/b"]}, "not a host name"),
    ],
)  # fmt: skip
def test_a_keyword_of_the_handle_that_would_mean_something_else_is_refused_in_words(given, text):
    with pytest.raises(ValueError, match=text):
        Mockface(**given)


def test_settings_with_several_values_take_one_value_a_list_or_a_tuple_in_a_handle(tmp_path):
    for given in ("http://a.test", ["http://a.test"], ("http://a.test",)):
        assert Mockface(cors_origins=given)._settings.cors_origins == ("http://a.test",)
    a_set: Any = {"a.test"}
    assert Mockface(admin_hosts=a_set, scenarios_mount=tmp_path)._settings.scenarios_mount == str(tmp_path)


@pytest.mark.thorough
@pytest.mark.parametrize(
    "arguments",
    [("health", "--timeout", "nan"), ("health", "--timeout", "-1"), ("health", "--wait", "inf"), ("health", "--url", ""),
     ("doctor", "--timeout", "nan"), ("coverage", "--fail-under", "nan"), ("health", "--port", "70000"),
     ("doctor", "--url", f"http://{'ä' * 70}:1"), ("try", "--url", "http://[::1"), ("calls", "--url", "http://a:b"),
     ("calls", "--url", f"http://{'ä' * 70}:1"), ("verdict", "x", "--url", f"http://{'ä' * 70}:1")],
)  # fmt: skip
def test_an_option_of_a_command_that_cannot_be_is_a_sentence_and_exit_status_2(arguments):
    done = run(*arguments)
    assert done.returncode == 2, done
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


# Names


@pytest.mark.parametrize(
    ("given", "sent"),
    [("API.Test", "api.test"), ("api.test:8641", "api.test"), ("api.test.", "api.test"), ("::1", "[::1]"),
     ("[::1]:8641", "[::1]"), ("127.0.0.1", "127.0.0.1"), ("müller.test", "xn--mller-kva.test"), ("a_b", "a_b")],
)  # fmt: skip
def test_a_host_is_known_as_clients_send_it(given, sent):
    assert host_as_sent(given) == sent


@pytest.mark.parametrize(
    "given", ["", "http://a", "a/b", "a b", "*", "-a", "a..b", "ä" * 70, "a?b", "user@a", "a" * 300]
)
def test_what_is_not_a_host_is_refused(given):
    with pytest.raises(ValueError, match="not a host name"):
        host_as_sent(given)


@pytest.mark.parametrize(
    ("given", "sent"),
    [("http://localhost:5173/", "http://localhost:5173"), ("https://A.test:443", "https://a.test"),
     ("http://a.test:80", "http://a.test"), ("capacitor://localhost", "capacitor://localhost"),
     ("tauri://localhost", "tauri://localhost"), ("ionic://localhost", "ionic://localhost"), ("null", "null"),
     ("file://", "file://"), ("http://[::1]:5173", "http://[::1]:5173"), ("app://-", "app://-"),
     ("chrome-extension://abcdefghijklmnop", "chrome-extension://abcdefghijklmnop"),
     ("http://müller.test:81", "http://xn--mller-kva.test:81")],
)  # fmt: skip
def test_an_origin_is_known_as_browsers_send_it(given, sent):
    assert origin_as_sent(given) == sent
    assert Settings(cors_origins=(given,)).cors_origins == (given,)


@pytest.mark.parametrize(
    "given", ["", "*", "localhost", "localhost:5173", "http://", "http://a/b", "http://a?b", "http://u@a", "http://*.a",
              "http://a:b", "http://a:99999", "://a", "http://a b", "1http://a"],
)  # fmt: skip
def test_what_is_not_an_origin_is_refused(given):
    with pytest.raises(ValueError, match=r"not an origin|not a host name"):
        origin_as_sent(given)


@pytest.mark.thorough
@pytest.mark.parametrize("origin", ["capacitor://localhost", "tauri://localhost", "null"])
def test_pages_of_apps_may_be_let_in(launch, origin):
    server = launch("--cors-origins", origin)
    for asking, admitted in ((origin, True), ("http://localhost", False)):
        head = f"OPTIONS /face/idcardcompare HTTP/1.1\r\nHost: a\r\nOrigin: {asking}\r\nAccess-Control-Request-Method: POST"
        answer = exchange(server, f"{head}\r\n\r\n".encode())
        assert (f"access-control-allow-origin: {asking}".encode() in answer.raw.lower()) is admitted


@pytest.mark.thorough
def test_the_console_and_the_api_answer_by_the_names_of_admin_hosts_and_by_no_other(launch):
    server = launch("--admin-hosts", "host.docker.internal,mockface.tests.svc", "--admin-hosts", "Müller.test")

    def status(host, path="/_mockface/calls", origin=""):
        head = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{f'Origin: {origin}' if origin else 'X-A: b'}\r\nAccept: text/html"
        )
        return exchange(server, f"{head}\r\n\r\n".encode()).status

    for host in ("host.docker.internal:8641", "Mockface.tests.svc", "xn--mller-kva.test"):
        assert [status(host), status(host, "/")] == [200, 200]
        assert status(host, origin=f"http://{host}") == 200
        assert status(host, origin="http://evil.test") == 403
    assert status("evil.test") == status("tests.svc") == 403
    refused = exchange(server, b"GET /_mockface/calls HTTP/1.1\r\nHost: a.b.internal\r\n\r\n")
    assert b"start the server with --admin-hosts" in refused.raw


# Streams


@pytest.mark.thorough
def test_a_server_whose_stderr_is_closed_serves_and_stops_well():
    command = f'exec "{sys.executable}" -m mockface serve --port 0 2>&-'
    with subprocess.Popen(["sh", "-c", command], env=CLEAN_ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("mockface serves ")
        process.terminate()
        assert process.wait(10) == 0


@pytest.mark.thorough
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_what_is_refused_exits_with_2_whichever_stream_is_closed(closed):
    command = f'exec "{sys.executable}" -m mockface serve --port 0 --head-seconds nan {closed}'
    done = subprocess.run(["sh", "-c", command], env=CLEAN_ENVIRONMENT, capture_output=True, timeout=20, check=False)
    assert done.returncode == 2
    assert ("2>" in closed) is (done.stderr == b"")


# Waiting for a server


@pytest.mark.thorough
def test_health_waits_until_a_server_is_up_and_no_longer_than_it_was_told():
    began = time.monotonic()
    done = run("health", "--port", "9", "--wait", "1")
    assert done.returncode == 1
    assert 1 <= time.monotonic() - began < 10
    assert done.stderr.rstrip().endswith("; waited 1 s")
    port = _free_port()
    script = f'(sleep 1; exec "{sys.executable}" -m mockface --port {port} >/dev/null 2>&1) & pid=$!\n'
    script += (
        f'"{sys.executable}" -m mockface health --port {port} --wait 30; code=$?; kill $pid; wait $pid; exit $code'
    )
    done = subprocess.run(["sh", "-c", script], env=CLEAN_ENVIRONMENT, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done
    assert done.stdout.startswith(b"up: ")


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
