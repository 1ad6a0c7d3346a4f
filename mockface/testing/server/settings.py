"""The settings of a handle's server by name and type, for editors' completion. `given.py` checks them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypedDict


class SettingFields(TypedDict, total=False):
    """The settings of `mockface serve` that a handle accepts, all but `ready_file`, which is for other processes.

    A test compares them with the table of settings.
    """

    host: str
    port: int
    tls: Literal["off", "auto"]
    tls_cert: str | Path
    tls_key: str | Path
    tls_port: int
    tls_names: str | Sequence[str]
    tls_ca_out: str | Path
    scenarios: str | Path | Sequence[str | Path]
    scenarios_mount: str | Path
    no_shipped: bool
    signature: Literal["shape", "verify", "off"]
    operations: str | Sequence[str]
    failed_operations: Literal["result", "error"]
    low_similarity: Literal["success", "refuse"]
    keys: str | Path
    pictures: Literal["known", "any"]
    videos: Literal["checked", "any"]
    digits: Literal["any", "strict"]
    identity_failures: Literal["compare_status", "code"]
    final_boundary: Literal["optional", "required"]
    hosts: str | Sequence[str]
    cors_origins: str | Sequence[str]
    admin_hosts: str | Sequence[str]
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
    store: str
    workers: int
    http: Literal["httptools", "h11", "plain"]
