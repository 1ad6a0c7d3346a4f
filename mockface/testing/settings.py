"""The settings of a server that a handle starts, by name: what an editor completes, and what is checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypedDict

from mockface.complaint import nearest
from mockface.settings import TABLE, Settings


class SettingFields(TypedDict, total=False):
    """The settings of `mockface serve` that a handle takes; `ready_file` is for other processes.

    A test holds them to the table of settings.
    """

    host: str
    port: int
    tls: Literal["off", "auto"]
    tls_cert: str
    tls_key: str
    tls_port: int
    tls_names: Sequence[str]
    tls_ca_out: str
    scenarios: str | Path | Sequence[str | Path]
    scenarios_mount: str
    no_shipped: bool
    signature: Literal["shape", "verify", "off"]
    pictures: Literal["known", "any"]
    hosts: str | Sequence[str]
    cors_origins: Sequence[str]
    no_cors: bool
    seed: int
    no_hints: bool
    deny_real_ids: bool
    journal: int
    show_pii: bool
    admin_token: str
    no_admin: bool
    body_limit: int
    drain_limit: int
    drain_seconds: float
    head_seconds: float
    body_seconds: float
    idle_seconds: float
    connections: int
    log_level: Literal["debug", "info", "warning", "error", "off"]
    log_format: Literal["auto", "text", "json"]
    http: Literal["httptools", "h11"]


def settings_of(given: Mapping[str, Any]) -> Settings:
    """The settings, on a free port if none is given.

    Raises TypeError for one that does not exist, ValueError for one that cannot be.
    """
    known = [row.name for row in TABLE]
    for name in given:
        if name not in known:
            raise TypeError(f"there is no setting {name}; {nearest(name, known)}")
    if given.get("ready_file"):
        raise ValueError("ready_file tells other processes where a server listens; here the handle's url does")
    several = {"scenarios": (), "hosts": (), "cors_origins": (), "tls_names": (), **given}
    lists = {name: _several(several[name]) for name in ("scenarios", "hosts", "cors_origins", "tls_names")}
    return Settings(**{"port": 0, **given, **lists, "scenarios": tuple(map(Path, lists["scenarios"]))})


def _several(given: Any) -> tuple[Any, ...]:
    """What may be given alone, or as a sequence."""
    return (given,) if isinstance(given, str | Path) else tuple(given)
