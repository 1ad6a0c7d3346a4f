"""A body of 64 MiB that the headers announce: how soon it is refused, and what it costs in memory."""

from __future__ import annotations

import socket
import statistics
import time
from typing import Any
from urllib.parse import urlsplit

from benchmarks import workloads
from benchmarks.load import PATH
from benchmarks.servers import Checkout, Process, post
from benchmarks.workloads import APPID, MIB

ANNOUNCED_BYTES = 64 * MIB
CALLS_BEFORE = 1_500
"""So many calls fill the journal (1,000) before: what it takes to fill it is no cost of a refusal."""
SENDERS = 8
"""How many clients send the whole body, though it was refused."""


def announced(checkout: Checkout, authorization: str, *, times: int) -> dict[str, Any]:
    """The time from the head's last byte to the answer's; then memory, also while clients send all of it anyway."""
    small = workloads.small_json(APPID)
    with checkout.serve() as server:
        for _ in range(CALLS_BEFORE):
            post(server.url, small.content_type, authorization, small.content)
        head = _head(authorization)
        before = server.rss_bytes()
        server.forget_peak()
        took = [_refusal_ms(server, head) for _ in range(times)]
        announced_only = server.peak_bytes()
        for _ in range(SENDERS):
            _send_all(server, head)
        return {
            "announced_bytes": ANNOUNCED_BYTES, "times": times, "median_ms": statistics.median(took),
            "p99_ms": sorted(took)[round(0.99 * (times - 1))], "max_ms": max(took), "sent_whole": SENDERS,
            "growth_bytes": max(announced_only - before, 0),
            "growth_sent_bytes": max(server.peak_bytes() - before, 0),
        }  # fmt: skip


def _head(authorization: str) -> bytes:
    return (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: multipart/form-data; boundary={workloads.BOUNDARY}\r\n"
        f"Authorization: {authorization}\r\nContent-Length: {ANNOUNCED_BYTES}\r\n\r\n"
    ).encode()


def _connect(server: Process) -> socket.socket:
    address = urlsplit(server.url)
    connection = socket.create_connection((address.hostname, address.port), 20)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _refusal_ms(server: Process, head: bytes) -> float:
    with _connect(server) as connection:
        began = time.perf_counter()
        connection.sendall(head)
        _read_refusal(connection)
        return (time.perf_counter() - began) * 1000


def _read_refusal(connection: socket.socket) -> None:
    came = b""
    while b'"code":23' not in came:
        piece = connection.recv(65536)
        if not piece:
            raise SystemExit(f"a body of {ANNOUNCED_BYTES} bytes was not refused with code 23: {came!r}")
        came += piece


def _send_all(server: Process, head: bytes) -> None:
    with _connect(server) as connection:
        connection.sendall(head)
        chunk = bytes(MIB)
        for _ in range(ANNOUNCED_BYTES // MIB):
            connection.sendall(chunk)
        _read_refusal(connection)
