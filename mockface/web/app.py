"""Build the ASGI app: the emulated operation in front, the framework behind it for everything typed and human.

FastAPI is imported when a path of its own is first asked for: most servers in tests never pay for it.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable

from mockface import checks, reading
from mockface.accounts import TEST_ACCOUNT
from mockface.checks import Rules
from mockface.checks.request import host_name
from mockface.emulator import Emulator
from mockface.settings import Settings
from mockface.web.effects import Receive, Scope, Send
from mockface.web.endpoint import Endpoint
from mockface.yamltext import Complaint

logger = logging.getLogger("mockface")

_FRAMEWORK_PATHS = re.compile(r"/_mockface(/|$)|/docs$|/openapi\.json$")
_ABSOLUTE_FORM = re.compile(r"https?://[^/?#]*", re.IGNORECASE)


class ScenarioMistakes(Exception):
    """The scenario files hold mistakes; `complaints` are all of them."""

    def __init__(self, complaints: list[Complaint]) -> None:
        super().__init__("\n".join(map(str, complaints)))
        self.complaints = complaints


def build_emulator(settings: Settings, clock: Callable[[], float] = time.time) -> Emulator:
    """Read the scenario files and compile the settings. Raises ScenarioMistakes."""
    own = reading.load(settings.scenarios, clock(), deny_real_ids=settings.deny_real_ids)
    shipped = reading.Loaded() if settings.no_shipped else reading.load([reading.shipped_folder()])
    scenarios, complaints = reading.assemble(own, shipped)
    if any(not complaint.warning for complaint in complaints):
        raise ScenarioMistakes(complaints)
    for complaint in complaints:
        logger.warning("%s", complaint)
    rules = Rules(
        body_limit_bytes=settings.body_limit,
        hosts=frozenset(host_name(host) for host in settings.hosts),
        any_picture=settings.pictures == "any",
        deny_real_ids=settings.deny_real_ids,
        accounts={TEST_ACCOUNT.secret_id: TEST_ACCOUNT, **shipped.accounts, **own.accounts},
    )
    return Emulator(checks.checklist(settings.signature), rules, scenarios, clock, settings.seed)


class App:
    """The ASGI app. Paths of the framework go to FastAPI, all others to the emulated operation's endpoint."""

    def __init__(self, settings: Settings, emulator: Emulator) -> None:
        self.settings = settings
        self.emulator = emulator
        self._endpoint = Endpoint(
            emulator,
            hints=not settings.no_hints,
            drain_limit_bytes=settings.drain_limit,
            drain_seconds=settings.drain_seconds,
        )
        self._framework: Callable[..., object] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI connection."""
        if scope["type"] != "http":
            await _other(scope, receive, send)
            return
        path = scope["path"]
        if path == checks.PATH:
            await self._endpoint(scope, receive, send)
            return
        if not path.startswith("/"):
            # h11 leaves the absolute form, which clients of a proxy send, in the path.
            scope["path"] = path = _ABSOLUTE_FORM.sub("", path, count=1)
        if _FRAMEWORK_PATHS.match(path):
            await self._to_framework(scope, receive, send)
        else:
            await self._endpoint(scope, receive, send)

    async def _to_framework(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._framework is None:
            from mockface.web.admin import create_framework

            self._framework = create_framework(self.emulator)
        await self._framework(scope, receive, send)  # type: ignore[misc]


async def _other(scope: Scope, receive: Receive, send: Send) -> None:
    """Lifespan has nothing to do; a websocket is refused."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    await send({"type": "websocket.close", "code": 1003})


def create_app(settings: Settings | None = None) -> App:
    """The app for any ASGI server: `uvicorn --factory mockface.web.app:create_app`. Raises ScenarioMistakes."""
    settings = settings or Settings()
    return App(settings, build_emulator(settings))
