"""`sign --tc3` and `explain --request`, run as their user runs them: good requests, and good ones that were broken."""

import base64
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockface.cli.group import main
from mockface.gateway import tc3, v1
from mockface.gateway.making import tc3_headers
from mockface.signature.accounts import TEST_ACCOUNT
from tests.conftest import CLEAN_ENVIRONMENT
from tests.test_cli import out, run

VECTORS = json.loads((Path(__file__).parent / "unit" / "successor_vectors.json").read_text(encoding="utf-8"))
NOW = 1700000000
ID, KEY = TEST_ACCOUNT.secret_id, TEST_ACCOUNT.secret_key
HOST = "faceid.tencentcloudapi.com"
BODY = b'{"IdCard": "110110199909090904", "Name": "\\u5f20\\u4e09"}'


def printed(*arguments, given=b""):
    """What a command prints, in bytes, and its exit status."""
    done = subprocess.run(
        [sys.executable, "-m", "mockface", *arguments], input=given, capture_output=True, check=False, timeout=30,
        env={**CLEAN_ENVIRONMENT, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr.decode()


@pytest.mark.thorough
@pytest.mark.parametrize("vector", [one for one in VECTORS["tc3_own"] if one["method"] == "POST"][:2])
def test_sign_prints_the_published_headers_of_a_body(vector, tmp_path):
    (tmp_path / "body.json").write_text(vector["body"], encoding="utf-8")
    flags = "--tc3", "--action", "ImageRecognition", "--host", HOST, "--now", str(NOW)
    text = out("sign", *flags, "--body", str(tmp_path / "body.json"))
    headers = dict(line.split(": ", 1) for line in text.splitlines())
    assert headers == {**vector["headers_to_send"], "Authorization": vector["authorization"]}
    status, same, _ = printed("sign", *flags, "--body", "-", given=vector["body"].encode())
    assert (status, same.decode()) == (0, text)


def test_sign_prints_every_header_that_it_is_given(tmp_path):
    (tmp_path / "b").write_bytes(b"{}")
    text = out(
        "sign", "--tc3", "--body", str(tmp_path / "b"), "--language", "zh-CN", "--region", "", "--token", "T0",
        "--secret-id", "AKIDother", "--secret-key", "k", "--now", "1",
    )  # fmt: skip
    for line in (
        "X-TC-Language: zh-CN",
        "X-TC-Region: ",
        "X-TC-Token: T0",
        "X-TC-Timestamp: 1",
        "Host: 127.0.0.1:8641",
    ):
        assert line in text.splitlines()
    assert "Credential=AKIDother/1970-01-01/faceid/tc3_request" in text


@pytest.mark.thorough
def test_sign_without_a_body_has_one_behind_its_headers():
    for action, fields in (("ImageRecognitionV2", 3), ("IdCardVerification", 2)):
        head, _, body = out("sign", "--tc3", "--action", action).partition("\n\n")
        assert f"Content-Length: {len(body.encode()) - 1}" in head.splitlines()
        said = json.loads(body)
        assert (said["IdCard"], said["Name"], len(said)) == ("11204416541220243X", "张三", fields)
    assert out("sign", "--tc3", "--action", "GetLiveCode").endswith("\n\n{}\n")
    assert base64.b64decode(out("sign", "--tc3").split('"')[-2]).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("sign", "--tc3", "--life", "60"), "--life is for the signature of the old API, and --tc3 signs for API 3.0"),
        (("sign", "--curl"), "--curl is for the signature of API 3.0; give --tc3 with it"),
        (("sign", "--tc3", "--host", "http://127.0.0.1:8641"), "--host is 'http://127.0.0.1:8641'; expected a name or"),
        (("sign", "--tc3", "--host", "a\nX: y"), r"--host is 'a\nX: y'; expected"),
        (("sign", "--tc3", "--action", ""), "--action is ''; expected a name such as ImageRecognitionV2"),
        (("sign", "--tc3", "--secret-id", "a/b"), "--secret-id is 'a/b'; expected one such as AKID"),
        (("sign", "--tc3", "--token", "a b"), "--token is 'a b'; expected printable ASCII without blanks"),
        (("sign", "--tc3", "--secret-key", ""), "--secret-key is empty; expected the key"),
        (("sign", "--tc3", "--language", "zh"), "'zh-CN', 'en-US'"),
        (("sign", "--tc3", "--now", "1700000000000"), "253402300799"),
        (("sign", "--tc3", "--body", "none.json"), "none.json: No such file or directory"),
        (("explain",), "there is nothing to explain; expected a value, or --request FILE"),
        (("explain", "x", "--request", "-"), "there are an Authorization value and --request; expected"),
        (("explain", "x", "--body", "-"), "expected --request FILE with it"),
        (("explain", "--request", "-", "--body", "-"), "expected a file for one of them"),
        (("explain", "--request", "none"), "none: No such file or directory"),
        (("explain", "--request", "-"), "--request -: it is empty; expected a request line"),
    ],
)
def test_what_cannot_be_used_is_named_and_exits_with_2(arguments, text):
    done = CliRunner().invoke(main, arguments, prog_name="mockface")
    assert done.exit_code == 2
    assert text in re.sub(r"\s*\n\s*", " ", done.output)


