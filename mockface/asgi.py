"""mockface as a FastAPI app for any ASGI server, test client or mount."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from mockface.testing.server.given import settings_of
from mockface.testing.server.settings import SettingFields

if TYPE_CHECKING:
    from fastapi import FastAPI

OF_A_SERVER = (
    "host", "port", "tls", "tls_cert", "tls_key", "tls_port", "tls_names", "tls_ca_out", "ready_file", "head_seconds",
    "idle_seconds", "connections", "log_level", "log_format", "http", "workers",
)  # fmt: skip
"""Settings of mockface's own server, without meaning for an app on another server."""


def create_app(**settings: Unpack[SettingFields]) -> FastAPI:
    """See mockface.create_app."""
    given: dict[str, Any] = dict(settings)
    for name in OF_A_SERVER:
        if name in given:
            raise ValueError(f"{name} applies only to mockface's own server; configure the server of this app instead")
    from mockface.web.admin.framework import create_framework
    from mockface.web.app import App

    return create_framework(App(settings_of({**_told_by_environment(), **given}, of_an_app=("store",))))


def _told_by_environment() -> dict[str, Any]:
    """The settings from environment variables, as `mockface serve` reads them."""
    import click
    from click.core import ParameterSource

    from mockface.cli.serving import serve

    try:
        context = serve.make_context("create_app", [])
    except click.UsageError as fault:
        raise ValueError(fault.format_message()) from fault
    return {
        name: value
        for name, value in context.params.items()
        if name not in OF_A_SERVER and context.get_parameter_source(name) is ParameterSource.ENVIRONMENT
    }
