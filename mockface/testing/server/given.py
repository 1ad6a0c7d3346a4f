"""The settings of a handle: keywords in, Settings out, or an error that says which keyword cannot be and why."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mockface.scenariofiles.diagnostic import nearest
from mockface.settings import TABLE, Settings

_OF_A_PROCESS = {
    "ready_file": "tells other processes where a server listens; here the handle's url does",
    "log_level": "is about the log of a process of its own; here it is logging.getLogger('mockface').setLevel(…)",
    "log_format": "is about the log of a process of its own; here the handlers of the test's process format",
}


def settings_of(given: Mapping[str, Any]) -> Settings:
    """The settings that these keywords ask for, on free ports where they name none. Raises TypeError, ValueError."""
    rows = {row.name: row for row in TABLE}
    for name, value in given.items():
        if name not in rows:
            raise TypeError(f"there is no setting {name}; {nearest(name, list(rows))}")
        if name in _OF_A_PROCESS and value != rows[name].default:
            raise ValueError(f"{name} {_OF_A_PROCESS[name]}")
    values = {name: _converted(name, rows[name].default, value) for name, value in given.items()}
    settings = Settings(**{"port": 0, "tls_port": 0, **values})
    if "tls_port" in given and not settings.serves_tls:
        raise ValueError("tls_port is the port of HTTPS, which is not served; tls='auto' or tls_cert serves it")
    return settings


def _converted(name: str, default: object, value: Any) -> Any:
    """The value as Settings has it: a path as text, and one name, or any collection of them, as a tuple."""
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
