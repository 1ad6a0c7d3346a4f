"""The vendor's own SDK, unmodified, by its own host name, over https with verification on."""

import json
import subprocess
import sys

import pytest

from mockface.signature.accounts import TEST_ACCOUNT
from tests.conftest import CLEAN_ENVIRONMENT
from tests.namespace import run_in, serving

pytestmark = pytest.mark.thorough

SDK = """
import json, sys
from qcloud_image import CIFile, CIUrl, Client
client = Client(*sys.argv[1:5])
getattr(client, sys.argv[5])()
call = client.face_idcardcompare
print(json.dumps([
    call("110110199909090909", "\\u5f20\\u4e09", CIUrl("http://example.com/x.jpg")),
    call("110110199905018032", "\\u5f20\\u4e09", CIFile(sys.argv[6])),
]))
"""
ACCOUNT = [TEST_ACCOUNT.appid, TEST_ACCOUNT.secret_id, TEST_ACCOUNT.secret_key, TEST_ACCOUNT.buckets[0]]


def calls(folder, scheme, photo, **variables):
    (folder / "client.py").write_text(SDK, encoding="utf-8")
    line = f'{sys.executable} client.py {" ".join(ACCOUNT)} use_{scheme} "{photo}"'
    flags = f"--tls-cert {folder}/cert.pem --tls-key {folder}/key.pem --signature verify"
    done = run_in(folder, f"mockface tls init {folder} > made\n{serving(flags)}\n{line}", **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_over_https_through_a_dns_alias_with_verification_on(tmp_path, photo):
    by_url, by_file = calls(tmp_path, "https", photo, REQUESTS_CA_BUNDLE=f"{tmp_path}/ca.pem")
    assert by_url == {"httpcode": 200, "code": 0, "message": "OK", "data": {"session_id": "", "similarity": 100.0}}
    assert by_file["code"] == -5803


def test_verification_is_on_indeed_so_without_the_ca_it_does_not_get_through(tmp_path, photo):
    for reply in calls(tmp_path, "https", photo):
        assert "CERTIFICATE_VERIFY_FAILED" in reply["message"]


def test_over_http_through_a_dns_alias(tmp_path, photo):
    assert [reply["code"] for reply in calls(tmp_path, "http", photo)] == [0, -5803]


def test_over_https_through_a_proxy_it_is_told_405_which_the_troubleshooting_guide_explains(server, photo):
    environment = {**CLEAN_ENVIRONMENT, "https_proxy": server.url}
    done = subprocess.run(
        [sys.executable, "-c", SDK, *ACCOUNT, "use_https", str(photo)], env=environment, capture_output=True, text=True,
        check=True, timeout=30,
    )  # fmt: skip
    for reply in json.loads(done.stdout):
        assert "Tunnel connection failed: 405 Method Not Allowed" in reply["message"]
