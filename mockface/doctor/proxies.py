"""The proxy that each common client would use for a target: their rules for `no_proxy` differ.

Takes an environment and a target; returns a proxy or None for each client. Sources of the rules: curl's
lib/noproxy.c (7.86 and later), requests' utils.should_bypass_proxies, httpx' get_environment_proxies, CPython's
urllib.request.proxy_bypass_environment; tests/test_doctor_proxies.py runs the clients themselves.
"""

from __future__ import annotations

import ipaddress
import urllib.request
from collections.abc import Mapping

from mockface.doctor.finding import Target

_DEFAULT_PORTS = {"http": 80, "https": 443}


def proxies_for(target: Target) -> dict[str, str | None]:
    """The proxy of each client for the target, None for a direct call; clients without such variables are omitted."""
    variables = _variables(target.environment)
    proxy = variables.get(f"{target.scheme}_proxy") or variables.get("all_proxy")
    if proxy is None:
        return {}
    exempt = variables.get("no_proxy", "")
    judges = dict(_JUDGES)
    if target.scheme == "http" and not (target.environment.get("http_proxy") or variables.get("all_proxy")):
        del judges["curl"]  # it reads only the lower-case http_proxy
    return {client: None if exempts(target, exempt) else proxy for client, exempts in judges.items()}


def _variables(environment: Mapping[str, str]) -> dict[str, str]:
    """The proxy variables by their names in lower case; the lower-case spelling takes precedence."""
    found = {name.lower(): value for name, value in environment.items() if value and name.lower().endswith("_proxy")}
    # An empty lower-case variable hides the other; for no_proxy, curl and requests still use the other.
    lower = {name: value for name, value in environment.items() if name.endswith("_proxy")}
    for name, value in lower.items():
        if value:
            found[name] = value
        elif name != "no_proxy":
            found.pop(name, None)
    return found


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _curl_exempts(target: Target, exempt: str) -> bool:
    """Names with their subdomains, addresses, networks; spaces separate too, `*` only as the whole value. No ports."""
    if exempt == "*":
        return True
    address = _address(target.host)
    name = target.host.lower().removesuffix(".")
    for token in exempt.replace(",", " ").lower().split():
        if address is not None:
            if _in_network(address, token):
                return True
            continue
        wanted = token.removesuffix(".").removeprefix(".")
        if wanted and (name == wanted or name.endswith("." + wanted)):
            return True
    return False


def _in_network(address: ipaddress.IPv4Address | ipaddress.IPv6Address, token: str) -> bool:
    """Whether the address equals the token or is in its network."""
    start, _, bits = token.partition("/")
    first = _address(start)
    if first is None or first.version != address.version:
        return False
    length = int(bits) if bits.isascii() and bits.isdigit() and len(bits) <= 3 else 0
    if not 0 < length <= address.max_prefixlen:
        return first == address and length <= address.max_prefixlen
    return address in ipaddress.ip_network(f"{start}/{length}", strict=False)


def _requests_exempts(target: Target, exempt: str) -> bool:
    """IPv4 networks and addresses, names with their subdomains and an optional port; then the rules of urllib."""
    address = _address(target.host)
    for token in exempt.replace(" ", "").split(","):
        if isinstance(address, ipaddress.IPv4Address):
            bits = token.rpartition("/")[2]
            if "/" in token and bits.isdigit() and int(bits) and _in_network(address, token):
                return True
        elif token and _ends_in(target, token.lstrip(".").lower(), with_port=True):
            return True
    return _urllib_exempts(target, exempt, with_port=False)


def _ends_in(target: Target, wanted: str, *, with_port: bool) -> bool:
    names = (target.host, f"{target.host}:{target.port}") if with_port and target.has_port else (target.host,)
    return any(name == wanted or name.endswith("." + wanted) for name in names)


def _urllib_exempts(target: Target, exempt: str, *, with_port: bool = True) -> bool:
    """Names with their subdomains, with or without a port; addresses count as names; `*` only as the whole value."""
    # urllib compares the authority of the URL, requests the bare name.
    name = f"[{target.host}]" if with_port and ":" in target.host else target.host
    host = f"{name}:{target.port}" if with_port and target.has_port else name
    return bool(urllib.request.proxy_bypass_environment(host, {"no": exempt}))  # type: ignore[attr-defined]


def _httpx_exempts(target: Target, exempt: str) -> bool:
    """Names with their subdomains (only these after a leading dot), an optional port, addresses, `*` anywhere."""
    for part in (part.strip().lower() for part in exempt.split(",")):
        if part == "*":
            return True
        address = _address(part.partition("/")[0])
        if address is not None or part == "localhost":
            if target.host == str(address or part):
                return True
            continue
        wanted, _, port = part.partition(":")
        if not wanted or (port and (port != str(target.port) or target.port == _DEFAULT_PORTS[target.scheme])):
            continue
        if wanted.startswith("."):
            if target.host.endswith(wanted):
                return True
        elif _ends_in(target, wanted, with_port=False):
            return True
    return False


_JUDGES = {
    "curl": _curl_exempts,
    "requests": _requests_exempts,
    "httpx": _httpx_exempts,
    "Python's urllib": _urllib_exempts,
}
