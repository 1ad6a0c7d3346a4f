"""Connections to the port of HTTPS before TLS is agreed on, renewed certificates, and SIGHUP."""

import os
import shutil
import signal
import socket
import ssl
import sys
import time
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from cryptography import x509

from tests.conftest import CLEAN_ENVIRONMENT, start
from tests.making import MULTIPART_TYPE, json_body, multipart_body
from tests.protocol.test_resources import limited
from tests.protocol.wire import exchange, request
from tests.test_tls import code_of, run, say, trusting

HALF_A_HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x07" * 60
FREE = ("--tls-port", "0")
LOOPS = ["uvloop", "asyncio"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("tls")
    assert run("tls", "init", made).exit_code == 0
    return made


def flags(folder):
    return ("--tls-cert", str(folder / "cert.pem"), "--tls-key", str(folder / "key.pem"), *FREE)


@pytest.fixture
def serving(folder, tmp_path, monkeypatch):
    """Start a server of HTTPS on one of both event loops."""
    running = []

    def on(loop, *more, **options):
        if loop == "asyncio":
            (tmp_path / "uvloop.py").write_text("raise ImportError('hidden')", encoding="utf-8")
            monkeypatch.setitem(CLEAN_ENVIRONMENT, "PYTHONPATH", str(tmp_path))
        running.append(start(*flags(folder), *more, **options))
        return running[-1]

    yield on
    for server in running:
        if server.process.poll() is None:
            assert server.stop() == 0


def secure_port(server):
    return urlsplit(server.https_url).port


def connected(server, first=b""):
    one = socket.create_connection(("127.0.0.1", secure_port(server)), 10)
    with suppress(ConnectionError):  # it may have been cut already
        one.sendall(first)
    return one


def are_served(server, folder):
    """Whether a call by HTTP and one by HTTPS get their answer."""
    try:
        secure, _ = say(server, request(), trusting(folder / "ca.pem"))
        return (exchange(server, request()).code, code_of(secure)) == (0, 0)
    except OSError:
        return False


def until(true, seconds=20):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)


def logged(server, text, seconds=20):
    until(lambda: any(text in line for line in server.lines), seconds)


@pytest.mark.long
@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("first", [b"", HALF_A_HELLO], ids=["silent", "half a hello"])
def test_with_80_files_100_half_open_handshakes_keep_nobody_waiting(serving, folder, loop, first):
    server = serving(loop, command=limited("-n 80"))
    half_open = [connected(server, first) for _ in range(100)]
    until(lambda: are_served(server, folder), 5)  # in the flood itself, what finds no file may be reset
    began = time.monotonic()
    for _ in range(10):
        assert exchange(server, request()).code == 0
    assert code_of(say(server, request(), trusting(folder / "ca.pem"))[0]) == 0
    assert time.monotonic() - began < 5
    for one in half_open:
        one.close()
    assert exchange(server, request()).code == 0


def test_half_open_handshakes_count_as_connections_and_make_room(serving, folder):
    server = serving("uvloop", "--connections", "10")
    half_open = [connected(server, first) for first in (b"", HALF_A_HELLO) * 15]
    until(lambda: are_served(server, folder), 5)  # in the flood itself, a newcomer may be told that all are busy
    half_open[0].settimeout(10)
    assert half_open[0].recv(1) == b""
    for one in half_open:
        one.close()


@pytest.mark.long
@pytest.mark.parametrize("loop", LOOPS)
def test_a_handshake_that_is_not_whole_is_ended_after_10_s_and_logged(serving, folder, loop):
    server = serving(loop)
    began = time.monotonic()
    half_open = [connected(server), connected(server, HALF_A_HELLO)]
    for one in half_open:
        one.settimeout(20)
        with suppress(ConnectionResetError):
            assert one.recv(1) == b""
        assert 9 < time.monotonic() - began < 15
        one.close()
    logged(server, "TLS handshake not finished within 10 s")
    assert code_of(say(server, request(), trusting(folder / "ca.pem"))[0]) == 0


@pytest.mark.thorough
@pytest.mark.parametrize("loop", LOOPS)
def test_plain_http_on_the_port_of_https_is_told_so_and_logged(serving, folder, loop):
    server = serving(loop)
    with connected(server, request()) as plain:
        came = b""
        while piece := plain.recv(65536):
            came += piece
    assert came.startswith(b"HTTP/1.1 400 ")
    assert code_of(came) == 3
    assert b"got plain HTTP on the port of HTTPS; call https:// there" in came
    logged(server, "got plain HTTP on the port of HTTPS")
    assert code_of(say(server, request(), trusting(folder / "ca.pem"))[0]) == 0


