"""Certificates, and HTTPS beside HTTP, with real handshakes and verification on."""

import json
import os
import socket
import ssl
import stat
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from cryptography import x509

from mockface.cli.group import main
from mockface.errors import CannotIssue
from mockface.network import certificates
from tests.conftest import CLEAN_ENVIRONMENT
from tests.making import MULTIPART_TYPE, json_body, multipart_body
from tests.protocol.wire import exchange, request

FREE = ("--tls-port", "0")


def run(*arguments, **options):
    return CliRunner().invoke(main, [*map(str, arguments)], **options)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("tls")
    assert run("tls", "init", made, "--name", "api.test", "--name", "10.1.2.3").exit_code == 0
    return made


@pytest.fixture
def secure(launch, folder):
    return launch("--tls-cert", str(folder / "cert.pem"), "--tls-key", str(folder / "key.pem"), *FREE)


def trusting(ca):
    context = ssl.create_default_context(cafile=str(ca))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


def say(server, content, context, name="127.0.0.1"):
    """Send bytes over TLS with this server name, read the answer whole."""
    port = urlsplit(server.https_url).port
    with (
        socket.create_connection(("127.0.0.1", port), 10) as plain,
        context.wrap_socket(plain, server_hostname=name) as wire,
    ):
        wire.sendall(content)
        wire.settimeout(10)
        came = b""
        while b"\r\n\r\n" not in came or len(came.partition(b"\r\n\r\n")[2]) < length_of(came):
            chunk = wire.recv(65536)
            if not chunk:
                break
            came += chunk
        return came, wire.version()


def length_of(head):
    return int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])


def code_of(reply):
    return json.loads(reply.partition(b"\r\n\r\n")[2])["code"]


# Certificates


def test_keys_are_readable_by_their_owner_alone(folder):
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert modes == {"ca.pem": 0o644, "ca-key.pem": 0o600, "cert.pem": 0o644, "key.pem": 0o600}


