"""The app that `mockface.create_app` makes, in every way to serve it: one contract."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import mockface
from mockface.errors import Unreachable
from mockface.network import client
from mockface.scenarios import family
from tests import loop
from tests.conftest import CLEAN_ENVIRONMENT
from tests.making import JPEG, LEFT_OUT, MULTIPART_TYPE, json_body, multipart_body, part, sign_now

pytestmark = pytest.mark.thorough

OPERATION = "/face/idcardcompare"


class Answered:
    def __init__(self, status, headers, body):
        self.status, self.body = status, body
        self.headers = {name.lower(): value for name, value in headers}

    @property
    def code(self):
        return json.loads(self.body)["code"]


class OverHttp:
    """A server that listens."""

    def __init__(self, url):
        self.url = url

    def ask(self, method, path, body=None, headers=()):
        asked = urllib.request.Request(self.url + path, body, dict(headers), method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            answer = opener.open(asked, timeout=20)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            return Answered(answer.status, answer.headers.items(), answer.read())


class InProcess:
    """The app in this process, by a client of httpx's kind."""

    def __init__(self, send):
        self._send = send

    def ask(self, method, path, body=None, headers=()):
        answer = self._send(method, path, content=body, headers=dict(headers))
        return Answered(answer.status_code, answer.headers.items(), answer.content)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def served(command):
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", *(one.format(port=port) for one in command)],
        env={**CLEAN_ENVIRONMENT, "MOCKFACE_SEED": "7"}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 30
    while True:
        try:
            client.Client(url).get("/_mockface/health")
            break
        except Unreachable:
            assert process.poll() is None, process.communicate()[1].decode()
            assert time.monotonic() < deadline, f"{command} does not listen"
            time.sleep(0.05)
    try:
        yield OverHttp(url)
    finally:
        process.terminate()
        process.communicate(timeout=20)


@contextlib.contextmanager
def by_test_client():
    with TestClient(mockface.create_app(), base_url="http://localhost") as asking:
        yield InProcess(asking.request)


@contextlib.contextmanager
def by_asgi_transport():
    app = mockface.create_app()

    def send(method, path, **what):
        async def asked():
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as asking:
                return await asking.request(method, path, **what)

        return loop.run(asked())

    yield InProcess(send)


@contextlib.contextmanager
def mounted():
    team = FastAPI()

    @team.get("/")
    def own():
        return {"own": True}

    team.mount("/vendor", mockface.create_app())
    with TestClient(team, base_url="http://localhost") as asking:
        assert asking.get("/").json() == {"own": True}
        yield InProcess(lambda method, path, **what: asking.request(method, f"/vendor{path}", **what))


WAYS = {
    "mockface": lambda: served(["mockface", "--port", "{port}"]),
    "mockface --http plain": lambda: served(["mockface", "--port", "{port}", "--http", "plain"]),
    "uvicorn": lambda: served(["uvicorn", "--factory", "mockface:create_app", "--port", "{port}", "--log-level", "error"]),
    "hypercorn": lambda: served(["hypercorn", "mockface:create_app()", "--bind", "127.0.0.1:{port}"]),
    "granian": lambda: served(
        ["granian", "--interface", "asgi", "--factory", "mockface:create_app", "--port", "{port}", "--log-level", "error"]
    ),
    "TestClient": by_test_client,
    "ASGITransport": by_asgi_transport,
    "mounted": mounted,
}  # fmt: skip


@pytest.fixture(scope="module", params=WAYS)
def way(request):
    with WAYS[request.param]() as asking:
        yield asking


def call(way, body=None, content_type="application/json", **headers):
    body = json_body() if body is None else body
    told = {"Content-Type": content_type, "Authorization": sign_now(), **headers}
    return way.ask("POST", OPERATION, body, told)


@pytest.mark.long
def test_a_call_gets_its_answer_in_the_services_bytes(way):
    answer = call(way)
    assert (answer.status, answer.body) == (
        200, b'{"code":0,"message":"OK","data":{"session_id":"","similarity":100.0}}',
    )  # fmt: skip
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["x-mockface-request-id"]


def test_an_upload_and_a_text_field_that_came_as_a_file_are_read(way):
    assert call(way, multipart_body(JPEG * 5000), MULTIPART_TYPE.decode()).code == 0
    as_file = multipart_body(JPEG, part('name="session_id"; filename="session_id"', b"s"), session_id=LEFT_OUT)
    assert call(way, as_file, MULTIPART_TYPE.decode()).code == 0