@pytest.mark.thorough
@pytest.mark.parametrize("http", ["httptools", "h11"])
def test_a_tls_handshake_on_the_port_of_plain_http_is_told_so_and_logged(launch, http):
    server = launch("--http", http)
    with socket.create_connection(("127.0.0.1", server.port), 10) as one:
        one.sendall(HALF_A_HELLO)
        assert b"got a TLS handshake on the port of plain HTTP" in one.recv(65536)
    logged(server, "got a TLS handshake on the port of plain HTTP")


def test_what_is_neither_tls_nor_http_is_logged_and_closed(serving):
    server = serving("uvloop")
    with connected(server, b"\x00\x01\x02\x03" * 50) as one:
        one.settimeout(10)
        assert b"HTTP" not in one.recv(100)
    logged(server, "refused: TLS handshake failed: ")


@pytest.mark.thorough
@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("size", [1, 100])
def test_a_handshake_and_a_call_that_come_in_small_pieces_are_served(serving, folder, loop, size):
    server = serving(loop)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting(folder / "ca.pem").wrap_bio(incoming, outgoing, server_hostname="localhost")
    with connected(server) as one:
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        one.settimeout(10)

        def send():
            content = outgoing.read()
            for at in range(0, len(content), size):
                one.sendall(content[at : at + size])

        def through(act):
            while True:
                try:
                    done = act()
                except ssl.SSLWantReadError:
                    send()
                    incoming.write(one.recv(65536))
                else:
                    send()
                    return done

        through(client.do_handshake)
        client.write(request())
        send()
        assert b'"code":0' in through(lambda: client.read(65536))


@pytest.mark.parametrize("loop", LOOPS)
def test_a_call_that_comes_with_the_end_of_the_handshake_and_a_large_one_are_served(serving, folder, loop):
    server = serving(loop)
    for body, kind in (
        (json_body(), b"application/json"),
        (multipart_body(b"\xff\xd8\xff" + b"\0" * 3_000_000), MULTIPART_TYPE),
    ):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        client = trusting(folder / "ca.pem").wrap_bio(incoming, outgoing, server_hostname="localhost")
        with connected(server) as one:
            one.settimeout(10)
            with pytest.raises(ssl.SSLWantReadError):
                client.do_handshake()
            one.sendall(outgoing.read())
            done = False
            while not done:
                incoming.write(one.recv(65536))
                try:
                    client.do_handshake()
                    done = True
                except ssl.SSLWantReadError:
                    one.sendall(outgoing.read())
            client.write(request(body, content_type=kind))
            one.sendall(outgoing.read())
            reply = b""
            while b'"code":' not in reply:
                incoming.write(one.recv(65536))
                try:
                    reply += client.read(65536)
                except ssl.SSLWantReadError:
                    continue
            assert b'"code":0' in reply


@pytest.mark.thorough
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_that_does_not_trust_the_certificate_is_logged_with_what_helps(serving, version):
    server = serving("uvloop")
    context = ssl.create_default_context()
    context.minimum_version = context.maximum_version = version
    with pytest.raises(ssl.SSLCertVerificationError):
        say(server, request(), context, "localhost")
    logged(server, "the client does not trust the certificate ('mockface tls trust'")


@pytest.mark.thorough
def test_sigterm_ends_it_at_once_with_half_open_handshakes(serving):
    server = serving("uvloop")
    half_open = [connected(server, first) for first in (b"", HALF_A_HELLO) * 5]
    assert exchange(server, request()).code == 0
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 3
    for one in half_open:
        one.close()
    assert not any("Traceback" in line for line in server.lines)


# Renewed certificates


@pytest.fixture
def own(folder, tmp_path):
    """A folder with a certificate that may be changed."""
    copied = tmp_path / "certs"
    shutil.copytree(folder, copied)
    return copied


def serial(server):
    with (
        socket.create_connection(("127.0.0.1", secure_port(server)), 10) as plain,
        ssl._create_unverified_context().wrap_socket(plain) as wire,
    ):
        shown = wire.getpeercert(binary_form=True)
        assert shown
        return x509.load_der_x509_certificate(shown).serial_number


def serial_of(file):
    return x509.load_pem_x509_certificate(file.read_bytes()).serial_number