def test_a_body_that_no_line_of_a_shell_holds_wants_a_file():
    for given_, what in ((b"\0", "has a NUL byte"), (b"x" * 200_000, "200000 bytes, and a shell takes 131071")):
        status, _, wrong = printed("sign", "--tc3", "--curl", "--body", "-", given=given_)
        assert (status, what in wrong, "expected --body FILE" in wrong) == (2, True, True)


@pytest.mark.thorough
@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_the_line_of_curl_works_as_printed(launch, tmp_path):
    server = launch("--signature", "verify")
    host = server.url.partition("://")[2]
    body = '{"IdCard":"11204416541220243X", "Name":"张三"}\n'.encode()
    path = tmp_path / "it's a body.json"
    path.write_bytes(body)
    for given_, flags in (
        (b"", ()),
        (body, ("--action", "IdCardVerification", "--body", "-", "--region", "", "--language", "zh-CN")),
        (b"", ("--action", "IdCardVerification", "--body", str(path))),
    ):
        status, line, _ = printed("sign", "--tc3", "--curl", "--host", host, *flags, given=given_)
        assert status == 0
        script = line.decode().replace("curl -i", "curl -s -i", 1)
        answer = subprocess.run(["sh", "-c", script], capture_output=True, check=True, timeout=30).stdout.decode()
        assert answer.startswith("HTTP/1.1 200 OK")
        assert '"Result":"Success"' in answer or '"Result":"0"' in answer, answer
    spoken = script.replace("curl -s -i", "curl -v", 1)
    log = subprocess.run(["sh", "-c", spoken], capture_output=True, check=True, timeout=30).stderr
    (tmp_path / "log").write_bytes(log)
    assert "signature: verifies" in out("explain", "--request", str(tmp_path / "log"), "--body", str(path))


