"""mockface in a test of any framework: a handle that starts a server in a thread, or connects to a running one.

    with Mockface() as m:
        person = m.add(code=-5803)
        ...                                  # the code under test calls m.url
        m.verify(person, code=-5803)

The web server is imported when a handle starts one, or when one of its exceptions is used; the web framework only when
one of its paths is requested.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from mockface.errors import (
    ApiError,
    BadScenario,
    BadValue,
    CannotListen,
    CannotServeTls,
    CannotUseKeys,
    Exhausted,
    MockfaceError,
    ScenarioMistakes,
    SharedServer,
    Unknown,
    Unreachable,
)
from mockface.testing.calls import Call, CallFilters, Calls
from mockface.testing.handle import Mockface
from mockface.testing.people import Credentials, Person, ScenarioFields
from mockface.testing.server.settings import SettingFields

if TYPE_CHECKING:
    from mockface.samples import picture, video

__all__ = [
    "ApiError", "BadScenario", "BadValue", "Call", "CallFilters", "Calls", "CannotListen", "CannotServeTls",
    "CannotUseKeys", "Credentials", "Exhausted", "Mockface", "MockfaceError", "Person", "ScenarioFields",
    "ScenarioMistakes", "SettingFields", "SharedServer", "Unknown", "Unreachable", "picture",
    "video",
]  # fmt: skip

_LATER = {
    "picture": "mockface.samples",
    "video": "mockface.samples",
}
"""The modules of names that not every test needs, imported on first use."""


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
