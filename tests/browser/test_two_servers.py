"""The console of one server shows the calls that another answers, where they share a store."""

import time
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from mockface.network.client import Client
from mockface.signature import making
from mockface.signature.accounts import TEST_ACCOUNT
from tests.conftest import start
from tests.stores import store  # noqa: F401 - a fixture

pytestmark = pytest.mark.long


def test_a_call_to_the_other_server_appears_and_is_explained(visit, store):  # noqa: F811
    url = store.url(uuid4().hex)
    servers = [start("--store", url) for _ in range(2)]
    page = visit(url=servers[0].url)
    expect(page.get_by_text("No calls yet")).to_be_visible()
    other = Client(servers[1].url)
    number = other.post("/_mockface/scenarios", {"sequence": [{"code": 15}, {"code": 213}]})["idcard_number"]
    other.call("json-url", number, "张三", making.value(TEST_ACCOUNT, time.time(), 1))
    line = page.locator(".row:not(.head)")
    expect(line).to_have_count(1)
    expect(line).to_contain_text(number)
    line.click()
    expect(page.locator(".detail")).to_contain_text("call 1 of this number")
    page.close()
    for server in servers:
        assert server.stop() == 0
