"""The lines of `mockface tls trust`: each real client turns mockface away without them, and gets through with them."""

import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from mockface.cli.group import main
from mockface.cli.tls import CLIENTS
from tests.conftest import CLEAN_ENVIRONMENT, GO_CACHE, HERE, mockface_on_path, program, start

pytestmark = pytest.mark.thorough

PYTHON = "import {0}; import sys; print({0}.get(sys.argv[1], timeout=10).status_code)"
URLLIB = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=10).status)"
NODE = "fetch(process.argv[1]).then(r => console.log(r.status), f => { console.log('refused', f); process.exit(1) })"
PHP_CURL = (
    "$c = curl_init($argv[1]); curl_setopt($c, CURLOPT_RETURNTRANSFER, true); curl_exec($c);"
    "echo curl_getinfo($c, CURLINFO_HTTP_CODE), curl_error($c); exit(curl_errno($c) ? 1 : 0);"
)
PHP_STREAM = "$r = @file_get_contents($argv[1]); echo $r ? 200 : 'refused'; exit($r ? 0 : 1);"


def quoted(*words):
    import shlex

    return " ".join(shlex.quote(str(word)) for word in words)


CALLS = {
    "requests": ("python", quoted(sys.executable, "-c", PYTHON.format("requests"))),
    "httpx": ("python", quoted(sys.executable, "-c", PYTHON.format("httpx"))),
    "urllib": ("python", quoted(sys.executable, "-c", URLLIB)),
    "curl": ("curl", "curl -sS -o /dev/null -w '%{http_code}'"),
    "fetch": ("node", quoted("node", "-e", NODE)),
    "java": ("java", quoted("java", HERE / "clients" / "Trusting.java")),
    "go": ("go", quoted("go", "run", HERE / "clients" / "trusting.go")),
    "php-curl": ("php", quoted("php", "-r", PHP_CURL)),
    "php-stream": ("php", quoted("php", "-r", PHP_STREAM)),
}
PROGRAMS = {"curl": ["curl"], "node": ["node"], "java": ["java", "keytool", "javac"], "php": ["php"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("tls")
    assert CliRunner().invoke(main, ["tls", "init", str(made)]).exit_code == 0
    return made


@pytest.fixture(scope="module")
def secure(folder):
    running = start("--tls-cert", str(folder / "cert.pem"), "--tls-key", str(folder / "key.pem"), "--tls-port", "0")
    yield running
    assert running.stop() == 0


@pytest.mark.parametrize("name", CALLS)
def test_a_client_gets_through_by_the_printed_line_and_not_without_it(secure, folder, name, tmp_path):
    client, command = CALLS[name]
    for needed in PROGRAMS.get(client, []):
        program(needed)
    if client == "go" and shutil.which("go") is None:
        pytest.skip("go is not installed here, and its compiler is too large to install for one line")
    url = f"{secure.https_url}/_mockface/health"
    environment = {**CLEAN_ENVIRONMENT, "PATH": mockface_on_path(), "GOCACHE": str(GO_CACHE)}

    def ran(script):
        return subprocess.run(
            ["bash", "-c", script],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )

    without = ran(f"{command} {quoted(url)}")
    assert without.returncode != 0, without.stdout
    trust = f'eval "$(mockface tls trust {quoted(folder)} --for {client})"'
    for _ in range(2 if client == "java" else 1):  # the second time, Java's store is there already
        done = ran(f"{trust}\n{command} {quoted(url)}")
        assert (done.returncode, done.stdout.strip()[-3:]) == (0, "200"), done.stdout + done.stderr


def test_javas_store_takes_over_a_new_ca_in_the_place_of_the_old(launch, tmp_path):
    for needed in PROGRAMS["java"]:
        program(needed)
    for _ in range(2):
        for file in ("ca.pem", "ca-key.pem"):
            (tmp_path / file).unlink(missing_ok=True)
        assert CliRunner().invoke(main, ["tls", "init", str(tmp_path)]).exit_code == 0
        script = f'eval "$(mockface tls trust {quoted(tmp_path)} --for java)"\n{CALLS["java"][1]} "$1"'
        server = launch("--tls-cert", f"{tmp_path}/cert.pem", "--tls-key", f"{tmp_path}/key.pem", "--tls-port", "0")
        environment = {**CLEAN_ENVIRONMENT, "PATH": mockface_on_path()}
        done = subprocess.run(
            ["bash", "-c", script, "trust", f"{server.https_url}/_mockface/health"], env=environment, capture_output=True,
            text=True, check=False, timeout=100,
        )  # fmt: skip
        assert done.stdout.strip() == "200", done.stdout + done.stderr


def test_every_client_has_its_lines_and_the_whole_is_a_shell_script(folder):
    done = CliRunner().invoke(main, ["tls", "trust", str(folder)])
    assert done.exit_code == 0
    subprocess.run(["bash", "-n", "-c", done.output], check=True)
    for client in CLIENTS:
        assert CliRunner().invoke(main, ["tls", "trust", str(folder), "--for", client]).output in done.output
    assert {client for client, _ in CALLS.values()} == set(CLIENTS)


def test_a_ca_that_was_fetched_as_a_file_will_do(folder):
    by_file = CliRunner().invoke(main, ["tls", "trust", str(folder / "ca.pem")])
    assert by_file.output == CliRunner().invoke(main, ["tls", "trust", str(folder)]).output


def test_where_no_ca_is_it_is_said_how_to_get_one(tmp_path):
    done = CliRunner().invoke(main, ["tls", "trust", str(tmp_path)])
    assert done.exit_code == 2
    assert "mockface tls init" in done.output
    assert "/_mockface/ca.pem" in done.output
