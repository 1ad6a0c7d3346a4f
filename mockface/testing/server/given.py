"""Converts a handle's keywords into Settings; an error says which keyword is invalid and why."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mockface.scenariofiles.diagnostic import nearest
from mockface.settings import TABLE, Settings

_OF_A_PROCESS = {
    "ready_file": "tells other processes where a server listens; here use the handle's url",
    "store": "is for servers of several processes; run 'mockface serve' with it and use Mockface.connect(url)",
    "workers": "is for a server of its own processes; run 'mockface serve' with it and use Mockface.connect(url)",
    "log_level": "applies to a separate server process; here use logging.getLogger('mockface').setLevel(…)",
    "log_format": "applies to a separate server process; here the log handlers of the test's process set the format",
}


def settings_of(given: Mapping[str, Any], *, of_an_app: tuple[str, ...] = ()) -> Settings:
    """The settings for these keywords, on free ports by default. Raises TypeError, ValueError.

    `of_an_app` are those that an app has and a handle has not.
    """
    rows = {row.name: row for row in TABLE}
    for name, value in given.items():
        if name not in rows:
            raise TypeError(f"there is no setting {name}; {nearest(name, list(rows))}")
        if name in _OF_A_PROCESS and name not in of_an_app and value != rows[name].default:
            raise ValueError(f"{name} {_OF_A_PROCESS[name]}")
    values = {name: _converted(name, rows[name].default, value) for name, value in given.items()}
    settings = Settings(**{"port": 0, "tls_port": 0, **values})
    if "tls_port" in given and not settings.serves_tls:
        raise ValueError("tls_port needs HTTPS; add tls='auto' or tls_cert")
    return settings


def _converted(name: str, default: object, value: Any) -> Any:
    """The value in the type of Settings: a path as text; one name, or any collection of names, as a tuple."""
    if isinstance(default, str) and isinstance(value, os.PathLike):
        return os.fspath(value)
    if not isinstance(default, tuple):
        return value
    many = (value,) if isinstance(value, str | os.PathLike) else tuple(value)
    if name != "scenarios":
        return many
    if not all(map(os.fspath, many)):
        raise ValueError("scenarios has an empty path; expected files or folders")
    return tuple(map(Path, many))
