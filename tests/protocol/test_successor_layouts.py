"""What each SDK of API 3.0 puts on the wire, byte by byte as it was seen, on a server that verifies.

The SDKs for Python and Node run themselves in `tests/clients/test_successor_sdks.py`; those for Go, PHP and Java are
not at hand. With them the published vectors of both signatures, at their time.
"""

import json
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from mockface.gateway import tc3, v1
from mockface.gateway.tc3 import Tc3Claims
from mockface.network.client import Client
from mockface.signature.accounts import TEST_ACCOUNT
from mockface.testing import Mockface
from tests.protocol.wire import Wire
from tests.successor import PICTURE, SAMPLE, sent

PERSON = {"IdCard": SAMPLE, "Name": "张三"}
FULL = {**PERSON, "ImageBase64": PICTURE}
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
UTF8 = "; charset=utf-8"

PYTHON_BODY = json.dumps(FULL).encode()
COMPACT_BODY = json.dumps(FULL, ensure_ascii=False, separators=(",", ":")).encode()
PHP_BODY = COMPACT_BODY.replace(b"/", b"\\/")


class Layout(NamedTuple):
    """A request of signature v3. In `head`, {…} are filled; `signed` has {host} and {name}, the host without port."""

    head: str
    body: bytes = b""
    service: str = "faceid"
    signed_host: str = "{host}"
    content_type: str = JSON
    hosts: tuple[str, ...] = ("127.0.0.1:{port}", "localhost:{port}", "faceid.tencentcloudapi.com")


PYTHON = """\
{line}
User-Agent: python-requests/2.34.2
Accept-Encoding: gzip, deflate
Accept: */*
Connection: keep-alive
X-TC-TraceId: 5153b91c-48be-4860-8a9e-aa7ae1fbfec0
Content-Type: {type}
Host: {host}
X-TC-Action: {action}
X-TC-RequestClient: SDK_PYTHON_3.1.163
X-TC-Timestamp: {now}
X-TC-Version: 2018-03-01
X-TC-Region: ap-guangzhou
X-TC-Language: zh-CN
Authorization: {authorization}
"""
ASYNC = """\
{line}
Host: {host}
X-TC-TraceId: 17b1037e-e482-468b-93c6-cecb495bb1a4
Content-Type: {type}
X-TC-Action: {action}
X-TC-RequestClient: SDK_PYTHON_3.1.163
X-TC-Timestamp: {now}
X-TC-Version: 2018-03-01
X-TC-Region: ap-guangzhou
X-TC-Language: zh-CN
Authorization: {authorization}
"""
NODE = """\
{line}
X-TC-TraceId: c008152f-2748-4697-a911-775a3de03f01
Host: {host}
X-TC-Action: {action}
X-TC-Region: ap-guangzhou
X-TC-Timestamp: {now}
X-TC-Version: 2018-03-01
X-TC-RequestClient: SDK_NODEJS_4.1.313
Content-Type: {type}
Authorization: {authorization}
Accept: */*
{length}\
User-Agent: node-fetch/1.0 (+https://github.com/bitinn/node-fetch)
Accept-Encoding: gzip,deflate
Connection: keep-alive
"""
GO = """\
{line}
Host: {host}
User-Agent: Go-http-client/1.1
{length}\
Authorization: {authorization}
Content-Type: {type}
X-Tc-Action: {action}
X-Tc-Language: zh-CN
X-Tc-Region: ap-guangzhou
X-Tc-Requestclient: SDK_GO_1.3.166
X-Tc-Timestamp: {now}
X-Tc-Version: 2018-03-01
Accept-Encoding: gzip
"""
PHP = """\
{line}
{length}\
User-Agent: GuzzleHttp/7
Host: {host}
X-TC-Action: {action}
X-TC-RequestClient: SDK_PHP_3.0.1656
X-TC-Timestamp: {now}
X-TC-Version: 2018-03-01
X-TC-Region: ap-guangzhou
Content-Type: {type}
Authorization: {authorization}
Connection: close
"""
JAVA = """\
{line}
Host: {host}
Authorization: {authorization}
X-TC-Action: {action}
X-TC-Timestamp: {now}
X-TC-Version: 2018-03-01
X-TC-RequestClient: SDK_JAVA_3.2.11
X-TC-Region:\x20
Content-Type: {type}
{length}\
Connection: Keep-Alive
Accept-Encoding: gzip
User-Agent: okhttp/4.12.0
"""
PLAIN_GET = "/?IdCard=11204416541220243X&Name=%E5%BC%A0%E4%B8%89"
PLUS_GET = "/?Name=%E5%BC%A0+%E4%B8%89&IdCard=11204416541220243X"
"""As PHP and Java write it: unsorted, with + for a blank."""
FIRST = "{first}"
"""Node, PHP and Java take the endpoint up to its first dot for the service."""

