"""Finds out why a client does not reach mockface: takes the address it calls, returns findings with their fixes.

Meant to run where the client runs, with the client's environment. It contacts only the server that the client would
reach; a vendor name that resolves to a public address is not called. Each step builds on the findings before it, and
the examination stops where it cannot continue.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator, Mapping
from dataclasses import replace

from mockface.doctor.certificate import look_at_certificate
from mockface.doctor.finding import Finding, Target, target_of
from mockface.doctor.health import asked, health_of, look_at_answer, look_at_health
from mockface.doctor.proxies import proxies_for
from mockface.network.client import Reply

__all__ = ["Finding", "Target", "examine", "target_of"]


def examine(target: Target) -> Iterator[Finding]:
    """Examine the target step by step, until no further step is possible."""
    proxies = proxies_for(target)
    proxy = next(filter(None, proxies.values()), None)
    if proxy is None:
        yield Finding("proxy", "ok", f"no proxy variable applies to a client here that calls {target.host}")
    else:
        reply, finding = _look_at_proxy(target, proxy)
        passing = [client for client, used in proxies.items() if used is None]
        yield _but_for(passing, proxies, target, finding)
        if finding.state == "ok" and reply is not None:
            yield from look_at_health(reply)
        if finding.state == "ok" or not passing:
            return
    addresses, finding = _look_at_name(target)
    yield finding
    if not addresses:
        return
    answering, finding = _look_at_port(target, addresses)
    yield finding
    if not answering:
        return
    if target.scheme == "https":
        findings = list(look_at_certificate(target))
        yield from findings
        if findings[0].look == "tls" and findings[0].state == "fault":
            return
    reply, wrong = look_at_answer(target)
    if wrong is not None:
        yield wrong
    if reply is not None:
        yield from look_at_health(reply)


def _but_for(passing: list[str], proxies: Mapping[str, str | None], target: Target, finding: Finding) -> Finding:
    """The finding about the proxy, with the clients that do not use it: one direct client makes it no fault."""
    if not passing:
        return finding
    others = [client for client, used in proxies.items() if used is not None]
    says = f"by their no_proxy rules {_listed(passing)} would call {target.host} directly, {_listed(others)} would not"
    return replace(finding, state="note" if finding.state == "fault" else finding.state, says=f"{says}: {finding.says}")


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _look_at_proxy(target: Target, proxy: str) -> tuple[Reply | None, Finding]:
    address = proxy if "//" in proxy else f"http://{proxy}"
    reply = asked(address, target.timeout)
    leads_here = reply is not None and health_of(reply) is not None
    mend = f"export no_proxy={target.host}, or unset the variable, where the client runs"
    if target.scheme == "https":
        says = f"a client here asks the proxy {proxy} for a CONNECT tunnel to {target.host}"
        if leads_here:
            says += "; the proxy is a mockface, which supports no tunnels"
            mend += f"; point {target.host} to mockface in DNS or the hosts file, with --tls auto or --tls-cert"
        return None, Finding("proxy", "fault", says, mend)
    if leads_here:
        return reply, Finding("proxy", "ok", f"a client here uses {proxy} as its proxy, which is a mockface")
    return None, Finding("proxy", "fault", f"requests go through the proxy {proxy}, where no mockface answers", mend)


def _look_at_name(target: Target) -> tuple[list[str], Finding]:
    """The addresses of the host that may be called."""
    by_hand = f"in compose a network alias, elsewhere a line in /etc/hosts: ADDRESS-OF-MOCKFACE {target.host}"
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except OSError as fault:
        says = f"{target.host} cannot be resolved: {fault.strerror or fault}"
        mend = by_hand if target.is_vendors else "is the name right, and is the client in the same network as mockface?"
        return [], Finding("name", "fault", says, mend)
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    told = f"{target.host} is {', '.join(addresses)}"
    public = [one for one in addresses if ipaddress.ip_address(one.partition("%")[0]).is_global]
    if target.is_vendors and public:
        says = f"{told}: a public address, so calls go there instead of to mockface (it was not called)"
        return [], Finding("name", "fault", says, by_hand)
    return addresses, Finding("name", "ok", told)


def _look_at_port(target: Target, addresses: list[str]) -> tuple[list[str], Finding]:
    """The addresses on which something listens."""
    faults = {address: _connection_fault(address, target) for address in addresses}
    answering = [address for address, fault in faults.items() if fault is None]
    deaf = [f"{address} port {target.port}: {fault}" for address, fault in faults.items() if fault is not None]
    if not answering:
        timed_out = any("timed out" in one for one in deaf)
        mend = (
            "a firewall, or a different network: can the client reach mockface's network?"
            if timed_out
            else f"start it there (mockface --port {target.port}); in a container with --host 0.0.0.0, and its port "
            "published if the client is outside"
        )
        return [], Finding("port", "fault", f"nothing listens: {'; '.join(deaf)}", mend)
    if deaf:
        says = f"{answering[0]} answers, but {'; '.join(deaf)}; clients that try only one address may fail"
        return answering, Finding("port", "note", says, f"call {answering[0]} rather than {target.host}")
    return answering, Finding("port", "ok", f"port {target.port} is open")


def _connection_fault(address: str, target: Target) -> str | None:
    try:
        socket.create_connection((address, target.port), target.timeout).close()
    except OSError as fault:
        return fault.strerror or str(fault)
    return None
