"""mockface: the retired face-verification service `POST /face/idcardcompare`, offline, for tests.

- `mockface.testing`: the handle for tests in Python, `with Mockface() as m:`. help("mockface.testing") tells more.
- `mockface.create_app`: a FastAPI app for any ASGI server, test client or mount.
- The pytest plugin is there once mockface is installed: its fixture is `mockface`.
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

    The settings are those of `mockface serve` by name, but for those of its server (`port`, `tls`, `http` …): a server
    of your choice listens. Variables `MOCKFACE_…` count where a setting is not given, so that `uvicorn --factory
    mockface:create_app` can be told. The app may be mounted under a prefix; its lifespan watches the scenario files.

    Raises TypeError for a setting that does not exist, ValueError for one that cannot be, ScenarioMistakes for files.
    """
    # The command line and the plugin import this package too, and need no web framework.
    from mockface import asgi

    return asgi.create_app(**settings)