@pytest.mark.long
def test_a_renewed_certificate_is_served_to_new_connections_and_old_ones_go_on(launch, own):
    server = launch(*flags(own))
    context = trusting(own / "ca.pem")
    with (
        socket.create_connection(("127.0.0.1", secure_port(server)), 10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as wire,
    ):
        wire.sendall(request())
        assert b'"code":0' in wire.recv(65536)
        assert run("tls", "init", own).exit_code == 0
        until(lambda: serial(server) == serial_of(own / "cert.pem"))
        wire.sendall(request())
        assert b'"code":0' in wire.recv(65536)
    logged(server, "certificate renewed")
    assert code_of(say(server, request(), context)[0]) == 0


@pytest.mark.long
def test_a_certificate_of_a_new_ca_is_served_with_the_new_ca(launch, own):
    server = launch(*flags(own))
    for name in ("ca.pem", "ca-key.pem"):
        (own / name).unlink()
    assert run("tls", "init", own).exit_code == 0
    until(lambda: serial(server) == serial_of(own / "cert.pem"))
    asked = b"GET /_mockface/ca.pem HTTP/1.1\r\nHost: localhost\r\n\r\n"
    until(lambda: exchange(server, asked).body == (own / "ca.pem").read_bytes())
    assert code_of(say(server, request(), trusting(own / "ca.pem"))[0]) == 0


@pytest.mark.long
def test_a_certificate_by_a_link_that_is_turned_is_renewed(launch, folder, own, tmp_path):
    """As Kubernetes mounts secrets, and certbot keeps its own."""
    (tmp_path / "..1").symlink_to(folder)
    (tmp_path / "..data").symlink_to("..1")
    for name in ("cert.pem", "key.pem"):
        (tmp_path / name).symlink_to(f"..data/{name}")
    server = launch(*flags(tmp_path))
    assert run("tls", "init", own).exit_code == 0
    (tmp_path / "..new").symlink_to(own)
    (tmp_path / "..new").replace(tmp_path / "..data")
    until(lambda: serial(server) == serial_of(own / "cert.pem"))


@pytest.mark.long
def test_a_certificate_that_cannot_be_served_leaves_the_last_good_one_in_use_and_is_logged(launch, own):
    server = launch(*flags(own))
    good = {name: (own / name).read_bytes() for name in ("cert.pem", "key.pem")}
    before = serial(server)
    (own / "key.pem").write_bytes((own / "ca-key.pem").read_bytes())
    logged(server, "certificate not renewed, the last good one stays in use")
    logged(server, "the key is not the certificate's")
    (own / "cert.pem").unlink()
    logged(server, "No such file or directory")
    assert serial(server) == before
    for name, content in good.items():
        (own / name).write_bytes(content)
    logged(server, "certificate renewed")
    assert code_of(say(server, request(), trusting(own / "ca.pem"))[0]) == 0


# SIGHUP


@pytest.mark.thorough
def test_sighup_reads_scenarios_and_certificate_again_and_the_server_goes_on(launch, own, tmp_path):
    file = tmp_path / "team.yaml"
    file.write_text('scenarios: { "110110199907010018": { code: 15 } }\n', encoding="utf-8")
    server = launch(*flags(own), "--scenarios", str(file), "--ready-file", str(tmp_path / "ready.json"))
    for _ in range(3):
        server.process.send_signal(signal.SIGHUP)
    logged(server, "SIGHUP: reloading scenario files and certificate")
    logged(server, "scenario files reloaded")
    logged(server, "certificate renewed")
    file.write_text("scenarios: { nonsense\n", encoding="utf-8")
    server.process.send_signal(signal.SIGHUP)
    logged(server, "scenario files not reloaded")
    assert exchange(server, request(json_body(idcard_number="110110199907010018"))).code == 15
    assert (tmp_path / "ready.json").exists()
    assert server.stop() == 0


@pytest.mark.thorough
def test_sighup_to_a_server_without_files_or_tls_changes_nothing(launch):
    server = launch()
    server.process.send_signal(signal.SIGHUP)
    logged(server, "SIGHUP: ")
    assert exchange(server, request()).code == 0
    assert server.stop() == 0


@pytest.mark.thorough
@pytest.mark.skipif(shutil.which("nohup") is None, reason="the system has no nohup")
def test_under_nohup_a_hangup_is_ignored(tmp_path):
    server = start(command=["nohup", sys.executable, "-m", "mockface"], cwd=tmp_path)
    server.process.send_signal(signal.SIGHUP)
    assert exchange(server, request()).code == 0
    assert server.stop() == 0
    assert not any("SIGHUP" in line for line in server.lines)


@pytest.mark.thorough
@pytest.mark.skipif(not hasattr(os, "login_tty"), reason="this Python gives a child no terminal")
def test_a_server_whose_terminal_is_closed_ends_as_by_sigterm(tmp_path):
    ready, terminal = tmp_path / "ready.json", os.openpty()
    child = os.fork()
    if child == 0:
        os.close(terminal[0])
        os.login_tty(terminal[1])
        os.execve(
            sys.executable,
            [sys.executable, "-m", "mockface", "--port", "0", "--ready-file", str(ready)],
            CLEAN_ENVIRONMENT,
        )
    os.close(terminal[1])
    until(ready.exists)
    os.close(terminal[0])
    deadline = time.monotonic() + 20
    ended = (0, 0)
    while ended[0] == 0 and time.monotonic() < deadline:
        ended = os.waitpid(child, os.WNOHANG)
        time.sleep(0.02)
    if ended[0] == 0:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert ended[0] == child
    assert os.waitstatus_to_exitcode(ended[1]) == 0
    assert not ready.exists()