POSTS = {
    "python": Layout(PYTHON + "Content-Length: {size}\n", PYTHON_BODY),
    "python async": Layout(ASYNC.replace("{line}", "POST /? HTTP/1.1") + "Content-Length: {size}\n", PYTHON_BODY),
    "node": Layout(NODE, COMPACT_BODY, FIRST, "{name}"),
    "go": Layout(GO, COMPACT_BODY),
    "php": Layout(PHP, PHP_BODY, FIRST),
    "java": Layout(JAVA, COMPACT_BODY, FIRST, content_type=JSON + UTF8),
    "tccli": Layout(
        PYTHON.replace("3.1.163", "3.1.195; _CLI_3.1.189.1") + "Content-Length: {size}\n", PYTHON_BODY,
        hosts=("http://127.0.0.1:{port}", "http://localhost:{port}"),
    ),
}  # fmt: skip
GETS = {
    "python": (Layout(PYTHON), PLUS_GET),
    "python async": (Layout(ASYNC), PLAIN_GET),
    "node": (Layout(NODE.replace("{length}", ""), b"", FIRST, "{name}"), PLAIN_GET.replace("%A0", "%A0%20")),
    "go": (Layout(GO.replace("{length}", "")), PLAIN_GET.replace("%A0", "%A0+")),
    "php": (Layout(PHP, b"", FIRST), PLUS_GET),
    "java": (Layout(JAVA.replace("{length}", ""), b"", FIRST), PLUS_GET),
}
LAYOUTS = [(sdk, one, host) for sdk, one in POSTS.items() for host in one.hosts]


@pytest.fixture(scope="module", params=["httptools", "h11"])
def server(request):
    """A server that verifies, on each parser."""
    with Mockface(signature="verify", http=request.param) as m:
        yield m


@pytest.fixture(autouse=True)
def _wires_are_closed():
    yield
    while Wire.made:
        Wire.made.pop().close()


def written(layout, host, *, line="POST / HTTP/1.1", action="ImageRecognition", port=0, body=None):
    """The bytes of a request, signed as its SDK signs it; `body` is sent in place of the one that is signed."""
    method, target = line.split()[:2]
    host = host.format(port=port)
    kind = FORM if method == "GET" else layout.content_type
    name = host.rpartition(":")[0] or host
    now = int(time.time())
    date, service = tc3.utc_date(now), layout.service.format(first=host.split(".")[0])
    signed = {b"content-type": kind.encode(), b"host": layout.signed_host.format(host=host, name=name).encode()}
    query = target.partition("?")[2].encode()
    canonical = tc3.canonical_request(method, query, signed, tc3.REQUIRED_HEADERS, tc3.sha256_hex(layout.body))
    text = tc3.string_to_sign(str(now), tc3.scope(date, service), canonical)
    signature = tc3.sign(TEST_ACCOUNT.secret_key, date, service, text)
    claims = Tc3Claims(TEST_ACCOUNT.secret_id, date, service, tc3.REQUIRED_HEADERS, signature)
    head = layout.head.format(
        line=line, type=kind, host=host, action=action, now=now, authorization=tc3.authorization(claims),
        size=len(layout.body), length=f"Content-Length: {len(layout.body)}\n",
    )  # fmt: skip
    return head.replace("\n", "\r\n").encode() + b"\r\n" + (layout.body if body is None else body)


def asked(m, content):
    """What stands in the answer's Response, whose status and Content-Type are those that every SDK wants."""
    with Wire(m) as wire:
        wire.send(content)
        reply = wire.reply()
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    return json.loads(reply.body)["Response"]


def code_of(m, content):
    said = asked(m, content)
    return said["Error"]["Code"] if "Error" in said else said["Result"]


def badge(m, request_id):
    """What mockface tells of a call's signature."""
    return Client(m.url).get(f"/_mockface/calls/{request_id}")["signature"]


@pytest.mark.parametrize(("sdk", "layout", "host"), LAYOUTS, ids=[f"{sdk} {host}" for sdk, _, host in LAYOUTS])
def test_the_post_of_each_sdk_verifies_and_another_body_does_not(server, sdk, layout, host):
    for action in ("ImageRecognition", "ImageRecognitionV2"):
        assert code_of(server, written(layout, host, action=action, port=server.port)) == "Success"
    other = layout.body.replace(b"11204416541220243X", b"11204416541220243x")
    content = written(layout, host, port=server.port, body=other)
    assert code_of(server, content) == "AuthFailure.SignatureFailure"


