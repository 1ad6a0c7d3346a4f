"""The doctor judges `no_proxy` as the clients do: each judgement is held to the client itself."""

import itertools
import os
import subprocess
from unittest.mock import patch
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

import httpx
import pytest
import requests.utils

from mockface.doctor import examine, target_of
from mockface.doctor.proxies import proxies_for
from tests.conftest import CLEAN_ENVIRONMENT, program
from tests.test_doctor import look

PROXY = "http://127.0.0.1:1"
URLS = ["http://127.0.0.1:8641", "http://localhost:8641", "http://mock.internal:8641", "http://mock.internal",
        "http://notmock.internal:80", "http://10.1.2.3:8641", "http://[::1]:8641", "https://127.0.0.1:8643"]  # fmt: skip
EXEMPT = [
    "", "*", "127.0.0.0/8", "127.0.0.1/32", "127.0.0.1", "10.0.0.0/8,127.0.0.1", "10.0.0.0/33", "0.0.0.0/0", "127.0.0.1/x",
    "127.0.0.1:8641", "127.0.0.1:1", "localhost", ".localhost", "localhost:8641", "mock.internal", ".mock.internal",
    ".internal", "internal", "MOCK.internal", "mock.internal.", "mock.internal:8641", "mock.internal:80", "*.internal",
    "other, *", "::1", "[::1]", "::/0", "other,127.0.0.0/8", "other, localhost", "other localhost", " * ", ",,", "127.0.0.",
    "127.0.0.1/8", "a.b/c/d",
]  # fmt: skip
BOTH = [pytest.param(url, exempt, id=f"{url} {exempt}") for url, exempt in itertools.product(URLS, EXEMPT)]


def judged(url, client, **variables):
    return proxies_for(target_of(url, {"http_proxy": PROXY, "https_proxy": PROXY, **variables})).get(client)


def in_environment(exempt):
    environment = {"http_proxy": PROXY, "https_proxy": PROXY, "no_proxy": exempt}
    return patch.dict(os.environ, environment, clear=True)


@pytest.mark.parametrize(("url", "exempt"), BOTH)
def test_python_clients_are_judged_as_they_do(url, exempt):
    with in_environment(exempt):
        direct = {
            "requests": not requests.utils.get_environ_proxies(url),
            "Python's urllib": bool(proxy_bypass_environment(urlsplit(url).netloc, getproxies_environment())),
        }
        try:
            with httpx.Client(verify=False) as client:  # reading the list of CAs takes a while, and is not asked here
                direct["httpx"] = client._transport_for_url(httpx.URL(url)) is client._transport
        except (httpx.InvalidURL, ValueError):
            pass  # httpx refuses the variable itself
    assert {client: judged(url, client, no_proxy=exempt) is None for client in direct} == direct


@pytest.mark.thorough
@pytest.mark.parametrize("url", URLS)
def test_curl_is_judged_as_it_does(url):
    curl = program("curl")
    for exempt in EXEMPT:
        done = subprocess.run(
            [curl, "-sv", "-o", os.devnull, "--max-time", "2", "--resolve", "mock.internal:8641:127.0.0.1", "--resolve",
             "mock.internal:80:127.0.0.1", "--resolve", "notmock.internal:80:127.0.0.1", "--connect-timeout", "0.3", url],
            env={**CLEAN_ENVIRONMENT, "http_proxy": PROXY, "https_proxy": PROXY, "no_proxy": exempt},
            capture_output=True, text=True, check=False, timeout=30,
        )  # fmt: skip
        used = "Uses proxy env variable http" in done.stderr
        assert (judged(url, "curl", no_proxy=exempt) is not None) == used, (exempt, done.stderr)


def test_a_network_in_no_proxy_is_no_fault_where_curl_and_requests_get_through(server):
    found = look(server.url, http_proxy=PROXY, no_proxy="127.0.0.0/8")
    assert found["proxy"]["state"] == "note"
    assert "curl and requests would call 127.0.0.1 directly" in found["proxy"]["says"]
    assert "httpx and Python's urllib would not" in found["proxy"]["says"]
    assert "no_proxy=127.0.0.1" in found["proxy"]["mend"]
    assert found["mockface"]["state"] == "ok"


def test_lower_case_variables_come_before_upper_case_ones_whatever_their_order():
    for names in (("http_proxy", "HTTP_PROXY"), ("HTTP_PROXY", "http_proxy")):
        environment = {name: {"http_proxy": "http://lower", "HTTP_PROXY": "http://upper"}[name] for name in names}
        assert set(proxies_for(target_of("http://mock:1", environment)).values()) == {"http://lower"}
    assert proxies_for(target_of("http://mock:1", {"HTTP_PROXY": PROXY, "http_proxy": ""})) == {}


def test_curl_is_not_asked_about_an_upper_case_http_proxy_which_it_does_not_read():
    target = target_of("http://127.0.0.1:1", {"HTTP_PROXY": PROXY})
    assert set(proxies_for(target)) == {"requests", "httpx", "Python's urllib"}
    assert next(examine(target)).state == "fault"
