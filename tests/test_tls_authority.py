"""For whom the CA of `tls init` and of `--tls auto` can sign: for the names that it was made for, and nobody else."""

import ipaddress
import shutil
import socket
import ssl
import subprocess
import threading
import time
import urllib.request
from contextlib import suppress
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from mockface.network import certificates
from tests.test_tls import run, trusting

NAMES = ("api.test", "*.wild.test", "例子.test", "10.1.2.3", "fd00::1")
PERMITTED = [
    "recognition.image.myqcloud.com", "service.image.myqcloud.com", "faceid.tencentcloudapi.com", "localhost",
    "127.0.0.1", "::1", "mockface", "api.test", "below.api.test", "a.wild.test", "xn--fsqu00a.test", "10.1.2.3", "fd00::1",
]  # fmt: skip
FOREIGN = [
    "www.example.com", "myqcloud.com", "image.myqcloud.com", "tencentcloudapi.com", "cvm.tencentcloudapi.com", "other.image.myqcloud.com", "notlocalhost", "api.test.evil",
    "xapi.test", "wild.test.example", "test", "127.0.0.2", "10.1.2.4", "8.8.8.8", "::2", "fd00::2", "*.com",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("authority")
    names = [word for name in NAMES for word in ("--name", name)]
    assert run("tls", "init", made, *names).exit_code == 0
    return made


def forged(folder, name, *, alternative=True):
    """A certificate for any name, signed with the CA's key as somebody who stole it would; its PEM and its key's."""
    ca = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    ca_key = serialization.load_pem_private_key((folder / "ca-key.pem").read_bytes(), None)
    assert isinstance(ca_key, rsa.RSAPrivateKey)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test" if alternative else name)]))
        .issuer_name(ca.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ca.not_valid_before_utc)
        .not_valid_after(ca.not_valid_before_utc + timedelta(days=300))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
    )
    if alternative:
        builder = builder.add_extension(x509.SubjectAlternativeName([general(name)]), critical=False)
    pem = builder.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    return pem, key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def general(name):
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def judged_by_openssl(folder, tmp_path, pem):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed here")
    (tmp_path / "leaf.pem").write_bytes(pem)
    command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", folder / "ca.pem"]
    return subprocess.run([*command, tmp_path / "leaf.pem"], capture_output=True, text=True, check=False, timeout=20)


@pytest.mark.thorough
@pytest.mark.parametrize("name", FOREIGN)
def test_openssl_refuses_what_the_ca_signs_for_another_host(folder, tmp_path, name):
    done = judged_by_openssl(folder, tmp_path, forged(folder, name)[0])
    assert done.returncode != 0
    assert "permitted subtree violation" in done.stderr


def test_openssl_refuses_another_host_in_the_common_name_alone(folder, tmp_path):
    done = judged_by_openssl(folder, tmp_path, forged(folder, "www.example.com", alternative=False)[0])
    assert "permitted subtree violation" in done.stderr


@pytest.mark.thorough
@pytest.mark.parametrize("name", PERMITTED)
def test_openssl_takes_what_the_ca_signs_for_its_own_names(folder, tmp_path, name):
    done = judged_by_openssl(folder, tmp_path, forged(folder, name)[0])
    assert done.returncode == 0, done.stderr


def test_openssl_takes_the_certificate_that_init_made(folder, tmp_path):
    done = judged_by_openssl(folder, tmp_path, (folder / "cert.pem").read_bytes())
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("name", "trusted"), [("www.example.com", False), ("api.test", True)])
def test_a_client_that_trusts_the_ca_does_not_take_it_for_another_host(folder, tmp_path, name, trusted):
    certificate, key = forged(folder, name)
    (tmp_path / "pair.pem").write_bytes(certificate + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "pair.pem")
    ours, theirs = socket.socketpair()

    def serve():
        with ours, suppress(OSError):
            context.wrap_socket(ours, server_side=True).close()

    serving = threading.Thread(target=serve)
    serving.start()
    with theirs:
        if trusted:
            trusting(folder / "ca.pem").wrap_socket(theirs, server_hostname=name).close()
        else:
            with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
                trusting(folder / "ca.pem").wrap_socket(theirs, server_hostname=name)
    serving.join(10)


@pytest.mark.thorough
def test_a_ca_made_at_start_is_limited_as_well(launch, tmp_path):
    server = launch("--tls", "auto", "--tls-port", "0", "--tls-names", "api.test")
    with urllib.request.urlopen(f"{server.url}/_mockface/ca.pem") as answer:
        certificate = x509.load_pem_x509_certificate(answer.read())
    limits = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    assert {str(one.value) for one in limits.value.permitted_subtrees or ()} == {
        "recognition.image.myqcloud.com", "service.image.myqcloud.com", "faceid.tencentcloudapi.com", "localhost",
        "mockface", "api.test", "127.0.0.1/32", "::1/128",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["later.test", "10.1.2.4", "fd00::2", "xapi.test", "*.test"])
def test_init_for_a_host_that_the_kept_ca_may_not_sign_for_says_so_and_writes_nothing(folder, name):
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    done = run("tls", "init", folder, "--name", name)
    assert done.exit_code == 2
    assert f"not for {name}; start with an empty folder" in done.output
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


@pytest.mark.parametrize("name", ["api.test", "API.test", "below.api.test", "b.wild.test", "10.1.2.3", "api.test."])
def test_init_for_a_host_that_the_kept_ca_may_sign_for_makes_a_new_certificate(folder, name):
    assert run("tls", "init", folder, "--name", name).exit_code == 0


@pytest.mark.thorough
def test_a_ca_of_an_earlier_version_goes_on_to_sign_and_its_owner_is_told(tmp_path):
    now = time.time()
    wide = certificates.new_authority(["localhost"], now)
    certificate = x509.load_pem_x509_certificate(wide.certificate)
    key = serialization.load_pem_private_key(wide.key, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    builder = (
        x509.CertificateBuilder(certificate.issuer, certificate.subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(certificate.not_valid_before_utc)
        .not_valid_after(certificate.not_valid_after_utc)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    )
    pem = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    (tmp_path / "ca.pem").write_bytes(pem)
    (tmp_path / "ca-key.pem").write_bytes(wide.key)
    done = run("tls", "init", tmp_path, "--name", "any.test")
    assert done.exit_code == 0
    assert "ca.pem can sign for any host" in done.output
    assert "can sign for any host" not in run("tls", "init", tmp_path / "new").output
