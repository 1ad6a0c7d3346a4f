"""A fault of mockface's own in its API: JSON, a header that says whose fault it is, and the log."""

import contextlib
import json
import logging

from mockface.settings import Settings
from mockface.web.admin.framework import create_framework
from mockface.web.app import App
from tests import loop


def asked(app, path):
    """Status, headers and body of a GET, over ASGI alone; what the app raises behind its answer is left to servers."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "scheme": "http",
        "root_path": "",
    }  # fmt: skip

    async def run():
        with contextlib.suppress(ZeroDivisionError):
            await app(scope, receive, send)

    loop.run(run())
    body = b"".join(message.get("body", b"") for message in sent)
    return sent[0]["status"], dict(sent[0]["headers"]), body


def test_an_unexpected_exception_is_json_with_the_bug_header_and_is_logged(monkeypatch, caplog):
    app = App(Settings())
    monkeypatch.setattr(app.emulator.recorder.coverage, "report", lambda: 1 // 0)
    with caplog.at_level(logging.ERROR, "mockface"):
        status, headers, body = asked(create_framework(app), "/_mockface/coverage")
    assert status == 500
    assert "see the log" in headers[b"x-mockface-bug"].decode()
    assert json.loads(body) == {"error": "GET /_mockface/coverage: internal error of mockface; see its log"}
    (record,) = [record for record in caplog.records if record.name == "mockface"]
    assert "please report it" in record.getMessage()
    assert record.exc_info[0] is ZeroDivisionError
