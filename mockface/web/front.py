"""Middleware before the framework: the emulated operation, access control of the API, its body limit, HEAD.

ASGI middleware of the FastAPI app, for any server. It runs before FastAPI's routing, which would answer malformed
requests in its own format, and works under the prefix of a mount. `mockface serve` answers calls of the operation
earlier, with the same endpoint.
"""

from __future__ import annotations

import re

from mockface.web.admin import body, guard
from mockface.web.app import App
from mockface.web.effects import Asgi, Message, Receive, Scope, Send

_CONSOLE_PREFIX = "/_mockface/console/"
_DOCS_PATH = "/docs"
_OPEN_PATHS = ("/_mockface/health", "/_mockface/ca.pem")
"""Paths open to anyone, under any host name: they reveal nothing about people."""
_NO_BODY = {"type": "http.response.body", "body": b"", "more_body": False}
_AUTHORITY = re.compile(r"https?://[^/?#]*", re.IGNORECASE)


class Front:
    """ASGI middleware: `app` is the next app, `running` the mockface that it serves."""

    def __init__(self, app: Asgi, running: App) -> None:
        self._app = app
        self._running = running

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one exchange."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1003})
            return
        path = path_below(scope)
        if self._running.is_frameworks(scope["method"], path, scope["headers"]):
            await self._to_framework(scope, path, receive, send)
        else:
            await self._running.endpoint({**scope, "path": path}, receive, send)

    async def _to_framework(self, scope: Scope, path: str, receive: Receive, send: Send) -> None:
        is_page = path in ("/", _DOCS_PATH) or path.startswith(_CONSOLE_PREFIX)
        is_page = is_page and scope["method"] in ("GET", "HEAD") and not self._running.settings.no_admin
        if path not in _OPEN_PATHS:
            refused = guard.refusal(scope, self._running.settings, token=not is_page)
            if refused is not None:
                await guard.refuse(send, *refused)
                return
        if scope["method"] == "HEAD":
            scope, send = {**scope, "method": "GET"}, _WithoutBody(send)
        if is_page:
            from mockface.web import console

            name = console.DOCS if path == _DOCS_PATH else path.removeprefix(_CONSOLE_PREFIX)
            await console.serve(name, send)
            return
        whole = await body.whole_body(scope, receive, send)
        if whole is not None:
            await self._app(scope, whole, send)


def path_below(scope: Scope) -> str:
    """The path of a request below the prefix of a mount.

    Some servers leave an absolute target, which clients of a proxy send, unchanged.
    """
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    if root and (path == root or path.startswith(f"{root}/")):
        return path[len(root) :] or "/"
    if not path.startswith("/"):
        absolute = _AUTHORITY.match(path)
        return path[absolute.end() :] or "/" if absolute else path
    return path


class _WithoutBody:
    """A `send` for HEAD: sends the head of the answer to GET unchanged, and ends the answer there.

    It does not wait for the end of the body, since the body of a stream never ends.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._ended = False

    async def __call__(self, message: Message) -> None:
        if self._ended:
            return
        await self._send(message if message["type"] == "http.response.start" else dict(_NO_BODY))
        self._ended = message["type"] != "http.response.start"
