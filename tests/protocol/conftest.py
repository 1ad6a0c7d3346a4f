"""A server of the module's own, and a client of its API that finds nothing of another test."""

import pytest

from mockface.network import client
from tests.conftest import start
from tests.protocol.wire import Wire


@pytest.fixture(autouse=True)
def _wires_are_closed():
    yield
    while Wire.made:
        Wire.made.pop().close()


@pytest.fixture(scope="module")
def admin():
    running = start()
    yield running
    assert running.stop() == 0


@pytest.fixture
def api(admin):
    asking = client.Client(admin.url)
    asking.post("/_mockface/reset", {})
    return asking
