"""HTTPS of a handle: served where it is asked for, trusted by its CA's file, refused in words where it cannot be."""

import contextlib
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mockface.errors import CannotListen, CannotServeTls
from mockface.network import certificates
from mockface.network.client import untrusting
from mockface.testing import Mockface
from tests.conftest import CLEAN_ENVIRONMENT, LEAN_PYTEST, start
from tests.handle.test_own import descriptors
from tests.making import json_body

pytest.importorskip("cryptography")


def compare(m, url, context, number="110110199909090909", sign=None):
    head = {"Content-Type": "application/json", "Authorization": sign or m.sign()}
    called = urllib.request.Request(f"{url}/face/idcardcompare", json_body(idcard_number=number), head)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    try:
        with opener.open(called, timeout=10) as answer:
            return json.load(answer)["code"]
    except urllib.error.HTTPError as fault:
        with fault:
            return json.load(fault)["code"]


def trusting(m):
    return ssl.create_default_context(cafile=m.ca_file)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates")
    certificates.fill(folder, certificates.all_names(()), time.time())
    return folder


@pytest.mark.parametrize("http", ["httptools", "h11"])
def test_tls_auto_serves_https_that_a_strict_client_trusts_by_the_ca_file_beside_http(http):
    with Mockface(tls="auto", http=http) as m:
        person = m.add(code=-5803)
        assert compare(m, m.https_url, trusting(m), person.idcard_number) == -5803
        assert compare(m, m.url, None, person.idcard_number) == -5803
        m.verify(person, code=-5803, times=2)
        assert urlsplit(m.https_url).port not in (m.port, 0)
        assert m.scope().https_url == m.https_url
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            compare(m, m.https_url, ssl.create_default_context())
        with urllib.request.urlopen(f"{m.url}/_mockface/ca.pem") as answer:
            assert answer.read() == Path(m.ca_file).read_bytes()


def test_the_names_that_were_asked_for_are_in_the_certificate():
    with Mockface(tls="auto", tls_names=["api.test"]) as m, socket.create_connection(("127.0.0.1", m.port)):
        port = urlsplit(m.https_url).port
        for name in ("api.test", "recognition.image.myqcloud.com"):
            with (
                socket.create_connection(("127.0.0.1", port), 10) as plain,
                trusting(m).wrap_socket(plain, server_hostname=name) as wire,
            ):
                assert wire.version() == "TLSv1.3"


def test_a_certificate_of_ones_own_is_served_and_its_ca_known(pair):
    with Mockface(tls_cert=pair / "cert.pem", tls_key=str(pair / "key.pem")) as m:
        assert compare(m, m.https_url, trusting(m)) == 0
        assert Path(m.ca_file).read_bytes() == (pair / "ca.pem").read_bytes()


def test_a_certificate_without_its_ca_is_served_and_the_ca_file_says_what_to_give(pair, tmp_path):
    leaf = (pair / "cert.pem").read_text(encoding="ascii").partition("-----END CERTIFICATE-----")
    (tmp_path / "leaf.pem").write_text(leaf[0] + leaf[1] + "\n", encoding="ascii")
    with Mockface(tls_cert=tmp_path / "leaf.pem", tls_key=pair / "key.pem") as m:
        assert compare(m, m.https_url, ssl.create_default_context(cafile=pair / "ca.pem")) == 0
        with pytest.raises(RuntimeError, match="give the client the CA's file"):
            _ = m.ca_file


def test_what_cannot_be_served_is_raised_in_the_tests_thread_and_holds_no_port(pair, tmp_path):
    before, threads = descriptors(), threading.active_count()
    with pytest.raises(CannotServeTls, match=r"--tls-cert .*none.pem: No such file"):
        Mockface(tls_cert=tmp_path / "none.pem", tls_key=pair / "key.pem").start()
    with pytest.raises(CannotServeTls, match="the key is not the certificate's"):
        Mockface(tls_cert=pair / "cert.pem", tls_key=pair / "ca-key.pem").start()
    with Mockface() as other:
        with pytest.raises(CannotListen, match="--tls-port 0 selects a free port"):
            Mockface(tls="auto", tls_port=other.port).start()
        with pytest.raises(CannotListen, match="--port 0 selects a free port"):
            Mockface(tls="auto", port=other.port).start()
    assert (descriptors(), threading.active_count()) == (before, threads)


