"""The text that the server prints once it listens."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from mockface import codes
from mockface.operations import chosen
from mockface.operations.listing import PAGE_NAME, PAGE_NUMBER
from mockface.scenarios import family
from mockface.settings import Settings
from mockface.signature.accounts import TEST_ACCOUNT


def curl(address: str, authorization: str, number: str = PAGE_NUMBER, name: str = PAGE_NAME, host: str = "") -> str:
    """A curl line that can be pasted; `host` replaces the address in the Host header."""
    host_header = f" -H {shlex.quote(f'Host: {host}')}" if host else ""
    return (
        f"curl -i {address}/face/idcardcompare{host_header} -H 'Content-Type: application/json' \\\n"
        f"  -H 'Authorization: {authorization}' \\\n"
        f'  -d \'{{"appid":"{TEST_ACCOUNT.appid}","idcard_number":"{number}","idcard_name":"{name}",'
        '"url":"http://example.com/face.jpg"}\''
    )


def banner(settings: Settings, addresses: Sequence[str], scenarios: int, authorization: str) -> str:
    """The text that the server prints once it listens: addresses, three numbers with their outcome, a curl line.

    `addresses` are the URLs of HTTP and, if it is served, of HTTPS.
    """
    address, *secure = addresses
    samples = (
        (PAGE_NUMBER, f"similarity 100.0 for {PAGE_NAME}, the vendor's sample"),
        (family.number_for_similarity(74.9), "similarity 74.9, just under the advised threshold"),
        (
            family.number_for_code(codes.NAME_MISMATCH),
            f"code {codes.NAME_MISMATCH.number}, {codes.NAME_MISMATCH.meaning_en}",
        ),
    )
    views = "API docs at /docs" if settings.no_admin else "console at /, API docs at /docs"
    lines = [f"mockface serves {address}  ({scenarios} scenarios, signature: {settings.signature}; {views})"]
    lines += [f"  and {one}  (its CA: {address}/_mockface/ca.pem; 'mockface tls trust')" for one in secure]
    emulated = chosen(settings.operations)
    paths = ", ".join(one.path for one in emulated if not one.action)
    if paths:
        lines.append(f"  image API: {paths}")
    actions = ", ".join(one.action for one in emulated if one.action)
    if actions:
        lines.append(f"  API 3.0 at /: {actions}  ('mockface sign --tc3 --curl' prints a call)")
    if settings.host in ("0.0.0.0", "::"):
        lines.append(f"  on every address of this machine ({settings.host})")
    if not settings.no_shipped:
        lines += [f"  {number}  {outcome}" for number, outcome in samples]
        lines.append("  ... 'mockface ids' prints a number for each code")
    # Without the shipped scenarios the vendor's sample number is malformed: its check digit is wrong.
    number = family.number_for_similarity(100.0) if settings.no_shipped else PAGE_NUMBER
    if not any(one.path == "/face/idcardcompare" for one in emulated):
        return "\n".join([*lines, ""])
    line = curl(address, authorization, number, host=next(iter(settings.hosts), ""))
    return "\n".join([*lines, "", line, ""])
