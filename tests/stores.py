"""Real stores and load balancers for the tests: Redis or Valkey on a free port, nginx before some servers."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis

from tests.conftest import Server, program, start

STORES = [name for name in ("redis-server", "valkey-server") if name == "redis-server" or shutil.which(name)]
"""Valkey is asked where the machine has it."""


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


class Store:
    """A Redis in a folder of its own, which it comes back to when it is started again.

    With `appendfsync always` it has written what it acknowledges; by default it may write two seconds later.
    """

    def __init__(self, name: str = "redis-server", *flags: str) -> None:
        self._command = program(name)
        self._folder = Path(tempfile.mkdtemp(prefix="mockface-store-"))
        self._flags = flags
        self.port = free_port()
        self.servers: list[Server] = []
        """Servers with this store, which end with it where a test has failed before it stopped them."""
        self.client = redis.Redis(port=self.port, decode_responses=True)
        self.start()

    def url(self, prefix: str = "mockface") -> str:
        return f"redis://127.0.0.1:{self.port}/0?prefix={prefix}"

    @contextmanager
    def raw(self) -> Iterator[redis.Redis]:
        """A client whose answers are bytes."""
        client = redis.Redis(port=self.port)
        try:
            yield client
        finally:
            client.close()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [self._command, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder), "--save", "",
             "--appendonly", "yes", "--appendfsync", "always", *self._flags],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 20
        while True:
            try:
                if self.client.ping():
                    return
            except redis.RedisError:
                if time.monotonic() > until or self._process.poll() is not None:
                    raise
                time.sleep(0.02)

    def kill(self) -> None:
        """As the system would: without a word."""
        self._process.kill()
        self._process.wait()

    def pause(self) -> None:
        """It answers nobody, and closes no connection."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        self.client.close()
        for server in self.servers:
            if server.process.poll() is None:
                server.process.kill()
                server.process.wait()
        if self._process.poll() is None:
            self.go_on()
            self.kill()
        shutil.rmtree(self._folder)


@pytest.fixture(scope="session")
def store() -> Iterator[Store]:
    running = Store()
    yield running
    running.end()


@contextmanager
def balancer(ports: Sequence[int]) -> Iterator[str]:
    """The URL of an nginx that shares calls out between servers at these ports, in turn; a dead one is left out."""
    command = program("nginx")
    folder = Path(tempfile.mkdtemp(prefix="mockface-nginx-"))
    if os.getuid() == 0:
        folder.chmod(0o755)
    port = free_port()
    servers = "".join(f"server 127.0.0.1:{one} max_fails=1 fail_timeout=1s;" for one in ports)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1; "
        "events { worker_connections 512; } "
        f"http {{ access_log off; {temporary} client_max_body_size 0; upstream mockface {{ {servers} keepalive 16; }} "
        f"server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://mockface; proxy_http_version 1.1; "
        'proxy_set_header Connection ""; proxy_set_header Host $http_host; proxy_request_buffering off; '
        "proxy_buffering off; proxy_read_timeout 120s; proxy_next_upstream error timeout non_idempotent; } } }"
    )
    process = subprocess.Popen(
        [command, "-p", str(folder), "-c", str(folder / "nginx.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise AssertionError((folder / "error.log").read_text()) from None
            time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def several() -> list[Any]:
    """The fixtures of servers that behave as one, for a contract that one server is held to as well."""
    return [pytest.param(name, marks=pytest.mark.long) for name in ("workers", "replicas")]


@pytest.fixture(scope="module")
def workers(store: Store) -> Iterator[Server]:
    """Two processes on one port."""
    running = start("--store", store.url(uuid4().hex), "--workers", "2", "--journal", "5000")
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def replicas(store: Store) -> Iterator[Server]:
    """Two servers behind a load balancer: what they are told goes to one of them, in turn."""
    url = store.url(uuid4().hex)
    servers = [start("--store", url, "--journal", "5000") for _ in range(2)]
    with balancer([server.port for server in servers]) as balanced:
        yield Server(servers[0].process, balanced)
    for server in servers:
        assert server.stop() == 0
