"""A server of the handle that fails in its thread: the test is told."""

import pytest

from mockface.settings import Settings
from mockface.testing.server.own import OwnServer


async def fails():
    raise ZeroDivisionError("no")


def test_what_the_thread_failed_with_is_raised_by_stop():
    own = OwnServer(Settings(port=0))
    own._thread._server.config.callback_notify = fails  # uvicorn calls it from its loop
    own._thread._thread.join(10)
    assert not own._thread._thread.is_alive()
    with pytest.raises(ZeroDivisionError, match="no"):
        own.stop()