@pytest.mark.parametrize(
    ("body", "content_type", "code", "status"),
    [(b"{", "application/json", 3, 400), (b"x", "multipart/form-data", 3, 400), (b"a=b", "text/plain", 3, 400),
     (json_body(idcard_name=7), "application/json", 21, 400), (json_body(url=LEFT_OUT), "application/json", -5805, 200)],
)  # fmt: skip
def test_a_malformed_request_gets_the_services_envelope_and_never_a_422(way, body, content_type, code, status):
    answer = call(way, body, content_type)
    assert (answer.code, answer.status) == (code, status)


def test_a_body_over_the_limit_gets_23(way, request):
    if "granian" in request.node.name:
        pytest.skip("granian closes the connection under an upload that is answered early")
    answer = call(way, multipart_body(JPEG + b"\0" * (6 * 1024 * 1024)), MULTIPART_TYPE.decode())
    assert (answer.code, answer.status) == (23, 413)


def test_a_late_answer_comes_late(way):
    began = time.monotonic()
    assert call(way, json_body(idcard_number=family.number_for_delay(0.3))).code == 0
    assert time.monotonic() - began >= 0.3


def test_unknown_paths_and_methods_are_the_services(way):
    assert (way.ask("POST", "/face/elsewhere", b"{}").status, way.ask("GET", OPERATION).status) == (404, 405)
    assert way.ask("GET", "/favicon.ico").code == 3


def test_the_api_adds_a_person_and_tells_of_the_call(way):
    kind = {"Content-Type": "application/json"}
    added = way.ask("POST", "/_mockface/scenarios", b'{"code": -4012}', kind)
    assert added.status == 201, added.body
    person = json.loads(added.body)
    assert call(way, json_body(idcard_number=person["idcard_number"])).code == -4012
    wanted = json.dumps({"number": person["idcard_number"], "code": -4012, "times": 1, "within": "2s"}).encode()
    verified = json.loads(way.ask("POST", "/_mockface/calls/verify", wanted, kind).body)
    assert verified["verified"], verified


def test_console_docs_and_description_are_there(way):
    page = way.ask("GET", "/", None, {"Accept": "text/html"})
    assert b"_mockface/console/app.js" in page.body
    assert way.ask("GET", "/_mockface/console/app.js").headers["content-type"].startswith("text/javascript")
    assert b"docs.js" in way.ask("GET", "/docs").body
    described = json.loads(way.ask("GET", "/openapi.json").body)
    assert OPERATION in described["paths"]


def test_a_hostile_page_may_not_use_the_api(way):
    refused = way.ask("POST", "/_mockface/reset", b"{}", {"Origin": "http://evil.example"})
    assert refused.status == 403


def test_it_is_a_fastapi_app_with_typed_settings_and_refuses_those_of_a_server():
    assert isinstance(mockface.create_app(signature="off"), FastAPI)
    with pytest.raises(TypeError, match="there is no setting signatur; did you mean signature"):
        mockface.create_app(signatur="off")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="port applies only to mockface's own server"):
        mockface.create_app(port=8641)
    with pytest.raises(ValueError, match="--signature"):
        mockface.create_app(signature="strict")  # type: ignore[arg-type]


def test_variables_count_for_what_is_not_given(monkeypatch):
    monkeypatch.setenv("MOCKFACE_SIGNATURE", "off")
    with TestClient(mockface.create_app(), base_url="http://localhost") as asking:
        unsigned = {"Content-Type": "application/json"}
        assert asking.post(OPERATION, content=json_body(), headers=unsigned).json()["code"] == 0
    with TestClient(mockface.create_app(signature="shape"), base_url="http://localhost") as asking:
        assert asking.post(OPERATION, content=json_body(), headers=unsigned).json()["code"] == 4


def test_the_lifespan_watches_files_also_where_a_team_hands_it_to_its_own_app(tmp_path):
    number = "110110199907010018"
    file = tmp_path / "team.yaml"
    file.write_text(f'scenarios: {{ "{number}": {{ code: 15 }} }}\n', encoding="utf-8")
    vendor = mockface.create_app(scenarios=file)
    team = FastAPI(lifespan=vendor.router.lifespan_context)
    team.mount("/vendor", vendor)
    with TestClient(team, base_url="http://localhost") as asking:
        headers = {"Content-Type": "application/json", "Authorization": sign_now()}

        def code():
            return asking.post(f"/vendor{OPERATION}", content=json_body(idcard_number=number), headers=headers).json()[
                "code"
            ]

        assert code() == 15
        file.write_text(f'scenarios: {{ "{number}": {{ code: 213 }} }}\n', encoding="utf-8")
        deadline = time.monotonic() + 10
        while code() != 213:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_importing_the_package_imports_no_framework():
    script = (
        "import sys, mockface; print([name for name in ('fastapi', 'uvicorn', 'click', 'yaml') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert done.stdout == "[]\n"
