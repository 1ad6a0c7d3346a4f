"""What each fault raises in clients, as docs/for-python-testers.md tells it: requests, and the vendor's Python SDK."""

import re
import warnings

import pytest
import requests

from mockface.scenarios.faults import FAULTS
from mockface.testing import Mockface
from tests.making import URL
from tests.stores import free_port
from tests.successor import PICTURE
from tests.test_guides import both, guide

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from tencentcloud.common.common_client import CommonClient
    from tencentcloud.common.credential import Credential
    from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
    from tencentcloud.common.profile.client_profile import ClientProfile
    from tencentcloud.common.profile.http_profile import HttpProfile
    from tencentcloud.faceid.v20180301 import models
    from tencentcloud.faceid.v20180301.faceid_client import FaceidClient

pytestmark = [
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

CLOSED = "closed"
TIMEOUT_S = 1


@pytest.fixture(scope="module")
def m():
    with Mockface() as running:
        yield running


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def by_requests(m, person, port):
    fields = {"appid": m.credentials.appid, "url": URL}
    fields |= {"idcard_number": person.idcard_number, "idcard_name": person.idcard_name}
    sign = {"Authorization": m.sign()}
    return requests.post(
        f"http://127.0.0.1:{port}/face/idcardcompare", json=fields, headers=sign, timeout=TIMEOUT_S
    ).json()["code"]


def made(kind, m, port, *before):
    account = Credential(m.credentials.secret_id, m.credentials.secret_key)
    http = HttpProfile("http", f"127.0.0.1:{port}", reqTimeout=TIMEOUT_S)
    return kind(*before, account, "", ClientProfile(httpProfile=http))


def by_class(m, person, port):
    asked = models.ImageRecognitionV2Request()
    asked.IdCard, asked.Name, asked.ImageBase64 = person.idcard_number, person.idcard_name, PICTURE
    return made(FaceidClient, m, port).ImageRecognitionV2(asked).Sim


def by_common(m, person, port):
    fields = {"IdCard": person.idcard_number, "Name": person.idcard_name, "ImageBase64": PICTURE}
    one = made(CommonClient, m, port, "faceid", "2018-03-01")
    return one.call_json("ImageRecognition", fields)["Response"]["Sim"]


CLIENTS = (by_requests, by_class, by_common)
"""In the order of the table's columns."""


def met(client, m, fault):
    """What the table says of it: the exception (of the SDK's own one: its code), else the value as JSON would have it."""
    person = m.add() if fault == CLOSED else m.add(fault={"slow": 1000} if fault == "slow" else fault)
    try:
        got = client(m, person, free_port() if fault == CLOSED else m.port)
    except TencentCloudSDKException as raised:
        return f"TencentCloudSDKException {raised.get_code()}"
    except Exception as raised:
        return type(raised).__name__
    return f'"{got}"' if isinstance(got, str) else str(got)


def told(name):
    """By fault, what the page tells of each client, without its other words."""
    rows = re.findall(r"^\| (`\w+`(?:(?:, |、)`\w+`)*|\*[^|]+\*) \|(.+)\|$", guide(name), re.MULTILINE)
    found: dict[str, list[str]] = {}
    for first, cells in rows:
        values = [" ".join(re.findall(r"`([^`]+)`", cell)) for cell in cells.split("|")]
        found |= dict.fromkeys(re.findall(r"`(\w+)`", first) or [CLOSED], values)
    return found


@both("for-python-testers")
def test_the_page_has_every_fault_and_a_closed_port(name):
    assert set(told(name)) == {*FAULTS, CLOSED}


@both("for-python-testers")
def test_the_page_has_the_same_of_each_in_both_languages(name):
    assert told(name) == told("for-python-testers.md")


@pytest.mark.parametrize(
    "fault", [pytest.param("hang", marks=pytest.mark.thorough), *sorted({*FAULTS, CLOSED} - {"hang"})]
)
def test_what_a_fault_raises_is_what_the_page_tells(m, fault):
    assert [met(client, m, fault) for client in CLIENTS] == told("for-python-testers.md")[fault]


def test_a_broken_answer_is_no_connection_error_of_requests():
    assert not issubclass(requests.exceptions.ChunkedEncodingError, requests.ConnectionError)
    assert issubclass(requests.exceptions.JSONDecodeError, ValueError)
    for one in ("ChunkedEncodingError", "ReadTimeout", "JSONDecodeError", "ConnectionError"):
        assert issubclass(getattr(requests.exceptions, one), requests.RequestException)