def request_of(body=BODY, *, signing=None, host=HOST, sent_host=None, now=NOW, service="faceid", sent=(), key=KEY):
    """The text of a request; `signing` is the body that is signed, `sent` replaces headers behind the signature."""
    headers = tc3_headers(
        signing or body, action="ImageRecognition", host=host, secret_id=ID, secret_key=key, now=now, service=service
    )
    replaced = {**dict(headers), "Host": sent_host or host, **dict(sent)}
    lines = [f"{name}: {value}" for name, value in replaced.items()]
    return "\r\n".join(["POST / HTTP/1.1", *lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def local_date():
    """Signed with the date in China, as a client does that formats its local time."""
    headers = {b"content-type": b"application/json", b"host": HOST.encode()}
    canonical = tc3.canonical_request("POST", b"", headers, tc3.REQUIRED_HEADERS, tc3.sha256_hex(BODY))
    text = tc3.string_to_sign(str(NOW), tc3.scope("2023-11-15", "faceid"), canonical)
    claims = tc3.Tc3Claims(
        ID, "2023-11-15", "faceid", tc3.REQUIRED_HEADERS, tc3.sign(KEY, "2023-11-15", "faceid", text)
    )
    return request_of(sent={"Authorization": tc3.authorization(claims)})


def lowered_action():
    """Signed with x-tc-action, its value alone in lower case."""
    names = (*tc3.REQUIRED_HEADERS, "x-tc-action")
    came = {
        b"content-type": b"application/json; charset=UTF-8",
        b"host": HOST.encode(),
        b"x-tc-action": b"imagerecognition",
    }
    canonical = tc3.canonical_request("POST", b"", came, names, tc3.sha256_hex(BODY))
    text = tc3.string_to_sign(str(NOW), tc3.scope("2023-11-14", "faceid"), canonical)
    claims = tc3.Tc3Claims(ID, "2023-11-14", "faceid", names, tc3.sign(KEY, "2023-11-14", "faceid", text))
    sent = {"Content-Type": "application/json; charset=UTF-8", "Authorization": tc3.authorization(claims)}
    return request_of(sent=sent)


BROKEN = {
    "a local date": (local_date, "the scope's date 2023-11-15 is not the UTC date of X-TC-Timestamp; expected 2023-11-14"),
    "another service": (lambda: request_of(service="cvm"), "the scope's service is 'cvm'; expected 'faceid'"),
    "a host with a port": (
        lambda: request_of(host="a.test:8641", sent_host="a.test"),
        "it signs the host 'a.test:8641'; expected 'a.test', as Host says",
    ),
    "a host with the port of https": (
        lambda: request_of(host=f"{HOST}:443", sent_host=HOST),
        f"it signs the host '{HOST}:443'; expected '{HOST}', as Host says",
    ),
    "a body written anew": (
        lambda: request_of(signing=json.dumps(json.loads(BODY), ensure_ascii=False, separators=(",", ":")).encode()),
        "it signs another body than it sends: JSON without blanks (JSON.stringify)",
    ),
    "values in lower case": (lowered_action, "it signs the value of 'x-tc-action' alone in lower case"),
    "an old clock": (lambda: request_of(now=NOW - 301), "X-TC-Timestamp is 301 s behind this server's clock"),
    "milliseconds": (
        lambda: request_of(sent={"X-TC-Timestamp": f"{NOW}000"}), f"X-TC-Timestamp {NOW}000 looks like milliseconds",
    ),
    "another key": (lambda: request_of(key="another-secret-key"), "no usual mistake makes this signature"),
}  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("name", BROKEN)
def test_explain_names_the_usual_mistakes_of_a_request(name, tmp_path):
    make, words = BROKEN[name]
    (tmp_path / "request").write_bytes(make())
    text = out("explain", "--request", str(tmp_path / "request"), "--now", str(NOW))
    assert [line for line in text.splitlines() if line.startswith(f"mistake: {words}")], text
    assert KEY not in text
    assert ID not in text


def test_explain_shows_a_good_request_line_by_line(tmp_path):
    (tmp_path / "request").write_bytes(request_of())
    text = out("explain", "--request", str(tmp_path / "request"), "--now", str(NOW))
    assert text.startswith(f"request: POST / to {HOST}, with a body of {len(BODY)} bytes; signature v3\n")
    assert (
        f"""canonical request:
  POST
  /
  (empty line)
  content-type:application/json
  host:{HOST}
  (empty line)
  content-type;host
  {tc3.sha256_hex(BODY)}
string to sign:
  TC3-HMAC-SHA256
  1700000000
  2023-11-14/faceid/tc3_request
"""
        in text
    )
    signatures = re.findall("^signature .*: ([0-9a-f]{64})$", text, re.MULTILINE)
    assert len(signatures) == 2 == 1 + len(set(signatures))
    assert text.endswith("signature: verifies\n")


@pytest.mark.thorough
def test_explain_reads_what_curl_prints_and_a_body_apart(tmp_path):
    head, _, _ = request_of().partition(b"\r\n\r\n")
    log = (
        b"* Trying\n"
        + b"".join(b"> " + line + b"\n" for line in head.split(b"\r\n"))
        + b"> \n} [9 bytes data]\n< X: y\n"
    )
    path, body = tmp_path / "log", tmp_path / "body"
    path.write_bytes(log)
    asked = "explain", "--request", str(path), "--now", str(NOW)
    unknown = out(*asked)
    assert "signature expected: not known; --body FILE with the body makes it" in unknown
    assert "(the SHA-256 of the body)" in unknown
    body.write_bytes(BODY)
    assert "signature: verifies" in out(*asked, "--body", str(body))
    assert "signature: does not verify" in out(*asked, "--body", str(body), "--secret-key", "another")
    # What -d @FILE sends is signed as the file is.
    length = f"Content-Length: {len(BODY)}".encode()
    body.write_bytes(BODY[:1] + b"\n" + BODY[1:] + b"\n")
    signed = request_of(BODY, signing=body.read_bytes()).partition(b"\r\n\r\n")[0]
    assert length in signed
    path.write_bytes(signed)
    assert "mistake: it signs the body as its file has it" in out(*asked, "--body", str(body))


def test_explain_hides_the_key_wherever_it_stands(tmp_path):
    request = request_of().replace(ID.encode(), KEY.encode()).replace(b"ImageRecognition", KEY.encode())
    (tmp_path / "request").write_bytes(request.replace(f"Host: {HOST}".encode(), b"Host: " + KEY.encode()))
    assert KEY not in out("explain", "--request", str(tmp_path / "request"), "--secret-key", KEY)


def test_explain_says_of_a_value_alone_what_it_says_and_what_is_needed():
    value = re.findall(r"Authorization: (.*)\r", request_of().decode())[0]
    text = out("explain", value, "--now", str(NOW))
    for words in ("SecretId       AKIDmock...", "service        faceid", "signature: not verified; that takes the request",
                  "mockface explain --request FILE"):  # fmt: skip
        assert words in text
    assert out("explain", f"authorization: {value}", "--now", str(NOW)) == text
    done = run("explain", value[:-1], "--now", str(NOW))
    assert done.returncode == 1
    assert "mistake: Authorization: Signature= has 63 characters" in done.stdout


PARAMETERS = {**VECTORS["v1_own"][0]["params"], "SecretId": ID}


def form_of(*, host=HOST, method="POST", sent=None):
    signature = v1.sign(KEY, PARAMETERS, method=method, host=host)
    body = urlencode({**PARAMETERS, "Signature": signature, **(sent or {})})
    kind = "application/x-www-form-urlencoded"
    return f"POST / HTTP/1.1\nHost: {HOST}\nContent-Type: {kind}\n\n{body}".encode()


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("request_", "words", "status"),
    [
        (form_of(), "signature: verifies", 0),
        (form_of(method="GET"), "mistake: it signs the method 'GET'; expected 'POST'", 0),
        (form_of(host=f"{HOST}:443"), f"mistake: it signs the host '{HOST}:443'; expected '{HOST}', as Host says", 0),
        (form_of(sent={"SignatureMethod": "HmacMD5"}), "mistake: SignatureMethod is 'HmacMD5'; expected HmacSHA1 or", 0),
        (form_of(sent={"Signature": ""}), "mistake: Signature did not come", 1),
    ],
)  # fmt: skip
def test_explain_reads_a_request_of_signature_v1(request_, words, status, tmp_path):
    (tmp_path / "request").write_bytes(request_)
    done = run("explain", "--request", str(tmp_path / "request"), "--now", str(NOW))
    assert (done.returncode, done.stderr) == (status, "")
    assert words in done.stdout
    assert f"\n  POST{HOST}/?\n  Action=ImageRecognition&\n" in done.stdout
    assert "SecretId=AKIDmock..." in done.stdout
    assert ID not in done.stdout


@pytest.mark.thorough
def test_explain_reads_the_authorization_of_a_request_of_the_old_api(tmp_path):
    value = out("sign", "--now", str(NOW)).strip()
    request = f"POST /face/idcardcompare HTTP/1.1\nHost: a\nAuthorization: {value}\n\n{{}}"
    (tmp_path / "request").write_bytes(request.encode())
    text = out("explain", "--request", str(tmp_path / "request"), "--now", str(NOW))
    assert text == out("explain", value, "--now", str(NOW))
    assert "digest: verifies" in text


LINES = [*request_of().split(b"\r\n"), *form_of().split(b"\n"), b"> POST / HTTP/1.1", b"> Host: a", b"", b"\xff\x1b[2J"]
bytes_of_requests = st.binary() | st.lists(st.sampled_from(LINES) | st.binary(max_size=20)).map(b"\n".join)


@given(bytes_of_requests, st.none() | st.just("k") | st.text())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_as_a_request_are_explained_or_refused(request_, key):
    flags = [] if key is None else [f"--secret-key={key}"]
    done = CliRunner().invoke(main, ["explain", "--request", "-", "--now", str(NOW), *flags], input=request_)
    assert done.exit_code in (0, 1, 2), done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert "\x1b" not in done.output


@given(st.text(), st.integers(0, 10**11))
@settings(max_examples=100, deadline=None)
def test_any_value_is_explained(value, now):
    done = CliRunner().invoke(main, ["explain", f"--now={now}", "--", f"TC3-HMAC-SHA256{value}"])
    assert done.exit_code in (0, 1), done.output