def test_a_certificate_names_the_vendors_hosts_and_those_that_are_given(folder):
    certificate = x509.load_pem_x509_certificate((folder / "cert.pem").read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert set(names.get_values_for_type(x509.DNSName)) == {
        "recognition.image.myqcloud.com", "service.image.myqcloud.com", "faceid.tencentcloudapi.com", "localhost",
        "mockface", "api.test",
    }  # fmt: skip
    assert set(map(str, names.get_values_for_type(x509.IPAddress))) == {"127.0.0.1", "::1", "10.1.2.3"}


def test_a_certificate_is_good_from_yesterday_and_within_the_825_days_that_clients_allow(folder):
    certificate = x509.load_pem_x509_certificate((folder / "cert.pem").read_bytes())
    life = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert timedelta(days=700) < life <= timedelta(days=825)
    assert certificate.not_valid_before_utc < datetime.now(UTC) - timedelta(hours=23)


def test_a_second_init_keeps_the_ca_and_says_so(tmp_path):
    first = run("tls", "init", tmp_path)
    kept = {name: (tmp_path / name).read_bytes() for name in ("ca.pem", "ca-key.pem", "cert.pem")}
    second = run("tls", "init", tmp_path, "--name", "below.localhost")
    assert "ca.pem: new" in first.output
    assert "ca.pem: kept" in second.output
    assert [(tmp_path / name).read_bytes() == kept[name] for name in kept] == [True, True, False]
    assert b"below.localhost" in subprocess.check_output(
        [sys.executable, "-c", "import ssl, sys; print(ssl._ssl._test_decode_cert(sys.argv[1]))", tmp_path / "cert.pem"]
    )


@pytest.mark.parametrize("missing", ["ca.pem", "ca-key.pem"])
def test_half_a_ca_is_refused_and_nothing_is_written(tmp_path, missing):
    run("tls", "init", tmp_path)
    (tmp_path / missing).unlink()
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    done = run("tls", "init", tmp_path)
    assert done.exit_code == 2
    assert f"exists without {tmp_path / missing}" in done.output
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_a_key_of_another_ca_is_refused(tmp_path):
    run("tls", "init", tmp_path)
    (tmp_path / "ca-key.pem").write_bytes((tmp_path / "key.pem").read_bytes())
    done = run("tls", "init", tmp_path)
    assert done.exit_code == 2
    assert "ca-key.pem is not the key of ca.pem" in done.output


def test_a_ca_past_its_end_issues_nothing():
    now = time.time()
    old = certificates.new_authority(["localhost"], now - 4000 * 86400)
    with pytest.raises(CannotIssue, match="the CA expired on"):
        certificates.issue(old, ["localhost"], now)


@pytest.mark.parametrize(
    "name",
    ["http://api.test", "api.test:443", "a b", "", ".", "*", "*.", "*.*.test", ".test", "a..b", "a.*.test", "ä" * 70],
)
def test_what_is_no_name_is_refused(tmp_path, name):
    done = run("tls", "init", tmp_path / "new", "--name", name)
    assert done.exit_code == 2
    assert "is not a host name" in done.output
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    done = run("tls", "init", tmp_path / "file" / "folder")
    assert done.exit_code == 2
    assert str(tmp_path / "file") in done.output


@pytest.mark.parametrize("command", [("tls", "init", "new"), ("serve", "--port", "0", "--tls", "auto")])
def test_without_the_extra_it_is_said_what_to_install(tmp_path, command):
    (tmp_path / "cryptography.py").write_text("raise ImportError('not installed')", encoding="utf-8")
    environment = {**CLEAN_ENVIRONMENT, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "mockface", *command], env=environment, cwd=tmp_path, capture_output=True, text=True,
        check=False, timeout=20,
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip install cryptography" in done.stderr
    assert "Traceback" not in done.stderr


# HTTPS


@pytest.mark.parametrize("http", ["httptools", "h11"])
def test_http_and_https_answer_alike_at_the_same_time(launch, folder, http):
    server = launch(
        "--tls-cert",
        str(folder / "cert.pem"),
        "--tls-key",
        str(folder / "key.pem"),
        *FREE,
        "--http",
        http,
        "--no-hints",
    )
    content = request()
    plain = exchange(server, content)
    reply, _ = say(server, content, trusting(folder / "ca.pem"))

    def dateless(raw):
        return [line for line in raw.split(b"\r\n") if not line.startswith(b"Date:")]

    assert dateless(reply) == dateless(plain.raw)
    assert plain.code == 0


@pytest.mark.parametrize("name", ["recognition.image.myqcloud.com", "faceid.tencentcloudapi.com", "api.test"])
def test_a_strict_client_that_trusts_the_ca_gets_through_by_every_name(secure, folder, name):
    reply, version = say(secure, request(), trusting(folder / "ca.pem"), name)
    assert (code_of(reply), version) == (0, "TLSv1.3")


def test_a_client_that_does_not_trust_the_ca_and_one_that_wants_another_name_are_turned_away(secure, folder):
    with pytest.raises(ssl.SSLCertVerificationError):
        say(secure, request(), ssl.create_default_context())
    with pytest.raises(ssl.SSLCertVerificationError):
        say(secure, request(), trusting(folder / "ca.pem"), "another.test")


@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1", "TLSv1_2", "TLSv1_3"])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_clients_of_2017_get_through(secure, folder, version):
    context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version)
    reply, spoken = say(secure, request(), context)
    assert (code_of(reply), spoken) == (0, version.replace("_", "."))


def test_an_old_cipher_without_forward_secrecy_gets_through(secure, folder):
    context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-SHA:@SECLEVEL=0")
    assert code_of(say(secure, request(), context)[0]) == 0