@pytest.mark.parametrize("sdk", GETS)
def test_the_get_of_each_sdk_verifies_with_its_query_as_it_is_sent(server, sdk):
    layout, target = GETS[sdk]
    for host in layout.hosts:
        line = f"GET {target} HTTP/1.1"
        content = written(layout, host, line=line, action="IdCardVerification", port=server.port)
        assert code_of(server, content) == "0"
        other = content.replace(target.encode(), target.replace("243X", "2430").encode())
        assert code_of(server, other) == "AuthFailure.SignatureFailure"


@pytest.mark.parametrize("sdk", POSTS)
def test_an_empty_request_of_each_sdk_misses_its_first_field(server, sdk):
    layout = POSTS[sdk]._replace(body=b"{}")
    said = asked(server, written(layout, layout.hosts[0], port=server.port))
    assert "`IdCard`" in said["Error"]["Message"]


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_php_that_reads_to_the_end_is_left_at_once(server, method):
    layout, target = (POSTS["php"], "/") if method == "POST" else GETS["php"]
    action = "ImageRecognition" if method == "POST" else "IdCardVerification"
    line = f"{method} {target} HTTP/1.1"
    began = time.monotonic()
    with Wire(server) as wire:
        wire.send(written(layout, layout.hosts[0], line=line, action=action, port=server.port))
        answer = wire.rest()
    assert (b'"Result":' in answer, b"Connection: close" in answer) == (True, True)
    assert time.monotonic() - began < 2


def test_go_and_node_go_on_on_their_connection(server):
    with Wire(server) as wire:
        for sdk in ("go", "node", "python"):
            wire.send(written(POSTS[sdk], POSTS[sdk].hosts[0], port=server.port))
            assert b'"Success"' in wire.reply().body


def test_the_documentations_signature_has_the_action_in_lower_case(server):
    """`content-type;host;x-tc-action`, as the current page signs it."""
    now, body, host = int(time.time()), COMPACT_BODY, f"127.0.0.1:{server.port}"
    date, names = tc3.utc_date(now), ("content-type", "host", "x-tc-action")
    signed = {b"content-type": b"application/json; charset=utf-8", b"host": host.encode()}
    for action, code in ((b"imagerecognition", "Success"), (b"imagerecognitionv2", "AuthFailure.SignatureFailure")):
        canonical = tc3.canonical_request("POST", b"", signed | {b"x-tc-action": action}, names, tc3.sha256_hex(body))
        text = tc3.string_to_sign(str(now), tc3.scope(date, "faceid"), canonical)
        signature = tc3.sign(TEST_ACCOUNT.secret_key, date, "faceid", text)
        answer = sent(server.url, "POST", "/", body, [
            ("Authorization", tc3.authorization(Tc3Claims(TEST_ACCOUNT.secret_id, date, "faceid", names, signature))),
            ("Content-Type", "application/json; charset=utf-8"), ("Host", host), ("X-TC-Action", "ImageRecognition"),
            ("X-TC-Timestamp", str(now)), ("X-TC-Version", "2018-03-01"),
        ])  # fmt: skip
        assert answer.code == code


# Signature v1

V1_HEADS = {
    "python": "User-Agent: python-requests/2.34.2\nAccept-Encoding: gzip, deflate\nAccept: */*\nConnection: keep-alive\n"
    "X-TC-TraceId: 6557900e-0c77-47b9-9bb7-8e861e360e56\nContent-Type: {type}\nHost: {host}\n{length}",
    "node": "X-TC-TraceId: 6cfed9d1-2a61-48f8-8017-494b82565c4f\nContent-Type: {type}\nAccept: */*\n{length}"
    "User-Agent: node-fetch/1.0 (+https://github.com/bitinn/node-fetch)\nAccept-Encoding: gzip,deflate\nHost: {host}\n"
    "Connection: keep-alive\n",
    "go": "Host: {host}\nUser-Agent: Go-http-client/1.1\n{length}Content-Type: {type}\nAccept-Encoding: gzip\n",
    "php": "{length}User-Agent: GuzzleHttp/7\nHost: {host}\nContent-Type: {type}\nConnection: close\n",
    "java": "Host: {host}\nContent-Type: {type}; charset=utf-8\n{length}Connection: Keep-Alive\nAccept-Encoding: gzip\n"
    "User-Agent: okhttp/4.12.0\n",
}