@pytest.mark.parametrize(
    ("given", "text"),
    [({"tls_cert": "cert.pem"}, "--tls-cert also needs --tls-key"), ({"tls_names": "api.test"}, "applies only to --tls auto"),
     ({"tls_port": 0}, "tls_port needs HTTPS"), ({"tls": "auto", "port": 9, "tls_port": 9}, "need different ports"),
     ({"tls": "on"}, "expected one of off, auto")],
)  # fmt: skip
def test_settings_that_would_serve_no_https_are_refused_before_the_start(given, text):
    with pytest.raises(ValueError, match=text):
        Mockface(**given)


def test_a_handle_without_https_says_how_to_have_it():
    with Mockface() as m:
        for name in ("https_url", "ca_file"):
            with pytest.raises(RuntimeError, match=r"serves no HTTPS; Mockface\(tls='auto'\)"):
                getattr(m, name)


@pytest.mark.thorough
def test_twenty_handles_with_https_leave_no_file_no_thread_and_no_descriptor(tmp_path, monkeypatch):
    with Mockface(tls="auto") as m:
        compare(m, m.https_url, trusting(m))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    threads, before = threading.active_count(), descriptors()
    for _ in range(20):
        with Mockface(tls="auto") as m:
            assert compare(m, m.https_url, trusting(m)) == 0
            assert list(tmp_path.iterdir()) == [Path(m.ca_file)]
    assert list(tmp_path.iterdir()) == []
    assert (threading.active_count(), descriptors()) == (threads, before)


def test_stopping_does_not_wait_for_an_idle_client():
    with Mockface(tls="auto") as m:
        port = urlsplit(m.https_url).port
        with (
            socket.create_connection(("127.0.0.1", port), 10) as plain,
            untrusting().wrap_socket(plain) as idle,
        ):
            idle.sendall(b"GET /_mockface/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert b"200" in idle.recv(65536)
            began = time.monotonic()
            m.stop()
            assert time.monotonic() - began < 0.8
            idle.settimeout(5)
            with contextlib.suppress(OSError):
                while idle.recv(65536):
                    pass


@pytest.mark.thorough
def test_a_handle_on_a_server_elsewhere_has_its_https_and_its_ca(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = start("--tls", "auto", "--tls-port", str(port))
    try:
        with Mockface.connect(server.url) as m:
            assert m.https_url == server.https_url
            assert compare(m, m.https_url, trusting(m)) == 0
    finally:
        assert server.stop() == 0
    plain = start()
    try:
        with Mockface.connect(plain.url) as m, pytest.raises(RuntimeError, match="serves no HTTPS"):
            _ = m.ca_file
    finally:
        assert plain.stop() == 0


@pytest.mark.thorough
def test_the_marker_and_the_configuration_of_the_plugin_serve_https_and_refuse_what_cannot_be(tmp_path):
    (tmp_path / "conftest.py").write_text(
        "import pytest\n\n\n@pytest.fixture(scope='session')\ndef mockface_config():\n    return {'tls': 'auto'}\n",
        encoding="utf-8",
    )
    (tmp_path / "test_it.py").write_text(
        "import ssl, urllib.request, pytest\n\n\n"
        "def asked(m):\n"
        "    context = ssl.create_default_context(cafile=m.ca_file)\n"
        "    return urllib.request.urlopen(m.https_url + '/_mockface/health', context=context).status\n\n\n"
        "def test_configured(mockface):\n    assert asked(mockface) == 200\n\n\n"
        "@pytest.mark.mockface(tls_names='api.test')\n"
        "def test_marked(mockface):\n    assert asked(mockface) == 200\n\n\n"
        "@pytest.mark.mockface(tls='off', tls_cert='none.pem', tls_key='none.pem')\n"
        "def test_missing(mockface):\n    pass\n\n\n"
        "@pytest.mark.mockface('verify')\ndef test_positional(mockface):\n    pass\n",
        encoding="utf-8",
    )
    environment = {
        name: value for name, value in CLEAN_ENVIRONMENT.items() if not name.startswith("PYTEST_")
    } | LEAN_PYTEST
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)], env=environment, cwd=tmp_path,
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert "2 passed, 2 errors" in done.stdout, done.stdout
    assert f"--tls-cert none.pem: {os.strerror(2)}" in done.stdout
    assert "settings by name, such as" in done.stdout
