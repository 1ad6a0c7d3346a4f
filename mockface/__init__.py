"""mockface: the retired face-verification service `POST /face/idcardcompare`, offline, for tests.

- `mockface.testing`: the handle for tests in Python, `with Mockface() as m:`. See help("mockface.testing").
- `mockface.create_app`: a FastAPI app for any ASGI server, test client or mount.
- The pytest plugin is active once mockface is installed: its fixture is `mockface`.
- On the command line, `mockface serve` starts a server and `mockface --help` lists the commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

if TYPE_CHECKING:
    from fastapi import FastAPI

    from mockface.testing.server.settings import SettingFields

__all__ = ["__version__", "create_app"]

__version__ = "0.1.0"


def create_app(**settings: Unpack[SettingFields]) -> FastAPI:
    """A FastAPI app that serves the emulated operation, the API under `/_mockface/`, the console and `/docs`.

    The settings are those of `mockface serve` by name, except those of its own server (`port`, `tls`, `http` …).
    Variables `MOCKFACE_…` apply to settings that are not given, so that `uvicorn --factory mockface:create_app` can be
    configured. The app may be mounted under a prefix; its lifespan watches the scenario files.

    Raises TypeError for an unknown setting, ValueError for an invalid value, ScenarioMistakes for mistakes in files.
    """
    # Imported late: the command line and the plugin import this package too, and need no web framework.
    from mockface import asgi

    return asgi.create_app(**settings)