def form(host, method, algorithm, nonce, fields=PERSON, action="IdCardVerification", blank="+"):
    """Parameters of v1 as a form, in no order, with what is signed of them as it is before it is escaped."""
    from urllib.parse import quote

    given = {
        **fields, "Action": action, "RequestClient": "SDK_TEST", "Nonce": str(nonce), "Region": "ap-guangzhou",
        "Timestamp": str(int(time.time())), "Version": "2018-03-01", "SecretId": TEST_ACCOUNT.secret_id,
        "Language": "en-US", **({"SignatureMethod": algorithm} if algorithm else {}),
    }  # fmt: skip
    given["Signature"] = v1.sign(TEST_ACCOUNT.secret_key, given, method=method, host=host)
    return "&".join(f"{name}={quote(value, safe='').replace('%20', blank)}" for name, value in given.items())


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "faceid.tencentcloudapi.com"])
@pytest.mark.parametrize(("algorithm", "nonce"), [("", 7055), ("HmacSHA1", 0), ("HmacSHA256", 2**63 - 1)])
@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("sdk", V1_HEADS)
def test_the_form_and_the_query_of_each_sdk_verify(server, sdk, method, algorithm, nonce, host):
    host = host.format(port=server.port)
    person = {**PERSON, "Name": "张 三&=+/~*"}
    text = form(host, method, algorithm, nonce, person, blank="%20" if sdk == "node" else "+").encode()
    body = text if method == "POST" else b""
    target = "/" if method == "POST" else f"/?{text.decode()}"
    length = f"Content-Length: {len(body)}\n" if method == "POST" else ""
    head = f"{method} {target} HTTP/1.1\n" + V1_HEADS[sdk].format(type=FORM, host=host, length=length)
    content = head.replace("\n", "\r\n").encode() + b"\r\n" + body
    assert code_of(server, content) == "0"
    assert code_of(server, content.replace(b"Region=ap-g", b"Region=ap-G")) == "AuthFailure.SignatureFailure"


# The published vectors

VECTORS = json.loads((Path(__file__).parents[1] / "unit" / "successor_vectors.json").read_text(encoding="utf-8"))
V3_VECTORS = VECTORS["tc3_official"] + VECTORS["tc3_own"]
V1_VECTORS = VECTORS["v1_official"] + VECTORS["v1_own"]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A server that knows the accounts of the vectors."""
    keys = {one["secret_id"]: one["secret_key"] for one in (*V3_VECTORS, *V1_VECTORS)}
    accounts = [
        {"appid": str(100 + at), "secret_id": name, "secret_key": key} for at, (name, key) in enumerate(keys.items())
    ]
    file = tmp_path_factory.mktemp("accounts") / "accounts.yaml"
    file.write_text(json.dumps({"accounts": accounts}), encoding="utf-8")
    with Mockface(signature="verify", scenarios=file) as m:
        yield m


def verdicts(m, vector, method, target, body, headers):
    """The code and the badge of a request at the time of its vector."""
    m.clock.set(int(vector.get("timestamp") or vector["params"]["Timestamp"]))
    answer = sent(m.url, method, target, body, headers)
    assert answer.status == 200
    return answer.code, badge(m, answer.said["RequestId"])


@pytest.mark.parametrize("vector", V3_VECTORS, ids=range(len(V3_VECTORS)))
def test_every_vector_of_v3_verifies_on_the_wire(published, vector):
    own = "headers_to_send" in vector
    headers = vector.get("headers_to_send") or {
        "Host": "cvm.tencentcloudapi.com", "Content-Type": vector["header_values_signed"]["content-type"],
        "X-TC-Action": "DescribeInstances", "X-TC-Version": "2017-03-12", "X-TC-Timestamp": str(vector["timestamp"]),
    }  # fmt: skip
    is_get = vector["method"] == "GET"
    body = None if is_get else vector.get("body", vector["payload_hashed"]).encode()
    target = f"/?{vector['query']}" if is_get else "/"

    def judged(authorization):
        told = [*headers.items(), ("Authorization", authorization)]
        return verdicts(published, vector, vector["method"], target, body, told)

    # The vectors of another product are refused by their version, before their signature is asked for.
    assert judged(vector["authorization"]) == (
        "Success" if own else "NoSuchVersion", "verified",
    )  # fmt: skip
    other = vector["authorization"][:-1] + ("0" if vector["authorization"][-1] != "0" else "1")
    assert judged(other) == ("AuthFailure.SignatureFailure" if own else "NoSuchVersion", "wrong key")


@pytest.mark.parametrize("vector", V1_VECTORS, ids=range(len(V1_VECTORS)))
def test_every_vector_of_v1_verifies_on_the_wire(published, vector):
    own = vector in VECTORS["v1_own"]
    is_get = vector["method"] == "GET"

    def judged(text):
        target, body = (f"/?{text}", None) if is_get else ("/", text.encode())
        headers = [("Host", vector["host"]), ("Content-Type", FORM)]
        return verdicts(published, vector, vector["method"], target, body, headers)

    text = vector["body_or_query"]
    assert judged(text) == ("Success" if own else "NoSuchVersion", "verified")
    other = text.replace("Nonce=11886", "Nonce=11887")
    assert judged(other) == ("AuthFailure.SignatureFailure" if own else "NoSuchVersion", "wrong key")
