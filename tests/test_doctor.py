"""`mockface doctor` in set-ups that are really broken, one way each: it names the fault and the mend."""

import json
import socket
import subprocess
import sys
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from mockface import __version__
from mockface.network import certificates, client
from mockface.network.certificates import VENDOR_NAMES
from tests.conftest import CLEAN_ENVIRONMENT
from tests.namespace import VENDOR, run_in, serving

VENDORS = "recognition.image.myqcloud.com"


def look(url, *flags, **variables):
    """What the doctor finds, by what it looked at, where these variables are set; its exit status goes under ""."""
    done = subprocess.run(
        [sys.executable, "-m", "mockface", "doctor", "--json", "--timeout", "5", *(["--url", url] if url else []), *flags],
        env={**CLEAN_ENVIRONMENT, **variables}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stdout, done.stderr
    return found_in(done.stdout, done.returncode)


def found_in(stdout, status):
    found: dict[str, dict[str, Any]] = {}
    for one in json.loads(stdout):
        found.setdefault(one["look"], one)
        if one["state"] == "fault":
            found[one["look"]] = one
            assert one["mend"], one
    assert status == any(one["state"] == "fault" for one in found.values())
    return found


def fault(found, looked_at):
    """The one fault, which must be of this look."""
    assert [one["look"] for one in found.values() if one["state"] == "fault"] == [looked_at], found
    return found[looked_at]


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    certificates.fill(folder, certificates.all_names([]), time.time())
    return folder


@pytest.fixture
def secure(launch, tls):
    return launch("--tls-cert", str(tls / "cert.pem"), "--tls-key", str(tls / "key.pem"), "--tls-port", "0")


class Stub:
    """A server of the test's own that answers every GET with the same, on a free port."""

    def __init__(self, body, date, status=200):
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response_only(status)
                self.send_header("Date", date)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


HEALTH = json.dumps({"ready": True, "version": __version__, "scenarios": 5, "errors": []}).encode()


# All well


def test_where_all_is_well_every_look_is_ok(server):
    found = look(server.url)
    assert {name: one["state"] for name, one in found.items()} == dict.fromkeys(
        ["proxy", "name", "port", "mockface", "clock", "scenarios"], "ok"
    )


@pytest.mark.thorough
def test_without_an_address_it_looks_where_the_servers_variables_say(server):
    assert look("", MOCKFACE_PORT=str(server.port))["mockface"]["state"] == "ok"


@pytest.mark.thorough
def test_a_trusted_certificate_is_ok_by_each_variable(secure, tls):
    for variable in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        found = look(secure.https_url, **{variable: str(tls / "ca.pem")})
        assert not [one for one in found.values() if one["state"] == "fault"]


def test_a_proxy_that_is_mockface_is_ok_for_http_even_for_names_that_lead_nowhere(server):
    found = look(f"http://{VENDORS}", http_proxy=server.url)
    assert found["proxy"]["says"].endswith("which is a mockface")
    assert found["scenarios"]["state"] == "ok"


def test_no_proxy_takes_the_proxy_out_of_the_way(server):
    assert look(server.url, http_proxy="http://127.0.0.1:1", no_proxy="127.0.0.1")["proxy"]["state"] == "ok"


@pytest.mark.thorough
def test_the_vendors_names_lead_here_by_a_hosts_file_and_the_certificate_is_trusted(tmp_path, tls):
    script = serving(f"--tls-cert {tls}/cert.pem --tls-key {tls}/key.pem") + "".join(
        f"SSL_CERT_FILE={tls}/ca.pem mockface doctor --url https://{name}\nmockface doctor --url http://{name}\n"
        for name in VENDOR.split()
    )
    done = run_in(tmp_path, script)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("a client here reaches mockface") == 2 * len(VENDOR_NAMES)


# Broken: the way there


def test_a_port_on_which_nothing_listens():
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        port = unheard.getsockname()[1]
        found = fault(look(f"http://127.0.0.1:{port}"), "port")
    assert "Connection refused" in found["says"]
    assert f"mockface --port {port}" in found["mend"]
    assert "--host 0.0.0.0" in found["mend"]


def test_a_name_of_the_vendor_that_leads_nowhere(tmp_path):
    done = run_in(tmp_path, f"mockface doctor --json --url https://{VENDORS} || true", hosts="")
    found = fault(found_in(done.stdout, 1), "name")
    assert "cannot be resolved" in found["says"]
    assert f"ADDRESS-OF-MOCKFACE {VENDORS}" in found["mend"]


def test_a_name_of_the_vendor_that_leads_to_the_internet_is_not_called(tmp_path):
    script = (
        f"echo 1.1.1.1 {VENDORS} >> /etc/hosts\nmockface doctor --json --timeout 60 --url https://{VENDORS} || true"
    )
    began = time.monotonic()
    done = run_in(tmp_path, script, hosts="")
    found = fault(found_in(done.stdout, 1), "name")
    assert "a public address" in found["says"]
    assert time.monotonic() - began < 30


def test_a_proxy_that_stands_between(server):
    found = fault(look(server.url, http_proxy="http://127.0.0.1:1"), "proxy")
    assert "http://127.0.0.1:1" in found["says"]
    assert "no_proxy=127.0.0.1" in found["mend"]


def test_mockface_as_a_proxy_for_https(server):
    found = fault(look(f"https://{VENDORS}", https_proxy=server.url), "proxy")
    assert "CONNECT" in found["says"]
    assert "which supports no tunnels" in found["says"]
    assert "DNS" in found["mend"]


def test_something_else_on_the_port():
    with Stub(b"hello", formatdate(usegmt=True)) as other:
        assert "something else answers" in fault(look(other.url), "mockface")["says"]


@pytest.mark.thorough
def test_something_that_says_nothing_on_the_port():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = fault(look(f"http://127.0.0.1:{silent.getsockname()[1]}"), "mockface")
    assert "does not answer HTTP" in found["says"]


@pytest.mark.thorough
def test_localhost_that_is_two_addresses_of_which_one_is_deaf(tmp_path):
    done = run_in(tmp_path, serving("--tls auto") + "mockface doctor --json --url http://localhost")
    found = found_in(done.stdout, 0)
    assert found["port"]["state"] == "note"
    assert "::1 port 80: Connection refused" in found["port"]["says"]
    assert "call 127.0.0.1" in found["port"]["mend"]


# Broken: TLS


@pytest.mark.thorough
def test_a_certificate_that_is_not_trusted(secure):
    found = fault(look(secure.https_url), "certificate")
    assert "does not trust it by the system's certificates" in found["says"]
    assert "mockface tls trust" in found["mend"]
    assert "/_mockface/ca.pem" in found["mend"]


@pytest.mark.thorough
def test_a_variable_that_names_another_ca(secure, tmp_path):
    certificates.fill(tmp_path, ["localhost"], time.time())
    found = fault(look(secure.https_url, REQUESTS_CA_BUNDLE=str(tmp_path / "ca.pem")), "certificate")
    assert "REQUESTS_CA_BUNDLE" in found["says"]


@pytest.mark.thorough
def test_who_trusts_it_is_told_apart_from_who_does_not(secure, tls):
    variables = {"SSL_CERT_FILE": str(tls / "ca.pem"), "REQUESTS_CA_BUNDLE": "/certs/absent.pem"}
    done = subprocess.run(
        [sys.executable, "-m", "mockface", "doctor", "--url", secure.https_url], env={**CLEAN_ENVIRONMENT, **variables},
        capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    said = [line.split()[:2] for line in done.stdout.splitlines() if "certificate" in line.split()[:2]]
    assert said == [["ok", "certificate"], ["note", "certificate"]]
    assert done.returncode == 0
    assert "REQUESTS_CA_BUNDLE=/certs/absent.pem: there is no such file" in done.stdout


@pytest.mark.thorough
def test_a_variable_that_names_no_file(secure):
    found = fault(look(secure.https_url, REQUESTS_CA_BUNDLE="/certs/absent.pem"), "certificate")
    assert "REQUESTS_CA_BUNDLE=/certs/absent.pem: there is no such file" in found["says"]


@pytest.mark.thorough
def test_a_certificate_without_the_name(launch, tmp_path):
    ca = certificates.new_authority(["other.test"], time.time())
    pair = certificates.issue(ca, ["other.test"], time.time())
    (tmp_path / "ca.pem").write_bytes(ca.certificate)
    (tmp_path / "pair.pem").write_bytes(pair.certificate + pair.key)
    server = launch("--tls-cert", f"{tmp_path}/pair.pem", "--tls-key", f"{tmp_path}/pair.pem", "--tls-port", "0")
    found = fault(look(server.https_url, SSL_CERT_FILE=str(tmp_path / "ca.pem")), "certificate")
    assert "mismatch" in found["says"]
    assert "--name 127.0.0.1" in found["mend"]


@pytest.mark.thorough
def test_a_certificate_past_its_end(launch, tls, tmp_path):
    ca = certificates.new_authority(certificates.OWN_NAMES, time.time() - 1000 * 86400)
    pair = certificates.issue(ca, certificates.OWN_NAMES, time.time() - 900 * 86400)
    (tmp_path / "ca.pem").write_bytes(ca.certificate)
    (tmp_path / "pair.pem").write_bytes(pair.certificate + pair.key)
    server = launch("--tls-cert", f"{tmp_path}/pair.pem", "--tls-key", f"{tmp_path}/pair.pem", "--tls-port", "0")
    found = fault(look(server.https_url, SSL_CERT_FILE=str(tmp_path / "ca.pem")), "certificate")
    assert "expired" in found["says"]
    assert "mockface tls init" in found["mend"]


def test_https_to_the_port_of_http(server):
    found = fault(look(f"https://127.0.0.1:{server.port}"), "tls")
    assert "does not serve TLS" in found["says"]
    assert "--tls auto" in found["mend"]


@pytest.mark.thorough
def test_http_to_the_port_of_https(secure):
    port = urlsplit(secure.https_url).port
    found = fault(look(f"http://127.0.0.1:{port}"), "mockface")
    assert "serves TLS, not plain HTTP" in found["says"]
    assert f"https://127.0.0.1:{port}" in found["mend"]


# Broken: what answers


@pytest.mark.thorough
@pytest.mark.parametrize(("seconds", "state"), [(-3600, "fault"), (3600, "fault"), (20, "note"), (0, "ok")])
def test_clocks_that_do_not_agree(seconds, state):
    with Stub(HEALTH, formatdate(time.time() + seconds, usegmt=True)) as server:
        found = look(server.url)["clock"]
    assert found["state"] == state
    if state == "fault":
        assert ("ahead of" if seconds < 0 else "behind") in found["says"]
        assert "(code 9)" in found["says"]


@pytest.mark.thorough
def test_a_scenario_file_that_was_spoilt_while_it_ran(launch, tmp_path):
    file = tmp_path / "team.yaml"
    file.write_text('scenarios: { "110110199907010018": { similarity: 92.5 } }\n', encoding="utf-8")
    server = launch("--scenarios", str(file))
    file.write_text('scenarios: { "110110199907010018": { similarty: 92.5 } }\n', encoding="utf-8")
    deadline = time.monotonic() + 10
    while (found := look(server.url))["scenarios"]["state"] == "ok":
        assert time.monotonic() < deadline
    assert "team.yaml:1:" in fault(found, "scenarios")["says"]
    assert "mockface check" in found["scenarios"]["mend"]


def test_another_version_is_a_note():
    other = json.dumps({**json.loads(HEALTH), "version": "0.0.1"}).encode()
    with Stub(other, formatdate(usegmt=True)) as server:
        found = look(server.url)["mockface"]
    assert found["state"] == "note"
    assert f"mockface 0.0.1 answers, this one is {__version__}" in found["says"]


# What it prints


@pytest.mark.thorough
def test_people_get_a_line_for_each_look_the_mend_below_and_a_last_word(server):
    done = subprocess.run(
        [sys.executable, "-m", "mockface", "doctor", "--url", server.url], env=CLEAN_ENVIRONMENT, capture_output=True,
        text=True, check=False, timeout=30,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert (done.returncode, lines[-1]) == (0, f"{server.url}: a client here reaches mockface")
    broken = subprocess.run(
        [sys.executable, "-m", "mockface", "doctor", "--url", "http://127.0.0.1:1"], env=CLEAN_ENVIRONMENT,
        capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    lines = broken.stdout.splitlines()
    assert (broken.returncode, lines[-1]) == (1, "http://127.0.0.1:1: 1 fault")
    assert lines[-2].split()[0] == "fix:"


@pytest.mark.parametrize("url", ["127.0.0.1:8641", "ftp://127.0.0.1", "http://", "http://127.0.0.1:99999"])
def test_what_is_no_address_is_refused_with_one_that_is(url):
    done = subprocess.run(
        [sys.executable, "-m", "mockface", "doctor", "--url", url], env=CLEAN_ENVIRONMENT, capture_output=True, text=True,
        check=False, timeout=30,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "http://127.0.0.1:8641" in done.stderr or "Port" in done.stderr


NEWER = "import sys, uvicorn; uvicorn.__version__ = '0.99.0'; from mockface.cli import main; sys.exit(main())"


@pytest.mark.thorough
def test_a_uvicorn_that_mockface_was_not_tested_with_is_served_plain_and_told(launch):
    server = launch(command=(sys.executable, "-c", NEWER))
    told = look(server.url)["server"]
    assert "this is 0.99.0, so calls use uvicorn's HTTP" in json.dumps(told), told
    assert any("this is 0.99.0" in line for line in server.lines)
    health = client.Client(server.url).get("/_mockface/health")
    assert (health["http"], "0.99.0" in health["http_why"]) == ("plain", True)
