"""A client whose host is hard-coded reaches the handle of its test, in the same process and without a network."""

import http.client
import json
import re
import socket
import urllib.request

import aiohttp
import httpx
import pytest
import qcloud_image
import requests
import urllib3

from mockface.network.certificates import VENDOR_NAMES
from mockface.testing import Mockface
from tests import loop

pytestmark = pytest.mark.thorough

URL = f"http://{VENDOR_NAMES[0]}/face/idcardcompare"


def request_for(m, person):
    fields = {
        "appid": m.credentials.appid, "idcard_number": person.idcard_number, "idcard_name": person.idcard_name,
        "url": "http://example.com/face.jpg",
    }  # fmt: skip
    return json.dumps(fields).encode(), {"Authorization": m.sign(), "Content-Type": "application/json"}


def by_requests(url, body, headers):
    return requests.post(url, data=body, headers=headers, timeout=10).json()


def by_httpx(url, body, headers):
    return httpx.post(url, content=body, headers=headers).json()


def by_httpx_async(url, body, headers):
    async def ask():
        async with httpx.AsyncClient() as asked:
            return (await asked.post(url, content=body, headers=headers)).json()

    return loop.run(ask())


def by_urllib3(url, body, headers):
    with urllib3.PoolManager() as pool:
        return pool.request("POST", url, body=body, headers=headers, timeout=10).json()


def by_aiohttp(url, body, headers):
    async def ask():
        async with (
            aiohttp.ClientSession(trust_env=True) as session,
            session.post(url, data=body, headers=headers) as got,
        ):
            return json.loads(await got.text())

    return loop.run(ask())


def by_urllib(url, body, headers):
    # The opener of urlopen is made once a process, with the proxies of that moment.
    asked = urllib.request.Request(url, body, headers)
    with urllib.request.build_opener().open(asked, timeout=10) as answer:
        return json.load(answer)


def by_http_client(url, body, headers):
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request("POST", f"/{path}", body, headers)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


CLIENTS = [by_requests, by_httpx, by_httpx_async, by_urllib3, by_aiohttp, by_urllib, by_http_client]
every_client = pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)


@pytest.fixture
def no_network(monkeypatch):
    """A process without DNS: only addresses are looked up."""
    real = socket.getaddrinfo

    def numeric(host, *more, **named):
        if not re.fullmatch(rb"[0-9.]+", host if isinstance(host, bytes) else host.encode()):
            raise socket.gaierror(socket.EAI_AGAIN, f"this test has no network, and looked up {host}")
        return real(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", numeric)


@pytest.mark.usefixtures("no_network")
@every_client
def test_the_vendors_names_lead_to_the_handle(client, mockface_as_vendor):
    m = mockface_as_vendor
    person = m.add(similarity=81.5)
    assert client(URL, *request_for(m, person))["data"]["similarity"] == 81.5
    assert m.verify(person, times=1).last.headers["host"] == VENDOR_NAMES[0]


@pytest.mark.usefixtures("no_network")
def test_the_vendors_own_sdk_gets_through_unmodified(mockface_as_vendor):
    m = mockface_as_vendor
    person, account = m.add(code=-5803), m.credentials
    sdk = qcloud_image.Client(account.appid, account.secret_id, account.secret_key, account.bucket)
    sdk.use_http()
    picture = qcloud_image.CIUrl("http://example.com/face.jpg")
    assert sdk.face_idcardcompare(person.idcard_number, person.idcard_name, picture)["code"] == -5803
    m.verify(person, times=1)


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("host", [*VENDOR_NAMES[1:], f"{VENDOR_NAMES[0]}:8080", VENDOR_NAMES[0].upper()])
def test_every_name_port_and_case_of_the_vendor_leads_there(host, mockface_as_vendor):
    m = mockface_as_vendor
    assert by_http_client(f"http://{host}/face/idcardcompare", *request_for(m, m.add()))["code"] == 0


@pytest.mark.usefixtures("no_network")
def test_a_proxy_of_the_environment_is_passed_by(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "intranet.example")
    with Mockface() as m, m.as_vendor():
        for client in (by_requests, by_httpx, by_aiohttp, by_urllib):
            assert client(URL, *request_for(m, m.add()))["code"] == 0


@pytest.mark.usefixtures("no_network")
def test_other_names_and_what_follows_are_looked_up_as_before(monkeypatch):
    monkeypatch.delenv("no_proxy", raising=False)
    before = socket.getaddrinfo, socket.socket.connect, socket.socket.connect_ex
    with Mockface() as m:
        with m.as_vendor():
            with pytest.raises(socket.gaierror, match=r"looked up example\.com"):
                socket.create_connection(("example.com", 80), 1)
            assert socket.getaddrinfo(b"127.0.0.1", 80)
        assert (socket.getaddrinfo, socket.socket.connect, socket.socket.connect_ex) == before
        with pytest.raises(socket.gaierror):
            socket.create_connection((VENDOR_NAMES[0], 80), 1)


@pytest.mark.usefixtures("no_network")
def test_https_to_a_handle_that_serves_none_is_told():
    with Mockface() as m, m.as_vendor(), pytest.raises(Exception, match="serves no HTTPS"):
        httpx.get(f"https://{VENDOR_NAMES[0]}/")


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("client", [by_requests, by_httpx, by_aiohttp, by_urllib], ids=lambda client: client.__name__)
def test_the_variable_of_a_proxy_leads_there_as_well(client, mockface, monkeypatch):
    monkeypatch.setenv("http_proxy", mockface.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    person = mockface.add(similarity=81.5)
    assert client(URL, *request_for(mockface, person))["data"]["similarity"] == 81.5
    mockface.verify(person, times=1)
