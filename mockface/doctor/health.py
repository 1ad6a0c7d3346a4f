"""Examines what answers at the target, and what a mockface reports: version, clock, scenarios."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

from mockface import __version__, codes
from mockface.doctor.certificate import handshake_fault
from mockface.doctor.finding import Finding, Target
from mockface.errors import Unreachable
from mockface.network.client import Client, Reply, untrusting

CLOCK_FAULT_SECONDS = 60
"""A larger difference breaks signatures, which are valid between two exact seconds."""
CLOCK_NOTE_SECONDS = 5
_HEALTH = "/_mockface/health"


def look_at_answer(target: Target) -> tuple[Reply | None, Finding | None]:
    """The reply of the target's health path; the finding if it is not a mockface."""
    reply = asked(target.url, target.timeout)
    if reply is not None and health_of(reply) is not None:
        return reply, None
    refused = reply is None or reply.status == 400  # HTTPS servers that answer plain HTTP do so with 400
    if refused and target.scheme == "http" and handshake_fault(target, untrusting()) is None:
        mend = f"call https://{target.host}:{target.port}, or the port of HTTP (--port)"
        return None, Finding("mockface", "fault", f"port {target.port} serves TLS, not plain HTTP", mend)
    if reply is not None:
        says = f"something else answers there: HTTP {reply.status}, {reply.headers.get('server', 'no Server header')}"
        return None, Finding("mockface", "fault", says, "name the address of mockface with --url; is the port taken?")
    says = f"port {target.port} is open, but does not answer HTTP"
    return None, Finding("mockface", "fault", says, "name the address of mockface with --url; is the port taken?")


def look_at_health(reply: Reply) -> Iterator[Finding]:
    """What mockface reports: its version, its clock, its scenarios."""
    health = health_of(reply) or {}
    version = health["version"]
    if version == __version__:
        yield Finding("mockface", "ok", f"mockface {version} answers")
    else:
        says = f"mockface {version} answers, this one is {__version__}"
        yield Finding("mockface", "note", says, "install the same version on both sides")
    if health.get("http_why"):
        yield Finding("server", "note", health["http_why"], "install a version named there, or pass --http plain")
    yield _clock(reply)
    yield from _background(health)
    yield from _store(health.get("store"))
    errors = health.get("errors", [])
    if errors:
        says = f"a changed scenario file is not in use: {errors[0]}" + (
            f" (and {len(errors) - 1} more)" * (len(errors) > 1)
        )
        yield Finding(
            "scenarios",
            "fault",
            says,
            "correct the file ('mockface check FILE' names every mistake); it is then reloaded",
        )
    else:
        yield Finding("scenarios", "ok", f"{health['scenarios']} scenarios are loaded, no mistakes")


def _background(health: dict[str, Any]) -> Iterator[Finding]:
    """Its failed tasks and threads, without those that have recovered for a while."""
    if health.get("status") == "ok":
        return
    for part in health.get("background", []):
        says = f"{part['part']}: {part['state']} after {part['failures']} failures: {part['why']}"
        state = "note" if part["state"] == "running" else "fault"
        yield Finding("background", state, says, "see the server's log; restart the server if this stays")


def _store(store: dict[str, Any] | None) -> Iterator[Finding]:
    """The store that it shares with other servers, if it has one."""
    if store is None:
        return
    if store["answers"]:
        count = len(store["servers"])
        yield Finding("store", "ok", f"{store['url']} answers; {count} server{'s' * (count != 1)} share it")
    else:
        mend = "start the store, or give --store another URL; the server goes on by itself once it answers"
        yield Finding("store", "fault", f"it does not answer: {store['why']}", mend)


def _clock(reply: Reply) -> Finding:
    try:
        off = time.time() - parsedate_to_datetime(reply.headers["date"]).timestamp()
    except (KeyError, ValueError):
        return Finding("clock", "note", "the answer has no Date, so the clocks cannot be compared")
    if -CLOCK_NOTE_SECONDS <= off <= CLOCK_NOTE_SECONDS:
        return Finding("clock", "ok", f"the clocks agree within {CLOCK_NOTE_SECONDS} s")
    says = f"the clock here is {abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} mockface's"
    if abs(off) <= CLOCK_FAULT_SECONDS:
        return Finding("clock", "note", says)
    mend = "set one of them (a container has the clock of its host); signatures are valid between two exact seconds"
    return Finding(
        "clock",
        "fault",
        f"{says}, so signatures made here can be refused (code {codes.SIGNATURE_EXPIRED.number})",
        mend,
    )


def asked(url: str, timeout: float) -> Reply | None:
    """The reply of the health path of a mockface at this address; None without a reply."""
    try:
        return Client(url, context=untrusting()).send("GET", _HEALTH, None, {}, timeout)
    except (Unreachable, OSError, ValueError):
        return None


def health_of(reply: Reply) -> dict[str, Any] | None:
    """The health report of a mockface; None if the reply is not one."""
    try:
        health = json.loads(reply.body)
    except ValueError:
        return None
    return health if isinstance(health, dict) and {"version", "scenarios", "ready"} <= set(health) else None