def test_a_client_that_offers_http_2_is_told_that_it_gets_http_1(secure, folder):
    context = trusting(folder / "ca.pem")
    context.set_alpn_protocols(["h2", "http/1.1"])
    port = urlsplit(secure.https_url).port
    with (
        socket.create_connection(("127.0.0.1", port), 10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as wire,
    ):
        assert wire.selected_alpn_protocol() == "http/1.1"


def test_7_mb_over_tls_read_23(secure, folder):
    body = multipart_body(b"\xff\xd8\xff" + b"\0" * 7_000_000)
    reply, _ = say(secure, request(body, content_type=MULTIPART_TYPE), trusting(folder / "ca.pem"))
    assert code_of(reply) == 23


def test_plain_http_and_silence_on_the_tls_port_harm_nobody(secure, folder):
    port = urlsplit(secure.https_url).port
    with socket.create_connection(("127.0.0.1", port), 10) as silent:
        with socket.create_connection(("127.0.0.1", port), 10) as plain:
            plain.sendall(request())
            assert plain.recv(100).startswith(b"HTTP/1.1 400 ")
        assert code_of(say(secure, request(), trusting(folder / "ca.pem"))[0]) == 0
        silent.getpeername()


def test_a_hello_of_tls_on_the_plain_port_is_answered_as_what_is_no_http(secure):
    context = ssl.create_default_context()
    with (
        socket.create_connection(("127.0.0.1", secure.port), 10) as plain,
        pytest.raises(ssl.SSLError, match=r"WRONG_VERSION_NUMBER|RECORD_LAYER|wrong version"),
    ):
        context.wrap_socket(plain, server_hostname="localhost")


def test_sigterm_stops_it_with_an_idle_tls_connection_open(secure, folder):
    port = urlsplit(secure.https_url).port
    with (
        socket.create_connection(("127.0.0.1", port), 10) as plain,
        trusting(folder / "ca.pem").wrap_socket(plain, server_hostname="localhost") as wire,
    ):
        wire.sendall(request())
        assert wire.recv(65536)
        began = time.monotonic()
        assert secure.stop() == 0
        assert time.monotonic() - began < 2


# Made at start


@pytest.fixture
def automatic(launch, tmp_path):
    return launch("--tls", "auto", *FREE, "--tls-names", "api.test,10.9.8.7", "--tls-ca-out", str(tmp_path / "ca.pem"))


@pytest.mark.thorough
def test_a_certificate_made_at_start_is_trusted_through_the_file_and_through_the_api(automatic, tmp_path):
    with urllib.request.urlopen(f"{automatic.url}/_mockface/ca.pem") as answer:
        assert answer.read() == (tmp_path / "ca.pem").read_bytes()
    for name in ("api.test", "10.9.8.7", "service.image.myqcloud.com", "::1"):
        assert code_of(say(automatic, request(json_body()), trusting(tmp_path / "ca.pem"), name)[0]) == 0


def test_the_ca_may_be_asked_for_by_the_vendors_name(automatic):
    reply = exchange(automatic, b"GET /_mockface/ca.pem HTTP/1.1\r\nHost: service.image.myqcloud.com\r\n\r\n")
    assert reply.status == 200


def test_a_server_gives_the_ca_of_its_certificate_file_and_none_without_tls(secure, folder, server):
    assert (
        exchange(secure, b"GET /_mockface/ca.pem HTTP/1.1\r\nHost: localhost\r\n\r\n").body
        == (folder / "ca.pem").read_bytes()
    )
    missing = exchange(server, b"GET /_mockface/ca.pem HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert missing.status == 404
    assert b"--tls auto" in missing.body


@pytest.mark.thorough
def test_a_chain_that_does_not_end_in_a_ca_that_signed_itself_gives_none(launch, folder, tmp_path):
    leaf = (folder / "cert.pem").read_bytes().partition(b"-----END CERTIFICATE-----\n")[
        0
    ] + b"-----END CERTIFICATE-----\n"
    (tmp_path / "chain.pem").write_bytes(leaf + leaf)
    server = launch("--tls-cert", f"{tmp_path}/chain.pem", "--tls-key", str(folder / "key.pem"), *FREE)
    assert exchange(server, b"GET /_mockface/ca.pem HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 404
    assert code_of(say(server, request(), trusting(folder / "ca.pem"))[0]) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has files in memory and a list of open ones")
def test_the_key_made_at_start_never_touches_a_disk(launch, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    server = launch("--tls", "auto", *FREE, cwd=empty, start_new_session=True)
    assert list(empty.iterdir()) == []
    opened = Path(f"/proc/{server.process.pid}/fd").iterdir()
    links = [str(descriptor.readlink()) for descriptor in opened]
    assert not [link for link in links if "mockface" in link or link.endswith(".pem")]


# Health and mistakes


@pytest.mark.thorough
def test_health_asks_https_as_well_where_the_servers_variables_say_so(automatic, monkeypatch):
    for name in list(os.environ):
        if name.startswith("MOCKFACE_"):
            monkeypatch.delenv(name)
    variables = {
        "MOCKFACE_PORT": str(automatic.port), "MOCKFACE_TLS": "auto",
        "MOCKFACE_TLS_PORT": str(urlsplit(automatic.https_url).port),
    }  # fmt: skip
    done = run("health", env=variables)
    assert done.exit_code == 0, done.output
    assert [line.split()[1] for line in done.output.splitlines()] == [automatic.url, automatic.https_url]
    down = run("health", env={**variables, "MOCKFACE_TLS_PORT": str(automatic.port)})
    assert down.exit_code == 1
    assert "down: https://" in down.output


def test_health_asks_only_http_where_https_is_not_served(server):
    done = run("health", env={"MOCKFACE_PORT": str(server.port), "MOCKFACE_TLS_PORT": "1"})
    assert done.exit_code == 0, done.output
    assert "https" not in done.output


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--tls-cert", "{cert}"], "--tls-cert also needs --tls-key"),
        (["--tls-key", "{key}"], "--tls-key also needs --tls-cert"),
        (["--tls", "auto", "--tls-cert", "{cert}", "--tls-key", "{key}"], "use only one of them"),
        (["--tls-names", "api.test"], "applies only to --tls auto"),
        (["--tls", "auto", "--tls-names", "http://api.test"], "is not a host name"),
        (["--tls", "auto", "--tls-ca-out", "/nowhere/ca.pem"], "--tls-ca-out /nowhere/ca.pem: No such file"),
        (["--tls", "auto", "--port", "8641", "--tls-port", "8641"], "need different ports"),
        (["--tls-port", "70000"], "expected 0 to 65535"),
        (["--tls-cert", "/nowhere", "--tls-key", "{key}"], "--tls-cert /nowhere: No such file"),
        (["--tls-cert", "{cert}", "--tls-key", "{junk}"], "is not a PEM file"),
        (["--tls-cert", "{cert}", "--tls-key", "{other}"], "the key is not the certificate's"),
        (["--tls-cert", "{cert}", "--tls-key", "{encrypted}"], "--tls-key {encrypted}"),
    ],
)
def test_a_mistake_in_the_settings_of_tls_is_said_at_start(folder, tmp_path, flags, said):
    from cryptography.hazmat.primitives import serialization

    key = serialization.load_pem_private_key((folder / "key.pem").read_bytes(), None)
    files = {
        "cert": folder / "cert.pem", "key": folder / "key.pem", "other": folder / "ca-key.pem",
        "junk": tmp_path / "junk.pem", "encrypted": tmp_path / "encrypted.pem",
    }  # fmt: skip
    files["junk"].write_text("no certificate", encoding="utf-8")
    files["encrypted"].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    done = subprocess.run(
        [sys.executable, "-m", "mockface", *(flag.format(**files) for flag in flags)], env=CLEAN_ENVIRONMENT,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=20,
    )  # fmt: skip
    assert done.returncode == 2, done
    assert said.format(**files) in " ".join(done.stderr.split())


@pytest.mark.thorough
def test_a_taken_port_for_https_is_said_with_its_own_flag(secure, folder):
    port = urlsplit(secure.https_url).port
    done = subprocess.run(
        [sys.executable, "-m", "mockface", "--port", "0", "--tls", "auto", "--tls-port", str(port)],
        env=CLEAN_ENVIRONMENT, capture_output=True, text=True, check=False, timeout=20,
    )  # fmt: skip
    assert done.returncode == 2
    assert "--tls-port 0 selects a free port" in done.stderr
